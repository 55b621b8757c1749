/** The fold of an award's events; pure and exhaustive. */
import type { AwardEvent, AwardState, Objection } from './state.ts';

export function evolveAward(state: AwardState, event: AwardEvent): AwardState {
  switch (event.type) {
    case 'CandidatesPublished': {
      const { project, round, reportSha256, rankingSha256, signedAt, candidates, at, lastDay, late } = event;
      return {
        ...state,
        status: 'publicity',
        project,
        round,
        report: { reportSha256, rankingSha256, signedAt },
        candidates,
        publicity: { publishedAt: at, lastDay, late, ended: false },
        passedOver: [],
      };
    }
    case 'PublicityEnded':
      return state.publicity ? { ...state, publicity: { ...state.publicity, ended: true } } : state;
    case 'ObjectionFiled': {
      const { type, ...objection } = event;
      return { ...state, objections: [...state.objections, { ...objection, overdue: false, answer: null }] };
    }
    case 'ObjectionAnswered': {
      const { type, id, ...answer } = event;
      return withObjection(state, id, { answer });
    }
    case 'AnswerOverdue':
      return withObjection(state, event.id, { overdue: true });
    case 'CandidatePassedOver': {
      const { type, ...passed } = event;
      const wasWinner = state.award?.manifestSha256 === event.manifestSha256;
      return {
        ...state,
        passedOver: [...state.passedOver, passed],
        // The award falls with its winner; documents already sent stay on the record.
        ...(wasWinner ? { status: 'publicity' as const, award: null, confirmation: null } : {}),
      };
    }
    case 'Awarded': {
      const { manifestSha256, at, contractBy, reportBy } = event;
      return {
        ...state,
        status: 'awarded',
        award: { manifestSha256, at, contractBy, reportBy, reportOverdue: false },
        supervisor: null,
      };
    }
    case 'DocumentIssued': {
      const { type, ...document } = event;
      const status = document.kind === 'result-certificate' ? 'certified' : state.status;
      return { ...state, status, documents: [...state.documents, document] };
    }
    case 'AwardConfirmed':
      return { ...state, status: 'confirmed', confirmation: { by: event.by, at: event.at } };
    case 'SupervisorReported':
      return { ...state, supervisor: { at: event.at, late: event.late } };
    case 'SupervisorReportOverdue':
      return state.award ? { ...state, award: { ...state.award, reportOverdue: true } } : state;
    case 'AwardEnded':
      return { ...state, status: 'ended', endReason: event.reason };
  }
}

function withObjection(state: AwardState, id: string, change: Partial<Objection>): AwardState {
  return { ...state, objections: state.objections.map((o) => (o.id === id ? { ...o, ...change } : o)) };
}
