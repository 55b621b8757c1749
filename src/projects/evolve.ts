/** How events change a project, and what it is before the first. Pure: state row and audit both fold with it. */
import type { ProjectEvent, ProjectState, Registration } from './state.ts';

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
  invitationGround: null,
  validityDays: 90,
  evaluation: null,
  opening: '',
  follows: null,
};

export const initialProject = (id: string): ProjectState => ({
  ...noRegistration,
  id,
  salt: '',
  code: '',
  status: 'none',
  witnessSteps: [],
  documents: [],
  review: null,
  publishedAt: null,
  firstDeadline: null,
  notices: [],
  answers: [],
  objections: [],
});

/** The registration within a project's state. */
export function registrationOf(state: ProjectState): Registration {
  const names = Object.keys(noRegistration) as (keyof Registration)[];
  return Object.fromEntries(names.map((name) => [name, state[name]])) as Registration;
}

/** Whether the procedure pauses: an objection to the documents waits for its answer (TR 22). */
export const isPaused = ({ objections }: Pick<ProjectState, 'objections'>): boolean =>
  objections.some((o) => o.answer === null);

export function evolveProject(state: ProjectState, event: ProjectEvent): ProjectState {
  switch (event.type) {
    case 'ProjectRegistered':
      return {
        ...state,
        ...event.registration,
        code: event.code,
        salt: event.salt,
        witnessSteps: event.witnessSteps,
        status: 'registered',
      };
    case 'RegistrationChanged':
      // The centre accepted what stood there before.
      return { ...state, ...event.registration, witnessSteps: event.witnessSteps, salt: event.salt, review: null };
    case 'RegistrationReviewed':
      return { ...state, review: event.review };
    case 'RoomsAssigned': {
      const { openingRoom, evaluationRoom } = event;
      return { ...state, schedule: { ...state.schedule, openingRoom, evaluationRoom } };
    }
    case 'DocumentAttached':
      return { ...state, documents: [...state.documents, event.document] };
    case 'ProjectPublished':
      return {
        ...state,
        status: 'published',
        publishedAt: event.at,
        firstDeadline: state.schedule.deadline,
        notices: [...state.notices, event.notice],
      };
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
