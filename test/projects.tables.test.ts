import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { witnessSteps as allWitnessSteps } from '../src/formats/witness-record.ts';
import { readCentreRules } from '../src/projects/centre-rules.ts';
import { procedureOf, procedures, procedureTypes, ruleFor } from '../src/projects/procedures/registry.ts';
import {
  type CentreRule,
  centreFaults,
  isConfirmed,
  type Procedure,
  type Rule,
  ruleOn,
  tightens,
  witnessSteps,
} from '../src/projects/procedures/rule-table.ts';

const rows = procedures.flatMap((p) => p.rules.map((rule) => ({ type: p.type, rule })));
const today = '2026-11-01';

describe('every transaction type', () => {
  it('is a construction tender, open or invited, for works, goods, design or services', () => {
    expect([...procedureTypes].sort()).toEqual(
      ['invited', 'open'].flatMap((way) =>
        ['design', 'goods', 'services', 'works'].map((subject) => `construction-${way}-${subject}`),
      ),
    );
    expect(new Set(procedures.map((p) => p.letters)).size).toBe(4);
  });

  it.each(procedureTypes)('%s: each stage has an article, known clocks and known witness steps', (type) => {
    const procedure = procedureOf(type)!;
    const codes = new Set(procedure.rules.map((r) => r.code));
    for (const stage of procedure.stages) {
      expect(stage.article, stage.id).toMatch(/第.+条/);
      expect(stage.articleEn, stage.id).toMatch(/art\. \d/);
      expect(stage.clocks.filter((code) => !codes.has(code) && code !== 'bond-cap')).toEqual([]);
      expect(allWitnessSteps).toEqual(expect.arrayContaining([...stage.witness]));
    }
    expect(new Set(procedure.stages.map((s) => s.id)).size).toBe(procedure.stages.length);
    expect(witnessSteps(procedure)).toEqual([
      'close',
      'release',
      'opening',
      'announcement',
      'evaluation-entry',
      'evaluation-end',
      'award',
    ]);
  });
});

describe('every row', () => {
  it('names its article in both languages, its figure, what it counts from and what it says', () => {
    expect(rows.length).toBeGreaterThan(200);
    for (const { type, rule } of rows) {
      const where = `${type} ${rule.code}`;
      expect(rule.article, where).toMatch(/\p{Script=Han}/u);
      expect(rule.articleEn, where).toMatch(/^[A-Z]/);
      expect(rule.articleEn, where).not.toMatch(/\p{Script=Han}/u);
      if (rule.mark === 'law') expect(rule.article, where).toMatch(/第.+条/);
      expect(rule.zh, where).toMatch(/\p{Script=Han}/u);
      expect(rule.en, where).toMatch(/^[A-Z]/);
      expect(rule.counts, where).toMatch(/^[a-z-]+$/);
      expect(rule.value === null || (Number.isSafeInteger(rule.value) && rule.value >= 0), where).toBe(true);
      expect(rule.to === null || rule.from <= rule.to, where).toBe(true);
    }
  });

  it('is alone in force: rows of one code do not overlap', () => {
    for (const { type, rules } of procedures)
      for (const [i, a] of rules.entries())
        for (const b of rules.slice(i + 1))
          if (a.code === b.code) {
            const apart = (a.to !== null && a.to < b.from) || (b.to !== null && b.to < a.from);
            expect([type, a.code, apart]).toEqual([type, a.code, true]);
          }
  });

  it('is unconfirmed when it is unsure or its text was not read', () => {
    const unsure = rows.filter(({ rule }) => rule.mark === 'unsure' || !rule.checked);
    expect(unsure.length).toBeGreaterThan(0);
    for (const { rule } of unsure) expect(isConfirmed(rule)).toBe(false);
    expect(isConfirmed(ruleFor('construction-open-works', 'deadline-distance', today)!)).toBe(true);
  });

  it.each([
    ['construction-open-works', 'documents-period', 5, 'd'],
    ['construction-open-works', 'deadline-distance', 20, 'd'],
    ['construction-open-works', 'clarification-before', 15, 'd'],
    ['construction-open-works', 'documents-objection-before', 10, 'd'],
    ['construction-open-works', 'documents-objection-answer', 3, 'd'],
    ['construction-open-goods', 'bond-cap', 80_000_000, 'fen'],
    ['construction-open-design', 'bond-cap', 10_000_000, 'fen'],
    ['construction-open-works', 'committee-size', 5, 'count'],
    ['construction-open-works', 'candidates-publicity', 3, 'd'],
    ['construction-open-works', 'contract-within', 30, 'd'],
    ['construction-open-works', 'complaint-decide-within', 30, 'wd'],
    ['construction-invited-works', 'fewest-invited', 3, 'count'],
    ['construction-open-works', 'mandatory-from', 400_000_000, 'fen'],
  ])('%s %s is %i %s', (type, code, value, unit) => {
    expect(ruleFor(type, code, today)).toMatchObject({ value, unit, centre: null });
  });

  it('does not bind before it was in force, nor in a type that lacks it', () => {
    expect(ruleFor('construction-open-works', 'deadline-distance', '2019-03-01')).toBeNull();
    expect(ruleFor('construction-open-services', 'bond-cap', today)).toBeNull();
    expect(ruleFor('construction-open-works', 'fewest-invited', today)).toBeNull();
    expect(ruleFor('barter', 'deadline-distance', today)).toBeNull();
  });
});

const rule = (more: Partial<Rule>): Rule => ({
  code: 'x',
  value: 5,
  unit: 'd',
  kind: 'at-least',
  counts: 'notice',
  mark: 'law',
  checked: true,
  article: '第一条',
  articleEn: 'Art. 1',
  from: '2020-01-01',
  to: null,
  zh: '文',
  en: 'Text',
  ...more,
});

describe("a centre's own figures", () => {
  it.each([
    ['at-least', 5, 6, true],
    ['at-least', 5, 4, false],
    ['before-deadline', 15, 14, false],
    ['at-most', 3, 2, true],
    ['at-most', 3, 4, false],
    ['exactly', 1, 1, true],
    ['exactly', 1, 0, false],
    ['threshold', 100, 90, false],
  ] as const)('%s %i may become %i: %s', (kind, value, own, allowed) => {
    expect(tightens(rule({ kind, value }), own)).toBe(allowed);
  });

  it('never loosen a [law] row, whatever a table says', () => {
    const kinds = fc.constantFrom('at-least', 'at-most', 'before-deadline', 'exactly', 'threshold');
    fc.assert(
      fc.property(kinds, fc.nat(60), fc.nat(60), (kind, value, own) => {
        const procedure: Procedure = { ...procedures[0]!, rules: [rule({ kind: kind as Rule['kind'], value })] };
        const centre: CentreRule[] = [{ type: '*', code: 'x', value: own, source: 's', from: '2020-01-01', to: null }];
        const binds = ruleOn(procedure, 'x', today, centre)!.value;
        if (kind === 'at-least' || kind === 'before-deadline') expect(binds).toBeGreaterThanOrEqual(value);
        else if (kind === 'at-most') expect(binds).toBeLessThanOrEqual(value);
        else expect(binds).toBe(value);
        expect(centreFaults([procedure], centre).length === 0).toBe(binds === own);
      }),
    );
  });

  it('switch practice, and give unsure rows the figure that they lack', () => {
    const unsure = rule({ mark: 'unsure', value: null });
    const procedure: Procedure = {
      ...procedures[0]!,
      rules: [unsure, rule({ code: 'y', mark: 'practice', value: 1 })],
    };
    const centre = ['x', 'y'].map((code) => ({ type: '*', code, value: 0, source: 's', from: '2026-01-01', to: null }));
    expect(ruleOn(procedure, 'x', today)).toBeNull();
    expect(ruleOn(procedure, 'x', today, centre)).toMatchObject({ value: 0, centre: 's' });
    expect(ruleOn(procedure, 'y', today, centre)?.value).toBe(0);
    expect(ruleOn(procedure, 'y', '2025-12-31', centre)?.value).toBe(1);
  });

  const folder = mkdtempSync(join(tmpdir(), 'yangguang-centre-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const read = (table: unknown) => {
    writeFileSync(join(folder, 'centre-rules.json'), JSON.stringify(table));
    return () => readCentreRules(folder);
  };
  const own = { type: '*', code: 'deadline-distance', value: 25, source: '本市规则', from: '2026-01-01' };

  it('are read from the data folder; a loosening, an unknown row or a stray field stops the start with its name', () => {
    expect(readCentreRules(join(folder, 'nowhere'))).toEqual([]);
    expect(read([own])()).toEqual([{ ...own, to: null }]);
    expect(read([{ ...own, value: 19 }])).toThrow(/deadline-distance: 19 loosens 20 \(招标投标法第二十四条\)/);
    expect(read([{ ...own, code: 'no-such-row' }])).toThrow(/no-such-row: no such row/);
    expect(read([{ ...own, vlaue: 1 }])).toThrow();
  });
});

describe('the shape', () => {
  /** Rows of the other transaction types, as the rules page gives them: they fit without a new field. */
  it('carries purchase, land, plates and intermediaries', () => {
    const purchase: Procedure = {
      type: 'purchase-open-goods',
      zh: '政府采购公开招标（货物）',
      en: 'Open government purchase of goods',
      letters: 'ZC',
      invited: false,
      rules: [
        rule({ code: 'documents-period', value: 5, unit: 'wd', article: '87 号令第十八条' }),
        rule({ code: 'price-weight', value: 30, unit: 'percent', counts: 'total', article: '87 号令第五十五条' }),
        rule({ code: 'committee-size-large', value: 7, unit: 'count', counts: 'committee' }),
        rule({ code: 'committee-large-from', value: 1_000_000_000, unit: 'fen', kind: 'threshold', counts: 'budget' }),
        rule({ code: 'open-from', value: null, unit: 'fen', kind: 'threshold', mark: 'unsure', counts: 'budget' }),
        rule({ code: 'records', value: 15, unit: 'year', counts: 'end' }),
        rule({ code: 'bond-return', value: 5, unit: 'wd', kind: 'at-most', to: '2026-06-30' }),
        rule({ code: 'bond-return', value: 3, unit: 'wd', kind: 'at-most', from: '2026-07-01' }),
      ],
      stages: [],
    };
    expect(ruleOn(purchase, 'documents-period', today)).toMatchObject({ value: 5, unit: 'wd' });
    expect(ruleOn(purchase, 'open-from', today)).toBeNull();
    expect(ruleOn(purchase, 'bond-return', '2026-06-30')?.value).toBe(5);
    expect(ruleOn(purchase, 'bond-return', '2026-07-01')?.value).toBe(3);
    const land = [
      rule({ code: 'listing', value: 10, unit: 'd', counts: 'listing' }),
      rule({ code: 'wait', value: 240, unit: 'second', mark: 'practice', checked: false, counts: 'price' }),
      rule({ code: 'deposit', value: 20, unit: 'percent', counts: 'lowest-price' }),
    ];
    expect(ruleOn({ ...purchase, rules: land }, 'wait', today)).toMatchObject({ value: 240, unit: 'second' });
  });
});
