/** The award as the journal knows it: its rules, and what strangers see of each event. */
import { sha256Hex, utf8 } from '../formats/bytes.ts';
import type { Procedure } from '../journal/index.ts';
import { decideAward, dueAwardTicks, evolveAward } from './rules.ts';
import { type AwardCommand, type AwardEvent, type AwardFacts, type AwardState, initialAward } from './state.ts';

export const awardProcedure: Procedure<AwardState, AwardCommand, AwardEvent, Omit<AwardFacts, 'now'>> = {
  kind: 'award',
  initial: initialAward,
  decide: decideAward,
  evolve: evolveAward,
  publish: (event, { subject }) => ({ open: openKind[event.type], body: { lot: subject, ...published(event) } }),
  columns: (state) => ({ project: state.project, status: state.status }),
  due: dueAwardTicks,
};

const openKind: Readonly<Record<AwardEvent['type'], string>> = {
  CandidatesPublished: 'candidates-published',
  PublicityEnded: 'publicity-ended',
  ObjectionFiled: 'result-objection',
  ObjectionAnswered: 'result-objection-answered',
  AnswerOverdue: 'result-objection-overdue',
  CandidatePassedOver: 'candidate-passed-over',
  Awarded: 'awarded',
  DocumentIssued: 'certificate-issued-document',
  AwardConfirmed: 'award-confirmed',
  SupervisorReported: 'supervisor-reported',
  SupervisorReportOverdue: 'supervisor-report-overdue',
  AwardEnded: 'award-ended',
};

const committed = (salt: string, text: string) => sha256Hex(utf8(`yangguang.org/objection/v1\n${salt}\n${text}`));

/** Texts of objections and answers may hold names and secrets of business: only salted commitments are published. */
function published(event: AwardEvent): Record<string, unknown> {
  switch (event.type) {
    case 'CandidatesPublished': {
      const { round, reportSha256, rankingSha256, candidates, lastDay, late } = event;
      return { round, reportSha256, rankingSha256, candidates, lastDay, late };
    }
    case 'PublicityEnded':
      return { lastDay: event.lastDay };
    case 'ObjectionFiled': {
      const { id, about, salt, text, answerBy } = event;
      return { objection: id, about, textCommitment: committed(salt, text), answerBy };
    }
    case 'ObjectionAnswered': {
      const { id, outcome, salt, text, late } = event;
      return { objection: id, outcome, textCommitment: committed(salt, text), late };
    }
    case 'AnswerOverdue':
      return { objection: event.id, answerBy: event.answerBy };
    case 'CandidatePassedOver':
      return { manifestSha256: event.manifestSha256, ground: event.ground };
    case 'Awarded': {
      const { manifestSha256, organisation, priceFen, contractBy, reportBy } = event;
      return { manifestSha256, organisation, priceFen, contractBy, reportBy };
    }
    case 'DocumentIssued': {
      const { kind, number, pdfSha256, factsSha256 } = event;
      return { kind, number, pdfSha256, factsSha256 };
    }
    case 'AwardConfirmed':
      return { by: event.by };
    case 'SupervisorReported':
      return { late: event.late };
    case 'SupervisorReportOverdue':
      return { reportBy: event.reportBy };
    case 'AwardEnded':
      return {};
  }
}
