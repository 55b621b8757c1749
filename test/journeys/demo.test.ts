/** `npm run demo` keeps its promise, as a visitor types it: certificates that pdfsig calls valid, bundles that verify offline. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const home = resolve(import.meta.dirname, '../..');
const out = join(mkdtempSync(join(tmpdir(), 'yangguang-demo-out-')), 'demo-out');
const yangguang = (...args: string[]) =>
  spawnSync(process.execPath, [join(home, 'src/cli/yangguang.ts'), ...args], { encoding: 'utf8', cwd: home });
const missing = ['pdfsig', 'openssl', 'age', 'python3'].filter((program) => spawnSync(program, ['--help']).error);
/** It takes most of a minute and brings its own embedded database, so it runs where everything is proved, and once: in CI. */
const ci = process.env.CI === 'true' && !process.env.DATABASE_URL;

describe.skipIf(!ci)('npm run demo (runs with CI=true, without DATABASE_URL)', () => {
  let story: ReturnType<typeof yangguang>;
  beforeAll(() => {
    story = yangguang('demo', '--out', out, '--megabytes', '2');
  }, 400_000);
  afterAll(() => rmSync(resolve(out, '..'), { recursive: true, force: true }));
  const verdict = (bundle: string) => {
    const { status, stdout } = yangguang('verify', bundle, '--trust', join(out, 'trust.json'), '--json');
    return { status, ...(JSON.parse(stdout) as { code: string | null; witnessed: boolean }) };
  };

  it('ends well and tells every stage', () => {
    expect({ status: story.status, said: story.status === 0 ? '' : story.stdout + story.stderr }).toEqual({
      status: 0,
      said: '',
    });
    for (const word of [
      '规则生效',
      '替换了投标',
      '撤回了投标',
      '迟到',
      '锁定',
      '无效：dealer-inconsistent',
      '唱标',
      '评标报告',
      '中标人',
    ])
      expect(story.stdout).toContain(word);
  });

  it('leaves certificates that pdfsig calls valid and wholly signed', () => {
    expect(missing).toEqual([]);
    for (const name of ['certificate', 'opening-record', 'witness-record', 'report']) {
      const { stdout } = spawnSync('pdfsig', ['-nocert', join(out, `${name}.pdf`)], { encoding: 'utf8' });
      expect(stdout).toContain('Signature is Valid');
      expect(stdout).toContain('Total document signed');
    }
  });

  it.each(['public', 'audit'])('leaves a %s bundle that verifies, witnessed', (level) => {
    expect(verdict(join(out, 'bundle', level))).toMatchObject({ status: 0, code: null, witnessed: true });
  });

  it('is believed by the foreign tools of the page "check it yourself"', () => {
    const folder = join(out, 'page');
    cpSync(join(out, 'bundle', 'audit'), join(folder, 'bundle'), { recursive: true });
    cpSync(join(home, 'docs', 'verify.py'), join(folder, 'verify.py'));
    cpSync(join(out, 'trust.json'), join(folder, 'trust.json'));
    cpSync(join(out, 'receipts', '1.tlog-proof'), join(folder, 'receipt.txt'));
    const page = readFileSync(join(home, 'docs', 'check-it-yourself.md'), 'utf8');
    const commands = Array.from(page.matchAll(/```sh\n([\s\S]*?)```/g), ([, block]) => block as string);
    expect(commands.length).toBeGreaterThanOrEqual(8);
    for (const command of commands) {
      const { status, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', command], {
        cwd: join(folder, 'bundle'),
        encoding: 'utf8',
      });
      expect({ command, status, said: status === 0 ? '' : stderr }).toEqual({ command, status: 0, said: '' });
    }
  });

  const audit = (folder: string) => join(out, 'bundle', 'audit', folder);
  const firstOf = (folder: string, ending: string) =>
    join(audit(folder), readdirSync(audit(folder)).find((name) => name.endsWith(ending)) as string);
  it.each([
    ['a tender', () => firstOf('tenders', '.age'), ['tender-hash', 'age-header-stanzas', 'suite-mismatch']],
    [
      'a manifest',
      () => firstOf('manifests', '.json'),
      ['manifest-signature', 'not-canonical', 'schema', 'chain-broken'],
    ],
    ['a certificate', () => firstOf('certificates-issued', '.pdf'), ['certificate-hash', 'pdf-coverage']],
    ['the log', () => join(audit('log'), 'leaves.txt'), ['inclusion-proof', 'not-canonical', 'schema']],
  ])('refuses a copy with one byte of %s changed', (_what, find, codes) => {
    const path = find();
    const whole = readFileSync(path);
    const changed = Uint8Array.from(whole);
    const at = Math.floor(whole.length / 2);
    changed[at] = changed[at] === 0x41 ? 0x42 : 0x41;
    writeFileSync(path, changed);
    try {
      const { status, code } = verdict(join(out, 'bundle', 'audit'));
      expect([status, codes.includes(String(code)), code]).toEqual([3, true, code]);
    } finally {
      writeFileSync(path, whole);
    }
  });
});
