/**
 * Shamir's secret sharing over GF(256), modulus 0x11b (the field of AES), byte by byte (trust protocol 3). Officers stand
 * at x = 1..n, the secret at 0. Any k shares fix the polynomial, hence all other shares: the opening recomputes them
 * all, so a dealer who made them inconsistent is found whoever came.
 */
export type Point = { readonly x: number; readonly y: Uint8Array };

/** Powers and logarithms to the generator 3; products become sums of exponents. */
const exp = new Uint8Array(510);
const log = new Uint8Array(256);
for (let i = 0, power = 1; i < 255; i++) {
  exp[i] = power;
  exp[i + 255] = power;
  log[power] = i;
  power ^= (power << 1) ^ (power & 0x80 ? 0x11b : 0);
}

/** Product in GF(256). Table lookups may leak timing to a process on the same core; the shares are about to be sent away. */
export function multiply(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : exp[log[a]! + log[b]!]!;
}

function divide(a: number, b: number): number {
  return a === 0 ? 0 : exp[log[a]! + 255 - log[b]!]!;
}

/** Splits the secret into n shares of its own length, any k of which restore it. `random` must be cryptographic. */
export function split(secret: Uint8Array, k: number, n: number, random: (bytes: number) => Uint8Array): Point[] {
  if (!(1 <= k && k <= n && n <= 255)) throw new RangeError(`cannot split ${k} of ${n}`);
  const coefficients = [secret, ...Array.from({ length: k - 1 }, () => random(secret.length))];
  return Array.from({ length: n }, (_, i) => ({ x: i + 1, y: evaluate(coefficients, i + 1) }));
}

/** The polynomial at x by Horner's rule; coefficients from the constant upwards, one polynomial a byte. */
function evaluate(coefficients: readonly Uint8Array[], x: number): Uint8Array {
  const y = new Uint8Array(coefficients[0]!.length);
  for (const coefficient of coefficients.toReversed())
    for (let i = 0; i < y.length; i++) y[i] = multiply(y[i]!, x) ^ coefficient[i]!;
  return y;
}

/** The value at `at` of the one polynomial of degree below k through k points (Lagrange); 0 gives the secret. */
export function interpolate(points: readonly Point[], at: number): Uint8Array {
  const length = points[0]?.y.length;
  if (length === undefined || points.some((p) => p.y.length !== length))
    throw new RangeError('shares differ in length');
  if (new Set(points.map((p) => p.x)).size !== points.length) throw new RangeError('a share stands twice');
  const sum = new Uint8Array(length);
  for (const { x, y } of points) {
    let weight = 1;
    // Subtraction is addition is exclusive or.
    for (const other of points) if (other.x !== x) weight = multiply(weight, divide(at ^ other.x, x ^ other.x));
    for (let i = 0; i < length; i++) sum[i]! ^= multiply(y[i]!, weight);
  }
  return sum;
}
