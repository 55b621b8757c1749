/** close-set.json: all acts of a lot below the barrier and what became of each; fixed in the log before any share is used. */
import { z } from 'zod';
import { documentType, identifier, sha256Text } from './primitives.ts';
import { type SealedAct, sealedAct } from './sealed-act.ts';

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

/**
 * What became of each act below the barrier, in the order given: of each handle's chain the last act counts. A seal at the end
 * stands and what came before it is superseded; a withdrawal at the end withdraws the whole chain. Acts of other kinds: null.
 */
export function statusesOf(acts: readonly Pick<SealedAct, 'kind' | 'handle' | 'seq'>[]): (ActStatus | null)[] {
  const inTime = (kind: string) => kind === 'tender-sealed' || kind === 'tender-withdrawn';
  const last = new Map<string, (typeof acts)[number]>();
  for (const act of acts) if (inTime(act.kind) && act.seq > (last.get(act.handle)?.seq ?? 0)) last.set(act.handle, act);
  return acts.map((act) => {
    if (act.kind === 'tender-late') return 'late';
    if (!inTime(act.kind)) return null;
    const end = last.get(act.handle);
    if (end?.kind === 'tender-withdrawn') return 'withdrawn';
    return end === act ? 'standing' : 'superseded';
  });
}

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
