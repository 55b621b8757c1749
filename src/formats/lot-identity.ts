/**
 * The age identity of a lot, made from its key K_lot. The signature of a withdrawal is encrypted to it: a withdrawn tender is
 * never opened, so its own recipient never would be; K_lot is published after the opening (decision: withdrawals' signers).
 */

import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bech32 } from '@scure/base';
import { utf8 } from './bytes.ts';

/** AGE-SECRET-KEY-1... of the lot: HKDF-SHA-256(K_lot, `yangguang.org/lot-identity/v1`) as an X25519 scalar. */
export function lotIdentity(lotKey: Uint8Array): string {
  const scalar = hkdf(sha256, lotKey, undefined, utf8('yangguang.org/lot-identity/v1'), 32);
  return bech32.encodeFromBytes('AGE-SECRET-KEY-', scalar).toUpperCase();
}
