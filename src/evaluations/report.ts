/** The report of the committee: drafted once, answered by every member, finished (TR 53). Pure. */
import { sha256Hex } from '../formats/bytes.ts';
import { canonicalBytes } from '../formats/canonical.ts';
import type { EvaluationReport } from '../formats/evaluation-report.ts';
import type { Refusal } from '../platform/refusal.ts';
import { evaluationRefusal } from './refusals.ts';
import type { Answer, EvaluationCommand, EvaluationEvent, EvaluationFacts, EvaluationState } from './state.ts';

type Of<T extends EvaluationCommand['type']> = Extract<EvaluationCommand, { type: T }>;

/** The report that follows from the state, as drafted at this instant. */
export function reportOf(state: EvaluationState, draftedAt: string): EvaluationReport {
  const basis = state.basis!;
  const ranked = state.ranked!;
  return {
    type: 'yangguang.org/evaluation-report/v1',
    suite: 'YG1',
    project: basis.project,
    lot: state.id,
    opening: basis.opening,
    scheme: basis.scheme,
    schemeSha256: basis.schemeSha256,
    ceilingFen: basis.ceilingFen,
    committee: state.seats.map(({ seat, expert, kind, sheet }) => ({
      seat,
      expert,
      kind,
      sheetSha256: sheet!.sha256,
      signatureSha256: sheet!.signatureSha256,
    })),
    offers: basis.offers.map((offer) => ({ ...offer })),
    reviewed: state.rejected.map((r) => ({ ...r })),
    drawn: { ...ranked.drawn },
    tieOrder: [...ranked.tieOrder],
    method: ranked.method,
    benchmark: ranked.benchmark,
    ranking: ranked.ranking.map((row) => ({ ...row })),
    rejected: ranked.rejected.map((r) => ({ ...r })),
    candidates: [...ranked.candidates],
    rankingSha256: ranked.rankingSha256,
    draftedAt,
  };
}

/** The bytes that the members sign. */
export const reportBytes = (state: EvaluationState, draftedAt: string): Uint8Array =>
  canonicalBytes(reportOf(state, draftedAt));

export function draftReport(state: EvaluationState, { now }: EvaluationFacts): Refusal | readonly EvaluationEvent[] {
  if (state.phase !== 'ranked') return evaluationRefusal(state.ranked ? 'wrong-phase' : 'ranking-missing');
  if (state.ranked!.undecided.length > 0)
    return evaluationRefusal('tie-undecided', { offers: state.ranked!.undecided });
  return [{ type: 'ReportDrafted', sha256: sha256Hex(reportBytes(state, now)), at: now }];
}

export function signReport(
  state: EvaluationState,
  { person, reportSha256, signatureSha256 }: Of<'signReport'>,
  facts: EvaluationFacts,
): Refusal | readonly EvaluationEvent[] {
  const seat = answering(state, person, reportSha256, facts);
  if (typeof seat !== 'number') return seat;
  const answer = { kind: 'signed', sha256: reportSha256, text: null } as const;
  return [answered(seat, { ...answer, signatureSha256 }, facts)];
}

export function dissentFromReport(
  state: EvaluationState,
  { person, dissent, sha256, signatureSha256 }: Of<'dissentFromReport'>,
  facts: EvaluationFacts,
): Refusal | readonly EvaluationEvent[] {
  const seat = answering(state, person, dissent.reportSha256, facts);
  if (typeof seat !== 'number') return seat;
  if (dissent.lot !== state.id || dissent.expert !== state.seats.find((s) => s.seat === seat)!.expert)
    return evaluationRefusal('dissent-malformed');
  return [answered(seat, { kind: 'dissent', sha256, signatureSha256, text: dissent.text }, facts)];
}

/** The seat of a member who may answer this report now, or why not. */
function answering(
  state: EvaluationState,
  person: string,
  reportSha256: string,
  { signer }: EvaluationFacts,
): number | Refusal {
  const seat = state.seats.find((s) => s.person === person);
  if (!seat) return evaluationRefusal('not-a-member');
  if (state.phase === 'finished') return evaluationRefusal('report-signed');
  if (state.phase !== 'reported') return evaluationRefusal('report-missing');
  if (state.report!.sha256 !== reportSha256) return evaluationRefusal('report-changed');
  if (seat.answer) return evaluationRefusal('already-signed');
  if (signer?.person !== person) return evaluationRefusal('signer-not-member');
  return seat.seat;
}

function answered(
  seat: number,
  answer: Omit<Answer, 'certSha256' | 'at'>,
  { signer, now }: EvaluationFacts,
): EvaluationEvent {
  return { type: 'ReportAnswered', seat, ...answer, certSha256: signer!.certSha256, at: now };
}

/** Seats that have neither signed nor dissented. */
export const silentSeats = (state: EvaluationState): readonly number[] =>
  state.seats.filter((s) => s.answer === null).map((s) => s.seat);

/** Names the answers that a document was made for, so that none that came meanwhile is missing in it. */
export const answersHash = (state: EvaluationState): string =>
  sha256Hex(canonicalBytes(state.seats.map(({ seat, answer }) => ({ seat, answer }))));

/**
 * Ends the evaluation. A member who refuses to sign and writes no dissent is held to agree (TR 53); the room waits
 * `silentHours` from the draft before it says so, and the report names the silent seats.
 */
export function finishEvaluation(
  state: EvaluationState,
  { reportSha256 }: Of<'finishEvaluation'>,
  { now, place, step, document }: Pick<EvaluationFacts, 'now' | 'place' | 'step' | 'document'>,
): Refusal | readonly EvaluationEvent[] {
  if (state.phase === 'finished') return evaluationRefusal('report-signed');
  if (state.phase !== 'reported') return evaluationRefusal('report-missing');
  if (state.report!.sha256 !== reportSha256) return evaluationRefusal('report-changed');
  if (!place) return evaluationRefusal('lot-unknown');
  const silent = silentSeats(state);
  const deemed = Temporal.Instant.from(state.report!.draftedAt).add({ hours: place.silentHours });
  if (silent.length > 0 && Temporal.Instant.compare(Temporal.Instant.from(now), deemed) < 0)
    return evaluationRefusal('signatures-open', { seats: silent, deemedFrom: deemed.toString() });
  if (step !== 'signed') return evaluationRefusal(step === 'stopped' ? 'step-stopped' : 'step-unwitnessed');
  if (document?.covers !== answersHash(state)) return evaluationRefusal('report-changed');
  return [{ type: 'EvaluationFinished', reportSha256, pdfSha256: document.sha256, silent, at: now }];
}
