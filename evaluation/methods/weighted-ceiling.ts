/** Weighted with the ceiling: B = w x trimmed average + (1 - w) x R x K; R is the ceiling price. */
import { add, mul, one, percent, sub } from '../fraction.ts';
import { benchmarkMethod, benchmarkStep } from '../method.ts';
import { decimal } from '../scheme.ts';
import { dropTiers, trimmedMean } from '../trimming.ts';

export const weightedCeiling = benchmarkMethod({
  id: 'weighted-ceiling',
  name: { zh: '平均价与最高限价加权基准价法', en: 'Average weighted with the ceiling price' },
  source: '[practice]',
  needsCeiling: true,
  fields: {
    tiers: dropTiers,
    averageWeight: decimal.prefault('0.6').refine((w) => w.n <= w.d, 'a weight of at most 1'),
    ceilingPercent: decimal.prefault('95'),
  },
  benchmark: (offers, { tiers, averageWeight, ceilingPercent }, ceiling) => {
    const average = trimmedMean(offers, tiers);
    const anchor = mul(ceiling, percent(ceilingPercent));
    const value = add(mul(averageWeight, average.value), mul(sub(one, averageWeight), anchor));
    const inputs = { avg: average.value, w: averageWeight, R: ceiling, K: ceilingPercent };
    return { value, trace: benchmarkStep('B = w × avg + (1 - w) × R × K %', inputs, value, [average.trace]) };
  },
});
