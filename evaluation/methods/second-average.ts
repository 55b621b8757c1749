/**
 * Second average 二次平均: a = mean of all offers; `below`: mean of the offers not above a; `withFirst`: (a + that) / 2;
 * `withLowest`: (a + the lowest offer) / 2.
 */
import { z } from 'zod';
import { add, compare, div, type Fraction, fraction, mean } from '../fraction.ts';
import { benchmarkMethod, benchmarkStep, type PricedOffer } from '../method.ts';
import { ascending, idList } from '../trimming.ts';

const half = (a: Fraction, b: Fraction): Fraction => div(add(a, b), fraction(2));

export const secondAverage = benchmarkMethod({
  id: 'second-average',
  name: { zh: '二次平均基准价法', en: 'Second average' },
  source: '[practice]',
  fields: { mode: z.enum(['below', 'withFirst', 'withLowest']).default('below') },
  benchmark: (offers, { mode }) => {
    const first = mean(offers.map((o) => o.price));
    // The lowest offer is never above the mean, so there is always one.
    const low: readonly PricedOffer[] = offers.filter((o) => compare(o.price, first) <= 0);
    const second = mean(low.map((o) => o.price));
    const lowest = ascending(offers)[0]!.price;
    const inputs = { a: first, low: idList(low), b: second, lowest };
    switch (mode) {
      case 'below':
        return { value: second, trace: benchmarkStep('B = b; b = mean of p ≤ a', inputs, second) };
      case 'withFirst': {
        const value = half(first, second);
        return { value, trace: benchmarkStep('B = (a + b) / 2', inputs, value) };
      }
      case 'withLowest': {
        const value = half(first, lowest);
        return { value, trace: benchmarkStep('B = (a + lowest) / 2', inputs, value) };
      }
    }
  },
});
