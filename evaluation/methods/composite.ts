/**
 * Composite benchmark 复合基准价: T = R x ceilingPercent; B = w x T + (1 - w) x mean of offers in [T x low, T x high];
 * none inside: T. T comes from the ceiling and never from the secret 标底 (TR 50).
 */
import { add, compare, mean, mul, one, percent, sub } from '../fraction.ts';
import { benchmarkMethod, benchmarkStep } from '../method.ts';
import { decimal } from '../scheme.ts';
import { idList } from '../trimming.ts';

export const composite = benchmarkMethod({
  id: 'composite',
  name: { zh: '复合基准价法', en: 'Composite benchmark' },
  source: '[practice]; TR 50',
  needsCeiling: true,
  fields: {
    ceilingPercent: decimal.prefault('95'),
    targetWeight: decimal.prefault('0.3').refine((w) => w.n <= w.d, 'a weight of at most 1'),
    lowPercent: decimal.prefault('97'),
    highPercent: decimal.prefault('102'),
  },
  benchmark: (offers, params, ceiling) => {
    const target = mul(ceiling, percent(params.ceilingPercent));
    const [low, high] = [mul(target, percent(params.lowPercent)), mul(target, percent(params.highPercent))];
    const inside = offers.filter((o) => compare(o.price, low) >= 0 && compare(o.price, high) <= 0);
    const inputs = { R: ceiling, T: target, low, high, inside: idList(inside), w: params.targetWeight };
    if (inside.length === 0) return { value: target, trace: benchmarkStep('m = 0: B = T', inputs, target) };
    const average = mean(inside.map((o) => o.price));
    const value = add(mul(params.targetWeight, target), mul(sub(one, params.targetWeight), average));
    return { value, trace: benchmarkStep('B = w × T + (1 - w) × avg', { ...inputs, avg: average }, value) };
  },
});
