/** Review of qualification and responsiveness: each member gives verdicts, more than half decide (TR 51, EC 20-27). Pure. */
import { priceFault } from '../../evaluation/rank.ts';
import type { Refusal } from '../platform/refusal.ts';
import { evaluationRefusal } from './refusals.ts';
import type {
  Competition,
  EvaluationCommand,
  EvaluationEvent,
  EvaluationFacts,
  EvaluationState,
  Review,
  Verdict,
  Why,
} from './state.ts';

type Of<T extends EvaluationCommand['type']> = Extract<EvaluationCommand, { type: T }>;
type Rejected = { readonly manifestSha256: string } & Why;

/** Offers that the members review; one above the ceiling is out by its price alone. */
export function reviewable(state: EvaluationState): readonly string[] {
  const { offers, ceilingFen } = state.basis!;
  return offers.filter((o) => !priceFault(o, ceilingFen)).map((o) => o.manifestSha256);
}

/** Offers still in after the review. */
export function validOffers(state: EvaluationState): readonly string[] {
  const out = new Set(state.rejected.map((r) => r.manifestSha256));
  return reviewable(state).filter((offer) => !out.has(offer));
}

export function reviewOffers(
  state: EvaluationState,
  { person, verdicts, competition }: Of<'reviewOffers'>,
  facts: EvaluationFacts,
): Refusal | readonly EvaluationEvent[] {
  if (state.phase !== 'reviewing') return evaluationRefusal('wrong-phase', { phase: state.phase });
  const seat = state.seats.find((s) => s.person === person);
  if (!seat) return evaluationRefusal('not-a-member');
  const known = reviewable(state);
  const unknown = verdicts.find((v) => !known.includes(v.offer));
  if (unknown) return evaluationRefusal('offer-unknown', { offer: unknown.offer });
  if (new Set(verdicts.map((v) => v.offer)).size !== verdicts.length) return evaluationRefusal('verdict-duplicate');
  const before = state.reviews.find((r) => r.seat === seat.seat);
  const kept = (before?.verdicts ?? []).filter((old) => !verdicts.some((v) => v.offer === old.offer));
  const merged = [...kept, ...verdicts].sort((a, b) => (a.offer < b.offer ? -1 : 1));
  return [
    {
      type: 'OffersReviewed',
      seat: seat.seat,
      verdicts: merged,
      competition: competition ?? before?.competition ?? null,
      at: facts.now,
    },
  ];
}

export function settleReview(state: EvaluationState, facts: EvaluationFacts): Refusal | readonly EvaluationEvent[] {
  if (state.phase !== 'reviewing') return evaluationRefusal('wrong-phase', { phase: state.phase });
  const offers = reviewable(state);
  const decided = offers.map((offer) => decisionOn(offer, state));
  const open = offers.filter((_, i) => decided[i] === null);
  if (open.length > 0) return evaluationRefusal('review-undecided', { offers: open });
  const rejected = decided.filter((d): d is Rejected => d !== null && d !== 'pass');
  const valid = offers.length - rejected.length;
  const at = facts.now;
  if (valid === 0) return [{ type: 'EvaluationFailed', reason: 'all-rejected', rejected, at }];
  if (valid < 3) {
    const choice = majority(
      state.reviews.map((r) => r.competition),
      state.seats.length,
    );
    if (choice === null) return evaluationRefusal('competition-undecided', { valid });
    if (choice === 'reject-all') return [{ type: 'EvaluationFailed', reason: 'competition-lacking', rejected, at }];
  }
  return [{ type: 'ReviewSettled', rejected, valid, at }];
}

/** What more than half of all members say about an offer; null while there is no such majority. */
function decisionOn(offer: string, state: EvaluationState): 'pass' | Rejected | null {
  const votes = state.reviews.flatMap((r) => r.verdicts.filter((v) => v.offer === offer));
  const rejections = votes.filter((v): v is Extract<Verdict, { verdict: 'reject' }> => v.verdict === 'reject');
  const half = state.seats.length / 2;
  if (votes.length - rejections.length > half) return 'pass';
  if (rejections.length <= half) return null;
  // The ground that most of them gave; of equally many the one given from the lowest seat.
  const ground = rejections.reduce((best, vote) => (count(rejections, vote) > count(rejections, best) ? vote : best));
  const { code, article, reason } = ground;
  return { manifestSha256: offer, code, article, reason };
}

const count = (votes: readonly { readonly code: string }[], { code }: { readonly code: string }): number =>
  votes.filter((vote) => vote.code === code).length;

function majority(votes: readonly (Competition | null)[], members: number): Competition | null {
  for (const choice of ['go-on', 'reject-all'] as const)
    if (votes.filter((vote) => vote === choice).length > members / 2) return choice;
  return null;
}

/** The reviews with one member's put in his place, in order of seats. */
export function withReview(reviews: readonly Review[], review: Review): readonly Review[] {
  return [...reviews.filter((r) => r.seat !== review.seat), review].sort((a, b) => a.seat - b.seat);
}
