/** Score sheets, the ranking they give, and the report: locked, signed, reopened only on the record. Pure. */
import { EvaluationError } from '../../evaluation/evaluation-error.ts';
import { checkSheet } from '../../evaluation/marks.ts';
import { type Ranking, rank } from '../../evaluation/rank.ts';
import type { RankInput } from '../../evaluation/scheme.ts';
import { rankInputOf, rankingHash } from '../formats/evaluation-report.ts';
import { marksInOrder, type ScoreSheet } from '../formats/score-sheet.ts';
import type { Refusal } from '../platform/refusal.ts';
import { evaluationRefusal } from './refusals.ts';
import { validOffers } from './review.ts';
import type {
  EvaluationCommand,
  EvaluationEvent,
  EvaluationFacts,
  EvaluationState,
  LockedSheet,
  Ranked,
} from './state.ts';

type Of<T extends EvaluationCommand['type']> = Extract<EvaluationCommand, { type: T }>;

export function lockSheet(
  state: EvaluationState,
  { person, sheet, sha256, signatureSha256 }: Of<'lockSheet'>,
  { signer, now }: EvaluationFacts,
): Refusal | readonly EvaluationEvent[] {
  const seat = state.seats.find((s) => s.person === person);
  if (!seat) return evaluationRefusal('not-a-member');
  if (state.phase !== 'scoring') return evaluationRefusal('wrong-phase', { phase: state.phase });
  if (seat.sheet) return evaluationRefusal('sheet-locked');
  if (signer?.person !== person) return evaluationRefusal('signer-not-member');
  const former = seat.formerSheets.at(-1) ?? null;
  const basis = state.basis!;
  if (
    sheet.lot !== state.id ||
    sheet.schemeSha256 !== basis.schemeSha256 ||
    sheet.expert !== seat.expert ||
    sheet.revision !== (former?.revision ?? 0) + 1 ||
    sheet.prev !== (former?.sha256 ?? null)
  )
    return evaluationRefusal('sheet-context');
  const wrong = marksFault(state, sheet);
  if (wrong) return wrong;
  const locked: LockedSheet = {
    sha256,
    signatureSha256,
    certSha256: signer.certSha256,
    revision: sheet.revision,
    at: now,
  };
  return [{ type: 'SheetLocked', seat: seat.seat, ...locked }];
}

function marksFault(state: EvaluationState, sheet: ScoreSheet): Refusal | null {
  if (!marksInOrder(sheet.marks)) return evaluationRefusal('marks-unordered');
  const { scheme, offers } = state.basis!;
  const all = new Set(offers.map((o) => o.manifestSha256));
  try {
    checkSheet(sheet.marks, scheme.criteria, all, validOffers(state));
    return null;
  } catch (error) {
    if (error instanceof EvaluationError)
      return evaluationRefusal('marks-invalid', { code: error.code, detail: error.detail });
    throw error;
  }
}

/** A locked sheet is opened again only before the report, by the host, with the reason on the record. */
export function reopenSheet(
  state: EvaluationState,
  { seat: number, reason }: Of<'reopenSheet'>,
  { now }: EvaluationFacts,
): Refusal | readonly EvaluationEvent[] {
  if (state.phase !== 'scoring' && state.phase !== 'ranked')
    return evaluationRefusal('wrong-phase', { phase: state.phase });
  const seat = state.seats.find((s) => s.seat === number);
  if (!seat) return evaluationRefusal('seat-unknown');
  if (!seat.sheet) return evaluationRefusal('sheet-not-locked');
  return [{ type: 'SheetReopened', seat: number, reason, at: now }];
}

/** What is ranked: the scheme and offers fixed at the beginning, the review's rejections, the locked sheets. */
export function inputOf(
  state: EvaluationState,
  sheets: readonly Pick<ScoreSheet, 'expert' | 'marks'>[],
  draw: Pick<Ranked, 'tieOrder' | 'drawn'>,
): RankInput {
  const { scheme, ceilingFen, offers } = state.basis!;
  const { tieOrder, drawn } = draw;
  return rankInputOf(
    { scheme, ceilingFen, reviewed: [...state.rejected], tieOrder: [...tieOrder], drawn: { ...drawn } },
    offers,
    sheets,
  );
}

export function computeRanking(
  state: EvaluationState,
  { tieOrder, drawn, rankingSha256 }: Of<'computeRanking'>,
  { sheets, now }: EvaluationFacts,
): Refusal | readonly EvaluationEvent[] {
  if (state.phase !== 'scoring' && state.phase !== 'ranked')
    return evaluationRefusal('wrong-phase', { phase: state.phase });
  const open = openSeats(state);
  if (open.length > 0) return evaluationRefusal('sheets-open', { seats: open });
  // A sheet that was reopened and locked anew since they were read.
  const stale = state.seats.some((seat, i) => seat.sheet?.sha256 !== sheets[i]?.sha256);
  if (stale) return evaluationRefusal('ranking-changed');
  try {
    const result = rank(inputOf(state, sheets, { tieOrder, drawn }));
    if (rankingHash(result) !== rankingSha256) return evaluationRefusal('ranking-changed');
    return [{ type: 'RankingComputed', ...summary(state, result, { tieOrder, drawn, rankingSha256, at: now }) }];
  } catch (error) {
    if (error instanceof EvaluationError)
      return evaluationRefusal('ranking-impossible', { code: error.code, detail: error.detail });
    throw error;
  }
}

/** Seats whose sheet is not locked. */
export const openSeats = (state: EvaluationState): readonly number[] =>
  state.seats.filter((s) => s.sheet === null).map((s) => s.seat);

function summary(
  state: EvaluationState,
  result: Ranking,
  rest: Pick<Ranked, 'tieOrder' | 'drawn' | 'rankingSha256' | 'at'>,
): Ranked {
  const organisations = new Map(state.basis!.offers.map((o) => [o.manifestSha256, o.organisation]));
  return {
    ...rest,
    method: result.method,
    benchmark: result.benchmark,
    ranking: result.ranking.map(({ rank: place, id, priceFen, total, priceScore }) => ({
      rank: place,
      manifestSha256: id,
      organisation: organisations.get(id)!,
      priceFen,
      total,
      priceScore,
    })),
    rejected: result.rejected.map(({ id, ...why }) => ({ manifestSha256: id, ...why })),
    candidates: result.candidates,
    undecided: result.undecided,
  };
}
