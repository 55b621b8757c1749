/** key-release.json: an officer's shares of all standing tenders of a lot, or whose fault kept one shut. CMS-signed by the officer. */
import { z } from 'zod';
import { documentType, identifier, officerPosition, sha256Text } from './primitives.ts';

export const shareFault = z.enum(['envelope-hash', 'envelope-undecryptable', 'share-hash', 'share-context']);
export type ShareFault = z.infer<typeof shareFault>;

export const keyRelease = z.strictObject({
  type: documentType('key-release'),
  opening: identifier,
  lot: identifier,
  x: officerPosition,
  /** Place and leaf hash (hex) of the lot's close entry. */
  closeIndex: z.number().int().min(0),
  closeLeafSha256: sha256Text,
  /** Full text of the checkpoint that the officer's program checked. */
  checkpoint: z.string().min(1).max(20_000),
  /** SHA-256 of the releasing program, null where it cannot know itself (command line from source). */
  clientSha256: sha256Text.nullable(),
  items: z
    .array(
      z.union([
        z.strictObject({ manifestSha256: sha256Text, share: z.string().min(1).max(2000) }),
        z.strictObject({ manifestSha256: sha256Text, fault: shareFault }),
      ]),
    )
    .max(10_000),
});
export type KeyRelease = z.infer<typeof keyRelease>;
