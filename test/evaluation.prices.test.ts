import { describe, expect, it } from 'vitest';
import { abnormallyLow } from '../evaluation/abnormally-low.ts';
import { correctPrice } from '../evaluation/corrections.ts';
import { exactText, parseDecimal } from '../evaluation/fraction.ts';
import { priceOfQuote, type Quote } from '../evaluation/quotes.ts';
import { rank } from '../evaluation/rank.ts';
import { fenOf, input } from './support/offers.ts';

const d = parseDecimal;
const line = (quantity: string, unitPrice: string, total: string) => ({
  quantity: d(quantity),
  unitPrice: d(unitPrice),
  total: d(total),
});

describe('rate and discount quotes', () => {
  it('become prices before the formula: 10 %, 16 %, 0 % off 500,000, weight 20', () => {
    const prices = ['10', '16', '0'].map((p) => priceOfQuote(d('500000'), { kind: 'discount', percent: d(p) })!);
    expect(prices.map(exactText)).toEqual(['450000', '420000', '500000']);
    const offers = prices.map((p, i) => ({ id: 'ABC'[i]!, priceFen: fenOf(exactText(p)) }));
    const result = rank(input({ method: 'lowest-price', params: { full: '20' }, offers }));
    expect(['A', 'B', 'C'].map((id) => result.ranking.find((r) => r.id === id)?.priceScore)).toEqual([
      '18.67',
      '20.00',
      '16.80',
    ]);
  });

  it.each<[string, Quote['kind'], string, string | null]>([
    ['all of it off', 'discount', '100', null],
    ['more than all off', 'discount', '120', null],
    ['a rate of nothing', 'rate', '0', null],
    ['a rate above the base', 'rate', '100.01', null],
    ['a rate of the whole base', 'rate', '100', '500000'],
    ['a rate of 85.5 %', 'rate', '85.5', '427500'],
  ])('%s', (_, kind, percent, price) => {
    const found = priceOfQuote(d('500000'), { kind, percent: d(percent) });
    expect(found && exactText(found)).toBe(price);
  });
});

describe('abnormally low offers', () => {
  const offers = (...yuan: string[]) => yuan.map((y, i) => ({ id: 'ABCD'[i]!, price: d(y) }));

  it('flags 400,000 by the second lowest and the ceiling, not by the mean', () => {
    expect(abnormallyLow(offers('400000', '850000', '950000', '900000'), d('1000000'))).toEqual([
      { id: 'A', grounds: ['half-of-second-lowest', 'share-of-ceiling'] },
    ]);
  });

  it('is strict: on the bound is not below it', () => {
    expect(abnormallyLow(offers('450000', '900000'), d('1000000'))).toEqual([]);
    expect(abnormallyLow(offers('449999.99', '900000'), d('1000000'))).toEqual([
      { id: 'A', grounds: ['half-of-second-lowest', 'share-of-ceiling'] },
    ]);
  });

  it('needs no ceiling and no second offer', () => {
    expect(abnormallyLow(offers('1'), null)).toEqual([]);
    expect(abnormallyLow([], d('1'))).toEqual([]);
  });
});

describe('arithmetic corrections (EC 19, 87: 59)', () => {
  it('corrects words 100,000 against figures 108,000, a wrong total and a displaced point to 100,000', () => {
    const { price, corrections } = correctPrice({
      inWords: d('100000'),
      inFigures: d('108000'),
      lines: [line('10', '8000', '81000'), line('4', '500', '20000')],
    });
    expect(exactText(price)).toBe('100000');
    expect(corrections.map((c) => [c.rule, exactText(c.from), exactText(c.to)])).toEqual([
      ['words-over-figures', '108000', '100000'],
      ['unit-over-total', '81000', '80000'],
      ['displaced-point', '500', '5000'],
    ]);
  });

  it('lets the lines win over the total, and leaves a right sheet alone', () => {
    const lines = [line('2', '100', '200'), line('1.5', '10', '15')];
    expect(correctPrice({ inWords: null, inFigures: d('215'), lines }).corrections).toEqual([]);
    const wrong = correctPrice({ inWords: null, inFigures: d('300'), lines });
    expect([exactText(wrong.price), wrong.corrections.map((c) => c.rule)]).toEqual(['215', ['lines-over-total']]);
  });

  it('takes a factor that is no power of ten, and a unit price of nothing, as arithmetic', () => {
    const sheet = { inWords: null, inFigures: d('0'), lines: [line('4', '500', '18000'), line('1', '0', '100')] };
    const { price, corrections } = correctPrice(sheet);
    expect([exactText(price), corrections.map((c) => c.rule)]).toEqual([
      '2000',
      ['unit-over-total', 'unit-over-total', 'lines-over-total'],
    ]);
  });
});
