/**
 * Arithmetic corrections of a price sheet (EC 19; 87: 59): words win over figures; the unit price wins over the line's
 * total, unless its decimal point is plainly displaced; the sum of the lines wins over the total. The bidder confirms the
 * corrected price, else the offer is invalid; a corrected price above the ceiling is rejected.
 */
import { div, equal, type Fraction, fraction, mul, sum } from './fraction.ts';

/** Quantities and prices in yuan as the bidder wrote them. */
export type PriceLine = { readonly quantity: Fraction; readonly unitPrice: Fraction; readonly total: Fraction };
export type PriceSheet = {
  readonly inWords: Fraction | null;
  readonly inFigures: Fraction;
  readonly lines: readonly PriceLine[];
};

export type Correction =
  | { readonly rule: 'words-over-figures'; readonly from: Fraction; readonly to: Fraction }
  | { readonly rule: 'unit-over-total'; readonly line: number; readonly from: Fraction; readonly to: Fraction }
  /** The line's total stays and its unit price is corrected. */
  | { readonly rule: 'displaced-point'; readonly line: number; readonly from: Fraction; readonly to: Fraction }
  | { readonly rule: 'lines-over-total'; readonly from: Fraction; readonly to: Fraction };

const displacements: readonly Fraction[] = [1, 2, 3].flatMap((places) => [
  fraction(10n ** BigInt(places)),
  fraction(1n, 10n ** BigInt(places)),
]);

/** The corrected price and what was corrected, in the order of the rules; lines count from 1. */
export function correctPrice(sheet: PriceSheet): {
  readonly price: Fraction;
  readonly corrections: readonly Correction[];
} {
  const corrections: Correction[] = [];
  const stated = sheet.inWords ?? sheet.inFigures;
  if (!equal(stated, sheet.inFigures))
    corrections.push({ rule: 'words-over-figures', from: sheet.inFigures, to: stated });
  const totals = sheet.lines.map(({ quantity, unitPrice, total }, i) => {
    const product = mul(quantity, unitPrice);
    if (equal(product, total)) return total;
    const factor = product.n === 0n ? null : div(total, product);
    // Off by a power of ten exactly: the point of the unit price slipped, not the arithmetic.
    if (factor && displacements.some((d) => equal(d, factor))) {
      corrections.push({ rule: 'displaced-point', line: i + 1, from: unitPrice, to: mul(unitPrice, factor) });
      return total;
    }
    corrections.push({ rule: 'unit-over-total', line: i + 1, from: total, to: product });
    return product;
  });
  if (totals.length === 0) return { price: stated, corrections };
  const price = sum(totals);
  if (!equal(price, stated)) corrections.push({ rule: 'lines-over-total', from: stated, to: price });
  return { price, corrections };
}
