/** The witness record of one subject as a fold of its events, and what can be asked of it. Pure. */
import type { WitnessStep, WitnessSubjectKind } from '../formats/witness-record.ts';

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
/** The whole record of a project as a signed PDF; it hangs on the project's own subject. */
export type IssuedDocument = {
  readonly number: string;
  readonly pdfSha256: string;
  readonly factsSha256: string;
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

export type WitnessEvent =
  | ({ type: 'WitnessAssigned'; subjectKind: WitnessSubjectKind; project: string } & Omit<Duty, 'reason'>)
  | ({ type: 'WitnessReplaced'; reason: string } & Omit<Duty, 'reason'>)
  | ({ type: 'StepRecorded' } & SignedRecord)
  | { type: 'StepStopped'; step: WitnessStep; at: string; by: string; reason: string }
  | { type: 'StopLifted'; step: WitnessStep; at: string; by: string; reason: string }
  | ({ type: 'WitnessDocumentIssued'; project: string } & IssuedDocument);

/** The steps of each kind of subject. */
export const stepsOf: Readonly<Record<WitnessSubjectKind, readonly WitnessStep[]>> = {
  opening: ['close', 'release', 'opening', 'announcement'],
  lot: ['evaluation-entry', 'evaluation-end', 'award'],
  project: ['evaluation-entry', 'evaluation-end', 'award'],
};

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
      const { type, project, ...document } = event;
      const subjectKind = state.subjectKind ?? 'project';
      return { ...state, subjectKind, project, documents: [...state.documents, document] };
    }
  }
}
