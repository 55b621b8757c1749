/** `npm start` as a process: what makes a folder a demo city's, and a city whose building was killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { emptyDemoFolder, isCity, markFolder } from '../src/cli/demo/folder.ts';
import { playTogether } from '../src/cli/demo/schedule.ts';
import { until } from '../src/cli/demo/stage.ts';

const scratch = mkdtempSync(join(tmpdir(), 'yangguang-city-start-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
});

type Kind = 'new' | 'building' | 'built' | 'real';
let made = 0;
function folder(kind: Kind): string {
  made += 1;
  const dataDir = join(scratch, `${kind}-${made}`);
  mkdirSync(dataDir);
  if (kind === 'real') mkdirSync(join(dataDir, 'secrets'));
  else if (kind !== 'new') markFolder(dataDir, kind);
  return dataDir;
}

describe('a start is a demo city', () => {
  it.each<[Kind, '0' | '1' | undefined, 'embedded' | 'PostgreSQL', boolean | RegExp]>([
    ['new', undefined, 'embedded', true],
    ['new', '1', 'embedded', true],
    ['new', '0', 'embedded', false],
    ['new', undefined, 'PostgreSQL', false],
    ['new', '1', 'PostgreSQL', true],
    ['built', undefined, 'embedded', true],
    ['built', '1', 'PostgreSQL', true],
    ['built', '0', 'embedded', /keys are public/],
    ['built', undefined, 'PostgreSQL', /keys are public/],
    ['building', undefined, 'embedded', true],
    ['building', '0', 'embedded', /keys are public/],
    ['building', '1', 'PostgreSQL', /not finished/],
    ['real', undefined, 'embedded', false],
    ['real', undefined, 'PostgreSQL', false],
    ['real', '1', 'embedded', /holds a real platform/],
    ['real', '1', 'PostgreSQL', /holds a real platform/],
  ])('in a %s folder with DEMO=%s on %s: %s', (kind, demo, database, expected) => {
    const asked = () => isCity({ demo, dataDir: folder(kind), databaseUrl: database === 'PostgreSQL' });
    if (typeof expected === 'boolean') expect(asked()).toBe(expected);
    else expect(asked).toThrow(expected);
  });

  it.each<Kind>(['new', 'built', 'real'])('a %s folder is never emptied', (kind) => {
    expect(() => emptyDemoFolder(folder(kind))).toThrow(/no city under building/);
  });
});

describe('stories under one clock', () => {
  const start = Temporal.Instant.from('2026-03-02T01:00:00Z');
  const hoursOn = (hours: number) => start.add({ hours }).toString();
  const clockOf = () => {
    let now = start;
    return {
      now: () => now,
      moveTo: async (instant: Temporal.Instant) => {
        if (Temporal.Instant.compare(instant, now) > 0) now = instant;
      },
    };
  };

  it('happen in order, and stop where the city stops', async () => {
    const seen: string[] = [];
    const clock = clockOf();
    const story = (name: string, hours: readonly number[]) => async (advanceTo: (at: string) => Promise<void>) => {
      for (const hour of hours) {
        await advanceTo(hoursOn(hour));
        seen.push(`${name}${hour}`);
      }
    };
    await playTogether(
      [story('a', [1, 4, 30]), story('b', [2, 3, 9]), story('c', [])],
      clock,
      start.add({ hours: 20 }),
    );
    expect(seen).toEqual(['a1', 'b2', 'b3', 'a4', 'b9']);
    expect(clock.now().toString()).toBe(start.add({ hours: 20 }).toString());
  });

  it('fail together with the first that fails', async () => {
    const failing = async (advanceTo: (at: string) => Promise<void>) => {
      await advanceTo(hoursOn(1));
      throw new Error('refused');
    };
    const waiting = (advanceTo: (at: string) => Promise<void>) => advanceTo(hoursOn(2));
    await expect(playTogether([waiting, failing], clockOf(), start.add({ hours: 20 }))).rejects.toThrow('refused');
  });
});

/** Runs the start's own program; `said` grows with what it prints. */
function run(dataDir: string, env: Record<string, string> = {}): { child: ChildProcess; said(): string } {
  let text = '';
  const serve = fileURLToPath(new URL('../src/cli/serve.ts', import.meta.url));
  const child = spawn(process.execPath, [serve], {
    env: { ...process.env, DATABASE_URL: '', DEMO: '', PORT: '0', DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  children.push(child);
  return { child, said: () => text };
}
const ended = (child: ChildProcess) =>
  until(
    async () => child.exitCode ?? child.signalCode,
    (c) => c !== null,
    'the end',
  );

describe('a city whose building was killed', () => {
  const dataDir = join(scratch, 'killed');
  const logKey = () => {
    const file = join(dataDir, 'secrets', 'log-key');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };

  it('is begun anew by the next start, which says so and makes a new platform', async () => {
    const first = run(dataDir);
    await until(async () => existsSync(join(dataDir, 'secrets', 'first-administrator')), Boolean, 'the first start');
    const before = logKey();
    first.child.kill('SIGKILL');
    await ended(first.child);
    expect(first.said()).toContain('First start');
    const second = run(dataDir);
    await until(
      async () => existsSync(join(dataDir, 'secrets', 'first-administrator')) && logKey() !== before,
      Boolean,
      'a new log',
    );
    expect(second.said()).toContain('built anew');
    second.child.kill('SIGTERM');
    expect(await ended(second.child)).toBe(0);
  });

  it('once it stands, a start builds nothing and opens on it at once', async () => {
    // The mark and the list are written by the builder; here they stand for a finished building.
    markFolder(dataDir, 'built');
    writeFileSync(join(dataDir, 'demo', 'accounts.json'), '[]');
    const kept = logKey();
    const { child, said } = run(dataDir);
    await until(
      async () => said(),
      (text) => /demo city {3}http/.test(text),
      'the address',
    );
    expect(said()).not.toMatch(/First start|built anew/);
    expect(logKey()).toBe(kept);
    const address = /demo city {3}(http\S+)/.exec(said())?.[1] ?? '';
    expect((await fetch(`${address}/demo/accounts`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await ended(child)).toBe(0);
  });

  it('its folder is refused to a real platform', async () => {
    const { child, said } = run(dataDir, { DEMO: '0' });
    expect(await ended(child)).toBe(1);
    expect(said()).toMatch(/keys are public/);
  });
});
