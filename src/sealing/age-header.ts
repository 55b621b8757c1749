/**
 * The header of a binary age v1 file (c2sp.org/age). Read strictly: exactly one X25519 stanza, one spelling. The key
 * agreement itself is the age-encryption library's.
 */
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { Decrypter, Encrypter } from 'age-encryption';
import { fromBase64, utf8 } from '../formats/bytes.ts';
import { FormatError } from '../formats/format-error.ts';
import { AgeError } from './age-error.ts';

/** No header with one stanza is longer; what is longer is not read. */
export const maxHeaderBytes = 4096;
export const payloadNonceBytes = 16;

const version = 'age-encryption.org/v1';

/**
 * The header at the start of a file, with its last line feed. `head` is the file's beginning (all of it, or at least
 * maxHeaderBytes). Throws FormatError `age-header-stanzas` (not one readable stanza) or `suite-mismatch` (another type
 * than X25519).
 */
export function readHeader(head: Uint8Array): Uint8Array {
  const text = Array.from(head.subarray(0, maxHeaderBytes), (byte) => String.fromCharCode(byte)).join('');
  const lines: string[] = [];
  let end = 0;
  while (lines.at(-1)?.startsWith('---') !== true) {
    const next = text.indexOf('\n', end);
    if (next < 0) malformed('no end of header');
    lines.push(text.slice(end, next));
    end = next + 1;
  }
  const stanzas = lines.filter((line) => line.startsWith('-> '));
  if (lines[0] !== version || stanzas.length !== 1) malformed(`${stanzas.length} recipient stanzas`);
  const [, type, share, ...more] = stanzas[0]!.split(' ');
  if (type !== 'X25519') throw new FormatError('suite-mismatch', 'the recipient is not of type X25519');
  const [, second, body, mac, ...rest] = lines;
  if (second !== stanzas[0] || more.length > 0 || rest.length > 0 || !mac?.startsWith('--- ')) malformed('other lines');
  for (const value of [share, body, mac.slice(4)]) requireKeySized(value);
  return head.slice(0, end);
}

function malformed(detail: string): never {
  throw new FormatError('age-header-stanzas', detail);
}

/** Each variable part is 32 bytes in base64 without padding, in its only spelling. */
function requireKeySized(value: string | undefined): void {
  try {
    if (fromBase64(`${value}=`).length === 32) return;
  } catch {
    // falls through: not base64
  }
  malformed('a field is not 32 bytes of base64');
}

export type SealedHeader = { readonly header: Uint8Array; readonly fileKey: Uint8Array };

/**
 * A header for a fresh file key, made for the recipient of `identity`. The library hands out no file key, so it seals
 * nothing and the identity, which the sealing program holds, reads the key back.
 */
export async function makeHeader(identity: string, recipient: string): Promise<SealedHeader> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const header = readHeader(await encrypter.encrypt(new Uint8Array()));
  return { header, fileKey: await openHeader(header, identity) };
}

/** The file key. Throws AgeError `identity-foreign` where the stanza is for another identity or the MAC is wrong. */
export async function openHeader(header: Uint8Array, identity: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(identity);
    return await decrypter.decryptHeader(header);
  } catch (error) {
    throw new AgeError('identity-foreign', String(error));
  }
}

/** The key of the payload (c2sp.org/age, Payload). */
export function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Uint8Array {
  return hkdf(sha256, fileKey, nonce, utf8('payload'), 32);
}
