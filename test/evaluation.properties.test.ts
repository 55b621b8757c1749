import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  compare,
  decimalText,
  div,
  exactText,
  fraction,
  mul,
  parseDecimal,
  parseExact,
  round,
  sub,
} from '../evaluation/fraction.ts';
import { rank } from '../evaluation/rank.ts';
import { allMethods } from '../evaluation/registry.ts';
import { input, offersOf } from './support/offers.ts';

describe('properties', () => {
  const yuan = fc.integer({ min: 1, max: 20_000_000 });
  const methods = fc.constantFrom(
    ...allMethods
      .filter((m) => m.yields === 'price-score')
      .map((m) => ({ method: m.id, params: m.id === 'abc-value' ? { positionB: 3 } : {} })),
  );
  const someOffers = fc.array(yuan, { minLength: 1, maxLength: 12 }).map(offersOf);

  it('does not depend on the order of bidders', () => {
    fc.assert(
      fc.property(
        methods,
        someOffers.chain((o) => fc.tuple(fc.constant(o), fc.shuffledSubarray(o, { minLength: o.length }))),
        (m, [offers, shuffled]) => {
          expect(rank(input({ ...m, offers: shuffled }))).toEqual(rank(input({ ...m, offers })));
        },
      ),
    );
  });

  it('gives equal offers equal scores and equal ranks', () => {
    fc.assert(
      fc.property(methods, someOffers, (m, offers) => {
        const rows = rank(input({ ...m, offers })).ranking;
        for (const a of rows)
          for (const b of rows)
            if (a.priceFen === b.priceFen) expect([a.priceScore, a.rank]).toEqual([b.priceScore, b.rank]);
      }),
    );
  });

  it('makes ranks that count the better offers', () => {
    fc.assert(
      fc.property(methods, someOffers, (m, offers) => {
        const rows = rank(input({ ...m, offers })).ranking;
        rows.forEach((row, i) => {
          expect(row.rank).toBe(rows[i - 1]?.rank === row.rank ? rows[i - 1]!.rank : i + 1);
        });
      }),
    );
  });

  it('stays between floor and full, and scales with the unit of money', () => {
    fc.assert(
      fc.property(fc.constantFrom('trimmed-average', 'second-average'), someOffers, (method, offers) => {
        const plain = rank(input({ method, offers, ceilingFen: null }));
        const tenfold = offers.map((o) => ({ ...o, priceFen: `${o.priceFen}0` }));
        const scaled = rank(input({ method, offers: tenfold, ceilingFen: null }));
        expect(scaled.ranking.map((r) => [r.id, r.priceScore])).toEqual(plain.ranking.map((r) => [r.id, r.priceScore]));
        for (const { priceScore } of plain.ranking) {
          expect(Number(priceScore)).toBeGreaterThanOrEqual(0);
          expect(Number(priceScore)).toBeLessThanOrEqual(100);
        }
      }),
    );
  });

  it('computes exactly: the trimmed average times its count is the sum of what was kept', () => {
    fc.assert(
      fc.property(someOffers, fc.integer({ min: 0, max: 99 }), (offers, cents) => {
        // Awkward fen, so that nothing divides evenly.
        const awkward = offers.map((o, i) => ({
          ...o,
          priceFen: String(BigInt(o.priceFen) + BigInt((cents * (i + 7)) % 100)),
        }));
        const { benchmark } = rank(input({ offers: awkward, ceilingFen: null }));
        const sorted = awkward.map((o) => BigInt(o.priceFen)).sort((a, b) => (a < b ? -1 : 1));
        const kept = sorted.length >= 5 ? sorted.slice(1, -1) : sorted;
        const total = kept.reduce((a, b) => a + b, 0n);
        expect(mul(parseExact(benchmark!), fraction(kept.length))).toEqual(fraction(total, 100n));
      }),
    );
  });

  it('is JSON through and through', () => {
    fc.assert(
      fc.property(methods, someOffers, (m, offers) => {
        const result = rank(input({ ...m, offers }));
        expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      }),
    );
  });
});

describe('fractions', () => {
  const any = fc.tuple(fc.bigInt(-(10n ** 15n), 10n ** 15n), fc.bigInt(1n, 10n ** 6n)).map(([n, d]) => fraction(n, d));

  it('keeps the laws of a field exactly', () => {
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        expect(mul(a, add(b, c))).toEqual(add(mul(a, b), mul(a, c)));
        expect(sub(add(a, b), b)).toEqual(a);
        if (b.n !== 0n) expect(mul(div(a, b), b)).toEqual(a);
      }),
    );
  });

  it('writes exact texts that read back the same', () => {
    fc.assert(fc.property(any, (a) => void expect(parseExact(exactText(a))).toEqual(a)));
  });

  it('rounds half away from zero and never by more than half a unit', () => {
    expect(['18.165', '0.005', '-0.005', '2.675', '99.994'].map((t) => decimalText(parseDecimal(t), 2))).toEqual([
      '18.17',
      '0.01',
      '-0.01',
      '2.68',
      '99.99',
    ]);
    fc.assert(
      fc.property(any, (a) => {
        const off = sub(round(a, 2), a);
        expect(compare(off.n < 0n ? { ...off, n: -off.n } : off, fraction(1n, 200n))).toBeLessThanOrEqual(0);
      }),
    );
  });

  it.each(['1e3', '01', ' 1', '1.', '.5', '+1', 'NaN', '1,000', '1/0', '1/2/3'])('does not read %s', (text) => {
    expect(() => parseExact(text)).toThrow(RangeError);
  });
});
