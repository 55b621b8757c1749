/** Decisions on a project up to its publication and the changes after it. Pure. */

import { dayOf } from '../platform/clock/calendar.ts';
import type { Refusal } from '../platform/refusal.ts';
import { checkChange, checkRegistration, checkSchedule, objectionDays } from './checks.ts';
import { procedureOf } from './procedures/registry.ts';
import { witnessSteps } from './procedures/rule-table.ts';
import { projectRefusal } from './refusals.ts';
import type { Notice, ProjectCommand, ProjectEvent, ProjectFacts, ProjectState, Registration } from './state.ts';

type Decision = Refusal | readonly ProjectEvent[];
type Command<T extends ProjectCommand['type']> = Extract<ProjectCommand, { type: T }>;

const noRegistration: Registration = {
  name: '',
  type: '',
  mandatory: true,
  tenderer: '',
  agency: null,
  approval: null,
  qualification: '',
  lots: [],
  schedule: {
    documentsFrom: '',
    documentsUntil: '',
    questionsUntil: '',
    deadline: '',
    openingRoom: '',
    evaluationRoom: '',
  },
  invited: null,
  evaluation: null,
  opening: '',
  follows: null,
};

export const initialProject = (id: string): ProjectState => ({
  ...noRegistration,
  id,
  code: '',
  status: 'none',
  witnessSteps: [],
  documents: [],
  publishedAt: null,
  notices: [],
  answers: [],
  objections: [],
});

export function decideProject(state: ProjectState, command: ProjectCommand, facts: ProjectFacts): Decision {
  switch (command.type) {
    case 'registerProject':
      return register(state, command, facts);
    case 'changeRegistration':
      return changeRegistration(state, command, facts);
    case 'attachDocument':
      return attachDocument(state, command);
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

const stepsOf = (registration: Registration): string[] => {
  const procedure = procedureOf(registration.type);
  return procedure ? witnessSteps(procedure) : [];
};

function register(state: ProjectState, { registration }: Command<'registerProject'>, facts: ProjectFacts): Decision {
  const refused = requireStatus(state, 'none') ?? checkRegistration(registration, dayOf(facts.now).toString());
  if (refused) return refused;
  return [{ type: 'ProjectRegistered', code: facts.nextCode, registration, witnessSteps: stepsOf(registration) }];
}

function changeRegistration(
  state: ProjectState,
  { registration }: Command<'changeRegistration'>,
  facts: ProjectFacts,
): Decision {
  const refused = requireStatus(state, 'registered') ?? checkRegistration(registration, dayOf(facts.now).toString());
  if (refused) return refused;
  return [{ type: 'RegistrationChanged', registration, witnessSteps: stepsOf(registration) }];
}

function attachDocument(state: ProjectState, { document }: Command<'attachDocument'>): Decision {
  const refused = requireStatus(state, 'registered', 'published');
  if (refused) return refused;
  return state.documents.some((d) => d.sha256 === document.sha256) ? [] : [{ type: 'DocumentAttached', document }];
}

function publish(state: ProjectState, command: Command<'publishProject'>, facts: ProjectFacts): Decision {
  const refused = requireStatus(state, 'registered') ?? checkSchedule(state, facts.now);
  if (refused) return refused;
  if (state.documents.length === 0) return projectRefusal('documents-missing');
  if (facts.roomsTaken.length > 0) return projectRefusal('room-taken', { rooms: facts.roomsTaken });
  if (!facts.policy) return projectRefusal('policy-missing', { opening: state.opening });
  const lots = state.lots.map((l) => l.id).toSorted();
  if (lots.join() !== facts.policy.lots.toSorted().join() || facts.policy.deadline !== state.schedule.deadline)
    return projectRefusal('policy-differs', { lots: facts.policy.lots, deadline: facts.policy.deadline });
  const notice: Notice = { id: command.notice, kind: 'notice', at: facts.now, text: command.text };
  return [{ type: 'ProjectPublished', at: facts.now, notice, policySha256: facts.policy.sha256 }];
}

function changeNotice(state: ProjectState, command: Command<'changeNotice'>, facts: ProjectFacts): Decision {
  const { deadline, affectsTenders } = command;
  const refused = requireStatus(state, 'published');
  if (refused) return refused;
  const old = state.schedule.deadline;
  if (facts.now >= old) return projectRefusal('deadline-passed', { deadline: old });
  const late = checkChange(state.type, old, deadline, affectsTenders, facts.now);
  if (late) return late;
  if (facts.roomsTaken.length > 0) return projectRefusal('room-taken', { rooms: facts.roomsTaken });
  const notice: Notice = { id: command.notice, kind: command.kind, at: facts.now, text: command.text };
  const changed: ProjectEvent = { type: 'NoticeChanged', notice };
  return deadline === null ? [changed] : [changed, { type: 'DeadlineMoved', from: old, deadline, at: facts.now }];
}

function answerQuestion(
  state: ProjectState,
  { id, question, answer }: Command<'answerQuestion'>,
  facts: ProjectFacts,
): Decision {
  const refused = requireStatus(state, 'published');
  if (refused) return refused;
  if (facts.now >= state.schedule.deadline)
    return projectRefusal('deadline-passed', { deadline: state.schedule.deadline });
  return [{ type: 'QuestionAnswered', answer: { id, question, answer, at: facts.now } }];
}

function objectToDocuments(
  state: ProjectState,
  { id, text }: Command<'objectToDocuments'>,
  facts: ProjectFacts,
): Decision {
  const refused = requireStatus(state, 'published');
  if (refused) return refused;
  const { latest, answerBy } = objectionDays(state.type, state.schedule.deadline, facts.now);
  if (dayOf(facts.now).toString() > latest)
    return projectRefusal('objection-too-late', { latest, article: '招标投标法实施条例第二十二条' });
  return [{ type: 'DocumentsObjectionRaised', objection: { id, text, at: facts.now, answerBy, answer: null } }];
}

function answerObjection(state: ProjectState, { id, text }: Command<'answerObjection'>, facts: ProjectFacts): Decision {
  const refused = requireStatus(state, 'published');
  if (refused) return refused;
  if (!state.objections.some((o) => o.id === id && !o.answer)) return projectRefusal('question-unknown');
  return [{ type: 'DocumentsObjectionAnswered', id, text, at: facts.now }];
}

function terminate(state: ProjectState, { notice, text }: Command<'terminateProject'>, facts: ProjectFacts): Decision {
  const refused = requireStatus(state, 'registered', 'published');
  if (refused) return refused;
  return [{ type: 'ProjectTerminated', notice: { id: notice, kind: 'termination', at: facts.now, text } }];
}

export function evolveProject(state: ProjectState, event: ProjectEvent): ProjectState {
  switch (event.type) {
    case 'ProjectRegistered':
      return {
        ...state,
        ...event.registration,
        code: event.code,
        witnessSteps: event.witnessSteps,
        status: 'registered',
      };
    case 'RegistrationChanged':
      return { ...state, ...event.registration, witnessSteps: event.witnessSteps };
    case 'DocumentAttached':
      return { ...state, documents: [...state.documents, event.document] };
    case 'ProjectPublished':
      return { ...state, status: 'published', publishedAt: event.at, notices: [...state.notices, event.notice] };
    case 'NoticeChanged':
      return { ...state, notices: [...state.notices, event.notice] };
    case 'DeadlineMoved':
      return { ...state, schedule: { ...state.schedule, deadline: event.deadline } };
    case 'QuestionAnswered':
      return { ...state, answers: [...state.answers, event.answer] };
    case 'DocumentsObjectionRaised':
      return { ...state, objections: [...state.objections, event.objection] };
    case 'DocumentsObjectionAnswered': {
      const answer = { text: event.text, at: event.at };
      return { ...state, objections: state.objections.map((o) => (o.id === event.id ? { ...o, answer } : o)) };
    }
    case 'ProjectTerminated':
      return { ...state, status: 'terminated', notices: [...state.notices, event.notice] };
  }
}
