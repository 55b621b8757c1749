/** Price per quality 性价比: the experts' points over the price, highest first. No longer allowed in government purchase (87: 55). */
import { z } from 'zod';
import { div, zero } from '../fraction.ts';
import type { Method } from '../method.ts';
import { step } from '../trace.ts';

const parameters = z.strictObject({});

export const pointsPerPrice: Method<z.output<typeof parameters>> = {
  id: 'points-per-price',
  name: { zh: '性价比法', en: 'Points per price' },
  source: '[practice]; not for government purchase',
  yields: 'points-per-price',
  needsCeiling: false,
  parameters,
  evaluate: ({ scored, points }) => {
    const ratios = scored.map(({ id, price }) => {
      const own = points.get(id) ?? zero;
      const value = div(own, price);
      const trace = step(
        `ratio:${id}`,
        { zh: '性价比', en: 'Points per yuan' },
        {
          formula: 'points / p',
          inputs: { points: own, p: price },
          value,
          decimals: 10,
        },
      );
      return { id, value, trace };
    });
    return {
      benchmark: null,
      values: new Map(ratios.map((r) => [r.id, r.value])),
      rejected: new Map(),
      trace: step('points-per-price', pointsPerPrice.name, { steps: ratios.map((r) => r.trace) }),
    };
  },
};
