/** index.json inside tender.age: what the package holds and for whom and what it was made, so that a copied tender fails. */
import { z } from 'zod';
import { ageRecipient, documentType, identifier, sha256Text, suite } from './primitives.ts';

/** Path of a file inside the package. */
export const packagePath = z.string().regex(/^files\/\d{4}\.[a-z0-9]{1,8}$/);

export const packageIndex = z.strictObject({
  type: documentType('package-index'),
  suite,
  lot: identifier,
  policy: sha256Text,
  bidder: identifier,
  certSha256: sha256Text,
  recipient: ageRecipient,
  files: z
    .array(
      z.strictObject({
        path: packagePath,
        /** The bidder's own file name, for display only. */
        name: z.string().min(1).max(200),
        sha256: sha256Text,
        bytes: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
      }),
    )
    .max(1000),
});
export type PackageIndex = z.infer<typeof packageIndex>;
