/** refusal.json: the centre's signed word that it did not take a tender, and when it came. */
import { z } from 'zod';
import { documentType, identifier, instantUtc, sha256Text } from './primitives.ts';

export const refusalNote = z.strictObject({
  type: documentType('refusal'),
  lot: identifier,
  manifestSha256: sha256Text,
  code: z.string().regex(/^[a-z-]{3,60}$/),
  at: instantUtc,
});
export type RefusalNote = z.infer<typeof refusalNote>;
