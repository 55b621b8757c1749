/** From start to ready on an existing embedded database, against opening PGlite alone on the same folder. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { start } from '../../src/main.ts';
import { readConfig } from '../../src/platform/config.ts';
import { createLogger } from '../../src/platform/log.ts';
import type { BenchRow } from './row.ts';

const rounds = 3;

/** Each opening is a process of its own, timed from its birth; about 30 s. */
export async function startBench(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'yangguang-bench-'));
  try {
    once('app', folder);
    const alone: number[] = [];
    const whole: number[] = [];
    for (let round = 0; round < rounds; round++) {
      alone.push(once('pglite', folder));
      whole.push(once('app', folder));
    }
    const [pglite, app] = [Math.min(...alone), Math.min(...whole)];
    return [
      { name: 'open PGlite alone', value: pglite, unit: 's', goal: null },
      { name: 'start to ready, embedded database', value: app, unit: 's', goal: null },
      { name: 'start to ready beyond PGlite alone', value: app - pglite, unit: 's', goal: { atMost: 3 } },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds from the start of the process to an answering database or server. */
function once(kind: 'app' | 'pglite', folder: string): number {
  const output = execFileSync(process.execPath, [fileURLToPath(import.meta.url), kind, folder], { encoding: 'utf8' });
  return Number(output.trim().split('\n').at(-1)) / 1000;
}

async function openAlone(folder: string): Promise<void> {
  const pglite = await PGlite.create({ dataDir: join(folder, 'pglite') });
  await pglite.query('select 1');
  console.log(performance.now());
  await pglite.close();
}

async function openAll(folder: string): Promise<void> {
  const config = readConfig({ PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'silent' });
  const running = await start({ config, logger: createLogger('silent') });
  await fetch(`${running.base}/readyz`);
  console.log(performance.now());
  await running.close();
}

const [, , kind, folder] = process.argv;
if (import.meta.main && folder !== undefined) await (kind === 'app' ? openAll(folder) : openAlone(folder));
