/** share-X.json: one officer's part of the tender's identity, byte by byte over GF(256), modulus 0x11b. */
import { z } from 'zod';
import { ageRecipient, documentType, identifier, officerPosition, sha256Text, suite } from './primitives.ts';

/** Length in bytes of the text AGE-SECRET-KEY-1... that is split. */
export const identityBytes = 74;

export const share = z.strictObject({
  type: documentType('share'),
  suite,
  lot: identifier,
  policy: sha256Text,
  recipient: ageRecipient,
  x: officerPosition,
  y: z.string().regex(/^[0-9a-f]{148}$/),
});
export type Share = z.infer<typeof share>;
