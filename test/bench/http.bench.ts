/**
 * A project list of twenty rows through the whole application against a bare Koa handler that returns the same bytes. Each server
 * is a process of its own and so is the client, in turns, so that neither rests on the other's time.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Koa from 'koa';
import { migrations } from '../../migrations/list.ts';
import { start } from '../../src/main.ts';
import { readConfig } from '../../src/platform/config.ts';
import { openDatabase } from '../../src/platform/database.ts';
import { openListener } from '../../src/platform/http/listen.ts';
import { newId } from '../../src/platform/ids.ts';
import { createLogger } from '../../src/platform/log.ts';
import type { BenchRow } from './row.ts';

const connections = 16;
const rounds = 5;
const secondsPerTurn = 1.5;
const path = '/api/projects?limit=20';

/** Runs both servers in turns; about 20 s. */
export async function httpBench(): Promise<BenchRow[]> {
  const app = await child('app', '');
  const bare = await child('bare', await text(app.port));
  const perSecond = { app: [] as number[], bare: [] as number[] };
  for (const { port } of [app, bare]) await load(port, 0.5);
  for (let round = 0; round < rounds; round++) {
    perSecond.bare.push(await load(bare.port, secondsPerTurn));
    perSecond.app.push(await load(app.port, secondsPerTurn));
  }
  for (const { process: server } of [app, bare]) server.kill();
  const [ours, theirs] = [median(perSecond.app), median(perSecond.bare)];
  return [
    { name: 'project list, bare Koa with the same bytes', value: theirs, unit: 'requests/s', goal: null },
    { name: 'project list', value: ours, unit: 'requests/s', goal: null },
    { name: 'project list against bare Koa', value: ours / theirs, unit: 'ratio', goal: { atLeast: 0.5 } },
  ];
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

async function child(kind: 'app' | 'bare', body: string): Promise<{ process: ChildProcess; port: number }> {
  const server = fork(fileURLToPath(import.meta.url), [kind], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('message', (said) => resolve(said as number));
    server.once('exit', (code) => reject(new Error(`the ${kind} server ended with ${code}`)));
    server.send(body);
  });
  return { process: server, port };
}

const text = async (port: number): Promise<string> => (await fetch(`http://127.0.0.1:${port}${path}`)).text();

/** Requests a second over kept connections. */
async function load(port: number, seconds: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const until = performance.now() + seconds * 1000;
  let answered = 0;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      get({ port, path, agent, host: '127.0.0.1' }, (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`status ${answer.statusCode}`));
        answer.resume().once('end', () => {
          answered += 1;
          resolve();
        });
      }).once('error', reject);
    });
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < until) await one();
    }),
  );
  const rate = answered / ((performance.now() - started) / 1000);
  agent.destroy();
  return rate;
}

async function serveApp(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'yangguang-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.once('SIGTERM', () => process.exit(0));
  const config = readConfig({ PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'info' });
  // The log costs what it costs in production; its lines go to a standard output that nobody reads.
  const logger = createLogger('info');
  const db = await openDatabase({ config, logger, entities: [], migrations });
  await db.transaction(async (em) => {
    for (let n = 1; n <= 200; n++)
      await em.execute(
        `insert into project (id, version, state, code, type, status, name, opening, deadline, published_at, tenderer)
         values (?, 1, '{}', ?, 'construction-open-works', 'terminated', ?, ?, '2026-12-20T01:00:00.000000Z', ?, '')`,
        [
          newId(),
          `ZS-2026-GC-${String(n).padStart(4, '0')}`,
          `滨江大道改造工程第 ${n} 标段施工`,
          newId(),
          `2026-11-${String(1 + (n % 28)).padStart(2, '0')}T01:00:00.000000Z`,
        ],
      );
  });
  await db.close();
  const running = await start({ config, logger, requestsPerMinute: Number.MAX_SAFE_INTEGER });
  return Number(new URL(running.base).port);
}

async function serveBare(body: string): Promise<number> {
  const app = new Koa();
  app.use((ctx) => {
    ctx.type = 'application/json; charset=utf-8';
    ctx.body = body;
  });
  return openListener().listen(app.callback(), 0, '127.0.0.1');
}

if (import.meta.main)
  process.once('message', async (body: string) => {
    process.send?.(process.argv[2] === 'app' ? await serveApp() : await serveBare(body));
  });
