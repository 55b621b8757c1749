/** Interval average: the mean of the offers within [low, high] percent of the ceiling; none: R x fallback. All valid offers are scored. */
import { compare, mean, mul, percent } from '../fraction.ts';
import { benchmarkMethod, benchmarkStep } from '../method.ts';
import { decimal } from '../scheme.ts';
import { idList } from '../trimming.ts';

export const intervalAverage = benchmarkMethod({
  id: 'interval-average',
  name: { zh: '有效区间平均基准价法', en: 'Average of the offers in an interval' },
  source: '[practice]',
  needsCeiling: true,
  fields: {
    lowPercent: decimal.prefault('94'),
    highPercent: decimal.prefault('98'),
    fallbackPercent: decimal.prefault('96'),
  },
  benchmark: (offers, { lowPercent, highPercent, fallbackPercent }, ceiling) => {
    const [low, high] = [mul(ceiling, percent(lowPercent)), mul(ceiling, percent(highPercent))];
    const inside = offers.filter((o) => compare(o.price, low) >= 0 && compare(o.price, high) <= 0);
    const value = inside.length > 0 ? mean(inside.map((o) => o.price)) : mul(ceiling, percent(fallbackPercent));
    const formula = inside.length > 0 ? 'B = Σ p / m, low ≤ p ≤ high' : 'm = 0: B = R × fallback %';
    const inputs = { R: ceiling, low, high, inside: idList(inside), m: inside.length, fallback: fallbackPercent };
    return { value, trace: benchmarkStep(formula, inputs, value) };
  },
});
