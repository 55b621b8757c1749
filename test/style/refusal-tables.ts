/** The refusal tables of the product, found where they are made. */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RefusalText } from '../../src/platform/refusal.ts';

const root = resolve(import.meta.dirname, '../..');
/** Every file of the product that makes refusals; its table must be exported, so that this test and the API page can read it. */
export const makers = globSync('src/**/*.ts', { cwd: root }).filter(
  (path) => /\brefusalsOf[<(]/.test(readFileSync(join(root, path), 'utf8')) && !path.endsWith('platform/refusal.ts'),
);
const isTable = (value: unknown): value is Record<string, RefusalText> =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).length > 0 &&
  Object.values(value).every((line) => typeof line === 'object' && line !== null && 'zh' in line && 'status' in line);

export async function tablesOf(path: string): Promise<Record<string, RefusalText>[]> {
  const module = (await import(pathToFileURL(join(root, path)).href)) as Record<string, unknown>;
  return Object.values(module).filter(isTable);
}

/** Every code that some table explains. */
export async function refusalCodes(): Promise<string[]> {
  const tables = await Promise.all(['src/platform/refusal.ts', ...makers].map(tablesOf));
  return tables.flat().flatMap((table) => Object.keys(table));
}
