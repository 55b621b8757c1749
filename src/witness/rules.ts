/**
 * The witness record of one subject (见证): who is on duty for which step, what was written, what was stopped. Pure.
 * The witness writes and may stop; the witness never decides, so nothing here grants or chooses anything.
 */
import type { WitnessRecord, WitnessStep, WitnessSubjectKind } from '../formats/witness-record.ts';
import type { Refusal } from '../platform/refusal.ts';
import { witnessRefusal } from './refusals.ts';
import {
  type IssuedDocument,
  lastRecord,
  onDuty,
  type Stop,
  stepStatus,
  stepsOf,
  stopsOf,
  type WitnessEvent,
  type WitnessState,
} from './state.ts';

export type WitnessCommand =
  | {
      type: 'assignWitness';
      by: string;
      subjectKind: WitnessSubjectKind;
      project: string;
      person: string;
      steps: readonly WitnessStep[];
    }
  | { type: 'replaceWitness'; by: string; person: string; steps: readonly WitnessStep[]; reason: string }
  | { type: 'recordStep'; by: string; record: WitnessRecord; sha256: string; signatureSha256: string }
  | { type: 'stopStep'; by: string; step: WitnessStep; reason: string }
  | { type: 'liftStop'; by: string; step: WitnessStep; reason: string }
  | ({ type: 'issueDocument'; records: readonly string[] } & Omit<IssuedDocument, 'at'>);

/** Facts from rooms to the left, each read only for the command that needs it; null when not found or not asked for. */
export type WitnessFacts = {
  readonly now: string;
  /** The person proposed for duty. */
  readonly candidate: {
    readonly roles: readonly string[];
    readonly organisation: string | null;
    readonly kinds: readonly string[];
  } | null;
  /** Organisations that decide in the subject's project; null when there is no such subject. */
  readonly place: { readonly parties: readonly string[] } | null;
  /** Whose certificate signed the record. */
  readonly signer: { readonly person: string; readonly certSha256: string } | null;
  /** Photos the witness uploaded for this subject. */
  readonly photos: readonly string[];
  /** All subjects of the project, for its document. */
  readonly whole: readonly WitnessState[];
};

/** Roles that take part in the decision or lead it; a supervisor may witness, but not lift his own stop. */
const decidingRoles: readonly string[] = ['bidder', 'tenderer', 'agency', 'expert', 'host', 'administrator'];

/** Decides a command; every refusal leaves the subject as it was. */
export function decideWitness(
  state: WitnessState,
  command: WitnessCommand,
  facts: WitnessFacts,
): Refusal | readonly WitnessEvent[] {
  switch (command.type) {
    case 'assignWitness':
      return assignWitness(state, command, facts);
    case 'replaceWitness':
      return replaceWitness(state, command, facts);
    case 'recordStep':
      return recordStep(state, command, facts);
    case 'stopStep':
      return stopStep(state, command, facts);
    case 'liftStop':
      return liftStop(state, command, facts);
    case 'issueDocument':
      return issueDocument(state, command, facts);
  }
}

type Of<T extends WitnessCommand['type']> = Extract<WitnessCommand, { type: T }>;

function assignWitness(state: WitnessState, command: Of<'assignWitness'>, facts: WitnessFacts) {
  const { subjectKind, project, person, steps, by } = command;
  if (!facts.place) return witnessRefusal('subject-unknown');
  if (state.subjectKind !== null && (state.subjectKind !== subjectKind || state.project !== project))
    return witnessRefusal('subject-mismatch');
  if (steps.some((step) => !stepsOf[subjectKind].includes(step)))
    return witnessRefusal('step-foreign', { steps: stepsOf[subjectKind] });
  const taken = steps.filter((step) => onDuty(state, step) !== null);
  if (taken.length > 0) return witnessRefusal('step-has-witness', { steps: taken });
  const unfit = unfitness(facts);
  if (unfit) return unfit;
  return [
    { type: 'WitnessAssigned', subjectKind, project, person, steps, since: facts.now, assignedBy: by },
  ] satisfies WitnessEvent[];
}

function replaceWitness(state: WitnessState, command: Of<'replaceWitness'>, facts: WitnessFacts) {
  const { person, steps, reason, by } = command;
  if (!facts.place) return witnessRefusal('subject-unknown');
  for (const step of steps) {
    const held = onDuty(state, step);
    if (held === null) return witnessRefusal('no-witness', { step });
    if (held === person) return witnessRefusal('same-person', { step });
  }
  const unfit = unfitness(facts);
  if (unfit) return unfit;
  return [
    { type: 'WitnessReplaced', person, steps, reason, since: facts.now, assignedBy: by },
  ] satisfies WitnessEvent[];
}

/** A witness has no part in the decision, whether by role or by the organisation he belongs to. */
function unfitness({ candidate, place }: WitnessFacts): Refusal | null {
  if (!candidate) return witnessRefusal('person-unknown');
  if (!candidate.roles.includes('witness')) return witnessRefusal('not-a-witness');
  const deciding = candidate.roles.filter((role) => decidingRoles.includes(role));
  if (deciding.length > 0) return witnessRefusal('witness-has-part', { roles: deciding });
  // Who bids is secret before the opening, so anybody of an organisation that may bid is kept out, not only of those that do.
  if (candidate.kinds.includes('bidder')) return witnessRefusal('witness-has-part', { organisation: 'bidder' });
  if (candidate.organisation !== null && place?.parties.includes(candidate.organisation))
    return witnessRefusal('witness-has-part', { organisation: 'party' });
  return null;
}

function recordStep(state: WitnessState, command: Of<'recordStep'>, facts: WitnessFacts) {
  const { record, sha256, signatureSha256, by } = command;
  const { step } = record;
  if (onDuty(state, step) !== by) return witnessRefusal('not-on-duty');
  if (facts.signer?.person !== by) return witnessRefusal('signer-not-on-duty');
  if (
    record.subject !== state.id ||
    record.subjectKind !== state.subjectKind ||
    record.project !== state.project ||
    record.witness !== by
  )
    return witnessRefusal('record-context');
  if (stepStatus(state, step) === 'stopped') return witnessRefusal('step-stopped');
  const last = lastRecord(state, step);
  if (record.seq !== (last?.seq ?? 0) + 1 || record.prev !== (last?.sha256 ?? null))
    return witnessRefusal('record-order', { seq: (last?.seq ?? 0) + 1 });
  const stops = stopsOf(state, step);
  if (!sameStops(record.stops, stops)) return witnessRefusal('record-stops');
  const photos = record.photos.map((photo) => photo.sha256);
  if (photos.some((photo) => !facts.photos.includes(photo))) return witnessRefusal('photo-unknown');
  return [
    {
      type: 'StepRecorded',
      step,
      seq: record.seq,
      sha256,
      signatureSha256,
      person: by,
      certSha256: facts.signer.certSha256,
      photos,
      stops: stops.length,
      at: facts.now,
    },
  ] satisfies WitnessEvent[];
}

function sameStops(written: WitnessRecord['stops'], kept: readonly Stop[]): boolean {
  return (
    written.length === kept.length &&
    written.every((stop, i) => {
      const other = kept[i]!;
      return (
        stop.at === other.at &&
        stop.reason === other.reason &&
        stop.liftedAt === other.lifted?.at &&
        stop.liftReason === other.lifted.reason
      );
    })
  );
}

function stopStep(state: WitnessState, { step, reason, by }: Of<'stopStep'>, facts: WitnessFacts) {
  if (onDuty(state, step) !== by) return witnessRefusal('not-on-duty');
  if (stepStatus(state, step) === 'stopped') return witnessRefusal('already-stopped');
  return [{ type: 'StepStopped', step, reason, by, at: facts.now }] satisfies WitnessEvent[];
}

/** Two persons: nobody who ever stood duty on the subject lifts a stop of it, whatever roles he holds. */
function liftStop(state: WitnessState, { step, reason, by }: Of<'liftStop'>, facts: WitnessFacts) {
  if (stepStatus(state, step) !== 'stopped') return witnessRefusal('not-stopped');
  if (state.duties.some((duty) => duty.person === by)) return witnessRefusal('same-person');
  return [{ type: 'StopLifted', step, reason, by, at: facts.now }] satisfies WitnessEvent[];
}

/** The document speaks for the project, so it waits for every step that anybody was put on duty for, on any of its subjects. */
function issueDocument(state: WitnessState, command: Of<'issueDocument'>, facts: WitnessFacts) {
  const assigned = facts.whole.flatMap((part) =>
    [...new Set(part.duties.flatMap((duty) => duty.steps))].map((step) => ({
      subject: part.id,
      step,
      status: stepStatus(part, step),
    })),
  );
  const open = assigned.filter(({ status }) => status !== 'signed');
  if (assigned.length === 0 || open.length > 0) return witnessRefusal('steps-open', { steps: open });
  const { type, records, ...document } = command;
  const kept = facts.whole.flatMap((part) => part.records.map(({ sha256 }) => sha256));
  if (kept.toSorted().join() !== records.toSorted().join()) return witnessRefusal('records-moved-on');
  return [{ type: 'WitnessDocumentIssued', project: state.id, ...document, at: facts.now }] satisfies WitnessEvent[];
}
