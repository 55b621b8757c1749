/**
 * Trimmed average 去极值平均, with a discount d (平均值下浮) or a factor K where the documents have one. With K 98 % and the
 * deviation rounded to two decimals it is the 合理低价法 of highway tenders.
 */
import { mul, one, percent, sub } from '../fraction.ts';
import { benchmarkMethod, benchmarkStep } from '../method.ts';
import { decimal } from '../scheme.ts';
import { dropTiers, trimmedMean } from '../trimming.ts';

export const trimmedAverage = benchmarkMethod({
  id: 'trimmed-average',
  name: { zh: '去极值平均（下浮）基准价法', en: 'Trimmed average, with discount' },
  source: '[practice] 平均值下浮法; 公路工程合理低价法',
  fields: {
    tiers: dropTiers,
    /** d in percent: B = average x (1 - d). */
    discountPercent: decimal.prefault('0'),
    /** K: B = average x K. */
    factor: decimal.prefault('1'),
  },
  benchmark: (offers, { tiers, discountPercent, factor }) => {
    const average = trimmedMean(offers, tiers);
    const value = mul(mul(average.value, sub(one, percent(discountPercent))), factor);
    const trace = benchmarkStep(
      'B = avg × (1 - d %) × K',
      { avg: average.value, d: discountPercent, K: factor },
      value,
      [average.trace],
    );
    return { value, trace };
  },
});
