/** Shares and their envelopes: made by the bidder, judged by each officer, and by everyone once an officer discloses its key. */
import { fromHex, fromUtf8, sha256Hex, toHex, utf8 } from '../formats/bytes.ts';
import { canonicalBytes, parseCanonical } from '../formats/canonical.ts';
import { FormatError, type ReasonCode } from '../formats/format-error.ts';
import type { ShareFault } from '../formats/key-release.ts';
import type { SealManifest } from '../formats/manifest.ts';
import type { OpeningPolicy } from '../formats/opening-policy.ts';
import { identityBytes, type Share, share } from '../formats/share.ts';
import { AgeError } from './age-error.ts';
import { identityToRecipient, openEnvelope, randomBytes, sealEnvelope } from './age-file.ts';
import { type Point, split } from './shamir.ts';

export type Envelope = { readonly x: number; readonly bytes: Uint8Array };
export type Dealt = { readonly envelopes: Envelope[]; readonly shares: SealManifest['shares'] };

/** What every share of one tender has in common. */
export type ShareContext = Pick<Share, 'suite' | 'lot' | 'policy' | 'recipient'>;

/** share-X.json of a point: canonical, so whoever knows k shares knows the bytes of all. */
export function shareBytes(context: ShareContext, { x, y }: Point): Uint8Array {
  return canonicalBytes({ type: 'yangguang.org/share/v1', ...context, x, y: toHex(y) } satisfies Share);
}

/** Splits an identity among the policy's officers and seals each share to its officer. */
export async function dealShares(identity: string, context: ShareContext, policy: OpeningPolicy): Promise<Dealt> {
  const secret = utf8(identity);
  if (secret.length !== identityBytes) throw new RangeError('not an X25519 identity');
  const points = split(secret, policy.k, policy.officers.length, randomBytes);
  const dealt: Dealt = { envelopes: [], shares: [] };
  for (const { x, recipient } of policy.officers) {
    const plain = shareBytes(context, points[x - 1]!);
    const bytes = await sealEnvelope(plain, recipient);
    dealt.envelopes.push({ x, bytes });
    dealt.shares.push({ x, shareSha256: sha256Hex(plain), envelopeSha256: sha256Hex(bytes), bytes: bytes.length });
  }
  return dealt;
}

export type SharedContext = { readonly manifest: SealManifest; readonly x: number };

/**
 * Opens an officer's envelope of a tender: the text of its share, or whose fault keeps it shut. The order of the checks
 * is the order of the owners: the centre (another envelope than the manifest's), then the bidder.
 */
export async function openShare(
  { manifest, x }: SharedContext,
  envelope: Uint8Array | null,
  identity: string,
): Promise<{ share: string } | { fault: ShareFault }> {
  const listed = manifest.shares.find((s) => s.x === x);
  if (!envelope || !listed || sha256Hex(envelope) !== listed.envelopeSha256) return { fault: 'envelope-hash' };
  let plain: Uint8Array;
  try {
    plain = await openEnvelope(envelope, identity);
  } catch (error) {
    if (error instanceof AgeError || error instanceof FormatError) return { fault: 'envelope-undecryptable' };
    throw error;
  }
  if (sha256Hex(plain) !== listed.shareSha256) return { fault: 'share-hash' };
  return readShare(manifest, x, plain) ? { share: fromUtf8(plain) } : { fault: 'share-context' };
}

/** The share where the bytes are one of this tender at x; null where they are rubbish or belong elsewhere. */
export function readShare(manifest: SealManifest, x: number, bytes: Uint8Array): Point | null {
  try {
    const read = parseCanonical(share, bytes);
    const here =
      read.x === x &&
      read.suite === manifest.suite &&
      read.lot === manifest.lot &&
      read.policy === manifest.policy &&
      read.recipient === manifest.recipient;
    return here ? { x, y: fromHex(read.y) } : null;
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
}

/**
 * Whose fault it was, once the officer has disclosed its opening identity: the same envelope is opened again before
 * everyone. A good share inside means that the officer gave a false one (`share-hash-officer`); rubbish is the bidder's
 * (`share-hash-bidder`, `share-context`); another envelope than the manifest's is the centre's (`envelope-hash`).
 * Throws FormatError `policy-signature` where the identity is not the one of the policy's officer.
 */
export async function judgeDisclosure(
  where: SharedContext & { readonly policy: OpeningPolicy },
  envelope: Uint8Array | null,
  disclosedIdentity: string,
): Promise<ReasonCode> {
  const officer = where.policy.officers.find((o) => o.x === where.x);
  if (!officer || (await recipientOf(disclosedIdentity)) !== officer.recipient)
    throw new FormatError('policy-signature', `the disclosed identity is not officer ${where.x}'s`);
  const opened = await openShare(where, envelope, disclosedIdentity);
  if (!('fault' in opened)) return 'share-hash-officer';
  return codeOfFault(opened.fault);
}

/** The reason code of a fault that an officer reports. */
export function codeOfFault(fault: ShareFault): ReasonCode {
  switch (fault) {
    case 'envelope-hash':
      return 'envelope-hash';
    case 'share-context':
      return 'share-context';
    case 'envelope-undecryptable':
    case 'share-hash':
      return 'share-hash-bidder';
  }
}

/** The recipient of an identity, null where the text is none (X25519 only: one spelling). */
export async function recipientOf(identity: string): Promise<string | null> {
  if (!/^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/.test(identity)) return null;
  try {
    return await identityToRecipient(identity);
  } catch {
    return null; // wrong checksum
  }
}
