/** Dropping extremes before an average: by count, so of two equal extremes only one goes. */
import { z } from 'zod';
import { compare, type Fraction, mean } from './fraction.ts';
import type { PricedOffer } from './method.ts';
import { step, type TraceStep } from './trace.ts';

/** From `min` offers on, so many are dropped at each end. Below the first tier nothing is dropped. */
export const dropTiers = z
  .array(
    z.strictObject({
      min: z.number().int().min(2).max(2000),
      high: z.number().int().min(0).max(500),
      low: z.number().int().min(0).max(500),
    }),
  )
  .max(20)
  .refine(
    (tiers) => tiers.every((t, i) => t.high + t.low < t.min && (i === 0 || t.min > tiers[i - 1]!.min)),
    'tiers ascend and leave at least one offer',
  )
  .default([{ min: 5, high: 1, low: 1 }]);
export type DropTiers = z.output<typeof dropTiers>;

/** Offers from the lowest price to the highest; equal prices by id, so that the order is one. */
export function ascending(offers: readonly PricedOffer[]): PricedOffer[] {
  return [...offers].sort((a, b) => compare(a.price, b.price) || (a.id < b.id ? -1 : 1));
}

/** Prices in one text, for a trace. */
export const idList = (offers: readonly PricedOffer[]): string => offers.map((o) => o.id).join(' ');

/** The average after dropping what the tier for this many offers asks for. */
export function trimmedMean(offers: readonly PricedOffer[], tiers: DropTiers): { value: Fraction; trace: TraceStep } {
  const tier = tiers.findLast((t) => offers.length >= t.min);
  const sorted = ascending(offers);
  const kept = tier ? sorted.slice(tier.low, sorted.length - tier.high) : sorted;
  const value = mean(kept.map((o) => o.price));
  const trace = step(
    'trimmed-mean',
    { zh: '去极值平均价', en: 'Trimmed average' },
    {
      formula: 'Σ p / m',
      inputs: { n: offers.length, dropped: idList(sorted.filter((o) => !kept.includes(o))), m: kept.length },
      value,
    },
  );
  return { value, trace };
}
