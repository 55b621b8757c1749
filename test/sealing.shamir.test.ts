import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../src/formats/bytes.ts';
import { interpolate, multiply, randomBytes, split } from '../src/sealing/index.ts';

const byte = fc.integer({ min: 0, max: 255 });
const secretKN = fc
  .tuple(fc.uint8Array({ minLength: 1, maxLength: 80 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 6 }))
  .map(([secret, k, more]) => ({ secret, k, n: k + more }));

describe('GF(256) modulo 0x11b', () => {
  it('products of FIPS 197 section 4.2', () => {
    expect(multiply(0x57, 0x83)).toBe(0xc1);
    expect(multiply(0x57, 0x13)).toBe(0xfe);
  });

  it('is the product by shifting and adding', () => {
    const slow = (a: number, b: number) => {
      let product = 0;
      for (let bit = 7; bit >= 0; bit--) {
        product = (product << 1) ^ (product & 0x80 ? 0x11b : 0);
        if ((b >> bit) & 1) product ^= a;
      }
      return product;
    };
    for (let a = 0; a < 256; a++)
      for (let b = 0; b < 256; b++) if (multiply(a, b) !== slow(a, b)) expect([a, b]).toBe(0);
  });

  it('is commutative, associative and distributive over exclusive or', () => {
    fc.assert(
      fc.property(byte, byte, byte, (a, b, c) => {
        expect(multiply(a, b)).toBe(multiply(b, a));
        expect(multiply(a, multiply(b, c))).toBe(multiply(multiply(a, b), c));
        expect(multiply(a, b ^ c)).toBe(multiply(a, b) ^ multiply(a, c));
      }),
    );
  });
});

describe('secret sharing', () => {
  it('any k shares restore the secret and every other share', () => {
    fc.assert(
      fc.property(secretKN, fc.nat(), ({ secret, k, n }, turn) => {
        const shares = split(secret, k, n, randomBytes);
        const chosen = Array.from({ length: k }, (_, i) => shares[(i + turn) % n]!);
        expect(interpolate(chosen, 0)).toEqual(secret);
        for (const { x, y } of shares) expect(interpolate(chosen, x)).toEqual(y);
      }),
    );
  });

  it('a known polynomial: 0x42 + 0x07 x + 0x99 x^2', () => {
    const fixed = [Uint8Array.of(0x07), Uint8Array.of(0x99)];
    const shares = split(Uint8Array.of(0x42), 3, 4, () => fixed.shift()!);
    // By hand: x=1: 42^07^99 = dc; x=2: 42^0e^(99*4); x=3: 42^09^(99*5); 99*2=29, 99*4=52, 99*5=cb.
    expect(shares.map((s) => s.y[0])).toEqual([
      0xdc,
      0x42 ^ 0x0e ^ 0x52,
      0x42 ^ 0x09 ^ 0xcb,
      multiply(0x99, 0x10) ^ 0x42 ^ 0x1c,
    ]);
  });

  it('k - 1 shares fit every secret: they tell nothing', () => {
    const shares = split(utf8('s'), 3, 4, randomBytes).slice(0, 2);
    const secrets = new Set<number>();
    for (let y = 0; y < 256; y++) secrets.add(interpolate([...shares, { x: 3, y: Uint8Array.of(y) }], 0)[0]!);
    expect(secrets.size).toBe(256);
  });

  it('a changed share gives another secret', () => {
    fc.assert(
      fc.property(secretKN, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ secret, k, n }, at, flip) => {
        const shares = split(secret, k, n, randomBytes).slice(0, k);
        shares[0]!.y[at % secret.length]! ^= flip;
        expect(interpolate(shares, 0)).not.toEqual(secret);
      }),
    );
  });

  it('refuses impossible numbers, a share twice and shares of two lengths', () => {
    for (const [k, n] of [
      [0, 3],
      [4, 3],
      [2, 256],
    ] as const)
      expect(() => split(utf8('s'), k, n, randomBytes)).toThrow(RangeError);
    const y = Uint8Array.of(1);
    expect(() =>
      interpolate(
        [
          { x: 1, y },
          { x: 1, y },
        ],
        0,
      ),
    ).toThrow(RangeError);
    expect(() =>
      interpolate(
        [
          { x: 1, y },
          { x: 2, y: Uint8Array.of(1, 2) },
        ],
        0,
      ),
    ).toThrow(RangeError);
    expect(() => interpolate([], 0)).toThrow(RangeError);
  });
});
