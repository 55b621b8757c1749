/**
 * witness-record.json: what the witness on duty wrote about one step (见证记录): checked, found, refused, with note and photos.
 * The witness signs these bytes (detached CMS); the journal publishes only their SHA-256, so names in the text stay erasable.
 */
import { z } from 'zod';
import { documentType, identifier, instantUtc, sha256Text } from './primitives.ts';

/** The steps a witness stands by (rules: present at opening, evaluation entry and end, award). */
export const witnessSteps = [
  'close',
  'release',
  'opening',
  'announcement',
  'evaluation-entry',
  'evaluation-end',
  'award',
] as const;
export const witnessStep = z.enum(witnessSteps);
export type WitnessStep = z.infer<typeof witnessStep>;

/** What the steps belong to: an opening, a lot, or a project as a whole. */
export const witnessSubjectKind = z.enum(['opening', 'lot', 'project']);
export type WitnessSubjectKind = z.infer<typeof witnessSubjectKind>;

const line = z.string().min(1).max(300);
const prose = z.string().max(4_000);

/** One thing looked at. `deviates` is a finding; it needs a remark. */
export const witnessCheck = z
  .strictObject({ item: line, result: z.enum(['conforms', 'deviates', 'not-checked']), remark: z.string().max(1_000) })
  .refine((check) => check.result !== 'deviates' || check.remark !== '', { message: 'a deviation needs a remark' });

export const witnessPhoto = z.strictObject({
  sha256: sha256Text,
  bytes: z.number().int().min(1),
  mediaType: z.enum(['image/jpeg', 'image/png']),
});

/** A stop of the step and how it ended; a record is signed only when no stop is open. */
export const witnessStop = z.strictObject({
  at: instantUtc,
  reason: line,
  liftedAt: instantUtc,
  liftReason: line,
});

export const witnessRecord = z.strictObject({
  type: documentType('witness-record'),
  subjectKind: witnessSubjectKind,
  subject: identifier,
  project: identifier,
  step: witnessStep,
  /** From 1; a later record of the same step supplements the earlier one and names its SHA-256. */
  seq: z.number().int().min(1).max(1_000),
  prev: sha256Text.nullable(),
  /** Id of the person on duty; the signature's certificate must be this person's. */
  witness: identifier,
  checked: z.array(witnessCheck).min(1).max(60),
  found: prose,
  refused: prose,
  note: prose,
  photos: z.array(witnessPhoto).max(20),
  stops: z.array(witnessStop).max(100),
  /** The witness's own clock; the time that counts is the journal's. */
  claimedAt: instantUtc,
  /** Random, so that the published hash says nothing about short texts. */
  salt: sha256Text,
});
export type WitnessRecord = z.infer<typeof witnessRecord>;
