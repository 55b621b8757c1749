/** Who sees what of an evaluation, and the canonical texts that members sign. */
import { z } from 'zod';
import { mark } from '../../evaluation/scheme.ts';
import { toHex } from '../formats/bytes.ts';
import { canonicalJson } from '../formats/canonical.ts';
import type { ReportDissent } from '../formats/evaluation-report.ts';
import { sha256Text } from '../formats/primitives.ts';
import type { ScoreSheet } from '../formats/score-sheet.ts';
import type { Acted } from '../journal/act.ts';
import { randomOctets } from '../platform/ids.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import { evaluationRefusal } from './refusals.ts';
import { reviewable, validOffers } from './review.ts';
import type { EvaluationEvent, EvaluationState, Seat } from './rules.ts';

const why = { manifestSha256: z.string(), code: z.string(), article: z.string(), reason: z.string() };
const row = z.object({
  rank: z.number(),
  manifestSha256: z.string(),
  organisation: z.string(),
  priceFen: z.string(),
  total: z.string(),
  priceScore: z.string().nullable(),
});
const seatView = z.object({
  seat: z.number(),
  expert: z.string(),
  kind: z.enum(['expert', 'representative']),
  /** Null for readers to whom the names are still secret. */
  person: z.string().nullable(),
  reviewed: z.boolean(),
  locked: z.boolean(),
  revision: z.number(),
  answer: z.enum(['signed', 'dissent']).nullable(),
});

export const evaluationView = z.object({
  lot: z.string(),
  phase: z.string(),
  project: z.string().nullable(),
  schemeSha256: z.string().nullable(),
  seats: z.array(seatView),
  offers: z.array(z.object({ manifestSha256: z.string(), organisation: z.string(), priceFen: z.string() })),
  rejected: z.array(z.object(why)),
  ranked: z
    .object({
      method: z.string(),
      benchmark: z.string().nullable(),
      ranking: z.array(row),
      rejected: z.array(z.object(why)),
      candidates: z.array(z.string()),
      undecided: z.array(z.array(z.string())),
      rankingSha256: z.string(),
    })
    .nullable(),
  reportSha256: z.string().nullable(),
  finished: z.object({ at: z.string(), pdfSha256: z.string(), silent: z.array(z.number()) }).nullable(),
  failure: z.object({ reason: z.string(), at: z.string() }).nullable(),
});
export type EvaluationView = z.infer<typeof evaluationView>;

export const acted = evaluationView.extend({ entryIds: z.array(z.string()), at: z.string() });

/** What the reader is: who runs the evaluation, who watches it, or a reader of the finished result. */
export type Sight = 'host' | 'supervisor' | 'reader';

/** The evaluation as it may be seen. Marks are in no view; the ranking shows after all sheets are locked, to others at the end. */
export function viewOf(state: EvaluationState, sight: Sight): EvaluationView {
  const ended = state.finished !== null || state.failure !== null;
  const { basis, ranked, report } = state;
  const open = sight === 'host' || ended;
  return {
    lot: state.id,
    phase: state.phase,
    project: basis?.project ?? null,
    schemeSha256: basis?.schemeSha256 ?? null,
    seats: state.seats.map((seat) => seatOf(state, seat, sight)),
    offers: (basis?.offers ?? []).map((offer) => ({ ...offer })),
    rejected: open ? state.rejected.map((r) => ({ ...r })) : [],
    ranked:
      ranked && open
        ? {
            method: ranked.method,
            benchmark: ranked.benchmark,
            ranking: ranked.ranking.map((r) => ({ ...r })),
            rejected: ranked.rejected.map((r) => ({ ...r })),
            candidates: [...ranked.candidates],
            undecided: ranked.undecided.map((group) => [...group]),
            rankingSha256: ranked.rankingSha256,
          }
        : null,
    reportSha256: report?.sha256 ?? null,
    finished: state.finished && { ...state.finished, silent: [...state.finished.silent] },
    failure: state.failure && { ...state.failure },
  };
}

function seatOf(state: EvaluationState, seat: Seat, sight: Sight): EvaluationView['seats'][number] {
  return {
    seat: seat.seat,
    expert: seat.expert,
    kind: seat.kind,
    person: sight === 'reader' ? null : seat.person,
    reviewed: state.reviews.some((r) => r.seat === seat.seat),
    locked: seat.sheet !== null,
    revision: (seat.sheet ?? seat.formerSheets.at(-1))?.revision ?? 0,
    answer: seat.answer?.kind ?? null,
  };
}

/** A refusal, or the evaluation as it stands after the act. */
export function answered(
  answer: Refusal | Acted<EvaluationState, EvaluationEvent>,
  sight: Sight,
): Refusal | z.infer<typeof acted> {
  if (isRefusal(answer)) return answer;
  return { ...viewOf(answer.state, sight), entryIds: [...answer.entryIds], at: answer.at };
}

const verdictView = z.object({
  offer: z.string(),
  verdict: z.enum(['pass', 'reject']),
  code: z.string().optional(),
  article: z.string().optional(),
  reason: z.string().optional(),
});

/** What a member writes on his sheet. */
export const writtenSheet = z.strictObject({
  marks: z.array(mark.extend({ offer: sha256Text })).max(20_000),
  remarks: z.array(z.strictObject({ offer: sha256Text, text: z.string().min(1).max(2_000) })).max(2_000),
});
export type WrittenSheet = z.infer<typeof writtenSheet>;

/** The member's own desk: what there is to review and mark, and what he has done; nothing of the others. */
export const desk = z.object({
  lot: z.string(),
  phase: z.string(),
  seat: z.number(),
  expert: z.string(),
  scheme: z.unknown(),
  schemeSha256: z.string().nullable(),
  ceilingFen: z.string().nullable(),
  offers: z.array(z.object({ manifestSha256: z.string(), organisation: z.string(), priceFen: z.string() })),
  toReview: z.array(z.string()),
  toMark: z.array(z.string()),
  verdicts: z.array(verdictView),
  competition: z.enum(['go-on', 'reject-all']).nullable(),
  draft: writtenSheet.nullable(),
  locked: z.boolean(),
  answer: z.enum(['signed', 'dissent']).nullable(),
  reportSha256: z.string().nullable(),
});

export function deskOf(state: EvaluationState, seat: Seat, draft: WrittenSheet | null): z.infer<typeof desk> {
  const { basis } = state;
  const review = state.reviews.find((r) => r.seat === seat.seat);
  const settled = state.phase !== 'none' && state.phase !== 'formed' && state.phase !== 'reviewing';
  return {
    lot: state.id,
    phase: state.phase,
    seat: seat.seat,
    expert: seat.expert,
    scheme: basis?.scheme ?? null,
    schemeSha256: basis?.schemeSha256 ?? null,
    ceilingFen: basis?.ceilingFen ?? null,
    offers: (basis?.offers ?? []).map((offer) => ({ ...offer })),
    toReview: basis ? [...reviewable(state)] : [],
    toMark: settled && basis ? [...validOffers(state)] : [],
    verdicts: (review?.verdicts ?? []).map((v) => ({ ...v })),
    competition: review?.competition ?? null,
    draft,
    locked: seat.sheet !== null,
    answer: seat.answer?.kind ?? null,
    reportSha256: state.report?.sha256 ?? null,
  };
}

/** The canonical sheet for the member to sign; nothing is stored. */
export function sheetText(
  state: EvaluationState,
  seat: Seat,
  written: WrittenSheet,
  claimedAt: string,
): { sheet: string } | Refusal {
  if (state.phase !== 'scoring') return evaluationRefusal('wrong-phase', { phase: state.phase });
  if (seat.sheet) return evaluationRefusal('sheet-locked');
  const former = seat.formerSheets.at(-1);
  const sheet: ScoreSheet = {
    type: 'yangguang.org/score-sheet/v1',
    suite: 'YG1',
    lot: state.id,
    schemeSha256: state.basis!.schemeSha256,
    expert: seat.expert,
    revision: (former?.revision ?? 0) + 1,
    prev: former?.sha256 ?? null,
    marks: written.marks.toSorted((a, b) => order(`${a.offer} ${a.criterion}`, `${b.offer} ${b.criterion}`)),
    remarks: written.remarks,
    claimedAt,
    salt: toHex(randomOctets(32)),
  };
  return { sheet: canonicalJson(sheet) };
}

/** The canonical dissent for the member to sign. */
export function dissentText(
  state: EvaluationState,
  seat: Seat,
  text: string,
  claimedAt: string,
): { dissent: string } | Refusal {
  if (!state.report) return evaluationRefusal('report-missing');
  const dissent: ReportDissent = {
    type: 'yangguang.org/report-dissent/v1',
    suite: 'YG1',
    lot: state.id,
    reportSha256: state.report.sha256,
    expert: seat.expert,
    text,
    claimedAt,
  };
  return { dissent: canonicalJson(dissent) };
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
