/** The command line as people type it: real processes against a real server, keys and certificates in real files. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp } from './support/app.ts';
import { type City, openCity, type TestPerson } from './support/people.ts';

const program = resolve(import.meta.dirname, '../src/cli/yangguang.ts');
const home = mkdtempSync(join(tmpdir(), 'yangguang-cli-'));
const file = (name: string) => join(home, name);
let app: TestApp;
let city: City;

type Run = { readonly status: number | null; readonly stdout: string; readonly stderr: string };
/** Runs a command in a process of its own, its clock that of the test's server. */
function yangguang(...args: string[]): Promise<Run> {
  const offset = app.clock.now().epochMilliseconds - Temporal.Now.instant().epochMilliseconds;
  const env = {
    ...process.env,
    YANGGUANG_PASSPHRASE: 'correct horse 1',
    YANGGUANG_KIT_PASSPHRASE: 'battery staple 2',
    YANGGUANG_CLOCK_OFFSET: String(Math.round(offset / 1000)),
  };
  const child = spawn(process.execPath, [program, ...args], { env, cwd: home });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((done) => child.once('close', (status) => done({ status, stdout, stderr })));
}
const json = (run: Run) => JSON.parse(run.stdout) as Record<string, unknown>;

beforeAll(async () => {
  app = await startApp();
  city = await openCity(app);
});
afterAll(async () => {
  await app.close();
  rmSync(home, { recursive: true, force: true });
});

/** A person who has only a code so far. */
async function coded(role: string, kind: string): Promise<{ id: string; code: string; organisation: string }> {
  const organisation = await city.organisation(kind);
  const person = { name: '某人', organisation, roles: [role] };
  return {
    organisation,
    ...(await city.administrator.call<{ id: string; code: string }>('POST', '/api/people', person)),
  };
}

describe('yangguang', () => {
  it('lists its commands and exit codes, and refuses an unknown one', async () => {
    const [help, unknown] = await Promise.all([yangguang('help'), yangguang('selll')]);
    expect(help.status).toBe(0);
    for (const name of [
      'serve',
      'demo',
      'enrol',
      'opening-key',
      'seal',
      'release',
      'bundle',
      'verify',
      'import',
      'witness',
    ])
      expect(help.stdout).toContain(`  ${name}`);
    expect([unknown.status, unknown.stderr.includes('selll')]).toEqual([2, true]);
  });

  it('says which option is missing, in JSON where asked', async () => {
    const run = await yangguang('bundle', '--json');
    expect([run.status, json(run)]).toEqual([
      2,
      { ok: false, code: 'option-missing', message: expect.stringContaining('--server') },
    ]);
  });

  it('says that a server cannot be reached', async () => {
    const run = await yangguang('trust', '--server', 'http://127.0.0.1:9', '--out', file('t.json'));
    expect([run.status, run.stderr]).toEqual([4, expect.stringContaining('127.0.0.1:9')]);
  });
});

describe('one tender by the command line', () => {
  let project: { id: string; opening: string; lots: { id: string }[]; schedule: { deadline: string } };
  let lot: string;
  let tenderer: TestPerson;
  const ids: Record<string, { id: string; certSha256: string }> = {};
  const officers = ['host', 'witness', 'supervisor', 'tenderer'] as const;
  const kinds = { host: 'centre', witness: 'association', supervisor: 'supervision' } as const;
  const keyOf = (name: string) => ['--server', app.base, '--key', file(`${name}.p12`)];

  beforeAll(async () => {
    tenderer = await city.person('tenderer');
    const release = {
      ocid: 'ocds-test-1',
      tender: {
        title: '桥梁维修',
        procurementMethod: 'open',
        mainProcurementCategory: 'works',
        value: { amount: 8000000.5, currency: 'CNY' },
      },
    };
    writeFileSync(file('release.json'), JSON.stringify({ releases: [release] }));
  });

  it('enrols: the key is made here, kept under the passphrase, readable by its owner only', async () => {
    const people = await Promise.all([
      ...Object.entries(kinds).map(async ([role, kind]) => [role, await coded(role, kind)] as const),
      coded('bidder', 'bidder').then((person) => ['bidder', person] as const),
    ]);
    const second = await city.administrator.call<{ id: string; code: string }>('POST', '/api/people', {
      name: '代表',
      organisation: tenderer.organisation,
      roles: ['tenderer'],
    });
    for (const [name, { id, code }] of [...people, ['tenderer', second] as const]) {
      const run = await yangguang(
        'enrol',
        '--server',
        app.base,
        '--code',
        code,
        '--out',
        file(`${name}.p12`),
        '--json',
      );
      expect([run.status, run.stderr]).toEqual([0, '']);
      expect(statSync(file(`${name}.p12`)).mode & 0o777).toBe(0o600);
      ids[name] = { id, certSha256: String(json(run).certSha256) };
    }
    const again = await yangguang('enrol', '--server', app.base, '--code', second.code, '--out', file('again.p12'));
    expect([again.status, existsSync(file('again.p12'))]).toEqual([4, false]);
  });

  it('notes the trust roots and imports an OCDS release, naming what to check', async () => {
    expect((await yangguang('trust', '--server', app.base, '--out', file('trust.json'))).status).toBe(0);
    const run = await yangguang('import', 'ocds', file('release.json'), ...keyOf('tenderer'), '--json');
    expect([run.status, run.stderr]).toEqual([0, '']);
    expect(json(run).notes).toEqual(expect.arrayContaining([expect.stringContaining('tenderPeriod')]));
    project = await tenderer.client.call('GET', `/api/projects/${json(run).id}`);
    lot = project.lots[0]!.id;
    expect(project).toMatchObject({ lots: [{ estimateFen: '800000050' }] });
  });

  it('makes opening keys, signs the policy and passes the rehearsal', async () => {
    const host = await city.person('host');
    const seats = officers.map((role) => ({ role, person: ids[role]!.id, certSha256: ids[role]!.certSha256 }));
    const policy = { lots: [lot], deadline: project.schedule.deadline, officers: seats };
    await host.client.call('PUT', `/api/openings/${project.opening}/policy`, policy);
    for (const role of officers) {
      const run = await yangguang(
        'opening-key',
        ...keyOf(role),
        '--opening',
        project.opening,
        '--file',
        file(`${role}.key`),
      );
      expect([run.status, run.stderr]).toEqual([0, '']);
      expect(statSync(file(`${role}.key`)).mode & 0o777).toBe(0o600);
    }
    for (const role of officers)
      expect(
        (
          await yangguang(
            'opening-key',
            ...keyOf(role),
            '--opening',
            project.opening,
            '--file',
            file(`${role}.key`),
            '--sign',
          )
        ).status,
      ).toBe(0);
    await host.client.call('POST', `/api/openings/${project.opening}/rehearsal`, {});
    expect(
      (
        await yangguang(
          'opening-key',
          ...keyOf('host'),
          '--opening',
          project.opening,
          '--file',
          file('host.key'),
          '--rehearse',
        )
      ).status,
    ).toBe(0);
    const wrong = await yangguang(
      'opening-key',
      ...keyOf('witness'),
      '--opening',
      project.opening,
      '--file',
      file('host.key'),
      '--rehearse',
    );
    expect(wrong.status).toBe(1);
    const pdf = async function* () {
      yield new TextEncoder().encode('%PDF-1.7\n');
    };
    await tenderer.client.upload('POST', `/api/projects/${project.id}/documents`, pdf());
    await tenderer.client.call('POST', `/api/projects/${project.id}/publication`, { text: '公告' });
  });

  it('seals, replaces, resumes and withdraws, keeping the receipt beside the tender', async () => {
    writeFileSync(file('proposal.pdf'), '%PDF-1.7 proposal');
    const seal = (out: string, ...more: string[]) =>
      yangguang(
        'seal',
        ...keyOf('bidder'),
        '--trust',
        file('trust.json'),
        '--lot',
        lot,
        '--price-fen',
        '790000000',
        '--out',
        file(out),
        file('proposal.pdf'),
        '--json',
        ...more,
      );
    const first = await seal('one');
    expect([first.status, first.stderr, json(first).outcome]).toEqual([0, '', 'sealed']);
    expect(readFileSync(file('one/receipt.tlog-proof'), 'utf8')).toMatch(/^c2sp.org\/tlog-proof@v1\n/);
    expect(readFileSync(file('one/tender.age')).includes('proposal')).toBe(false);
    // Filing the same folder again answers the same receipt's act, as after a lost answer.
    const again = await yangguang('seal', ...keyOf('bidder'), '--lot', lot, '--resume', file('one'), '--json');
    expect(json(again)).toMatchObject({ seq: 1, manifestSha256: json(first).manifestSha256 });
    expect(json(await seal('two'))).toMatchObject({ outcome: 'sealed', seq: 2 });
    const out = await yangguang(
      'seal',
      ...keyOf('bidder'),
      '--lot',
      lot,
      '--withdraw',
      '--out',
      file('three'),
      '--json',
    );
    expect(json(out)).toMatchObject({ outcome: 'withdrawn', seq: 3 });
    const price = await seal('four', '--price-fen', '12.5');
    expect([price.status, json(price).code]).toEqual([2, 'price-invalid']);
  });

  it('refuses to release before the close', async () => {
    const run = await yangguang(
      'release',
      ...keyOf('host'),
      '--trust',
      file('trust.json'),
      '--opening',
      project.opening,
      '--lot',
      lot,
      '--file',
      file('host.key'),
      '--json',
    );
    expect([run.status, json(run).code]).toEqual([4, 'lot-not-closed']);
  });

  it('opens no key with a wrong passphrase', async () => {
    writeFileSync(file('broken.p12'), 'not a key');
    const run = await yangguang(
      'seal',
      '--server',
      app.base,
      '--key',
      file('broken.p12'),
      '--lot',
      lot,
      '--resume',
      file('one'),
    );
    expect([run.status, run.stderr.length > 5]).toEqual([1, true]);
  });
});
