/**
 * Exact rationals over bigint: a benchmark or a score is never a floating-point number (rules of evaluation: a benchmark is
 * not rounded unless the documents say so). Values are immutable, reduced, with a positive denominator, so equal numbers
 * have equal parts.
 */

/** numerator / denominator; `d` > 0 and gcd(n, d) = 1. Build it with `fraction`. */
export type Fraction = { readonly n: bigint; readonly d: bigint };

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** The reduced fraction n / d; throws a RangeError when d is 0. */
export function fraction(n: bigint | number, d: bigint | number = 1n): Fraction {
  const [top, bottom] = [BigInt(n), BigInt(d)];
  if (bottom === 0n) throw new RangeError('division by zero');
  const divisor = gcd(top, bottom) * (bottom < 0n ? -1n : 1n);
  return { n: top / divisor, d: bottom / divisor };
}

export const zero: Fraction = fraction(0n);
export const one: Fraction = fraction(1n);
export const hundred: Fraction = fraction(100n);

export const add = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
export const sub = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d - b.n * a.d, a.d * b.d);
export const mul = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.n, a.d * b.d);
/** a / b; throws a RangeError when b is 0. */
export const div = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d, a.d * b.n);
export const abs = (a: Fraction): Fraction => (a.n < 0n ? { n: -a.n, d: a.d } : a);

/** -1, 0 or 1 as a is below, equal to or above b. */
export function compare(a: Fraction, b: Fraction): -1 | 0 | 1 {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export const equal = (a: Fraction, b: Fraction): boolean => compare(a, b) === 0;
export const lesser = (a: Fraction, b: Fraction): Fraction => (compare(a, b) <= 0 ? a : b);
export const greater = (a: Fraction, b: Fraction): Fraction => (compare(a, b) >= 0 ? a : b);
export const sum = (values: readonly Fraction[]): Fraction => values.reduce(add, zero);
/** The arithmetic mean; throws a RangeError of an empty list. */
export const mean = (values: readonly Fraction[]): Fraction => div(sum(values), fraction(values.length));
/** p percent as a factor: percent(3) is 3/100. */
export const percent = (p: Fraction): Fraction => div(p, hundred);

/** The greatest whole number that is not above the value. */
export function floor(a: Fraction): bigint {
  const quotient = a.n / a.d;
  return a.n < 0n && a.n % a.d !== 0n ? quotient - 1n : quotient;
}

/** The least whole number that is not below the value. */
export function ceil(a: Fraction): bigint {
  return -floor({ n: -a.n, d: a.d });
}

/** Rounds to so many decimals, half away from zero (四舍五入); the value stays exact. */
export function round(a: Fraction, decimals: number): Fraction {
  const scale = 10n ** BigInt(decimals);
  const magnitude = ((a.n < 0n ? -a.n : a.n) * scale * 2n + a.d) / (a.d * 2n);
  return fraction(a.n < 0n ? -magnitude : magnitude, scale);
}

/** Decimal text with exactly so many decimals, rounded half away from zero: 18.166… with 2 is "18.17". */
export function decimalText(a: Fraction, decimals: number): string {
  const scale = 10n ** BigInt(decimals);
  const rounded = round(a, decimals);
  const units = (rounded.n * scale) / rounded.d;
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${units < 0n ? '-' : ''}${whole}${decimals > 0 ? `.${digits.slice(-decimals)}` : ''}`;
}

/** The whole value as text: a decimal where it ends ("9977.5"), otherwise "69175000/7". `parseExact` reads both. */
export function exactText(a: Fraction): string {
  let [rest, twos, fives] = [a.d, 0, 0];
  for (; rest % 2n === 0n; twos++) rest /= 2n;
  for (; rest % 5n === 0n; fives++) rest /= 5n;
  return rest === 1n ? decimalText(a, Math.max(twos, fives)) : `${a.n}/${a.d}`;
}

const decimalForm = /^(-?)(0|[1-9][0-9]{0,39})(?:\.([0-9]{1,60}))?$/;

/** Reads "-12.50"; throws a RangeError on any other form (exponents, leading zeros, spaces). */
export function parseDecimal(text: string): Fraction {
  const match = decimalForm.exec(text);
  if (!match) throw new RangeError(`not a decimal number: ${text.slice(0, 40)}`);
  const [, sign, whole, part = ''] = match;
  return fraction(BigInt(`${sign}${whole}${part}`), 10n ** BigInt(part.length));
}

/** Reads what `exactText` writes. */
export function parseExact(text: string): Fraction {
  const parts = text.split('/');
  if (parts.length === 1) return parseDecimal(text);
  if (parts.length !== 2 || !parts.every((p) => /^-?[1-9][0-9]*$/.test(p)))
    throw new RangeError(`not a fraction: ${text.slice(0, 40)}`);
  return fraction(BigInt(parts[0]!), BigInt(parts[1]!));
}
