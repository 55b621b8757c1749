/** Rate and discount quotes are turned into prices on the published base before any formula sees them. */
import { compare, type Fraction, mul, one, percent, sub, zero } from './fraction.ts';

/** `discount`: percent off the base; `rate`: percent of the base. */
export type Quote = { readonly kind: 'discount' | 'rate'; readonly percent: Fraction };

/** The price in yuan of a quote; null where it is invalid: 0 or less, or above the base. */
export function priceOfQuote(base: Fraction, quote: Quote): Fraction | null {
  const share = percent(quote.percent);
  const price = mul(base, quote.kind === 'rate' ? share : sub(one, share));
  return compare(price, zero) > 0 && compare(price, base) <= 0 ? price : null;
}
