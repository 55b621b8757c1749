import { describe, expect, it } from 'vitest';
import { rank } from '../evaluation/rank.ts';
import { findStep } from '../evaluation/trace.ts';
import { criterionOf, fenOf, input, offersOf, prices, scores, sheetOf } from './support/offers.ts';

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
