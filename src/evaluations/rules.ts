/**
 * The evaluation of one lot: committee, review, sheets, ranking, report. Pure: `decide` judges a command by the state and
 * by facts read under the subject's lock, `evolve` folds the stored events.
 */

import { drawnParameters, schemeFault } from '../../evaluation/registry.ts';
import { evaluationScheme } from '../../evaluation/scheme.ts';
import { sha256Hex } from '../formats/bytes.ts';
import { canonicalBytes } from '../formats/canonical.ts';
import type { Refusal } from '../platform/refusal.ts';
import { formCommittee, mustRecuse, replaceMember } from './committee.ts';
import { evaluationRefusal } from './refusals.ts';
import { dissentFromReport, draftReport, finishEvaluation, signReport } from './report.ts';
import { reviewOffers, settleReview, withReview } from './review.ts';
import { computeRanking, lockSheet, reopenSheet } from './sheets.ts';
import type { EvaluationCommand, EvaluationEvent, EvaluationFacts, EvaluationState, Seat } from './state.ts';

export * from './state.ts';

/** Decides a command; every refusal leaves the subject as it was. */
export function decideEvaluation(
  state: EvaluationState,
  command: EvaluationCommand,
  facts: EvaluationFacts,
): Refusal | readonly EvaluationEvent[] {
  switch (command.type) {
    case 'formCommittee':
      return formCommittee(state, command, facts);
    case 'replaceMember':
      return replaceMember(state, command, facts);
    case 'beginEvaluation':
      return beginEvaluation(state, facts);
    case 'reviewOffers':
      return reviewOffers(state, command, facts);
    case 'settleReview':
      return settleReview(state, facts);
    case 'lockSheet':
      return lockSheet(state, command, facts);
    case 'reopenSheet':
      return reopenSheet(state, command, facts);
    case 'computeRanking':
      return computeRanking(state, command, facts);
    case 'draftReport':
      return draftReport(state, facts);
    case 'signReport':
      return signReport(state, command, facts);
    case 'dissentFromReport':
      return dissentFromReport(state, command, facts);
    case 'finishEvaluation':
      return finishEvaluation(state, command, facts);
  }
}

/** Fixes what is evaluated: announced offers, ceiling, and the scheme that was registered before the notice (TL 40). */
function beginEvaluation(state: EvaluationState, facts: EvaluationFacts): Refusal | readonly EvaluationEvent[] {
  const { place, opened, step, now } = facts;
  if (!place) return evaluationRefusal('lot-unknown');
  if (state.phase === 'none') return evaluationRefusal('committee-missing');
  if (state.phase !== 'formed') return evaluationRefusal('wrong-phase', { phase: state.phase });
  if (!opened) return evaluationRefusal('not-opened');
  const recusal = mustRecuse(state, facts);
  if (recusal) return recusal;
  if (step !== 'signed') return evaluationRefusal(step === 'stopped' ? 'step-stopped' : 'step-unwitnessed');
  if (place.scheme === null || place.scheme === undefined) return evaluationRefusal('scheme-missing');
  const read = evaluationScheme.safeParse(place.scheme);
  if (!read.success) return evaluationRefusal('scheme-invalid', { detail: read.error.issues[0]?.message });
  const scheme = read.data;
  const fault = schemeFault(scheme, place.ceilingFen);
  if (fault) return evaluationRefusal('scheme-invalid', { code: fault.code, detail: fault.detail });
  // By now the prices are known: a value chosen today could choose the winner, so it must come from a draw before them.
  const drawn = [scheme.params, scheme.fewer?.params ?? {}].flatMap(drawnParameters);
  if (drawn.length > 0) return evaluationRefusal('draw-missing', { parameters: drawn });
  const offers = [...opened.offers].sort((a, b) => (a.manifestSha256 < b.manifestSha256 ? -1 : 1));
  const schemeSha256 = sha256Hex(canonicalBytes(scheme));
  const { project, ceilingFen } = place;
  const basis = { project, opening: opened.opening, ceilingFen, scheme, schemeSha256, offers };
  return [{ type: 'EvaluationBegun', basis, at: now }];
}

const fresh = (seat: Omit<Seat, 'sheet' | 'formerSheets' | 'answer'>): Seat => ({
  ...seat,
  sheet: null,
  formerSheets: [],
  answer: null,
});

/** Folds one event; exhaustive over the union. */
export function evolveEvaluation(state: EvaluationState, event: EvaluationEvent): EvaluationState {
  switch (event.type) {
    case 'CommitteeFormed':
      return { ...state, phase: 'formed', seats: event.seats.map(fresh) };
    case 'MemberReplaced':
      return afterReplacement(state, event);
    case 'EvaluationBegun':
      return { ...state, phase: 'reviewing', basis: event.basis };
    case 'OffersReviewed': {
      const { seat, verdicts, competition } = event;
      return { ...state, reviews: withReview(state.reviews, { seat, verdicts, competition }) };
    }
    case 'ReviewSettled':
      return { ...state, phase: 'scoring', rejected: event.rejected };
    case 'SheetLocked': {
      const { type, seat, ...sheet } = event;
      return { ...state, seats: changeSeat(state, seat, (s) => ({ ...s, sheet })) };
    }
    case 'SheetReopened': {
      const reopen = (s: Seat): Seat => ({
        ...s,
        sheet: null,
        formerSheets: [...s.formerSheets, { ...s.sheet!, reason: event.reason }],
      });
      return { ...state, phase: 'scoring', ranked: null, seats: changeSeat(state, event.seat, reopen) };
    }
    case 'RankingComputed': {
      const { type, ...ranked } = event;
      return { ...state, phase: 'ranked', ranked };
    }
    case 'ReportDrafted':
      return { ...state, phase: 'reported', report: { sha256: event.sha256, draftedAt: event.at } };
    case 'ReportAnswered': {
      const { type, seat, ...answer } = event;
      return { ...state, seats: changeSeat(state, seat, (s) => ({ ...s, answer })) };
    }
    case 'EvaluationFinished': {
      const { at, pdfSha256, silent } = event;
      return { ...state, phase: 'finished', finished: { at, pdfSha256, silent } };
    }
    case 'EvaluationFailed':
      return { ...state, phase: 'failed', rejected: event.rejected, failure: { reason: event.reason, at: event.at } };
  }
}

function changeSeat(state: EvaluationState, number: number, change: (seat: Seat) => Seat): readonly Seat[] {
  return state.seats.map((s) => (s.seat === number ? change(s) : s));
}

/** The leaver's verdicts, sheet and signature go with him; what was built on them is made again (TR 48). */
function afterReplacement(
  state: EvaluationState,
  event: Extract<EvaluationEvent, { type: 'MemberReplaced' }>,
): EvaluationState {
  const { type, successor, ...former } = event;
  return {
    ...state,
    phase: state.basis ? 'reviewing' : state.phase,
    seats: state.seats.map((s) => (s.seat === event.seat ? fresh(successor) : { ...s, answer: null })),
    formerMembers: [...state.formerMembers, former],
    reviews: state.reviews.filter((r) => r.seat !== event.seat),
    rejected: [],
    ranked: null,
    report: null,
  };
}
