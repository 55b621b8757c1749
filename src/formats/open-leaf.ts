/** An open leaf of the log: who did what to which subject, in the clear (trust protocol 3, 'Open leaf'). */
import { z } from 'zod';
import { instantUtc, sha256Text } from './primitives.ts';

const head = {
  v: z.literal(1),
  type: z.literal('open'),
  at: instantUtc,
  kind: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/),
  subject: z.string().min(1).max(200),
  actor: z.string().min(1).max(200),
};

export const openLeaf = z.union([
  z.strictObject({ ...head, body: z.unknown() }),
  /** A large body stands beside the log under its hash. */
  z.strictObject({ ...head, bodySha256: sha256Text }),
]);
export type OpenLeaf = z.infer<typeof openLeaf>;
