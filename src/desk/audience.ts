/**
 * Which entries matter to whom. Pulled from the state of the rooms, never from a tender: before its opening nothing here knows
 * who bids, so bidders hear of a project only when they asked to follow it, and of an opened lot when their tender was read out.
 */
import type { LogEntry, Reader } from '../journal/index.ts';
import type { OpeningState } from '../openings/index.ts';
import type { Row } from '../platform/database.ts';
import type { ProjectState } from '../projects/index.ts';
import { onDuty, type WitnessState } from '../witness/index.ts';
import type { NoticeKind } from './notice-texts.ts';
import type { AwardState, EvaluationState, PolicyState } from './subjects.ts';

/** A notice before it has recipients. */
export type Told = {
  readonly kind: NoticeKind;
  readonly project: ProjectState | null;
  readonly lot: string | null;
  readonly persons: readonly string[];
  readonly organisations: readonly string[];
  /** Every active holder of the role. */
  readonly role: 'administrator' | 'supervisor' | null;
  readonly followers: boolean;
};
type Event = Readonly<Record<string, unknown>>;
type Find = (reader: Reader, entry: LogEntry, event: Event) => Promise<Told | null>;

const nobody = { lot: null, persons: [], organisations: [], role: null, followers: false } as const;

async function stateOf<T>(reader: Reader, sql: string, key: string): Promise<T | null> {
  const [row] = (await reader.execute(sql, [key])) as Row[];
  return (row?.state as T | undefined) ?? null;
}
const projectBy = (reader: Reader, id: string | null | undefined) =>
  stateOf<ProjectState>(reader, 'select state from project where id = ?', id ?? '');
const projectOfLot = (reader: Reader, lot: string) =>
  stateOf<ProjectState>(
    reader,
    'select p.state from project_lot l join project p on p.id = l.project where l.lot = ?',
    lot,
  );
const openingOf = (reader: Reader, project: string) =>
  stateOf<OpeningState>(reader, 'select state from opening where project = ?', project);

/** Tenderer and agency. */
export const sideOf = ({ tenderer, agency }: ProjectState): string[] => [
  tenderer,
  ...(agency === null ? [] : [agency]),
];

/** Officers and witnesses of the project's opening. */
export async function peopleOfOpening(reader: Reader, project: ProjectState): Promise<string[]> {
  const policy = await stateOf<PolicyState>(reader, 'select state from opening_policy where id = ?', project.opening);
  const record = await stateOf<WitnessState>(reader, 'select state from witness_record where id = ?', project.opening);
  const duty = (record?.duties ?? []).flatMap(({ steps }) => steps.map((step) => onDuty(record!, step)));
  return [...(policy?.draft?.officers ?? []).map(({ person }) => person), ...duty.filter((person) => person !== null)];
}

/** Tells the followers and the project's own side. */
const ofProject =
  (
    kind: NoticeKind | ((event: Event) => NoticeKind | null),
    more: { opening?: boolean; onlySide?: boolean } = {},
  ): Find =>
  async (reader, entry, event) => {
    const which = typeof kind === 'string' ? kind : kind(event);
    const project = which && (await projectBy(reader, entry.subject));
    if (!which || !project) return null;
    const persons = more.opening ? await peopleOfOpening(reader, project) : [];
    return { ...nobody, kind: which, project, persons, organisations: sideOf(project), followers: !more.onlySide };
  };

/** Tells the followers, the project's side, and those whose tender was opened. */
const ofLot =
  (kind: NoticeKind, lotIn: (entry: LogEntry, event: Event) => string): Find =>
  async (reader, entry, event) => {
    const lot = lotIn(entry, event);
    const project = await projectOfLot(reader, lot);
    if (!project) return null;
    const opening = await openingOf(reader, project.id);
    const bidders = opening?.lots.find((one) => one.lot === lot)?.results.flatMap(({ bidder }) => bidder ?? []) ?? [];
    return { ...nobody, kind, project, lot, organisations: [...sideOf(project), ...bidders], followers: true };
  };

/** Tells single persons of a lot's evaluation. */
const ofSeats =
  (kind: NoticeKind, who: (event: Event, state: EvaluationState) => readonly (string | undefined)[]): Find =>
  async (reader, entry, event) => {
    const state = await stateOf<EvaluationState>(reader, 'select state from evaluation where id = ?', entry.subject);
    const project = await projectOfLot(reader, entry.subject);
    if (!state || !project) return null;
    return { ...nobody, kind, project, lot: entry.subject, persons: who(event, state).filter((p) => p !== undefined) };
  };

const noticeKind: Readonly<Record<string, NoticeKind>> = {
  change: 'project-changed',
  clarification: 'project-clarified',
};
const eventLot = (_: LogEntry, event: Event): string => String(event.lot);
const subjectLot = (entry: LogEntry): string => entry.subject;

const openingObjection: Find = async (reader, entry, event) => {
  const project = await stateOf<ProjectState>(reader, 'select state from project where opening = ?', entry.subject);
  if (!project) return null;
  const policy = await stateOf<PolicyState>(reader, 'select state from opening_policy where id = ?', entry.subject);
  const hosts = policy?.draft?.officers.flatMap(({ role, person }) => (role === 'host' ? [person] : [])) ?? [];
  return { ...nobody, kind: 'opening-objection-raised', project, lot: String(event.lot), persons: hosts };
};

const openingAnswer: Find = async (reader, entry, event) => {
  const state = await stateOf<OpeningState>(reader, 'select state from opening where id = ?', entry.subject);
  const project = await projectBy(reader, state?.project);
  const lot = state?.lots.find((one) => one.lot === event.lot);
  const objection = lot?.objections.find(({ id }) => id === event.id);
  const bidder = lot?.results.find((result) => result.manifestSha256 === objection?.manifestSha256)?.bidder;
  return project && bidder
    ? { ...nobody, kind: 'opening-objection-answered', project, lot: String(event.lot), organisations: [bidder] }
    : null;
};

const ofAward =
  (
    kind: NoticeKind,
    who: (event: Event, state: AwardState, project: ProjectState) => readonly (string | undefined)[],
  ): Find =>
  async (reader, entry, event) => {
    const state = await stateOf<AwardState>(reader, 'select state from award where id = ?', entry.subject);
    const project = await projectOfLot(reader, entry.subject);
    if (!state || !project) return null;
    const organisations = who(event, state, project).filter((id) => id !== undefined);
    return { ...nobody, kind, project, lot: entry.subject, organisations };
  };

const documentIssued: Find = async (reader, entry, event) => {
  if (entry.subjectKind !== 'award') return null;
  const winner = (state: AwardState) =>
    state.candidates.find((c) => c.manifestSha256 === state.award?.manifestSha256)?.organisation;
  return ofAward('certificate-issued', (_, state, project) => [winner(state), ...sideOf(project)])(
    reader,
    entry,
    event,
  );
};

const witnessing =
  (kind: NoticeKind, to: (event: Event, record: WitnessState) => Pick<Told, 'persons' | 'role'>): Find =>
  async (reader, entry, event) => {
    const record = await stateOf<WitnessState>(reader, 'select state from witness_record where id = ?', entry.subject);
    const project = await projectBy(reader, record?.project);
    if (!record || !project) return null;
    return { ...nobody, kind, project, lot: record.subjectKind === 'lot' ? record.id : null, ...to(event, record) };
  };
const named: (event: Event) => Pick<Told, 'persons' | 'role'> = ({ person }) => ({
  persons: [String(person)],
  role: null,
});

const officers: Find = async (reader, entry, event) => {
  const project = await stateOf<ProjectState>(reader, 'select state from project where opening = ?', entry.subject);
  const draft = event.draft as PolicyState['draft'];
  return { ...nobody, kind: 'officer-asked', project, persons: draft?.officers.map(({ person }) => person) ?? [] };
};

/** By kind of leaf. */
const finders: Readonly<Record<string, readonly Find[]>> = {
  'notice-changed': [ofProject(({ notice }) => noticeKind[(notice as { kind: string }).kind] ?? null)],
  'deadline-moved': [ofProject('deadline-moved', { opening: true })],
  'question-answered': [ofProject('question-answered')],
  'project-terminated': [ofProject('project-terminated', { opening: true })],
  'documents-objection': [ofProject('documents-objection-raised', { onlySide: true })],
  'documents-objection-answered': [ofProject('documents-objection-answered')],
  'project-reviewed': [ofProject('registration-reviewed', { onlySide: true })],
  'policy-drafted': [officers],
  announced: [ofLot('offers-announced', eventLot)],
  failed: [ofLot('lot-failed', eventLot)],
  'opening-objection': [openingObjection],
  'opening-objection-answered': [openingAnswer],
  'candidates-published': [ofLot('candidates-published', subjectLot)],
  awarded: [ofLot('awarded', subjectLot)],
  'result-objection': [ofAward('result-objection-raised', (_, __, project) => sideOf(project))],
  'result-objection-answered': [
    ofAward('result-objection-answered', ({ id }, { objections }) => [
      objections.find((o) => o.id === id)?.organisation,
    ]),
  ],
  'certificate-issued-document': [documentIssued],
  'witness-assigned': [witnessing('duty-assigned', named)],
  'witness-replaced': [witnessing('duty-assigned', named)],
  'witness-stopped-step': [witnessing('step-stopped', () => ({ persons: [], role: 'supervisor' }))],
  'witness-stop-lifted': [
    witnessing('stop-lifted', ({ step }, record) => ({
      persons: [onDuty(record, step as Parameters<typeof onDuty>[1])].filter((p) => p !== null),
      role: null,
    })),
  ],
  'committee-formed': [
    ofSeats('duty-assigned', ({ seats }) => (seats as EvaluationState['seats']).map(({ person }) => person)),
  ],
  'committee-member-replaced': [
    ofSeats('duty-assigned', ({ successor }) => [(successor as { person: string }).person]),
    ofSeats('duty-ended', ({ person }) => [String(person)]),
  ],
  'sheet-reopened': [ofSeats('sheet-reopened', ({ seat }, { seats }) => [seats.find((s) => s.seat === seat)?.person])],
  'evaluation-report-drafted': [ofSeats('report-drafted', (_, { seats }) => seats.map(({ person }) => person))],
  'registration-received': [
    async () => ({ ...nobody, kind: 'registration-waits', project: null, role: 'administrator' as const }),
  ],
};

/** What an entry tells, and to whom; empty for the many that concern nobody in particular. */
export async function toldBy(reader: Reader, entry: LogEntry): Promise<Told[]> {
  const told: Told[] = [];
  for (const find of finders[entry.kind] ?? []) {
    const found = await find(reader, entry, (entry.event ?? {}) as Event);
    if (found) told.push(found);
  }
  return told;
}
