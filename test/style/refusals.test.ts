import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { RefusalText } from '../../src/platform/refusal.ts';

const root = resolve(import.meta.dirname, '../..');
/** Every file of the product that makes refusals; its table must be exported, so that this test and the API page can read it. */
const makers = globSync('src/**/*.ts', { cwd: root }).filter(
  (path) => /\brefusalsOf[<(]/.test(readFileSync(join(root, path), 'utf8')) && !path.endsWith('platform/refusal.ts'),
);
const knownStatuses = [
  400, 401, 403, 404, 405, 408, 409, 410, 411, 412, 413, 415, 416, 422, 423, 425, 429, 500, 503, 507,
];

const isTable = (value: unknown): value is Record<string, RefusalText> =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).length > 0 &&
  Object.values(value).every((line) => typeof line === 'object' && line !== null && 'zh' in line && 'status' in line);

async function tablesOf(path: string): Promise<Record<string, RefusalText>[]> {
  const module = (await import(pathToFileURL(join(root, path)).href)) as Record<string, unknown>;
  return Object.values(module).filter(isTable);
}

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
