/** manifest.json: what a bidder signs. It commits to the tender, the offer and every share, and names nobody. */
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

const common = {
  type: documentType('manifest'),
  suite,
  lot: identifier,
  policy: sha256Text,
  /** Place in the bidder's chain of acts on the lot, from 1. */
  seq: z.number().int().min(1).max(10_000),
  /** SHA-256 of the manifest before it in the chain. */
  prev: sha256Text.nullable(),
  /** The bidder's own clock; of no legal weight. */
  claimedAt: instantUtc,
};

export const sealManifest = z.strictObject({
  ...common,
  act: z.literal('seal'),
  recipient: ageRecipient,
  tender: z.strictObject({ sha256: sha256Text, bytes: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
  offerSha256: sha256Text,
  /** One for each officer; empty in mode `bidder`. */
  shares: z
    .array(
      z.strictObject({
        x: officerPosition,
        shareSha256: sha256Text,
        envelopeSha256: sha256Text,
        bytes: z.number().int().min(1).max(4096),
      }),
    )
    .max(20),
});
export const withdrawManifest = z.strictObject({ ...common, act: z.literal('withdraw') });

export const manifest = z
  .discriminatedUnion('act', [sealManifest, withdrawManifest])
  .refine((m) => (m.seq === 1) === (m.prev === null), 'the first act has no predecessor, every other one has');
export type SealManifest = z.infer<typeof sealManifest>;
export type WithdrawManifest = z.infer<typeof withdrawManifest>;
export type Manifest = z.infer<typeof manifest>;
