/** The evaluation as the journal knows it: its rules and what strangers see of each event. */
import type { Procedure } from '../journal/act.ts';
import {
  decideEvaluation,
  type EvaluationCommand,
  type EvaluationEvent,
  type EvaluationFacts,
  type EvaluationState,
  evolveEvaluation,
  initialEvaluation,
} from './rules.ts';

export const evaluationProcedure: Procedure<
  EvaluationState,
  EvaluationCommand,
  EvaluationEvent,
  Omit<EvaluationFacts, 'now'>
> = {
  kind: 'evaluation',
  initial: initialEvaluation,
  decide: decideEvaluation,
  evolve: evolveEvaluation,
  publish: (event, { subject }) => ({ open: openKind(event), body: { lot: subject, ...published(event) } }),
  columns: (state) => ({ phase: state.phase, people: JSON.stringify(state.seats.map((seat) => seat.person)) }),
};

function openKind(event: EvaluationEvent): string {
  switch (event.type) {
    case 'CommitteeFormed':
      return 'committee-formed';
    case 'MemberReplaced':
      return 'committee-member-replaced';
    case 'EvaluationBegun':
      return 'evaluation-begun';
    case 'OffersReviewed':
      return 'offers-reviewed';
    case 'ReviewSettled':
      return 'review-settled';
    case 'SheetLocked':
      return 'sheet-locked';
    case 'SheetReopened':
      return 'sheet-reopened';
    case 'RankingComputed':
      return 'ranking-computed';
    case 'ReportDrafted':
      return 'evaluation-report-drafted';
    case 'ReportAnswered':
      return 'evaluation-report-answered';
    case 'EvaluationFinished':
      return 'evaluation-finished';
    case 'EvaluationFailed':
      return 'evaluation-failed';
  }
}

/**
 * The log is public while the evaluation is not: members stand under their commitments, sheets and reports under hashes of
 * salted documents, verdicts and reasons not at all.
 */
function published(event: EvaluationEvent): Record<string, unknown> {
  switch (event.type) {
    case 'CommitteeFormed':
      return { members: event.seats.map(({ seat, expert, kind }) => ({ seat, expert, kind })) };
    case 'MemberReplaced':
      return { seat: event.seat, former: event.expert, expert: event.successor.expert, kind: event.successor.kind };
    case 'EvaluationBegun':
      return { opening: event.basis.opening, schemeSha256: event.basis.schemeSha256 };
    case 'OffersReviewed':
      return { seat: event.seat };
    case 'ReviewSettled':
      return {};
    case 'SheetLocked': {
      const { seat, sha256, signatureSha256, revision } = event;
      return { seat, sheetSha256: sha256, signatureSha256, revision };
    }
    case 'SheetReopened':
      return { seat: event.seat };
    case 'RankingComputed':
      return { rankingSha256: event.rankingSha256 };
    case 'ReportDrafted':
      return { reportSha256: event.sha256 };
    case 'ReportAnswered': {
      const { seat, kind, sha256, signatureSha256 } = event;
      return { seat, answer: kind, documentSha256: sha256, signatureSha256 };
    }
    case 'EvaluationFinished':
      return { reportSha256: event.reportSha256, pdfSha256: event.pdfSha256, silent: event.silent };
    case 'EvaluationFailed':
      return { reason: event.reason };
  }
}
