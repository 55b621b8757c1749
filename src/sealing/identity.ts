/** From the released shares to the identity of a tender, or to the one code and owner of what keeps it shut. */
import { fromUtf8, sha256Hex, utf8 } from '../formats/bytes.ts';
import type { ReasonCode } from '../formats/format-error.ts';
import type { ShareFault } from '../formats/key-release.ts';
import type { SealManifest } from '../formats/manifest.ts';
import type { OpeningPolicy } from '../formats/opening-policy.ts';
import { codeOfFault, readShare, recipientOf, shareBytes } from './envelope.ts';
import { interpolate, type Point } from './shamir.ts';

/** Who answers for a fault: a bidder's invalidates its tender, the others' postpone the opening. */
export type FaultOwner = 'bidder' | 'centre' | 'officer';
export type Fault = { readonly code: ReasonCode; readonly owner: FaultOwner; readonly detail: string };

/** One officer's part in a tender, as its signed release says. */
export type ReleasedItem = { readonly x: number } & ({ readonly share: string } | { readonly fault: ShareFault });

/** What an officer's item was found to be; kept for the record also when the tender opens without it. */
export type Claim = Fault & {
  readonly x: number;
  /** Only the officer's word so far; its disclosed opening identity proves or refutes it (judgeDisclosure). */
  readonly reported: boolean;
};
export type IdentityFound = { readonly identity: string; readonly claims: readonly Claim[] };
export type IdentityMissing = { readonly fault: Fault; readonly claims: readonly Claim[] };

/** Restores the identity from k or more good shares and holds every share hash of the manifest against them. */
export async function identityFromShares(
  manifest: SealManifest,
  policy: OpeningPolicy,
  items: readonly ReleasedItem[],
): Promise<IdentityFound | IdentityMissing> {
  const { points, claims } = sift(manifest, items);
  // A share that the manifest commits to and that belongs elsewhere: nothing can make that tender right.
  const foreign = claims.find((c) => c.code === 'share-context' && !c.reported);
  const decided = foreign ?? (points.length < policy.k ? tooFew(policy, items, claims) : undefined);
  if (decided) return { fault: { code: decided.code, owner: decided.owner, detail: decided.detail }, claims };
  const chosen = points.slice(0, policy.k);
  const { suite, lot, policy: named, recipient } = manifest;
  for (const { x, shareSha256 } of manifest.shares) {
    const bytes = shareBytes({ suite, lot, policy: named, recipient }, { x, y: interpolate(chosen, x) });
    if (sha256Hex(bytes) !== shareSha256)
      return {
        fault: bidders('dealer-inconsistent', `share ${x} does not lie on the polynomial of the others`),
        claims,
      };
  }
  const identity = textOf(interpolate(chosen, 0));
  const fault = await checkIdentity(manifest, identity);
  return fault ? { fault, claims } : { identity, claims };
}

/** The bidder's fault where the identity is not the one of the manifest's recipient. */
export async function checkIdentity(manifest: SealManifest, identity: string): Promise<Fault | undefined> {
  if ((await recipientOf(identity)) === manifest.recipient) return undefined;
  return bidders('recipient-mismatch', 'the identity is not the one of the recipient in the manifest');
}

/** Good shares, and what is wrong with the rest. */
function sift(manifest: SealManifest, items: readonly ReleasedItem[]): { points: Point[]; claims: Claim[] } {
  const points: Point[] = [];
  const claims: Claim[] = [];
  for (const item of items) {
    const { x } = item;
    const claim = (code: ReasonCode, owner: FaultOwner, detail: string) =>
      claims.push({ x, code, owner, detail, reported: 'fault' in item });
    const listed = manifest.shares.find((s) => s.x === x);
    if ('fault' in item) {
      const code = codeOfFault(item.fault);
      claim(code, code === 'envelope-hash' ? 'centre' : 'bidder', `officer ${x} reports ${item.fault}`);
    } else if (points.some((p) => p.x === x)) {
      claim('share-duplicate', 'officer', `two shares of officer ${x}`);
    } else if (!listed || sha256Hex(utf8(item.share)) !== listed.shareSha256) {
      const copied = items.some((other) => other !== item && 'share' in other && other.share === item.share);
      if (copied) claim('share-duplicate', 'officer', `officer ${x} gave the share of another`);
      else claim('share-hash-officer', 'officer', `officer ${x} gave another share than the manifest commits to`);
    } else {
      const point = readShare(manifest, x, utf8(item.share));
      if (point) points.push(point);
      else claim('share-context', 'bidder', `the share of officer ${x} belongs elsewhere`);
    }
  }
  return { points, claims };
}

/** Fewer than k good shares: what can be put right (centre, officer) postpones, the bidder's rubbish invalidates. */
function tooFew(policy: OpeningPolicy, items: readonly ReleasedItem[], claims: readonly Claim[]): Fault {
  const first = (owner: FaultOwner) => claims.find((c) => c.owner === owner);
  const repairable = first('centre') ?? first('officer');
  if (repairable) return repairable;
  const rubbish = first('bidder');
  if (rubbish && items.length >= policy.k) return rubbish;
  return { code: 'quorum-missing', owner: 'officer', detail: `${items.length} of ${policy.k} releases` };
}

function bidders(code: ReasonCode, detail: string): Fault {
  return { code, owner: 'bidder', detail };
}

function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    return '';
  }
}
