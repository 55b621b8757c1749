/**
 * Lowest evaluated price (经评审的最低投标价法, EC 29-33): offer + a rate per minor deviation + a rate per started week late
 * + missing items at the highest offered price. More deviations than allowed: rejected. Award at the offered price.
 */
import { z } from 'zod';
import { add, ceil, type Fraction, fraction, mul, percent, round } from '../fraction.ts';
import type { Method, PricedOffer } from '../method.ts';
import { decimal } from '../scheme.ts';
import { step, type TraceStep } from '../trace.ts';

const parameters = z.strictObject({
  deviationPercent: decimal.prefault('1'),
  maxDeviations: z.number().int().min(0).max(999).default(5),
  weekPercent: decimal.prefault('0.5'),
});
type Parameters = z.output<typeof parameters>;

/** Yuan of a decimal count of fen. */
const yuan = (fen: string): Fraction => fraction(BigInt(fen), 100n);

function evaluated(offer: PricedOffer, params: Parameters): { value: Fraction; trace: TraceStep } {
  const { minorDeviations = 0, daysLate = 0, missingFen = '0' } = offer.adjustments;
  const weeks = fraction(ceil(fraction(daysLate, 7)));
  const rate = percent(add(mul(params.deviationPercent, fraction(minorDeviations)), mul(params.weekPercent, weeks)));
  const value = add(add(offer.price, mul(offer.price, rate)), yuan(missingFen));
  const trace = step(
    `evaluated-price:${offer.id}`,
    { zh: '评标价', en: 'Evaluated price' },
    {
      formula: 'p + p × (deviations × a % + weeks × b %) + missing',
      inputs: {
        p: offer.price,
        deviations: minorDeviations,
        a: params.deviationPercent,
        weeks,
        b: params.weekPercent,
        missing: yuan(missingFen),
      },
      value,
      decimals: 2,
    },
  );
  return { value: round(value, 2), trace };
}

export const evaluatedPrice: Method<Parameters> = {
  id: 'evaluated-price',
  name: { zh: '经评审的最低投标价法', en: 'Lowest evaluated price' },
  source: '评标委员会和评标方法暂行规定 第29-33条',
  yields: 'evaluated-price',
  needsCeiling: false,
  parameters,
  evaluate: ({ scored }, params) => {
    const tooMany = scored.filter((o) => (o.adjustments.minorDeviations ?? 0) > params.maxDeviations);
    const going = scored.filter((o) => !tooMany.includes(o)).map((o) => ({ id: o.id, ...evaluated(o, params) }));
    const reason = `细微偏差超过 ${params.maxDeviations} 项 / more than ${params.maxDeviations} minor deviations`;
    return {
      benchmark: null,
      values: new Map(going.map((o) => [o.id, o.value])),
      rejected: new Map(
        tooMany.map((o) => [
          o.id,
          { code: 'too-many-deviations', article: '招标文件 / tender documents; EC 24-26', reason },
        ]),
      ),
      trace: step('evaluated-price', evaluatedPrice.name, { steps: going.map((o) => o.trace) }),
    };
  },
};
