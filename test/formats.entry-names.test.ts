import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { entryNames } from '../src/formats/entry-names.ts';

/** Where each room says under which kind strangers see its events. */
const places = [
  ['parties/procedures.ts', /open: '([a-z-]+)'/g],
  ['projects/procedure.ts', /^ {2}[A-Z]\w+: '([a-z-]+)',$/gm],
  ['policies/service.ts', /^ +[A-Z]\w+: '([a-z-]+)',$/gm],
  ['witness/service.ts', /^ {2}[A-Z]\w+: '([a-z-]+)',$/gm],
  ['evaluations/procedure.ts', /return '([a-z-]+)';/g],
  ['awards/procedure.ts', /^ {2}[A-Z]\w+: '([a-z-]+)',$/gm],
] as const;

it.each(places)('%s: every kind of entry has a Chinese name', (path, pattern) => {
  const text = readFileSync(resolve(import.meta.dirname, '../src', path), 'utf8');
  const kinds = [...text.matchAll(pattern)].map(([, kind]) => kind!);
  expect(kinds.length).toBeGreaterThan(4);
  expect(kinds.filter((kind) => !/\p{Script=Han}/u.test(entryNames[kind] ?? ''))).toEqual([]);
});
