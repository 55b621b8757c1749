/** Decisions on a project up to its publication and the changes after it. Pure. */
import { dayOf } from '../platform/clock/calendar.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import { checkChange, checkObjection, checkRegistration, checkSchedule } from './checks.ts';
import { registrationOf } from './evolve.ts';
import { procedureOf, ruleFor } from './procedures/registry.ts';
import { witnessSteps } from './procedures/rule-table.ts';
import { projectRefusal } from './refusals.ts';
import type { Notice, ProjectCommand, ProjectEvent, ProjectFacts, ProjectState, Registration } from './state.ts';

type Decision = Refusal | readonly ProjectEvent[];
type Command<T extends ProjectCommand['type']> = Extract<ProjectCommand, { type: T }>;

/** The state is one row that every act reads and writes, so its lists are bounded. */
const most = { documents: 100, notices: 500, answers: 2000, objections: 500, objectionsOfOne: 10 } as const;

export function decideProject(state: ProjectState, command: ProjectCommand, facts: ProjectFacts): Decision {
  switch (command.type) {
    case 'registerProject':
      return register(state, command, facts);
    case 'changeRegistration':
      return changeRegistration(state, command, facts);
    case 'attachDocument':
      return attachDocument(state, command, facts);
    case 'reviewRegistration':
      return reviewRegistration(state, command, facts);
    case 'assignRooms':
      return assignRooms(state, command, facts);
    case 'publishProject':
      return publish(state, command, facts);
    case 'changeNotice':
      return changeNotice(state, command, facts);
    case 'answerQuestion':
      return answerQuestion(state, command, facts);
    case 'objectToDocuments':
      return objectToDocuments(state, command, facts);
    case 'answerObjection':
      return answerObjection(state, command, facts);
    case 'terminateProject':
      return terminate(state, command, facts);
  }
}

const requireStatus = (state: ProjectState, ...allowed: ProjectState['status'][]): Refusal | null => {
  if (state.status === 'none' && !allowed.includes('none')) return projectRefusal('project-unknown');
  return allowed.includes(state.status) ? null : projectRefusal('status-wrong', { status: state.status });
};

const requireOpen = (state: ProjectState, facts: ProjectFacts): Refusal | null =>
  requireStatus(state, 'published') ??
  (facts.now >= state.schedule.deadline
    ? projectRefusal('deadline-passed', { deadline: state.schedule.deadline })
    : null);

const requireRoom = (list: readonly unknown[], limit: number): Refusal | null =>
  list.length < limit ? null : projectRefusal('list-full', { limit });

const stepsOf = (registration: Registration): string[] => {
  const procedure = procedureOf(registration.type);
  return procedure ? witnessSteps(procedure) : [];
};

function register(state: ProjectState, { registration }: Command<'registerProject'>, facts: ProjectFacts): Decision {
  const refused = requireStatus(state, 'none') ?? mayRegister(registration, facts);
  if (refused) return refused;
  return [
    {
      type: 'ProjectRegistered',
      code: facts.nextCode,
      registration,
      witnessSteps: stepsOf(registration),
      salt: facts.salt,
    },
  ];
}

function changeRegistration(
  state: ProjectState,
  { registration }: Command<'changeRegistration'>,
  facts: ProjectFacts,
): Decision {
  const refused = requireStatus(state, 'registered') ?? mayRegister(registration, facts);
  if (refused) return refused;
  // The code's letters and the other side's rights hang on them.
  if (registration.type !== state.type || registration.tenderer !== state.tenderer)
    return projectRefusal('registration-fixed', { fixed: ['type', 'tenderer'] });
  return [{ type: 'RegistrationChanged', registration, witnessSteps: stepsOf(registration), salt: facts.salt }];
}

/** The dates are judged already now: a later publication could only make them shorter. */
function mayRegister(registration: Registration, facts: ProjectFacts): Refusal | null {
  if (facts.unfitParties.length > 0) return projectRefusal('party-unfit', { organisations: facts.unfitParties });
  if (registration.follows !== null) {
    const { followed } = facts;
    const over =
      followed?.status === 'terminated' || (followed?.status === 'published' && followed.deadline <= facts.now);
    if (!over || followed?.tenderer !== registration.tenderer) return projectRefusal('follows-invalid');
  }
  return checkRegistration(registration, facts) ?? checkSchedule(registration, facts);
}

/** A document that is added after the publication is a clarification that may affect tenders (TR 21). */
function attachDocument(state: ProjectState, { document }: Command<'attachDocument'>, facts: ProjectFacts): Decision {
  const { type, schedule, status, documents } = state;
  const late = () =>
    requireOpen(state, facts) ?? checkChange({ type, deadline: schedule.deadline, moved: null, affects: true }, facts);
  const refused = requireStatus(state, 'registered', 'published') ?? requireRoom(documents, most.documents);
  if (refused) return refused;
  if (documents.some((d) => d.sha256 === document.sha256)) return [];
  return (status === 'published' ? late() : null) ?? [{ type: 'DocumentAttached', document }];
}

function reviewRegistration(
  state: ProjectState,
  { accepted, text }: Command<'reviewRegistration'>,
  facts: ProjectFacts,
): Decision {
  const refused = requireStatus(state, 'registered');
  return refused ?? [{ type: 'RegistrationReviewed', review: { accepted, text, at: facts.now } }];
}

/** The centre gives other rooms; bookings follow in the same transaction. */
function assignRooms(
  state: ProjectState,
  { openingRoom, evaluationRoom }: Command<'assignRooms'>,
  facts: ProjectFacts,
): Decision {
  const refused = requireStatus(state, 'registered', 'published');
  if (refused) return refused;
  if (facts.roomsTaken.length > 0) return projectRefusal('room-taken', { rooms: facts.roomsTaken });
  return [{ type: 'RoomsAssigned', openingRoom, evaluationRoom }];
}

function publish(state: ProjectState, command: Command<'publishProject'>, facts: ProjectFacts): Decision {
  const refused = requireStatus(state, 'registered') ?? checkRegistration(state, facts) ?? checkSchedule(state, facts);
  if (refused) return refused;
  if (state.documents.length === 0) return projectRefusal('documents-missing');
  const review = ruleFor(state.type, 'host-review', dayOf(facts.now).toString(), facts.centre);
  if (state.review?.accepted === false || (review?.value === 1 && !state.review))
    return projectRefusal('review-missing', state.review ? { text: state.review.text } : {});
  if (facts.roomsTaken.length > 0) return projectRefusal('room-taken', { rooms: facts.roomsTaken });
  if (!facts.policy) return projectRefusal('policy-missing', { opening: state.opening });
  const lots = state.lots.map((l) => l.id).toSorted();
  if (lots.join() !== facts.policy.lots.toSorted().join() || facts.policy.deadline !== state.schedule.deadline)
    return projectRefusal('policy-differs', { lots: facts.policy.lots, deadline: facts.policy.deadline });
  const notice: Notice = { id: command.notice, kind: 'notice', at: facts.now, text: command.text, duties: [] };
  return [
    {
      type: 'ProjectPublished',
      at: facts.now,
      notice,
      policySha256: facts.policy.sha256,
      registration: registrationOf(state),
      salt: state.salt,
    },
  ];
}

function changeNotice(state: ProjectState, command: Command<'changeNotice'>, facts: ProjectFacts): Decision {
  const { deadline: moved, affectsTenders: affects, kind } = command;
  const { deadline } = state.schedule;
  const refused = requireOpen(state, facts) ?? requireRoom(state.notices, most.notices);
  if (refused) return refused;
  if (kind === 'postponement' && moved === null) return projectRefusal('postponement-without-deadline');
  const late = checkChange({ type: state.type, deadline, moved, affects }, facts);
  if (late) return late;
  if (facts.roomsTaken.length > 0) return projectRefusal('room-taken', { rooms: facts.roomsTaken });
  const notice: Notice = { id: command.notice, kind, at: facts.now, text: command.text, duties: [] };
  const changed: ProjectEvent = { type: 'NoticeChanged', notice };
  return moved === null
    ? [changed]
    : [changed, { type: 'DeadlineMoved', from: deadline, deadline: moved, at: facts.now }];
}

/** An answer that may affect tenders is a clarification: too late for it, the deadline must move by a notice (TR 21). */
function answerQuestion(
  state: ProjectState,
  { id, question, answer, affectsTenders: affects }: Command<'answerQuestion'>,
  facts: ProjectFacts,
): Decision {
  const refused =
    requireOpen(state, facts) ??
    requireRoom(state.answers, most.answers) ??
    checkChange({ type: state.type, deadline: state.schedule.deadline, moved: null, affects }, facts);
  return refused ?? [{ type: 'QuestionAnswered', answer: { id, question, answer, at: facts.now } }];
}

function objectToDocuments(
  state: ProjectState,
  { id, by, text }: Command<'objectToDocuments'>,
  facts: ProjectFacts,
): Decision {
  const refused =
    requireOpen(state, facts) ??
    requireRoom(state.objections, most.objections) ??
    requireRoom(
      state.objections.filter((o) => o.by === by),
      most.objectionsOfOne,
    );
  if (refused) return refused;
  const checked = checkObjection(state.type, state.schedule.deadline, facts);
  if (isRefusal(checked)) return checked;
  const { answerBy } = checked;
  return [{ type: 'DocumentsObjectionRaised', objection: { id, by, text, at: facts.now, answerBy, answer: null } }];
}

function answerObjection(state: ProjectState, { id, text }: Command<'answerObjection'>, facts: ProjectFacts): Decision {
  const refused = requireStatus(state, 'published');
  if (refused) return refused;
  if (!state.objections.some((o) => o.id === id && !o.answer)) return projectRefusal('question-unknown');
  return [{ type: 'DocumentsObjectionAnswered', id, text, at: facts.now }];
}

/** Bonds and fees of a published project go back at once with deposit interest (TR 31); the notice says so. */
function terminate(state: ProjectState, { notice, text }: Command<'terminateProject'>, facts: ProjectFacts): Decision {
  const refused = requireStatus(state, 'registered', 'published');
  if (refused) return refused;
  const duties = state.status === 'published' ? ['termination-return'] : [];
  return [{ type: 'ProjectTerminated', notice: { id: notice, kind: 'termination', at: facts.now, text, duties } }];
}
