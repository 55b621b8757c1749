import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EvaluationError } from '../evaluation/evaluation-error.ts';
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
import { averageMarks } from '../evaluation/marks.ts';
import { type Ranking, rank } from '../evaluation/rank.ts';
import { allMethods, checkParameters } from '../evaluation/registry.ts';
import type { Criterion, RankInput } from '../evaluation/scheme.ts';
import { findStep } from '../evaluation/trace.ts';

// Offers A to G of the rules of evaluation, in yuan; ceiling 10,500,000.
const letters = ['A', 'B', 'C', 'D', 'E', 'F', 'G'] as const;
const prices = [9_850_000, 10_120_000, 9_980_000, 10_300_000, 9_620_000, 10_050_000, 9_900_000];
const fenOf = (yuan: number | string): string => String(BigInt(yuan) * 100n);
const offersOf = (yuan: readonly (number | string)[]) =>
  yuan.map((price, i) => ({ id: String.fromCharCode(65 + i), priceFen: fenOf(price) }));
const ceilingFen = fenOf(10_500_000);
const input = (change: Partial<RankInput>): RankInput => ({
  method: 'trimmed-average',
  params: {},
  ceilingFen,
  offers: offersOf(prices),
  ...change,
});
const scores = (result: Ranking): string =>
  letters.map((id) => result.ranking.find((r) => r.id === id)?.priceScore ?? '-').join(' ');
const criterionOf = (id: string, part: Criterion['part'], max: string): Criterion => ({
  id,
  part,
  name: { zh: id, en: id },
  max,
  step: '0.5',
});
const sheetOf = (expert: string, marks: Record<string, Record<string, string>>) => ({
  expert,
  marks: Object.entries(marks).flatMap(([offer, row]) =>
    Object.entries(row).map(([criterion, mark]) => ({ offer, criterion, mark })),
  ),
});
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof EvaluationError) return error.code;
    throw error;
  }
  return 'no error';
};

describe('benchmark formulas on offers A to G', () => {
  const table: [name: string, method: string, params: Record<string, unknown>, benchmark: string, scores: string][] = [
    ['trimmed average', 'trimmed-average', {}, '9980000', '99.35 98.60 100.00 96.79 98.20 99.30 99.60'],
    [
      'drawn drop 3 %, - 2 / - 1',
      'trimmed-average',
      { discountPercent: '3', above: '2', below: '1' },
      '9680600',
      '96.50 90.92 93.81 87.20 99.37 92.37 95.47',
    ],
    [
      'the same as K 0.97',
      'trimmed-average',
      { factor: '0.97', above: '2', below: '1' },
      '9680600',
      '96.50 90.92 93.81 87.20 99.37 92.37 95.47',
    ],
    ['weighted with ceiling', 'weighted-ceiling', {}, '9978000', '99.36 98.58 99.98 96.77 98.21 99.28 99.61'],
    ['interval average', 'interval-average', {}, '10012500', '99.19 98.93 99.84 97.13 98.04 99.63 99.44'],
    ['composite', 'composite', {}, '9978500', '99.36 98.58 99.98 96.78 98.20 99.28 99.61'],
    [
      'second average, below',
      'second-average',
      { mode: 'below' },
      '9790000',
      '99.39 96.63 98.06 94.79 99.13 97.34 98.88',
    ],
    [
      'second average, withFirst',
      'second-average',
      { mode: 'withFirst' },
      '69175000/7',
      '99.84 97.59 99.01 95.77 98.67 98.30 99.82',
    ],
    [
      'second average, withLowest',
      'second-average',
      { mode: 'withLowest' },
      '68580000/7',
      '99.46 96.70 98.13 94.87 99.10 97.42 98.95',
    ],
    ['A/B/C value, third drawn', 'abc-value', { positionB: 3 }, '9773050', '99.21 96.45 97.88 94.61 99.22 97.17 98.70'],
    [
      'highway kind',
      'trimmed-average',
      { factor: '0.98', devDecimals: 2 },
      '9780400',
      '99.29 96.53 97.96 94.69 99.18 97.24 98.78',
    ],
    [
      'each started percent',
      'trimmed-average',
      { step: 'ceil' },
      '9980000',
      '99.00 98.00 100.00 96.00 98.00 99.00 99.50',
    ],
  ];
  it.each(table)('%s', (_, method, params, benchmark, expected) => {
    const result = rank(input({ method, params }));
    expect(result.benchmark).toBe(benchmark);
    expect(scores(result)).toBe(expected);
  });

  const rejected = { code: 'not-responsive', article: 'TR 51', reason: 'review' };
  it.each([
    ['opened', '9980000', '99.35 98.60 100.00 - 98.20 99.30 99.60'],
    ['valid', '9945000', '99.52 98.24 99.65 - 98.37 98.94 99.77'],
  ] as const)('D rejected in review, basis %s', (basis, benchmark, expected) => {
    const offers = offersOf(prices).map((o) => (o.id === 'D' ? { ...o, rejected } : o));
    const result = rank(input({ basis, offers }));
    expect([result.benchmark, scores(result)]).toEqual([benchmark, expected]);
    expect(result.rejected).toEqual([{ id: 'D', ...rejected }]);
  });
});

describe('purchase, quality, evaluated price', () => {
  it('scores small business deduction against the lowest deducted price (87: 55)', () => {
    const offers = offersOf([1_980_000, 2_150_000, 1_890_000, 2_300_000]);
    const small = offers.map((o) => (o.id === 'B' ? { ...o, adjustments: { deductionPercent: '15' } } : o));
    const result = rank(input({ method: 'lowest-price', params: { full: '30' }, offers: small, ties: ['price'] }));
    expect(result.benchmark).toBe('1827500');
    expect(['A', 'B', 'C', 'D'].map((id) => result.ranking.find((r) => r.id === id)?.priceScore)).toEqual([
      '27.69',
      '30.00',
      '29.01',
      '23.84',
    ]);
    // The contract is at the offered price.
    expect(result.ranking[0]).toMatchObject({ id: 'B', priceFen: '215000000' });
  });

  it('adds deviations and started weeks to the lowest evaluated price', () => {
    const offers = [
      { id: 'A', priceFen: fenOf(2_000_000), adjustments: { minorDeviations: 2 } },
      { id: 'B', priceFen: fenOf(2_030_000), adjustments: { daysLate: 10 } },
      { id: 'C', priceFen: fenOf(1_000_000), adjustments: { minorDeviations: 6 } },
      { id: 'D', priceFen: fenOf(1_000_000), adjustments: { minorDeviations: 5, missingFen: fenOf(1_000_000) } },
    ];
    const result = rank(input({ method: 'evaluated-price', offers }));
    expect(result.ranking.map((r) => [r.rank, r.id, r.total])).toEqual([
      [1, 'A', '2040000.00'],
      [2, 'D', '2050000.00'],
      [3, 'B', '2050300.00'],
    ]);
    expect(result.rejected.map((r) => [r.id, r.code])).toEqual([['C', 'too-many-deviations']]);
  });

  it('divides the price by the coefficient of features: 92/85', () => {
    const offers = [{ id: 'A', priceFen: fenOf(1_000_000), adjustments: { featureShares: ['5', '2'] } }];
    const result = rank(input({ method: 'feature-price', params: { largestShares: ['10', '5'] }, offers }));
    expect(result.ranking[0]?.total).toBe('923913.04');
    expect(findStep(result.trace, 'evaluated-price:A')?.inputs).toContainEqual({ name: 'coefficient', value: '92/85' });
  });

  it('ranks points per price: 82 / 400,000 beats 90 / 450,000', () => {
    const criteria = [criterionOf('T', 'technical', '100')];
    const sheets = [sheetOf('e1', { A: { T: '90' }, B: { T: '82' } })];
    const result = rank(
      input({
        method: 'points-per-price',
        offers: offersOf([450_000, 400_000]),
        criteria,
        sheets,
        trimMarksFrom: null,
      }),
    );
    expect(result.ranking.map((r) => [r.id, r.total])).toEqual([
      ['B', '0.0002050000'],
      ['A', '0.0002000000'],
    ]);
  });
});

describe('comprehensive total', () => {
  const criteria = [criterionOf('T', 'technical', '45'), criterionOf('C', 'commercial', '20')];
  const technical = ['38', '41.5', '36', '40', '39'];
  const commercial = ['18', '17', '18.5', '18', '19'];
  const sheets = technical.map((T, i) => sheetOf(`e${i}`, { A: { T, C: commercial[i]! } }));

  it('drops the extremes of five marks and sums the parts: 39.00 + 18.17 + 29.50 = 86.67', () => {
    const result = rank(input({ params: { full: '29.50' }, offers: offersOf([9_000_000]), criteria, sheets }));
    expect(result.ranking[0]).toMatchObject({ total: '86.67', priceScore: '29.50' });
    expect(result.ranking[0]?.parts.map((p) => p.average)).toEqual(['39.00', '18.17']);
    expect(result.ranking[0]?.parts[0]?.marks.filter((m) => m.dropped).map((m) => m.mark)).toEqual(['41.50', '36.00']);
  });

  it.each([
    [5, '88.00'],
    [null, '86.90'],
    [6, '86.90'],
  ])('averages 88, 91.5, 79, 90, 86 with trimming from %s: %s', (trimFrom, expected) => {
    const values = ['88', '91.5', '79', '90', '86'].map(parseDecimal);
    expect(decimalText(averageMarks(values, trimFrom, 2).value, 2)).toBe(expected);
  });

  it('weighs the parts where the scheme has weights', () => {
    const weights = { price: '0.5', technical: '2', commercial: '0' };
    const result = rank(input({ params: { full: '29.50' }, offers: offersOf([9_000_000]), criteria, sheets, weights }));
    expect(result.ranking[0]?.total).toBe('92.75');
  });

  it.each([
    ['a mark above the maximum', { A: { T: '45.5', C: '18' } }, 'mark-out-of-range'],
    ['a mark between two steps', { A: { T: '44.3', C: '18' } }, 'mark-out-of-range'],
    ['a missing mark', { A: { T: '44' } }, 'mark-missing'],
    ['an unknown criterion', { A: { T: '44', C: '1', X: '1' } }, 'mark-unknown'],
    ['an unknown offer', { A: { T: '44', C: '1' }, Z: { T: '1' } }, 'mark-unknown'],
  ])('refuses %s', (_, marks, code) => {
    const sheet = sheetOf('e9', marks as Record<string, Record<string, string>>);
    expect(codeOf(() => rank(input({ offers: offersOf([9_000_000]), criteria, sheets: [...sheets, sheet] })))).toBe(
      code,
    );
  });

  it('refuses a mark that is given twice, a second sheet of an expert, and no sheet at all', () => {
    const twice = { expert: 'e9', marks: [...sheets[0]!.marks, sheets[0]!.marks[0]!] };
    const base = { offers: offersOf([9_000_000]), criteria };
    expect(codeOf(() => rank(input({ ...base, sheets: [twice] })))).toBe('mark-duplicate');
    expect(codeOf(() => rank(input({ ...base, sheets: [sheets[0]!, sheets[0]!] })))).toBe('sheet-duplicate');
    expect(codeOf(() => rank(input({ ...base, sheets: [] })))).toBe('sheets-missing');
  });
});

describe('bounds, ties and small numbers', () => {
  it('takes an offer equal to the ceiling and rejects one fen more, zero and negative', () => {
    const offers = [
      { id: 'A', priceFen: ceilingFen },
      { id: 'B', priceFen: String(BigInt(ceilingFen) + 1n) },
      { id: 'C', priceFen: '0' },
      { id: 'D', priceFen: '-5' },
    ];
    const result = rank(input({ offers }));
    expect(result.ranking.map((r) => r.id)).toEqual(['A']);
    expect(result.rejected.map((r) => [r.id, r.code])).toEqual([
      ['B', 'above-ceiling'],
      ['C', 'price-invalid'],
      ['D', 'price-invalid'],
    ]);
  });

  it('drops nothing below the first tier and only one of equal extremes', () => {
    expect(rank(input({ offers: offersOf([100, 200, 300, 500]) })).benchmark).toBe('275');
    expect(rank(input({ offers: offersOf([100, 100, 200, 300, 300]) })).benchmark).toBe('200');
    const tiers = [
      { min: 5, high: 1, low: 1 },
      { min: 10, high: 2, low: 2 },
    ];
    const ten = offersOf([1, 2, 100, 100, 100, 100, 100, 106, 8000, 9000]);
    expect(rank(input({ offers: ten, params: { tiers } })).benchmark).toBe('101');
  });

  it.each(['trimmed-average', 'weighted-ceiling', 'interval-average', 'composite', 'second-average', 'abc-value'])(
    'makes a single offer its own benchmark: %s',
    (method) => {
      const params = method === 'abc-value' ? { positionB: 1 } : {};
      const result = rank(input({ method, params, offers: offersOf([9_000_000]) }));
      expect([result.benchmark, result.ranking[0]?.priceScore]).toEqual(['9000000', '100.00']);
    },
  );

  it('ranks nothing when nothing is valid', () => {
    const result = rank(input({ offers: offersOf([20_000_000, 30_000_000]) }));
    expect([result.ranking, result.benchmark, result.candidates]).toEqual([[], null, []]);
  });

  it('uses the fallback where no offer is in the interval', () => {
    const offers = offersOf([1_000_000, 2_000_000]);
    expect(rank(input({ method: 'interval-average', offers })).benchmark).toBe('10080000');
    expect(rank(input({ method: 'composite', offers })).benchmark).toBe('9975000');
    expect(rank(input({ method: 'abc-value', params: { positionB: 1 }, offers })).benchmark).toBe('9775500');
  });

  it('takes B = C for a single offer in range, and counts on past the end of the range', () => {
    const one = rank(
      input({ method: 'abc-value', params: { positionB: 2 }, offers: offersOf([9_850_000, 1_000_000]) }),
    );
    // (0.5 x 9,975,000 + 0.5 x 9,850,000) x 0.98
    expect(one.benchmark).toBe('9714250');
    const seventh = rank(input({ method: 'abc-value', params: { positionB: 7 } }));
    expect(seventh.benchmark).toBe(rank(input({ method: 'abc-value', params: { positionB: 3 } })).benchmark);
  });

  it('takes bounds of an interval as inside', () => {
    const offers = offersOf([9_870_000, 10_290_000, 9_869_999, 10_290_001]);
    expect(rank(input({ method: 'interval-average', offers })).benchmark).toBe('10080000');
  });

  it('changes to another formula below n valid offers', () => {
    const fewer = { below: 3, method: 'second-average', params: { mode: 'withLowest' } };
    const result = rank(input({ offers: offersOf([100, 200]), fewer }));
    expect([result.method, result.benchmark]).toEqual(['second-average', '125']);
    expect(rank(input({ offers: offersOf([100, 200, 300]), fewer })).method).toBe('trimmed-average');
  });

  it('rounds a benchmark only where the documents say', () => {
    const params = { mode: 'withFirst', benchmarkDecimals: 2 };
    expect(rank(input({ method: 'second-average', params })).benchmark).toBe('9882142.86');
  });

  it('counts only full percents with step floor, and stops at the floor', () => {
    const params = { step: 'floor', floor: '97' };
    expect(scores(rank(input({ params })))).toBe('99.50 99.00 100.00 97.00 98.50 100.00 100.00');
  });

  it('raises the price score of a small business in works (46: 9)', () => {
    const offers = offersOf([90, 100, 110]).map((o) => ({ ...o, adjustments: { raisePercent: '5' } }));
    expect(rank(input({ offers })).ranking.map((r) => r.priceScore)).toEqual(['105.00', '99.75', '94.50']);
  });
});

describe('ranks', () => {
  const criteria = [criterionOf('T', 'technical', '50'), criterionOf('C', 'commercial', '50')];
  const marks = (rows: Record<string, [string, string]>) => [
    sheetOf('e1', Object.fromEntries(Object.entries(rows).map(([id, [T, C]]) => [id, { T, C }]))),
  ];
  const flat = { method: 'trimmed-average', params: { full: '0' }, criteria };

  it('gives 1, 2, 2, 4 and asks for a draw where all tie-breaks are equal', () => {
    const sheets = marks({ A: ['20', '20'], B: ['30', '20'], C: ['20', '20'], D: ['1', '1'] });
    const result = rank(input({ ...flat, offers: offersOf([100, 100, 100, 100]), sheets }));
    expect(result.ranking.map((r) => [r.id, r.rank, r.tied])).toEqual([
      ['B', 1, false],
      ['A', 2, true],
      ['C', 2, true],
      ['D', 4, false],
    ]);
    expect([result.candidates, result.undecided]).toEqual([['B'], [['A', 'C']]]);
  });

  it('breaks ties by lower price, then by higher technical mark', () => {
    const sheets = marks({ A: ['20', '30'], B: ['30', '20'], C: ['25', '25'] });
    const result = rank(input({ ...flat, offers: offersOf([100, 100, 99]), sheets }));
    expect(result.ranking.map((r) => [r.id, r.rank])).toEqual([
      ['C', 1],
      ['B', 2],
      ['A', 3],
    ]);
  });

  it('leaves ties of purchase to the buyer after the price', () => {
    const sheets = marks({ A: ['20', '30'], B: ['30', '20'] });
    const result = rank(input({ ...flat, ties: ['price'], offers: offersOf([100, 100]), sheets }));
    expect(result.ranking.map((r) => r.rank)).toEqual([1, 1]);
  });

  it('takes the order of a draw for a whole tie only', () => {
    const sheets = marks({ A: ['20', '20'], B: ['20', '20'], C: ['1', '1'] });
    const tied = { ...flat, offers: offersOf([100, 100, 100]), sheets };
    const drawn = rank(input({ ...tied, tieOrder: ['B', 'A'] }));
    expect(drawn.ranking.map((r) => [r.id, r.rank, r.tied])).toEqual([
      ['B', 1, false],
      ['A', 2, false],
      ['C', 3, false],
    ]);
    expect(drawn.candidates).toEqual(['B', 'A', 'C']);
    for (const tieOrder of [['A'], ['C'], ['B', 'A', 'C'], ['B', 'B']])
      expect(codeOf(() => rank(input({ ...tied, tieOrder })))).toBe('tie-order-invalid');
  });
});

describe('scheme faults', () => {
  const drawn = { discountPercent: { drawFrom: ['2', '3', '4'] } };
  it.each<[string, Partial<RankInput>, string]>([
    ['an unknown method', { method: 'magic' }, 'method-unknown'],
    ['an unknown parameter', { params: { surprise: 1 } }, 'parameters-invalid'],
    ['a number that is not a decimal text', { params: { full: '1e3' } }, 'parameters-invalid'],
    ['tiers that leave nothing', { params: { tiers: [{ min: 2, high: 1, low: 1 }] } }, 'parameters-invalid'],
    ['no ceiling where the formula needs one', { method: 'composite', ceilingFen: null }, 'ceiling-missing'],
    ['a drawn parameter without a value', { params: drawn }, 'drawn-invalid'],
    ['a drawn value that was not on the list', { params: drawn, drawn: { discountPercent: '5' } }, 'drawn-invalid'],
    ['two offers of one id', { offers: [...offersOf([1]), ...offersOf([1])] }, 'offer-duplicate'],
    [
      'two criteria of one id',
      { criteria: [criterionOf('T', 'technical', '1'), criterionOf('T', 'credit', '1')] },
      'criterion-duplicate',
    ],
    ['a price with a point', { offers: [{ id: 'A', priceFen: '1.5' }] }, 'input-invalid'],
  ])('refuses %s', (_, change, code) => {
    expect(codeOf(() => rank(input(change)))).toBe(code);
  });

  it('uses a drawn value from the published list', () => {
    const params = { ...drawn, above: '2', below: '1' };
    expect(rank(input({ params, drawn: { discountPercent: '3' } })).benchmark).toBe('9680600');
  });

  it('checks every value of a drawn parameter at registration', () => {
    expect(codeOf(() => checkParameters('trimmed-average', drawn))).toBe('no error');
    expect(codeOf(() => checkParameters('trimmed-average', { factor: { drawFrom: ['0.9', 'x'] } }))).toBe(
      'parameters-invalid',
    );
  });
});

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
