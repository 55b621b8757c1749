import { describe, expect, it } from 'vitest';
import { decimalText, parseDecimal } from '../evaluation/fraction.ts';
import { averageMarks } from '../evaluation/marks.ts';
import { rank } from '../evaluation/rank.ts';
import { checkParameters } from '../evaluation/registry.ts';
import type { RankInput } from '../evaluation/scheme.ts';
import { ceilingFen, codeOf, criterionOf, input, offersOf, scores, sheetOf } from './support/offers.ts';

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
