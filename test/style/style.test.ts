import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionsOf } from './measure.ts';

const root = resolve(import.meta.dirname, '../..');
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)));
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const product = tracked.filter((path) => /^(src|evaluation|migrations)\/.*\.tsx?$/.test(path));
const tests = tracked.filter((path) => /^test\/.*\.tsx?$/.test(path));
/** Code without comments and strings, so that a rule may be spoken about. */
const bare = (path: string): string =>
  text(path)
    .replace(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*$/gm, '')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
const filesWith = (pattern: RegExp, paths: readonly string[]): string[] => paths.filter((p) => pattern.test(bare(p)));

const limits = { fileLines: 350, testLines: 500, functionLines: 70 };
/** The ratchet: what is larger than the limits today, with its size. It may only shrink; a line goes when it is small enough. */
const { files: larger, functions: longer } = JSON.parse(text('test/style/larger.json')) as {
  files: Record<string, number>;
  /** Longest function of a file. */
  functions: Record<string, number>;
};

describe('sizes', () => {
  it.each([
    ['file of the product', product, limits.fileLines],
    ['test file', tests, limits.testLines],
  ] as const)('no %s is longer than its limit, and the exceptions shrink', (_kind, paths, limit) => {
    const lines = new Map(paths.map((path) => [path, text(path).split('\n').length - 1]));
    expect([...lines].filter(([path, size]) => size > Math.max(limit, larger[path] ?? 0))).toEqual([]);
    const stale = Object.keys(larger).filter((path) => lines.has(path) && lines.get(path)! < larger[path]!);
    expect(stale, 'smaller than larger.json says: lower the figure or delete the line').toEqual([]);
  });

  it('no function is longer than a screen, and the exceptions shrink', () => {
    const longest = product.map((path) => {
      const measured = functionsOf(join(root, path)).toSorted((a, b) => b.ownLines - a.ownLines)[0];
      return { path, line: measured?.line ?? 0, lines: measured?.ownLines ?? 0 };
    });
    expect(longest.filter(({ path, lines }) => lines > Math.max(limits.functionLines, longer[path] ?? 0))).toEqual([]);
    expect(longest.filter(({ path, lines }) => lines < (longer[path] ?? 0))).toEqual([]);
  });
});

describe('words', () => {
  it('no file is named after nothing in particular', () => {
    expect(tracked.filter((path) => /util|helper|manager|common|misc/i.test(basename(path)))).toEqual([]);
  });

  it('files are kebab-case', () => {
    expect([...product, ...tests].filter((path) => !/^[a-z0-9]+([.-][a-z0-9]+)*\.tsx?$/.test(basename(path)))).toEqual(
      [],
    );
  });

  const outsidePlatform = product.filter((path) => !path.startsWith('src/platform/'));
  it('time comes from the clock and the database', () => {
    const allowed = JSON.parse(text('test/style/date-allowed.json')) as Record<string, string>;
    expect(filesWith(/\bnew Date\b|\bDate\.(now|parse|UTC)\b/, outsidePlatform).filter((p) => !(p in allowed))).toEqual(
      [],
    );
    expect(Object.keys(allowed).filter((path) => !product.includes(path))).toEqual([]);
  });

  it('chance comes from the platform, in browser-safe code from Web Crypto', () => {
    expect(filesWith(/\bMath\.random\b/, product)).toEqual([]);
    const server = outsidePlatform.filter((path) => !/^src\/(formats|sealing|web)\//.test(path));
    const own = /import \{[^}]*\brandom\w*[^}]*\} from 'node:crypto'|\bcrypto\.(random\w*|getRandomValues)/;
    expect(server.filter((path) => own.test(text(path)))).toEqual([]);
  });

  it('one transaction door: only the journal opens transactions', () => {
    const others = product.filter((path) => !/^src\/(journal|platform)\//.test(path));
    // main sets the demo clock before there is a journal.
    expect(filesWith(/\.(transaction|transactional)\(/, others)).toEqual(['src/main.ts']);
    expect(filesWith(/\bexport\b.*\borm\b/, product)).toEqual([]);
  });

  it('any stands where a library or a list of unlike procedures asks for it, and nowhere else', () => {
    const found = filesWith(/[:<|&,]\s*any\b|\bas any\b|\bany\[\]/, product);
    expect(found).toEqual(['src/journal/audit.ts', 'src/platform/database.ts']);
  });

  it('nothing is skipped or run alone without saying why', () => {
    expect(filesWith(/\b(it|test|describe)\.(only|skip|todo)\b/, tests)).toEqual([]);
  });
});

describe('the tree', () => {
  it('names no machine', () => {
    const host = hostname().length > 5 ? `|\\b${RegExp.escape(hostname())}\\b` : '';
    const traces = new RegExp(`(?<![\\w.-])/(work|home|Users|root)/|C:\\\\Users${host}`);
    const readable = tracked.filter((path) => !/\.(png|ttf|woff2|pdf|age|tar|zip)$/.test(path));
    expect(readable.filter((path) => !path.startsWith('test/style/') && traces.test(text(path)))).toEqual([]);
  });

  it('has a lock file that any registry can serve', () => {
    expect(text('package-lock.json')).not.toContain('"resolved"');
  });
});
