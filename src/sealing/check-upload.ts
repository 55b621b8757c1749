/** What the server can check of an upload without opening anything (trust protocol 2, step 3). The signature, its chain and the chain of acts are checked beside it. */
import { x25519 } from '@noble/curves/ed25519.js';
import { Encrypter } from 'age-encryption';
import { sha256Hex } from '../formats/bytes.ts';
import { FormatError } from '../formats/format-error.ts';
import type { SealManifest } from '../formats/manifest.ts';
import type { OpeningPolicy } from '../formats/opening-policy.ts';
import { readHeader } from './age-header.ts';
import type { Envelope } from './envelope.ts';

export type Upload = {
  readonly manifest: SealManifest;
  readonly policy: OpeningPolicy;
  readonly policySha256: string;
  readonly envelopes: readonly Envelope[];
  /** As measured while storing. */
  readonly tender: { readonly sha256: string; readonly bytes: number };
  /** The first bytes of tender.age, at least 4096 or all of it. */
  readonly header: Uint8Array;
};

/**
 * Throws FormatError: `policy-unknown` (another policy, or not one of the lot), `suite-mismatch`, `tender-length`,
 * `tender-hash`, `age-header-stanzas`, `share-duplicate`, `quorum-missing` (shares for other officers than the
 * policy's), `envelope-hash`, `recipient-mismatch` (no age recipient).
 */
export function checkUpload({ manifest, policy, policySha256, envelopes, tender, header }: Upload): void {
  if (manifest.policy !== policySha256 || !policy.lots.includes(manifest.lot))
    throw new FormatError('policy-unknown', 'the manifest names another policy');
  if (manifest.suite !== 'YG1' || policy.suite !== 'YG1') throw new FormatError('suite-mismatch', manifest.suite);
  if (tender.bytes !== manifest.tender.bytes)
    throw new FormatError('tender-length', `${tender.bytes} bytes instead of ${manifest.tender.bytes}`);
  if (tender.sha256 !== manifest.tender.sha256) throw new FormatError('tender-hash', tender.sha256);
  readHeader(header);
  checkPositions(manifest, policy);
  checkEnvelopes(manifest, envelopes);
  requireRecipient(manifest.recipient);
}

/** The server will seal the signature to this recipient: a text with a wrong checksum or a point of low order shows here. */
function requireRecipient(recipient: string): void {
  try {
    new Encrypter().addRecipient(recipient);
    // Throws where the shared secret is all zeros (RFC 7748 section 6.1): any scalar will do.
    x25519.getSharedSecret(new Uint8Array(32).fill(8), pointOf(recipient));
  } catch (error) {
    throw new FormatError('recipient-mismatch', `nothing can be encrypted to the recipient: ${String(error)}`);
  }
}

/** The 32 bytes in a bech32 text `age1...` whose checksum is known to be right: 52 letters of 5 bits. */
function pointOf(recipient: string): Uint8Array {
  const bits = Array.from(recipient.slice(4, 56), (c) => bech32Letters.indexOf(c).toString(2).padStart(5, '0')).join(
    '',
  );
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(bits.slice(8 * i, 8 * i + 8), 2));
}
const bech32Letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** One share for each officer of the policy, in their order; none where every bidder opens its own tender. */
export function checkPositions(manifest: SealManifest, policy: OpeningPolicy): void {
  const positions = manifest.shares.map((s) => s.x);
  if (new Set(positions).size !== positions.length) throw new FormatError('share-duplicate', positions.join());
  const expected = policy.mode === 'bidder' ? [] : policy.officers.map((o) => o.x);
  if (positions.join() !== expected.join())
    throw new FormatError('quorum-missing', `shares for ${positions.join()} instead of ${expected.join()}`);
}

function checkEnvelopes(manifest: SealManifest, envelopes: readonly Envelope[]): void {
  const given = new Map(envelopes.map((e) => [e.x, e.bytes]));
  if (given.size !== envelopes.length) throw new FormatError('share-duplicate', 'two envelopes for one officer');
  if (given.size !== manifest.shares.length)
    throw new FormatError('envelope-hash', 'envelopes and shares differ in number');
  for (const { x, envelopeSha256, bytes } of manifest.shares) {
    const envelope = given.get(x);
    if (!envelope || envelope.length !== bytes || sha256Hex(envelope) !== envelopeSha256)
      throw new FormatError('envelope-hash', `envelope of officer ${x}`);
    // Whether it opens only its officer can see; that it is one age file for one recipient, everyone can.
    readHeader(envelope);
  }
}
