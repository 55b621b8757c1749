/** RSA moduli that are known to be factored easily; a certificate for one would let anybody sign as its holder. */

/**
 * Primes of the fingerprint of keys from a broken generator (ROCA, CVE-2017-15361): modulo each of them such a modulus is
 * a power of 65537. Another modulus passes all of them by chance once in about 2^27.
 */
const fingerprintPrimes = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157] as const;

const powersOf65537 = fingerprintPrimes.map((prime) => {
  const powers = new Set<number>();
  for (let value = 1; !powers.has(value); value = (value * 65537) % prime) powers.add(value);
  return { prime: BigInt(prime), powers };
});

/** Rounds of Fermat's method: finds factors that lie close together (CVE-2022-26320) and no others. */
const fermatRounds = 100;
/** Divisors up to this are tried. */
const smallFactorBound = 10_000;

export type KeyWeakness = 'small-factor' | 'roca' | 'close-primes';

/** Why a modulus is weak; null where no known weakness shows. The modulus is the applicant's: any number above 2^2047. */
export function weaknessOf(modulus: bigint): KeyWeakness | null {
  if (hasSmallFactor(modulus)) return 'small-factor';
  if (powersOf65537.every(({ prime, powers }) => powers.has(Number(modulus % prime)))) return 'roca';
  return hasClosePrimes(modulus) ? 'close-primes' : null;
}

function hasSmallFactor(modulus: bigint): boolean {
  return gcd(modulus % smallPrimorial, smallPrimorial) !== 1n;
}

/** The product of all primes up to the bound: one reduction of the modulus tries them all. */
const smallPrimorial = (() => {
  const composite = new Uint8Array(smallFactorBound + 1);
  let product = 1n;
  for (let n = 2; n <= smallFactorBound; n++) {
    if (composite[n]) continue;
    product *= BigInt(n);
    for (let multiple = n * n; multiple <= smallFactorBound; multiple += n) composite[multiple] = 1;
  }
  return product;
})();

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}

function hasClosePrimes(modulus: bigint): boolean {
  let middle = squareRoot(modulus);
  if (middle * middle === modulus) return true;
  for (let round = 0; round < fermatRounds; round++) {
    middle += 1n;
    const rest = middle * middle - modulus;
    const root = squareRoot(rest);
    if (root * root === rest) return true;
  }
  return false;
}

/** Floor of the square root, by Newton's method from above. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let x = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (x + value / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}
