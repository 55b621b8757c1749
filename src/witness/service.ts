/** Carries out the witness procedure: gathers facts from parties and projects, keeps texts in the file store, acts. */
import { sha256Hex } from '../formats/bytes.ts';
import { parseCanonical } from '../formats/canonical.ts';
import { FormatError } from '../formats/format-error.ts';
import {
  type WitnessRecord,
  type WitnessStep,
  type WitnessSubjectKind,
  witnessRecord,
} from '../formats/witness-record.ts';
import { type ActRequest, databaseNow, type Journal, type Procedure, type Reader, type Tx } from '../journal/index.ts';
import type { Clock } from '../platform/clock/clock.ts';
import type { Row } from '../platform/database.ts';
import type { FileStore } from '../platform/files.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import { type DocumentDeps, type DocumentPlace, makeWitnessDocument } from './document.ts';
import { witnessRefusal } from './refusals.ts';
import { decideWitness, type WitnessCommand, type WitnessFacts } from './rules.ts';
import {
  evolveWitness,
  initialWitness,
  onDuty,
  type StepStatus,
  stepStatus,
  type WitnessEvent,
  type WitnessState,
} from './state.ts';

/** What this room asks of parties. */
export type WitnessParties = Omit<DocumentDeps['parties'], 'person'> & {
  person(
    reader: Reader,
    id: string,
  ): Promise<{ readonly name: string; readonly roles: readonly string[]; readonly organisation: string | null } | null>;
  organisation(reader: Reader, id: string): Promise<{ readonly kinds: readonly string[] } | null>;
  verifySignature(
    reader: Reader,
    content: Uint8Array,
    p7s: Uint8Array,
    at: string,
  ): Promise<{ readonly person: string; readonly certSha256: string }>;
};

/** Tenderer and agency by their ids. */
type Place = DocumentPlace & { readonly tenderer: string; readonly agency: string | null };
/** What this room asks of projects. */
export type WitnessProjects = {
  project(reader: Reader, id: string): Promise<(Place & { readonly opening: string | null }) | null>;
  lot(reader: Reader, id: string): Promise<{ readonly project: Place } | null>;
};

/** Who asks for an act. */
export type Asker = {
  readonly person: string;
  readonly requestId: string;
  readonly idempotencyKey?: string | undefined;
};

export const witnessProcedure: Procedure<WitnessState, WitnessCommand, WitnessEvent, Omit<WitnessFacts, 'now'>> = {
  kind: 'witness_record',
  initial: initialWitness,
  decide: decideWitness,
  evolve: evolveWitness,
  publish: (event) => ({ open: openKind[event.type], body: published(event) }),
  columns: (state) => ({
    project: state.project,
    subject_kind: state.subjectKind,
    people: JSON.stringify([...new Set(state.duties.map((duty) => duty.person))]),
  }),
};

const openKind: Readonly<Record<WitnessEvent['type'], string>> = {
  WitnessAssigned: 'witness-assigned',
  WitnessReplaced: 'witness-replaced',
  StepRecorded: 'witness-recorded',
  StepStopped: 'witness-stopped-step',
  StopLifted: 'witness-stop-lifted',
  WitnessDocumentIssued: 'certificate-issued-document',
};

/** Strangers see who stood duty, hashes and that a step was stopped; reasons and texts stay in the signed record (they may hold names). */
function published(event: WitnessEvent): unknown {
  switch (event.type) {
    case 'WitnessAssigned':
    case 'WitnessReplaced':
      return { person: event.person, steps: event.steps };
    case 'StepRecorded':
      return {
        step: event.step,
        seq: event.seq,
        recordSha256: event.sha256,
        signatureSha256: event.signatureSha256,
        certSha256: event.certSha256,
      };
    case 'StepStopped':
    case 'StopLifted':
      return { step: event.step };
    case 'WitnessDocumentIssued':
      return {
        kind: 'witness-record',
        number: event.number,
        pdfSha256: event.pdfSha256,
        factsSha256: event.factsSha256,
      };
  }
}

export type WitnessService = ReturnType<typeof witnessService>;

export type WitnessDeps = {
  readonly journal: Journal;
  readonly files: FileStore;
  readonly clock: Clock;
  readonly origin: () => string;
  readonly parties: WitnessParties;
  readonly projects: WitnessProjects;
};

export function witnessService(deps: WitnessDeps) {
  const { journal, files, parties, projects } = deps;
  const noFacts = { candidate: null, place: null, signer: null, photos: [], whole: [] };
  const act = (
    subject: string,
    command: WitnessCommand,
    asker: Asker,
    facts: (tx: Tx) => Promise<Partial<Omit<WitnessFacts, 'now'>>>,
  ) =>
    journal.act(witnessProcedure, {
      subject,
      command,
      actor: asker.person,
      requestId: asker.requestId,
      ...(asker.idempotencyKey === undefined ? {} : { idempotencyKey: asker.idempotencyKey }),
      facts: async (tx) => ({ ...noFacts, ...(await facts(tx)) }),
    } satisfies ActRequest<WitnessCommand, Omit<WitnessFacts, 'now'>>);

  const candidate = async (reader: Reader, id: string): Promise<WitnessFacts['candidate']> => {
    const person = await parties.person(reader, id);
    if (!person) return null;
    const home = person.organisation === null ? null : await parties.organisation(reader, person.organisation);
    return { roles: person.roles, organisation: person.organisation, kinds: home?.kinds ?? [] };
  };

  /** The organisations that decide in the subject's project; null when the subject is not of that project. */
  const place = async (
    reader: Reader,
    subject: string,
    kind: WitnessSubjectKind,
    project: string,
  ): Promise<WitnessFacts['place']> => {
    const found = await projects.project(reader, project);
    if (!found) return null;
    if (kind === 'opening' && found.opening !== subject) return null;
    if (kind === 'project' && found.id !== subject) return null;
    if (kind === 'lot' && (await projects.lot(reader, subject))?.project.id !== project) return null;
    return { parties: [found.tenderer, found.agency].filter((id) => id !== null) };
  };

  const state = async (reader: Reader, subject: string): Promise<WitnessState | null> => {
    const rows = (await reader.execute('select state from witness_record where id = ?', [subject])) as Row[];
    return rows[0] ? (rows[0].state as WitnessState) : null;
  };

  return {
    state,
    /**
     * Where a step of an opening, lot or project stands. `since` (UTC text) counts only records the journal took at or after
     * that instant, so that a record written before the step happened does not let the next one pass.
     */
    stepSigned: async (reader: Reader, subject: string, step: WitnessStep, since?: string): Promise<StepStatus> => {
      const found = await state(reader, subject);
      return found ? stepStatus(found, step, since) : 'open';
    },
    /** Persons who stand or stood duty on a subject; they can be no committee member there. */
    peopleOf: async (reader: Reader, subject: string): Promise<readonly string[]> => [
      ...new Set((await state(reader, subject))?.duties.map((duty) => duty.person) ?? []),
    ],
    /** Subjects on which the person stands or stood duty, newest first. */
    dutiesOf: async (reader: Reader, person: string): Promise<readonly WitnessState[]> => {
      const rows = (await reader.execute(
        'select state from witness_record where people @> ?::jsonb order by id desc limit 200',
        [JSON.stringify([person])],
      )) as Row[];
      return rows.map((row) => row.state as WitnessState);
    },
    assign: (
      subject: string,
      duty: { subjectKind: WitnessSubjectKind; project: string; person: string; steps: readonly WitnessStep[] },
      asker: Asker,
    ) =>
      act(subject, { type: 'assignWitness', by: asker.person, ...duty }, asker, async ({ em }) => ({
        place: await place(em, subject, duty.subjectKind, duty.project),
        candidate: await candidate(em, duty.person),
      })),
    replace: (subject: string, duty: { person: string; steps: readonly WitnessStep[]; reason: string }, asker: Asker) =>
      act(subject, { type: 'replaceWitness', by: asker.person, ...duty }, asker, async ({ em }) => {
        const found = await state(em, subject);
        const { subjectKind, project } = found ?? { subjectKind: null, project: null };
        return {
          place: subjectKind && project ? await place(em, subject, subjectKind, project) : null,
          candidate: await candidate(em, duty.person),
        };
      }),
    /** Checks and keeps a signed record. The texts are stored first (content-addressed), the act commits to their hashes. */
    record: async (subject: string, step: WitnessStep, text: Uint8Array, p7s: Uint8Array, asker: Asker) => {
      const record = readRecord(text);
      if (isRefusal(record)) return record;
      if (record.step !== step) return witnessRefusal('record-context');
      // Nobody but the witness on duty may fill the store; the act judges it again under its lock.
      const before = await state(journal.db.read(), subject);
      if (!before || onDuty(before, step) !== asker.person) return witnessRefusal('not-on-duty');
      await files.putBytes(text);
      const signature = await files.putBytes(p7s);
      const command: WitnessCommand = {
        type: 'recordStep',
        by: asker.person,
        record,
        sha256: sha256Hex(text),
        signatureSha256: signature.sha256,
      };
      return act(subject, command, asker, async ({ em, now }) => ({
        signer: await parties.verifySignature(em, text, p7s, now),
        photos: await photosOf(em, subject, asker.person),
      }));
    },
    stop: (subject: string, step: WitnessStep, reason: string, asker: Asker) =>
      act(subject, { type: 'stopStep', by: asker.person, step, reason }, asker, async () => ({})),
    /** Makes the whole record of a project as a signed PDF and commits to its hash. */
    issueDocument: async (project: string, asker: Asker) => {
      const reader = journal.db.read();
      const found = await projects.project(reader, project);
      if (!found) return witnessRefusal('subject-unknown');
      const before = await wholeOf(reader, project);
      // Refused before anything is drawn; the act judges again what stands by then.
      const draft = {
        type: 'issueDocument',
        by: asker.person,
        number: '',
        pdfSha256: '',
        factsSha256: '',
        bytes: 0,
      } as const;
      const records = before.flatMap((part) => part.records.map(({ sha256 }) => sha256));
      const own = (await state(reader, project)) ?? initialWitness(project);
      const now = await databaseNow(reader, deps.clock);
      const judged = decideWitness(own, { ...draft, records }, { ...noFacts, whole: before, now });
      if (isRefusal(judged)) return judged;
      const made = await makeWitnessDocument(deps, found, before, now);
      if (isRefusal(made)) return made;
      const { number, sha256: pdfSha256, factsSha256, pdf } = made;
      const command = { ...draft, number, pdfSha256, factsSha256, bytes: pdf.length, records };
      return act(project, command, asker, async ({ em }) => ({ whole: await wholeOf(em, project) }));
    },
    lift: (subject: string, step: WitnessStep, reason: string, asker: Asker) =>
      act(subject, { type: 'liftStop', by: asker.person, step, reason }, asker, async () => ({})),
  };
}

/** The states of all subjects of a project. */
async function wholeOf(reader: Reader, project: string): Promise<readonly WitnessState[]> {
  const rows = (await reader.execute('select state from witness_record where project = ? order by id', [
    project,
  ])) as Row[];
  return rows.map((row) => row.state as WitnessState);
}

function readRecord(text: Uint8Array): WitnessRecord | Refusal {
  try {
    return parseCanonical(witnessRecord, text);
  } catch (error) {
    if (error instanceof FormatError)
      return witnessRefusal('record-malformed', { code: error.code, detail: error.detail.slice(0, 500) });
    throw error;
  }
}

async function photosOf(reader: Reader, subject: string, person: string): Promise<readonly string[]> {
  const rows = (await reader.execute('select sha256 from witness_photo where subject = ? and person = ?', [
    subject,
    person,
  ])) as Row[];
  return rows.map((row) => row.sha256 as string);
}
