/** The opening policy: who can open the tenders of an opening together. Every officer signs these bytes. */
import { z } from 'zod';
import {
  ageRecipient,
  documentType,
  identifier,
  instantUtc,
  officerPosition,
  sha256Text,
  suite,
} from './primitives.ts';

/** Officers' roles in an opening; the buying side is host and tenderer, so a default 3 of 4 always needs an outsider. */
export const officerRole = z.enum(['host', 'tenderer', 'witness', 'supervisor']);
export type OfficerRole = z.infer<typeof officerRole>;

/** Who opens: officers together, each bidder its own, or each bidder first and the officers for the absent. */
export const openingMode = z.enum(['quorum', 'bidder', 'bidder-then-quorum']);
export type OpeningMode = z.infer<typeof openingMode>;

export const openingPolicy = z
  .strictObject({
    type: documentType('opening-policy'),
    suite,
    opening: identifier,
    lots: z.array(identifier).min(1).max(200),
    deadline: instantUtc,
    mode: openingMode,
    k: z.number().int().min(1).max(20),
    officers: z
      .array(z.strictObject({ x: officerPosition, role: officerRole, certSha256: sha256Text, recipient: ageRecipient }))
      .min(1)
      .max(20),
    logPolicySha256: sha256Text.nullable(),
  })
  .refine((p) => p.officers.every((o, i) => o.x === i + 1), 'officers are numbered 1..n in order')
  .refine((p) => p.k <= p.officers.length, 'k is at most n')
  .refine((p) => new Set(p.officers.map((o) => o.recipient)).size === p.officers.length, 'recipients differ')
  .refine((p) => new Set(p.officers.map((o) => o.certSha256)).size === p.officers.length, 'officers differ')
  .refine((p) => new Set(p.lots).size === p.lots.length, 'lots differ');
export type OpeningPolicy = z.infer<typeof openingPolicy>;
