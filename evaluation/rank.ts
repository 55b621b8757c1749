/**
 * The ranking of a lot as a pure function of published data: scheme, ceiling, offers, sheets. The evaluation room and the
 * offline verifier call the same function; equal input gives equal output byte for byte, in whatever order lists arrive.
 */
import { EvaluationError } from './evaluation-error.ts';
import {
  compare,
  decimalText,
  exactText,
  type Fraction,
  fraction,
  mul,
  one,
  parseDecimal,
  round,
  sum,
  zero,
} from './fraction.ts';
import { type PartAverage, partAverages, readSheets } from './marks.ts';
import type { Method, MethodOutcome, PricedOffer } from './method.ts';
import { methodOf, readParameters, resolveDrawn } from './registry.ts';
import { type FullRankInput, type Part, type RankInput, type RankOffer, type Rejection, rankInput } from './scheme.ts';
import { step, type TraceStep } from './trace.ts';

export type RankedOffer = {
  /** 1, 2, 2, 4: equals share the better place. */
  readonly rank: number;
  readonly id: string;
  readonly priceFen: string;
  /** What offers are ranked by: a total of points, an evaluated price in yuan, or points per yuan. */
  readonly total: string;
  readonly priceScore: string | null;
  readonly parts: readonly {
    readonly part: string;
    readonly average: string;
    readonly marks: PartAverage['marks'];
  }[];
  /** Still equal to another after all tie-breaks. */
  readonly tied: boolean;
};

/**
 * JSON-safe: it is hashed and published as it is. Rankings of finished lots are recomputed for years, so every byte of `v1`,
 * the words of the trace too, is frozen (test/evaluation.frozen.test.ts); whoever needs other bytes makes a `v2` beside it.
 */
export type Ranking = {
  readonly type: typeof rankingType;
  readonly method: string;
  /** The exact benchmark in yuan, or null where the method has none. */
  readonly benchmark: string | null;
  readonly ranking: readonly RankedOffer[];
  readonly rejected: readonly (Rejection & { readonly id: string })[];
  /** At most `candidates` offers in order (TR 53); it stops before the first tie that only a draw can end. */
  readonly candidates: readonly string[];
  /** Groups of offers among the candidates' places whose order needs a draw. */
  readonly undecided: readonly (readonly string[])[];
  readonly trace: TraceStep;
};

const rankingType = 'yangguang.org/ranking/v1';

const yuan = (fen: string): Fraction => fraction(BigInt(fen), 100n);
const byId = <T extends { readonly id: string }>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

/**
 * Ranks the offers. Throws EvaluationError when scheme or data are at fault (`input-invalid` and the other codes): an
 * offer's own faults (price above the ceiling, zero price) reject that offer and the others go on.
 */
export function rank(raw: RankInput): Ranking {
  const input = readInput(raw);
  const offers = byId(input.offers);
  const ceiling = input.ceilingFen === null ? null : yuan(input.ceilingFen);
  const rejected = new Map<string, Rejection>();
  for (const offer of offers) {
    const reason = offer.rejected ?? priceFault(offer, input.ceilingFen);
    if (reason) rejected.set(offer.id, reason);
  }
  const priced = offers.filter((o) => !priceFault(o, input.ceilingFen)).map(pricedOf);
  const valid = priced.filter((o) => !rejected.has(o.id));
  const sheets = readSheets(
    input.sheets,
    input.criteria,
    new Set(offers.map((o) => o.id)),
    valid.map((o) => o.id),
  );
  const averages = new Map(valid.map((o) => [o.id, partAverages(o.id, sheets, input)]));
  const points = new Map(valid.map((o) => [o.id, weigh(averages.get(o.id)!, input)]));
  const { method, outcome } = apply(input, {
    basis: input.basis === 'opened' ? priced : valid,
    scored: valid,
    ceiling,
    decimals: input.decimals,
    points,
  });
  for (const [id, reason] of outcome.rejected) rejected.set(id, reason);
  const rows = valid
    .filter((o) => !rejected.has(o.id))
    .map((offer) => rowOf(offer, averages.get(offer.id)!, points.get(offer.id)!, method, outcome, input));
  const ranking = order(rows, method, input);
  return {
    type: rankingType,
    method: method.id,
    benchmark: outcome.benchmark === null ? null : exactText(outcome.benchmark),
    ranking: ranking.map(({ row, rank: place, tied }) => ({ rank: place, ...row.published, tied })),
    rejected: [...rejected].map(([id, reason]) => ({ id, ...reason })).sort((a, b) => (a.id < b.id ? -1 : 1)),
    ...candidatesOf(ranking, input.candidates),
    trace: step(
      'ranking',
      { zh: '评标计算', en: 'Computation of the ranking' },
      {
        inputs: { method: method.id, basis: input.basis, offers: offers.length, valid: rows.length },
        steps: [
          ...[...averages.values()].flat().map((a) => a.trace),
          outcome.trace,
          ...ranking.map(({ row }) => row.trace),
        ],
      },
    ),
  };
}

function readInput(raw: RankInput): FullRankInput {
  const result = rankInput.safeParse(raw);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new EvaluationError('input-invalid', `${issue.path.join('.')}: ${issue.message}`);
  }
  const distinct = (ids: readonly string[]) => new Set(ids).size === ids.length;
  if (!distinct(result.data.offers.map((o) => o.id)))
    throw new EvaluationError('offer-duplicate', 'two offers, one id');
  if (!distinct(result.data.criteria.map((c) => c.id)))
    throw new EvaluationError('criterion-duplicate', 'one id twice');
  if (!distinct(result.data.tieOrder)) throw new EvaluationError('tie-order-invalid', 'an offer is named twice');
  return result.data;
}

/** What a price alone makes invalid: equal to the ceiling is valid, above it is not (TR 51); zero or less never (87: 59). */
export function priceFault(offer: { readonly priceFen: string }, ceilingFen: string | null): Rejection | null {
  const price = BigInt(offer.priceFen);
  if (price <= 0n)
    return {
      code: 'price-invalid',
      article: '招标投标法实施条例第五十一条',
      reason: '报价不大于零 / the price is not above zero',
    };
  if (ceilingFen !== null && price > BigInt(ceilingFen))
    return {
      code: 'above-ceiling',
      article: '招标投标法实施条例第五十一条第（五）项',
      reason: '报价高于最高投标限价 / the price is above the ceiling price',
    };
  return null;
}

const pricedOf = ({ id, priceFen, adjustments }: RankOffer): PricedOffer => ({
  id,
  price: yuan(priceFen),
  adjustments,
});

/** The sum of weight x part without the price; exact, since only averages, price scores and totals are rounded. */
function weigh(averages: readonly PartAverage[], { weights }: FullRankInput): Fraction {
  return sum(averages.map(({ part, average }) => mul(parseDecimal(weights[part] ?? '1'), average)));
}

/** Chooses the method (another one below n valid offers), reads its parameters and runs it. */
function apply(
  input: FullRankInput,
  methodInput: Parameters<Method['evaluate']>[0],
): { method: Method; outcome: MethodOutcome } {
  const few = input.fewer !== null && methodInput.scored.length < input.fewer.below ? input.fewer : input;
  const method = methodOf(few.method);
  if (method.needsCeiling && methodInput.ceiling === null) throw new EvaluationError('ceiling-missing', method.id);
  const params = readParameters(method, resolveDrawn(few.params, input.drawn));
  return { method, outcome: method.evaluate(methodInput, params) };
}

type Row = {
  readonly id: string;
  readonly price: Fraction;
  readonly technical: Fraction;
  /** What is compared; rounded totals for scores, exact values for ratios. */
  readonly key: Fraction;
  readonly published: Omit<RankedOffer, 'rank' | 'tied'>;
  readonly trace: TraceStep;
};

function rowOf(
  offer: PricedOffer,
  averages: readonly PartAverage[],
  points: Fraction,
  method: Method,
  outcome: MethodOutcome,
  rules: FullRankInput,
): Row {
  const { weights, decimals } = rules;
  const value = outcome.values.get(offer.id) ?? zero;
  const weight = weights.price === undefined ? one : parseDecimal(weights.price);
  const scored = method.yields === 'price-score';
  const key = scored ? round(sum([points, mul(weight, value)]), decimals) : value;
  return {
    id: offer.id,
    price: offer.price,
    technical: averages.find((a) => a.part === 'technical')?.average ?? zero,
    key,
    published: {
      id: offer.id,
      priceFen: decimalText(mul(offer.price, fraction(100)), 0),
      total: decimalText(
        key,
        method.yields === 'points-per-price' ? 10 : method.yields === 'evaluated-price' ? 2 : decimals,
      ),
      priceScore: scored ? decimalText(value, decimals) : null,
      parts: averages.map((a) => ({ part: a.part, average: decimalText(a.average, decimals), marks: a.marks })),
    },
    trace: scored
      ? totalStep(offer.id, [...averages.map((a) => [a.part, a.average] as const), ['price', value]], key, rules)
      : step(
          `total:${offer.id}`,
          { zh: '排序依据', en: 'What is ranked' },
          { formula: method.yields === 'evaluated-price' ? 'lowest first' : 'highest first', value: key },
        ),
  };
}

/** Total of points: each part with its weight where the scheme has one. */
function totalStep(
  id: string,
  scores: readonly (readonly [part: Part | 'price', score: Fraction])[],
  total: Fraction,
  { weights, decimals }: FullRankInput,
): TraceStep {
  const inputs = scores.flatMap(([part, score]) => {
    const weight = weights[part];
    return weight === undefined ? [[part, score] as const] : [[part, score] as const, [`w(${part})`, weight] as const];
  });
  return step(
    `total:${id}`,
    { zh: '总得分', en: 'Total' },
    {
      formula: Object.keys(weights).length > 0 ? 'Σ w × score' : 'Σ score',
      inputs: Object.fromEntries(inputs),
      value: total,
      decimals,
    },
  );
}

type Placed = { readonly row: Row; readonly rank: number; readonly tied: boolean };

/** Below 0 where `a` stands before `b`: the value first, then the tie-breaks of the documents. */
function better(a: Row, b: Row, method: Method, ties: FullRankInput['ties']): number {
  const byKey = method.yields === 'evaluated-price' ? compare(a.key, b.key) : compare(b.key, a.key);
  if (byKey !== 0) return byKey;
  for (const tie of ties) {
    const found = tie === 'price' ? compare(a.price, b.price) : compare(b.technical, a.technical);
    if (found !== 0) return found;
  }
  return 0;
}

/** Best first; a group that stays equal is put in the order of its draw, or shares the better place. */
function order(rows: readonly Row[], method: Method, { ties, tieOrder }: FullRankInput): Placed[] {
  const sorted = [...rows].sort((a, b) => better(a, b, method, ties) || (a.id < b.id ? -1 : 1));
  const groups: Row[][] = [];
  for (const row of sorted) {
    const group = groups.at(-1);
    if (group && better(group[0]!, row, method, ties) === 0) group.push(row);
    else groups.push([row]);
  }
  const drawn = new Map(tieOrder.map((id, i) => [id, i]));
  let before = 0;
  let used = 0;
  const placed = groups.flatMap((group) => {
    const place = before + 1;
    before += group.length;
    const covered = group.filter((row) => drawn.has(row.id)).length;
    if (group.length === 1 || covered === 0) return group.map((row) => ({ row, rank: place, tied: group.length > 1 }));
    used += covered;
    if (covered < group.length) throw new EvaluationError('tie-order-invalid', 'the draw names a part of a tie');
    const inOrder = group.toSorted((a, b) => drawn.get(a.id)! - drawn.get(b.id)!);
    return inOrder.map((row, i) => ({ row, rank: place + i, tied: false }));
  });
  if (used !== tieOrder.length)
    throw new EvaluationError('tie-order-invalid', 'the draw names an offer that is not tied');
  return placed;
}

function candidatesOf(placed: readonly Placed[], limit: number): Pick<Ranking, 'candidates' | 'undecided'> {
  const head = placed.filter((p) => p.rank <= limit);
  const firstTie = head.findIndex((p) => p.tied);
  const groups = new Map<number, string[]>();
  for (const { row, rank: place, tied } of head) if (tied) groups.set(place, [...(groups.get(place) ?? []), row.id]);
  const decided = firstTie === -1 ? head : head.slice(0, firstTie);
  return { candidates: decided.slice(0, limit).map((p) => p.row.id), undecided: [...groups.values()] };
}
