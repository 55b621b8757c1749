/**
 * Abnormally low offers in government purchase (财库〔2026〕2, from 2026-02-01): below half of the average of the conforming
 * offers, below half of the second lowest, or below 45 % of the ceiling; all strict. A flag asks for an explanation of at
 * least 30 minutes; it rejects nobody.
 */
import { compare, type Fraction, fraction, mean, mul, percent } from './fraction.ts';

export type LowGround = 'half-of-average' | 'half-of-second-lowest' | 'share-of-ceiling';
export type LowFlag = { readonly id: string; readonly grounds: readonly LowGround[] };

const half = fraction(1, 2);
const ceilingShare = percent(fraction(45));

/** The flagged offers in the order given, each with every ground; prices in yuan. */
export function abnormallyLow(
  offers: readonly { readonly id: string; readonly price: Fraction }[],
  ceiling: Fraction | null,
): readonly LowFlag[] {
  if (offers.length === 0) return [];
  const sorted = offers.map((o) => o.price).sort(compare);
  const second = sorted[1];
  const bounds: readonly (readonly [LowGround, Fraction])[] = [
    ['half-of-average', mul(half, mean(sorted))],
    ...(second ? [['half-of-second-lowest', mul(half, second)] as const] : []),
    ...(ceiling ? [['share-of-ceiling', mul(ceilingShare, ceiling)] as const] : []),
  ];
  return offers.flatMap(({ id, price }) => {
    const grounds = bounds.filter(([, bound]) => compare(price, bound) < 0).map(([ground]) => ground);
    return grounds.length > 0 ? [{ id, grounds }] : [];
  });
}
