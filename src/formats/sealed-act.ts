/** The act behind a sealed leaf, its commitment and the bidder's handle (trust protocol 3, 'Sealed leaf'). */
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { z } from 'zod';
import { concatBytes, sha256Hex, toHex, utf8 } from './bytes.ts';
import { canonicalBytes } from './canonical.ts';
import { documentType, handleText, identifier, instantUtc, sha256Text } from './primitives.ts';

export const sealedActKind = z.enum(['tender-sealed', 'tender-withdrawn', 'tender-late', 'bond', 'question', 'decoy']);
export type SealedActKind = z.infer<typeof sealedActKind>;

export const sealedAct = z.strictObject({
  type: documentType('act'),
  kind: sealedActKind,
  lot: identifier,
  handle: handleText,
  seq: z.number().int().min(0).max(1_000_000),
  at: instantUtc,
  /** Hash of the manifest; of the text of a question; of the deed of a bond; random for a decoy. */
  manifestSha256: sha256Text,
});
export type SealedAct = z.infer<typeof sealedAct>;

export const sealedLeaf = z.strictObject({ commitment: sha256Text, type: z.literal('sealed'), v: z.literal(1) });
export type SealedLeaf = z.infer<typeof sealedLeaf>;

const commitPrefix = utf8('yangguang.org/commit/v1\n');

/** Commitment to an act under a 32-byte salt. */
export function commitmentOf(salt: Uint8Array, act: Readonly<Record<string, unknown>>): string {
  return sha256Hex(concatBytes(commitPrefix, salt, canonicalBytes(act)));
}

/** The bytes of a sealed leaf: they show that something was done, not what. */
export function sealedLeafBytes(commitment: string): Uint8Array {
  return canonicalBytes({ commitment, type: 'sealed', v: 1 });
}

/** K_lot = HKDF-SHA-256(master, lot), 32 bytes; published after the opening. */
export function lotKey(master: Uint8Array, lot: string): Uint8Array {
  return hkdf(sha256, master, undefined, utf8(`yangguang.org/lot/v1\n${lot}`), 32);
}

/** handle = HMAC-SHA-256(K_lot, `yangguang.org/handle/v1` LF bidder LF lot): the same bidder has another one on each lot. */
export function handleOf(key: Uint8Array, bidder: string, lot: string): string {
  return toHex(hmac(sha256, key, utf8(`yangguang.org/handle/v1\n${bidder}\n${lot}`)));
}

/** Tag of the certificate that made a sealed act, to compare later acts without naming it. */
export function signerTag(key: Uint8Array, certSha256: string): string {
  return toHex(hmac(sha256, key, utf8(`yangguang.org/signer/v1\n${certSha256}`)));
}
