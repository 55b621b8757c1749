/**
 * Linear scoring by deviation: dev = |offer - benchmark| / benchmark x 100 and
 * score = max(floor, full - E x dev), with one E above the benchmark and another below.
 */
import { z } from 'zod';
import {
  abs,
  add,
  ceil,
  compare,
  div,
  type Fraction,
  floor,
  fraction,
  greater,
  hundred,
  mul,
  one,
  parseDecimal,
  percent,
  round,
  sub,
} from './fraction.ts';
import { decimal } from './scheme.ts';
import { step, type TraceStep } from './trace.ts';

/** Parameters that all benchmark formulas share; decimals are texts. */
export const deviationFields = {
  /** The full price score. */
  full: decimal.prefault('100'),
  /** The least price score. */
  floor: decimal.prefault('0'),
  /** Points lost for each percent above and below the benchmark. */
  above: decimal.prefault('1'),
  below: decimal.prefault('0.5'),
  /** `ceil`: each started percent counts whole; `floor`: only full percents count. */
  step: z.enum(['exact', 'ceil', 'floor']).default('exact'),
  /** Rounds the deviation first, as the highway kind asks; null: exact. */
  devDecimals: z.number().int().min(0).max(6).nullable().default(null),
  /** Rounds the benchmark, in yuan; null: never (the default of the rules). */
  benchmarkDecimals: z.number().int().min(0).max(6).nullable().default(null),
};

export const deviationParameters = z.strictObject(deviationFields);
export type DeviationParameters = z.output<typeof deviationParameters>;

/** The deviation in percent after the rounding and the step that the documents ask for. */
export function deviation(price: Fraction, benchmark: Fraction, params: DeviationParameters): Fraction {
  const exact = mul(div(abs(sub(price, benchmark)), benchmark), hundred);
  const rounded = params.devDecimals === null ? exact : round(exact, params.devDecimals);
  switch (params.step) {
    case 'exact':
      return rounded;
    case 'ceil':
      return fraction(ceil(rounded));
    case 'floor':
      return fraction(floor(rounded));
  }
}

export type ScoredOffer = { readonly id: string; readonly score: Fraction; readonly trace: TraceStep };

/** The rounded price score of one offer, with the small-business raise of the score where one is given (46: 9, works). */
export function scoreByDeviation(
  offer: {
    readonly id: string;
    readonly price: Fraction;
    readonly adjustments: { readonly raisePercent?: string | undefined };
  },
  benchmark: Fraction,
  params: DeviationParameters,
  decimals: number,
): ScoredOffer {
  const dev = deviation(offer.price, benchmark, params);
  const rate = compare(offer.price, benchmark) > 0 ? params.above : params.below;
  const plain = greater(params.floor, sub(params.full, mul(rate, dev)));
  const raise = offer.adjustments.raisePercent;
  const raised = raise === undefined ? plain : mul(plain, add(one, percent(parseDecimal(raise))));
  const trace = step(
    `price-score:${offer.id}`,
    { zh: '报价得分', en: 'Price score' },
    {
      formula: `max(floor, full - E × dev)${raise === undefined ? '' : ' × (1 + raise %)'}; dev = |p - B| / B × 100`,
      inputs: {
        p: offer.price,
        B: benchmark,
        dev,
        E: rate,
        full: params.full,
        floor: params.floor,
        ...(raise === undefined ? {} : { raise }),
      },
      value: raised,
      decimals,
    },
  );
  return { id: offer.id, score: round(raised, decimals), trace };
}
