/**
 * An officer's key release (trust protocol 2, step 5), made on the officer's own machine: its shares of exactly the
 * standing tenders of a closed lot, or whose fault keeps one shut. That the close is in the log is checked before, by
 * whoever calls (checkpoint, quorum, inclusion).
 */
import { sha256Hex } from '../formats/bytes.ts';
import { canonicalBytes, parseCanonical } from '../formats/canonical.ts';
import type { CloseSet } from '../formats/close-set.ts';
import { certificateSha256, type SigningKey, signDetached } from '../formats/cms.ts';
import { FormatError } from '../formats/format-error.ts';
import type { KeyRelease } from '../formats/key-release.ts';
import { manifest } from '../formats/manifest.ts';
import { openShare, recipientOf } from './envelope.ts';
import type { KnownPolicy } from './policy-check.ts';

/** What the centre hands an officer of a tender; the envelope is null where the centre has lost it. */
export type StandingTender = { readonly manifestBytes: Uint8Array; readonly envelope: Uint8Array | null };

export type ReleaseInput = {
  readonly known: KnownPolicy;
  readonly closeSet: CloseSet;
  /** Place and leaf hash of the lot's close entry, and the checkpoint it was checked against. */
  readonly close: { readonly index: number; readonly leafSha256: string; readonly checkpoint: string };
  readonly x: number;
  readonly tenders: readonly StandingTender[];
  /** The officer's opening identity, AGE-SECRET-KEY-1... */
  readonly identity: string;
  /** Standing tenders to cover: those that no bidder opens with its own key (mode bidder-then-quorum); all by default. */
  readonly covers?: readonly string[];
  /** Policies of the opening before `known`, under which older tenders stand, with the identity the officer had there. */
  readonly older?: readonly OlderPolicy[];
  readonly key: SigningKey;
  readonly now: Temporal.Instant;
  readonly clientSha256: string | null;
};

/** `identity` null: the officer has lost it, and leaves the tenders of that policy out of the release. */
export type OlderPolicy = { readonly known: KnownPolicy; readonly identity: string | null };

/** The officer's certificate in place of the key. */
type DraftInput = Omit<ReleaseInput, 'key'> & { readonly certSha256: string };

/** A release as it is to be signed; a key that is held elsewhere (a browser's worker) signs `bytes`. */
export type UnsignedRelease = { readonly release: KeyRelease; readonly bytes: Uint8Array; readonly sha256: string };
export type SignedRelease = UnsignedRelease & { readonly p7s: Uint8Array };

/** Draws up the release and signs it. Throws as `drawUpRelease` does. */
export async function releaseShares({ key, ...input }: ReleaseInput): Promise<SignedRelease> {
  const drawn = await drawUpRelease({ ...input, certSha256: certificateSha256(key.certificate) });
  return { ...drawn, p7s: signDetached(key, drawn.bytes, input.now) };
}

/**
 * Throws FormatError: `release-close` (the close is of another lot or policy, or a tender is missing or foreign),
 * `policy-unknown` (a tender under a policy that is neither `known` nor among `older`),
 * `release-order` (before the deadline, by the officer's own clock), `policy-signature` (identity or certificate is not
 * the officer's).
 */
export async function drawUpRelease(input: DraftInput): Promise<UnsignedRelease> {
  await requireOfficer(input);
  const { known, closeSet, close, x } = input;
  if (closeSet.policy !== known.sha256 || !known.policy.lots.includes(closeSet.lot))
    throw new FormatError('release-close', 'the close set is of another policy');
  if (Temporal.Instant.compare(input.now, Temporal.Instant.from(known.policy.deadline)) < 0)
    throw new FormatError('release-order', 'the deadline has not passed');
  const given = new Map(input.tenders.map((t) => [sha256Hex(t.manifestBytes), t]));
  const all = closeSet.acts.filter((a) => a.status === 'standing').map((a) => a.act.manifestSha256);
  const standing = input.covers ? all.filter((m) => input.covers?.includes(m)) : all;
  if (input.covers && standing.length !== input.covers.length)
    throw new FormatError('release-close', 'a tender to cover does not stand');
  if (given.size !== standing.length) throw new FormatError('release-close', 'other tenders than the standing ones');
  const items: KeyRelease['items'] = [];
  for (const manifestSha256 of standing) {
    const tender = given.get(manifestSha256);
    if (!tender) throw new FormatError('release-close', `no manifest ${manifestSha256}`);
    const read = parseCanonical(manifest, tender.manifestBytes);
    if (read.act !== 'seal' || read.lot !== closeSet.lot)
      throw new FormatError('release-close', `manifest ${manifestSha256} seals nothing on this lot`);
    const own = await identityUnder(input, read.policy);
    if (own !== null) items.push({ manifestSha256, ...(await openShare({ manifest: read, x }, tender.envelope, own)) });
  }
  const release: KeyRelease = {
    type: 'yangguang.org/key-release/v1',
    opening: known.policy.opening,
    lot: closeSet.lot,
    x,
    closeIndex: close.index,
    closeLeafSha256: close.leafSha256,
    checkpoint: close.checkpoint,
    clientSha256: input.clientSha256,
    items,
  };
  const bytes = canonicalBytes(release);
  return { release, bytes, sha256: sha256Hex(bytes) };
}

/** The identity for tenders of a policy; null where the officer has lost it or had no seat there. */
async function identityUnder({ known, older = [], x, identity, certSha256 }: DraftInput, policy: string) {
  if (policy === known.sha256) return identity;
  const found = older.find((o) => o.known.sha256 === policy);
  if (!found || found.known.policy.opening !== known.policy.opening)
    throw new FormatError('policy-unknown', `a tender under policy ${policy}`);
  const officer = found.known.policy.officers.find((o) => o.certSha256 === certSha256);
  if (found.identity === null || officer?.x !== x) return null;
  if ((await recipientOf(found.identity)) !== officer.recipient)
    throw new FormatError('policy-signature', `the identity is not officer ${x}'s under policy ${policy}`);
  return found.identity;
}

async function requireOfficer({ known, x, identity, certSha256 }: DraftInput): Promise<void> {
  const officer = known.policy.officers.find((o) => o.x === x);
  if (!officer || officer.certSha256 !== certSha256)
    throw new FormatError('policy-signature', `the certificate is not officer ${x}'s`);
  if ((await recipientOf(identity)) !== officer.recipient)
    throw new FormatError('policy-signature', `the identity is not officer ${x}'s for this opening`);
}
