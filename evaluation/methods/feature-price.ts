/**
 * Price divided by a coefficient for features, ProZorro kind: coefficient = 1 + sum of given shares / (1 - sum of the
 * largest shares); the lowest quotient wins. Not among the methods of Chinese tender law; for shopping platforms and trials.
 */
import { z } from 'zod';
import { add, div, mul, one, parseDecimal, percent, round, sub, sum } from '../fraction.ts';
import type { Method } from '../method.ts';
import { decimal } from '../scheme.ts';
import { step } from '../trace.ts';

const parameters = z.strictObject({
  /** The largest share of each feature, percent; together below 100. */
  largestShares: z
    .array(decimal)
    .max(20)
    .refine((shares) => sum(shares).n < 100n * sum(shares).d, 'shares of together less than 100 percent'),
});

export const featurePrice: Method<z.output<typeof parameters>> = {
  id: 'feature-price',
  name: { zh: '特征系数折价法', en: 'Price over a coefficient of features' },
  source: 'ProZorro (Ukraine), features of a tender',
  yields: 'evaluated-price',
  needsCeiling: false,
  parameters,
  evaluate: ({ scored }, { largestShares }) => {
    const rest = sub(one, percent(sum(largestShares)));
    const counted = scored.map(({ id, price, adjustments }) => {
      const given = percent(sum((adjustments.featureShares ?? []).map(parseDecimal)));
      const coefficient = add(one, div(given, rest));
      const value = div(price, coefficient);
      const trace = step(
        `evaluated-price:${id}`,
        { zh: '折算价', en: 'Price over coefficient' },
        {
          formula: 'p / (1 + Σ given / (1 - Σ largest))',
          inputs: { p: price, given: mul(given, one), coefficient },
          value,
          decimals: 2,
        },
      );
      return { id, value: round(value, 2), trace };
    });
    return {
      benchmark: null,
      values: new Map(counted.map((c) => [c.id, c.value])),
      rejected: new Map(),
      trace: step('feature-price', featurePrice.name, { steps: counted.map((c) => c.trace) }),
    };
  },
};
