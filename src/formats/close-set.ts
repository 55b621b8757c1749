/** close-set.json: all acts of a lot below the barrier and what became of each; fixed in the log before any share is used. */
import { z } from 'zod';
import { documentType, identifier, sha256Text } from './primitives.ts';
import { sealedAct } from './sealed-act.ts';

export const actStatus = z.enum(['standing', 'superseded', 'withdrawn', 'late']);
export type ActStatus = z.infer<typeof actStatus>;

/** An act with what opens its commitment; `index` is its leaf's place in the log. */
export const openedCommitment = z.strictObject({
  index: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  salt: sha256Text,
  act: sealedAct,
});
export type OpenedCommitment = z.infer<typeof openedCommitment>;

export const closeSet = z.strictObject({
  type: documentType('close-set'),
  lot: identifier,
  /** The opening policy in force at the close. */
  policy: sha256Text,
  acts: z.array(openedCommitment.extend({ status: actStatus })).max(100_000),
});
export type CloseSet = z.infer<typeof closeSet>;

/** Opens every other commitment of a lot (questions, decoys) after the opening, so that no sealed leaf stays shut. */
export const commitmentSet = z.strictObject({
  type: documentType('commitment-set'),
  lot: identifier,
  acts: z.array(openedCommitment).max(100_000),
});
export type CommitmentSet = z.infer<typeof commitmentSet>;

/** Body of the `barrier` entry. */
export const barrierBody = z.strictObject({ deadline: z.string(), lots: z.array(identifier) });
/** Body of the `close` entry. */
export const closeBody = z.strictObject({
  lot: identifier,
  setSha256: sha256Text,
  policy: sha256Text,
  /** Log index of the barrier entry. */
  barrier: z.number().int().min(0),
  acts: z.number().int().min(0),
  standing: z.number().int().min(0),
});
export type CloseBody = z.infer<typeof closeBody>;
