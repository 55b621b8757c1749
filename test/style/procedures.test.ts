import { describe, expect, it } from 'vitest';
import { procedures } from '../../src/projects/procedures/registry.ts';

/** A type may lack a row that others have: services know no absolute cap of the bond. */
const codes = new Set(procedures.flatMap(({ rules }) => rules.map(({ code }) => code)));

describe('the rule tables', () => {
  it.each(procedures.map((procedure) => [procedure.type, procedure] as const))(
    '%s: every figure has its article, its marks and a time in which it holds',
    (_type, { rules, stages }) => {
      expect(rules.length).toBeGreaterThan(10);
      for (const rule of rules) {
        expect(rule.article, rule.code).toMatch(/\p{Script=Han}/u);
        expect(rule.articleEn, rule.code).toMatch(/[A-Za-z]/);
        expect(rule.zh, rule.code).toMatch(/\p{Script=Han}/u);
        expect(rule.from, rule.code).toMatch(/^\d{4}-\d\d-\d\d$/);
        expect(rule.to === null || rule.to >= rule.from, rule.code).toBe(true);
        // A figure that is not sure is shown as such: law without a figure would bind nobody.
        expect(rule.value !== null || rule.mark === 'unsure', rule.code).toBe(true);
        expect(rule.mark !== 'unsure' || !rule.checked, rule.code).toBe(true);
      }
      for (const stage of stages) expect(stage.article, stage.id).toMatch(/\p{Script=Han}/u);
    },
  );

  it.each(procedures.map((procedure) => [procedure.type, procedure] as const))(
    '%s: one figure a code and day, and every clock of a stage has its figure',
    (_type, { rules, stages }) => {
      for (const [i, rule] of rules.entries())
        for (const other of rules.slice(i + 1))
          if (rule.code === other.code)
            expect((rule.to ?? '9999') < other.from || (other.to ?? '9999') < rule.from, rule.code).toBe(true);
      expect(stages.flatMap(({ clocks }) => clocks).filter((clock) => !codes.has(clock))).toEqual([]);
    },
  );
});
