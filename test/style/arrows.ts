/**
 * Cruises the imports and checks the arrows of .dependency-cruiser.cjs. Two safeguards: the cruise must have seen every file
 * (with an unsuitable parser it sees none and reports none), and each planted violation must be reported by its own rule.
 */
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type ModuleItem, parseSync } from '@swc/core';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';

type Rules = { rooms: string[]; forbidden: IForbiddenRuleType[]; options: Record<string, unknown> };
const { rooms, forbidden, options } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as Rules;
const root = resolve(import.meta.dirname, '../..');

/** One violation a rule: file, what it imports, the rule that must speak. */
const canaries: readonly (readonly [file: string, imports: string, rule: string])[] = [
  ['evaluation/canary.ts', '../src/formats/leaf.ts', 'leaf-evaluation'],
  ['src/formats/canary.ts', '../platform/leaf.ts', 'leaf-formats'],
  ['src/formats/node.ts', 'node:fs', 'browser-safe'],
  ['src/sealing/canary.ts', '../parties/index.ts', 'leaf-sealing'],
  ['src/sealing/node.ts', 'node:crypto', 'browser-safe'],
  ['src/verify/node.ts', 'node:fs', 'browser-safe'],
  ['src/web/node.ts', 'node:fs', 'browser-safe'],
  ['src/web/canary.ts', '../parties/index.ts', 'web-over-http'],
  ['src/awards/web.ts', '../web/leaf.ts', 'last-ones'],
  ['src/verify/canary.ts', '../projects/index.ts', 'verify-stands-alone'],
  ['src/platform/canary.ts', '../journal/act.ts', 'platform-knows-no-domain'],
  ['src/journal/canary.ts', '../parties/index.ts', 'journal-knows-no-room'],
  ['src/awards/canary.ts', '../projects/rules.ts', 'through-index'],
  ['src/awards/last.ts', '../cli/leaf.ts', 'last-ones'],
  ['src/awards/orm.ts', '@mikro-orm/core', 'one-database'],
  ['src/awards/koa.ts', 'koa', 'one-http'],
  ['src/server.ts', './projects/rules.ts', 'server-through-index'],
  ['src/projects/lost.ts', './nowhere.ts', 'not-resolvable'],
  ['src/projects/round-a.ts', './round-b.ts', 'no-cycle'],
  ['src/cli/test.ts', '../../test/leaf.ts', 'no-test-in-product'],
  ...rooms
    .slice(0, -1)
    .map((room) => [`src/${room}/arrow.ts`, `../${rooms.at(-1)}/index.ts`, `arrow-${room}`] as const),
];
const plainFiles = [
  'src/formats/leaf.ts',
  'src/platform/leaf.ts',
  'src/journal/act.ts',
  'src/parties/index.ts',
  'src/projects/index.ts',
  'src/projects/rules.ts',
  `src/${rooms.at(-1)}/index.ts`,
  'src/cli/leaf.ts',
  'src/web/leaf.ts',
  'test/leaf.ts',
];

async function run(baseDir: string): Promise<ICruiseResult> {
  const there = folders.filter((name) => existsSync(join(baseDir, name)));
  const { output } = await cruise(there, { ...options, baseDir, validate: true, ruleSet: { forbidden } });
  if (typeof output === 'string') throw new Error('the cruise gave a text where a result was expected');
  return output;
}

const folders = ['src', 'evaluation', 'bank-adapters', 'migrations'];

/** The sources a module names, static and dynamic; swc reads the JSX that the cruiser's own parser cannot. */
function sourcesOf(text: string): string[] {
  const { body } = parseSync(text, { syntax: 'typescript', tsx: true, target: 'es2022' });
  const named = body.flatMap((item: ModuleItem) => ('source' in item && item.source ? [item.source.value] : []));
  return [...named, ...[...text.matchAll(/\bimport\('([^']+)'\)/g)].map(([, source]) => source!)];
}

/** A copy of the tree in which each .tsx file is its imports alone. */
function mirror(): string {
  const folder = mkdtempSync(join(tmpdir(), 'yangguang-mirror-'));
  for (const name of folders)
    if (existsSync(join(root, name))) cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const path of globSync('src/**/*.tsx', { cwd: folder })) {
    const lines = sourcesOf(readFileSync(join(folder, path), 'utf8')).map(
      (source, i) => `import * as i${i} from '${source}';`,
    );
    writeFileSync(join(folder, path), `${lines.join('\n')}\n`);
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  symlinkSync(join(root, 'package.json'), join(folder, 'package.json'));
  return folder;
}

const sourceFiles = (folder: string): number =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true }).filter((name) => /\.tsx?$/.test(String(name))).length
    : 0;

/** What is wrong with this tree's imports, a line each; empty when nothing is. */
export async function brokenArrows(): Promise<string[]> {
  const copy = mirror();
  const result = await run(copy).finally(() => rmSync(copy, { recursive: true, force: true }));
  const seen = result.modules.filter(({ source }) => /^(src|evaluation|migrations)\/.*\.tsx?$/.test(source)).length;
  const there = ['src', 'evaluation', 'migrations'].reduce((sum, name) => sum + sourceFiles(join(root, name)), 0);
  const known = [
    ...rooms,
    'formats',
    'sealing',
    'platform',
    'journal',
    'verify',
    'witness-node',
    'cli',
    'web',
    'web-build',
  ];
  const strangers = readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !known.includes(entry.name))
    .map((entry) => `src/${entry.name}: a room without a place in the order of .dependency-cruiser.cjs`);
  return [
    ...(seen < there ? [`the cruise saw ${seen} of ${there} source files`] : []),
    ...strangers,
    ...result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
  ];
}

/** Canaries that no rule reported, a line each. */
export async function silentRules(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'yangguang-arrows-'));
  try {
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    write('src/projects/round-b.ts', "import type * as a from './round-a.ts';\nexport type B = typeof a;\n");
    for (const path of plainFiles) write(path, 'export type Leaf = 1;\n');
    // A type import is an arrow too, so the canaries are planted as such wherever TypeScript allows it.
    for (const [path, target] of canaries)
      write(path, `import type * as planted from '${target}';\nexport type Canary = typeof planted;\n`);
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const { violations } = (await run(folder)).summary;
    const unplanted = forbidden.filter(({ name }) => !canaries.some(([, , rule]) => rule === name));
    return [
      ...unplanted.map(({ name }) => `the rule ${name} has no planted violation`),
      ...canaries
        .filter(([path, , rule]) => !violations.some((found) => found.from === path && found.rule.name === rule))
        .map(([path, target, rule]) => `the planted import ${path} -> ${target} was not reported as ${rule}`),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const complaints = [...(await brokenArrows()), ...(await silentRules())];
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0) process.exit(1);
  console.log(`arrows hold; ${canaries.length} planted violations were all reported`);
}
