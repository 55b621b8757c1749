/**
 * Sealing and opening measured: memory above idle, speed against the `age` command on the same file in the same run, and
 * how many tenders all cores open together. Each measurement runs in a process of its own.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type BenchRow = {
  readonly name: string;
  readonly value: number;
  readonly unit: 'MB' | 'MB/s' | 'ratio';
  /** What the design asks for, null where the figure only informs. */
  readonly goal: { readonly atLeast?: number; readonly atMost?: number } | null;
};

export type Measured = { readonly mbPerSecond: number; readonly memoryMb: number };

const megabyte = 1_000_000;
const rounds = 5;
const work = fileURLToPath(new URL('./sealing-work.ts', import.meta.url));

/** Runs everything; about 20 s on two cores. Rows against `age` are left out where the command is missing. */
export async function sealingBench(tenderMb = 200): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'yangguang-bench-'));
  try {
    const large = sealed(folder, 'large', tenderMb);
    const small = sealed(folder, 'small', 10);
    const rows: BenchRow[] = [
      row(`seal ${tenderMb} MB: memory above idle`, large.memoryMb, 'MB', { atMost: 256 }),
      row(`seal ${tenderMb} MB`, large.mbPerSecond, 'MB/s', null),
      ...openingRows(large.path, tenderMb),
    ];
    const one = measure('open-many', small.path, '100', '1').mbPerSecond;
    const all = measure('open-many', small.path, '100', String(availableParallelism())).mbPerSecond;
    rows.push(row('open 100 tenders of 10 MB, one core', one, 'MB/s', null));
    rows.push(row(`open 100 tenders of 10 MB, ${availableParallelism()} cores against one`, all / one, 'ratio', null));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rounds of opening and of `age` take turns, so that both meet the same weather; the best of each counts. */
function openingRows(path: string, tenderMb: number): BenchRow[] {
  const hasAge = spawnSync('age', ['--version']).status === 0;
  const best = { open: 0, memory: 0, null: 0, file: 0, verified: 0 };
  for (let round = 0; round < rounds; round++) {
    const opened = measure('open', path);
    best.open = Math.max(best.open, opened.mbPerSecond);
    best.memory = Math.max(best.memory, opened.memoryMb);
    if (!hasAge) continue;
    best.null = Math.max(best.null, ageSpeed(path, tenderMb, '/dev/null', false));
    best.file = Math.max(best.file, ageSpeed(path, tenderMb, `${path}.tar`, false));
    best.verified = Math.max(best.verified, ageSpeed(path, tenderMb, `${path}.tar`, true));
  }
  const rows = [
    row(`open ${tenderMb} MB: memory above idle`, best.memory, 'MB', { atMost: 256 }),
    row(`open ${tenderMb} MB: decrypt, both hashes, verdict`, best.open, 'MB/s', null),
  ];
  if (!hasAge) return rows;
  return [
    ...rows,
    row('opening against `age -d -o FILE`', best.open / best.file, 'ratio', { atLeast: 0.9 }),
    row('opening against `age -d -o /dev/null` (no hash, no writing)', best.open / best.null, 'ratio', null),
    row('opening against `age -d` and the two hashes after it', best.open / best.verified, 'ratio', null),
  ];
}

function ageSpeed(path: string, tenderMb: number, out: string, hashes: boolean): number {
  const from = performance.now();
  execFileSync('age', ['-d', '-i', `${path}.key`, '-o', out, path]);
  if (hashes) for (const file of [path, out]) hashOf(file);
  return (tenderMb * 1000) / (performance.now() - from);
}

/** In small pieces: the kernel counts this process's memory into the highest mark of the next one it starts. */
function hashOf(path: string): void {
  const file = openSync(path, 'r');
  const hash = createHash('sha256');
  const piece = new Uint8Array(megabyte);
  for (let n = readSync(file, piece); n > 0; n = readSync(file, piece)) hash.update(piece.subarray(0, n));
  hash.digest();
  closeSync(file);
}

function sealed(folder: string, name: string, mb: number): Measured & { path: string } {
  const content = join(folder, `${name}.bin`);
  const file = openSync(content, 'w');
  const block = new Uint8Array(megabyte);
  for (let i = 0; i < mb; i++) writeSync(file, randomFillSync(block));
  closeSync(file);
  const path = join(folder, `${name}.age`);
  return { path, ...measure('seal', content, path) };
}

function measure(...args: string[]): Measured {
  return JSON.parse(
    execFileSync(process.execPath, [work, ...args], { stdio: ['ignore', 'pipe', 'inherit'] }).toString(),
  );
}

const row = (name: string, value: number, unit: BenchRow['unit'], goal: BenchRow['goal']): BenchRow => ({
  name,
  value: Number(value.toFixed(2)),
  unit,
  goal,
});

if (import.meta.main) console.table(await sealingBench());
