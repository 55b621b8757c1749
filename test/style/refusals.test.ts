import { describe, expect, it } from 'vitest';
import { makers, tablesOf } from './refusal-tables.ts';

const knownStatuses = [
  400, 401, 403, 404, 405, 408, 409, 410, 411, 412, 413, 415, 416, 422, 423, 425, 429, 500, 503, 507,
];

describe('refusals', () => {
  it.each(['src/platform/refusal.ts', ...makers])(
    '%s says each in both languages with a known status',
    async (path) => {
      const tables = await tablesOf(path);
      expect(tables.length).toBeGreaterThan(0);
      for (const [code, line] of tables.flatMap((table) => Object.entries(table))) {
        expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(line.zh, code).toMatch(/\p{Script=Han}/u);
        expect(line.en, code).toMatch(/^[A-Z]/);
        expect(line.en, code).not.toMatch(/\p{Script=Han}/u);
        expect(knownStatuses, code).toContain(line.status);
      }
    },
  );

  it('one code has one status, in whichever room it is given', async () => {
    const statuses = new Map<string, Set<number>>();
    for (const path of ['src/platform/refusal.ts', ...makers])
      for (const table of await tablesOf(path))
        for (const [code, { status }] of Object.entries(table))
          statuses.set(code, (statuses.get(code) ?? new Set()).add(status));
    expect([...statuses].filter(([, given]) => given.size > 1)).toEqual([]);
  });
});
