/** The page docs/check-it-yourself.md keeps its word: its commands, taken from its text, run on a bundle and see tampering. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundlePath as at } from '../../src/formats/bundle.ts';
import { verifyCommand } from '../../src/verify/report.ts';
import { type Built, buildBundle, filings, receiptOf, trust } from '../support/bundle-fixture.ts';

const docs = resolve(import.meta.dirname, '../../docs');
const page = readFileSync(join(docs, 'check-it-yourself.md'), 'utf8');
/** Heading and commands of each section. */
const sections = Array.from(page.matchAll(/^## (\d)\..*?\n([\s\S]*?)(?=^## |$(?![\s\S]))/gm), ([, number, text]) => ({
  number: Number(number),
  commands: Array.from(text!.matchAll(/```sh\n([\s\S]*?)```/g), ([, block]) => block!).join('\n'),
}));

const programs = [
  ['openssl', 'version'],
  ['python3', '--version'],
  ['age', '--version'],
  ['pdfsig', '-v'],
  ['sha256sum', '--version'],
] as const;
const missing = programs.filter(([program, flag]) => spawnSync(program, [flag]).error);
const ci = process.env.CI === 'true';

const root = mkdtempSync(join(tmpdir(), 'yangguang-check-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Writes the bundle with what its reader has from elsewhere beside it; answers the bundle's folder. */
function write(name: string, { files, log, indexes }: Built): string {
  const folder = join(root, name, 'bundle');
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  copyFileSync(join(docs, 'verify.py'), join(root, name, 'verify.py'));
  writeFileSync(join(root, name, 'trust.json'), JSON.stringify(trust));
  const mine = filings.findIndex((f) => f.bidder === 'org-3' && f.sealed);
  writeFileSync(
    join(root, name, 'receipt.txt'),
    receiptOf(log, (indexes.get('opening-scheduled') ?? 0) + 1 + mine, filings[mine]!),
  );
  return folder;
}
function run(cwd: string, number: number) {
  const { commands } = sections.find((s) => s.number === number)!;
  return spawnSync('bash', ['-euo', 'pipefail', '-c', commands], { cwd, encoding: 'utf8' });
}

const whole = await buildBundle();
const folder = write('whole', whole);

describe.skipIf(missing.length > 0 && !ci)(
  `the page's commands (missing: ${missing.map(([p]) => p).join() || 'none'})`,
  () => {
    it('has eight sections with commands', () => {
      expect(sections.map((s) => s.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(sections.every((s) => s.commands.length > 40)).toBe(true);
    });

    it.each([1, 2, 3, 4, 5, 6, 7, 8])('section %i passes on a true bundle', (number) => {
      const { status, stderr, stdout } = run(folder, number);
      expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' });
    });

    it('names the witnesses that have not cosigned', () => {
      expect(run(folder, 2).stdout).toContain('NOT cosigned by newspaper.example/w');
    });

    const first = (pattern: RegExp) => [...whole.files.keys()].find((path) => pattern.test(path)) as string;
    it.each([
      [2, at.leaves],
      [2, at.checkpoint],
      [3, at.policy],
      [4, at.closeSet('lot-1')],
      [5, first(/^manifests\/.*json$/)],
      [5, first(/^offers\//)],
      [6, first(/^sheets\/.*json$/)],
      [7, first(/pdf$/)],
      [8, first(/^tenders\//)],
      [8, first(/^releases\/.*json$/)],
    ])('section %i fails where %s has one byte changed', (number, path) => {
      const changed = write(`changed-${number}-${path.replaceAll('/', '-').slice(0, 40)}`, whole);
      expect(run(changed, 1).status).toBe(0);
      const bytes = readFileSync(join(changed, path));
      // Inside a value: the root of a checkpoint, a share of a release.
      const middle =
        path === at.checkpoint
          ? 40
          : path.startsWith('releases/')
            ? bytes.indexOf('\\"y\\":\\"') + 12
            : Math.floor(bytes.length / 2);
      bytes[middle] = bytes[middle] === 0x41 ? 0x42 : 0x41;
      writeFileSync(join(changed, path), bytes);
      expect(run(changed, number).status).not.toBe(0);
    });
  },
);

describe('yangguang verify', () => {
  const judged = async (path: string, json: boolean, trustFile: string | null = join(root, 'whole', 'trust.json')) => {
    let text = '';
    const print = (more: string) => {
      text += more;
    };
    const status = await verifyCommand(path, trustFile, {
      json,
      receipts: [join(root, 'whole', 'receipt.txt')],
      print,
    });
    return { status, text };
  };

  it('reads a folder and a tar alike', async () => {
    const tar = join(root, 'bundle.tar');
    expect(spawnSync('tar', ['-cf', tar, '--transform', 's,^\\./,,', '.'], { cwd: folder }).status).toBe(0);
    const [a, b] = [await judged(folder, true), await judged(tar, true)];
    expect(a).toEqual(b);
    expect(JSON.parse(a.text)).toMatchObject({ verdict: 'valid', witnessed: true });
    expect(a.status).toBe(0);
  });

  it('prints each step with its command, Chinese first, and refuses without trust from outside', async () => {
    const { text, status } = await judged(folder, false);
    expect(status).toBe(0);
    expect(text).toContain('核验通过 / valid');
    expect(text).toContain('$ openssl cms -verify');
    const without = await judged(folder, false, null);
    expect(without.status).toBe(3);
    expect(without.text).toContain('[trust-root]');
  });
});
