/**
 * Lowest price as benchmark (87: 55): the lowest valid, deducted price is the benchmark and
 * score = benchmark / deducted price x full. No dropping of extremes. The contract is at the offered, not the deducted price.
 */
import { z } from 'zod';
import { add, div, lesser, mul, one, parseDecimal, percent, round, sub } from '../fraction.ts';
import { benchmarkStep, type Method, type PricedOffer } from '../method.ts';
import { decimal } from '../scheme.ts';
import { step } from '../trace.ts';

const parameters = z.strictObject({ full: decimal.prefault('30') });

/** The price that is compared: less the policy deduction of small businesses and domestic products. */
function deducted({ price, adjustments }: PricedOffer) {
  return mul(price, sub(one, percent(parseDecimal(adjustments.deductionPercent ?? '0'))));
}

export const lowestPrice: Method<z.output<typeof parameters>> = {
  id: 'lowest-price',
  name: { zh: '低价优先法（综合评分）', en: 'Lowest price as benchmark' },
  source: '财政部令第87号 第55条',
  yields: 'price-score',
  needsCeiling: false,
  parameters,
  evaluate: ({ basis, scored, decimals }, { full }) => {
    const name = lowestPrice.name;
    if (basis.length === 0)
      return { benchmark: null, values: new Map(), rejected: new Map(), trace: step('lowest-price', name) };
    const benchmark = basis.map(deducted).reduce(lesser);
    const steps = scored.map((offer) => {
      const price = deducted(offer);
      const raise = parseDecimal(offer.adjustments.raisePercent ?? '0');
      const score = mul(mul(div(benchmark, price), full), add(one, percent(raise)));
      return {
        id: offer.id,
        score: round(score, decimals),
        trace: step(
          `price-score:${offer.id}`,
          { zh: '报价得分', en: 'Price score' },
          {
            formula: 'B / p′ × full; p′ = p × (1 - deduction %)',
            inputs: {
              p: offer.price,
              deduction: offer.adjustments.deductionPercent ?? '0',
              'p′': price,
              B: benchmark,
              full,
              ...(raise.n === 0n ? {} : { raise }),
            },
            value: score,
            decimals,
          },
        ),
      };
    });
    return {
      benchmark,
      values: new Map(steps.map((s) => [s.id, s.score])),
      rejected: new Map(),
      trace: step('lowest-price', name, {
        steps: [benchmarkStep('B = min p′', { n: basis.length }, benchmark), ...steps.map((s) => s.trace)],
      }),
    };
  },
};
