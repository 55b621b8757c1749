/**
 * The witness record of one subject (见证): who is on duty for which step, what was written, what was stopped. Pure.
 * The witness writes and may stop; the witness never decides, so nothing here grants or chooses anything.
 */
import type { WitnessRecord, WitnessStep, WitnessSubjectKind } from '../formats/witness-record.ts';
import type { Refusal } from '../platform/refusal.ts';
import { witnessRefusal } from './refusals.ts';

/** One spell of duty; `until` is null while it lasts. Persons are ids. */
export type Duty = {
  readonly person: string;
  readonly steps: readonly WitnessStep[];
  readonly since: string;
  readonly assignedBy: string;
  /** Why this person took over; null for the first assignment. */
  readonly reason: string | null;
};
export type Stop = {
  readonly step: WitnessStep;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
  readonly lifted: { readonly at: string; readonly by: string; readonly reason: string } | null;
};
/** A signed record; the text and the signature lie in the file store under their SHA-256. */
export type SignedRecord = {
  readonly step: WitnessStep;
  readonly seq: number;
  readonly sha256: string;
  readonly signatureSha256: string;
  readonly person: string;
  readonly certSha256: string;
  readonly photos: readonly string[];
  /** How many stops of the step the record accounts for. */
  readonly stops: number;
  readonly at: string;
};
export type IssuedDocument = {
  readonly sha256: string;
  readonly bytes: number;
  readonly at: string;
  readonly by: string;
};

export type WitnessState = {
  readonly id: string;
  readonly subjectKind: WitnessSubjectKind | null;
  readonly project: string | null;
  /** Every spell of duty in order; for a step the last one that names it holds. */
  readonly duties: readonly Duty[];
  readonly stops: readonly Stop[];
  readonly records: readonly SignedRecord[];
  readonly documents: readonly IssuedDocument[];
};

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
  | { type: 'issueDocument'; by: string; sha256: string; bytes: number; records: readonly string[] };

export type WitnessEvent =
  | ({ type: 'WitnessAssigned'; subjectKind: WitnessSubjectKind; project: string } & Omit<Duty, 'reason'>)
  | ({ type: 'WitnessReplaced'; reason: string } & Omit<Duty, 'reason'>)
  | ({ type: 'StepRecorded' } & SignedRecord)
  | { type: 'StepStopped'; step: WitnessStep; at: string; by: string; reason: string }
  | { type: 'StopLifted'; step: WitnessStep; at: string; by: string; reason: string }
  | ({ type: 'WitnessDocumentIssued' } & IssuedDocument);

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
};

/** The steps of each kind of subject. */
export const stepsOf: Readonly<Record<WitnessSubjectKind, readonly WitnessStep[]>> = {
  opening: ['close', 'release', 'opening', 'announcement'],
  lot: ['evaluation-entry', 'evaluation-end', 'award'],
  project: ['evaluation-entry', 'evaluation-end', 'award'],
};

/** Roles that take part in the decision or lead it; a supervisor may witness, but not lift his own stop. */
const decidingRoles: readonly string[] = ['bidder', 'tenderer', 'agency', 'expert', 'host', 'administrator'];

export const initialWitness = (id: string): WitnessState => ({
  id,
  subjectKind: null,
  project: null,
  duties: [],
  stops: [],
  records: [],
  documents: [],
});

/** The person on duty for a step, or null. */
export function onDuty(state: WitnessState, step: WitnessStep): string | null {
  return state.duties.findLast((duty) => duty.steps.includes(step))?.person ?? null;
}

export const stopsOf = (state: WitnessState, step: WitnessStep): readonly Stop[] =>
  state.stops.filter((stop) => stop.step === step);

export const lastRecord = (state: WitnessState, step: WitnessStep): SignedRecord | null =>
  state.records.findLast((record) => record.step === step) ?? null;

export type StepStatus = 'signed' | 'stopped' | 'open';

/**
 * Where a step stands. A stop outweighs a signature, and a stop that was lifted after the last signature asks for a
 * supplementary record, so no stop can vanish from what was signed. `since` counts only records at or after that instant.
 */
export function stepStatus(state: WitnessState, step: WitnessStep, since?: string): StepStatus {
  const stops = stopsOf(state, step);
  if (stops.some((stop) => stop.lifted === null)) return 'stopped';
  const record = lastRecord(state, step);
  if (!record || record.stops !== stops.length) return 'open';
  return since !== undefined && record.at < since ? 'open' : 'signed';
}

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

function issueDocument(state: WitnessState, command: Of<'issueDocument'>, facts: WitnessFacts) {
  const assigned = new Set(state.duties.flatMap((duty) => duty.steps));
  const open = [...assigned].filter((step) => stepStatus(state, step) !== 'signed');
  if (assigned.size === 0 || open.length > 0) return witnessRefusal('steps-open', { steps: open });
  const kept = state.records.map((record) => record.sha256);
  if (kept.join() !== command.records.join()) return witnessRefusal('records-moved-on');
  const { sha256, bytes, by } = command;
  return [{ type: 'WitnessDocumentIssued', sha256, bytes, by, at: facts.now }] satisfies WitnessEvent[];
}

/** Folds one event; exhaustive over the union. */
export function evolveWitness(state: WitnessState, event: WitnessEvent): WitnessState {
  switch (event.type) {
    case 'WitnessAssigned': {
      const { type, subjectKind, project, ...duty } = event;
      return { ...state, subjectKind, project, duties: [...state.duties, { ...duty, reason: null }] };
    }
    case 'WitnessReplaced': {
      const { type, ...duty } = event;
      return { ...state, duties: [...state.duties, duty] };
    }
    case 'StepRecorded': {
      const { type, ...record } = event;
      return { ...state, records: [...state.records, record] };
    }
    case 'StepStopped': {
      const { type, ...stop } = event;
      return { ...state, stops: [...state.stops, { ...stop, lifted: null }] };
    }
    case 'StopLifted': {
      const { step, at, by, reason } = event;
      const lift = (stop: Stop): Stop =>
        stop.step === step && stop.lifted === null ? { ...stop, lifted: { at, by, reason } } : stop;
      return { ...state, stops: state.stops.map(lift) };
    }
    case 'WitnessDocumentIssued': {
      const { type, ...document } = event;
      return { ...state, documents: [...state.documents, document] };
    }
  }
}
