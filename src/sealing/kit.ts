/**
 * The kit: the bidder's own copy of a tender's identity, under a passphrase, in a file that stays with the bidder. It
 * opens the tender in modes `bidder` and `bidder-then-quorum`, and shows the bidder later what it had sealed.
 */
import { Decrypter, Encrypter } from 'age-encryption';
import { z } from 'zod';
import { canonicalBytes, parseCanonical } from '../formats/canonical.ts';
import { ageRecipient, documentType, identifier, sha256Text, suite } from '../formats/primitives.ts';
import { AgeError } from './age-error.ts';

export const kit = z.strictObject({
  type: documentType('kit'),
  suite,
  lot: identifier,
  policy: sha256Text,
  bidder: identifier,
  recipient: ageRecipient,
  identity: z.string().regex(/^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/),
  manifestSha256: sha256Text,
});
export type Kit = z.infer<typeof kit>;

/** scrypt with N = 2^16 takes 64 MB and half a second; the passphrase carries the rest. */
const defaultWorkFactor = 16;
/** A kit has about one kilobyte; what is larger is none. (The library refuses work factors beyond 2^20 by itself.) */
const maxKitBytes = 16 * 1024;

/** An age file that `age -d` opens with the passphrase. */
export async function sealKit(contents: Kit, passphrase: string, workFactor = defaultWorkFactor): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(workFactor);
  encrypter.setPassphrase(passphrase);
  return encrypter.encrypt(canonicalBytes(contents));
}

/** Throws AgeError `identity-foreign` for a wrong passphrase, FormatError for another document. */
export async function openKit(sealed: Uint8Array, passphrase: string): Promise<Kit> {
  if (sealed.length > maxKitBytes) throw new AgeError('payload-broken', 'kit too large');
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  let plain: Uint8Array;
  try {
    plain = await decrypter.decrypt(sealed);
  } catch (error) {
    throw new AgeError('identity-foreign', String(error));
  }
  return parseCanonical(kit, plain);
}
