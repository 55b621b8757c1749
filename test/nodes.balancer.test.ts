import { type ChildProcess, spawn } from 'node:child_process';
import { once as eventOf } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type City, openCity } from '../src/cli/demo/city.ts';
import { until } from '../src/cli/demo/stage.ts';
import type { Running } from '../src/main.ts';
import { isReady, openPlatform, type Platform } from './support/nodes.ts';

const server = process.env.DATABASE_URL ?? '';
let platform: Platform;
let steady: Running;
let city: City;
const children: ChildProcess[] = [];

async function freePort(): Promise<string> {
  const probe = createServer().listen(0, '127.0.0.1');
  await eventOf(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return String(port);
}

const problem = async (url: string) => ((await (await fetch(url)).json()) as { code?: string }).code ?? 'answered';

/** Asks the platform through the balancer without a pause until the work is done; answers the statuses it got. */
async function askedDuring(work: Promise<unknown>): Promise<{ asked: number; failed: number[] }> {
  let going = true;
  const done = work.finally(() => {
    going = false;
  });
  const failed: number[] = [];
  let asked = 0;
  while (going) {
    const answer = await fetch(`${platform.balancer.base}/log/checkpoint`);
    await answer.arrayBuffer();
    asked += 1;
    if (!answer.ok) failed.push(answer.status);
  }
  await done;
  return { asked, failed };
}

/** A request whose first half has left this process, and whose second half is sent when told; `finish` answers the status. */
async function slowAct(base: string): Promise<{ finish(): Promise<number | undefined> }> {
  const text = JSON.stringify({ seconds: 1 });
  const headers = { 'content-type': 'application/json', 'content-length': text.length };
  const sent = request(`${base}/demo/clock`, { method: 'POST', headers, agent: false });
  const answered = eventOf(sent, 'response') as Promise<[IncomingMessage]>;
  await new Promise((resolve) => sent.write(text.slice(0, 5), resolve));
  return {
    finish: async () => {
      sent.end(text.slice(5));
      const [answer] = await answered;
      answer.resume();
      return answer.statusCode;
    },
  };
}

/** Runs `npm start`'s own program as a process; resolves when it is ready. */
async function startProcess(more: Record<string, string> = {}): Promise<{ base: string; process: ChildProcess }> {
  const port = await freePort();
  const child = spawn(process.execPath, [fileURLToPath(new URL('../src/cli/serve.ts', import.meta.url))], {
    env: { ...process.env, ...platform.env, PORT: port, LOG_LEVEL: 'silent', ...more },
    stdio: 'inherit',
  });
  children.push(child);
  const base = `http://127.0.0.1:${port}`;
  await until(async () => child.exitCode !== null || (await isReady(base)), Boolean, 'the process to be ready');
  if (child.exitCode !== null) throw new Error('the process ended by itself');
  return { base, process: child };
}

describe.skipIf(server === '')('two nodes behind a balancer (DATABASE_URL)', () => {
  beforeAll(async () => {
    platform = await openPlatform(server);
    steady = await platform.node();
    platform.balancer.use(steady.base);
    city = await openCity({
      base: platform.balancer.base,
      dataDir: platform.dataDir,
      clock: steady.clock,
    });
  }, 120_000);
  afterAll(async () => {
    for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
    await platform.close();
  });

  it('a node that listens but has not started yet is alive and not ready', async () => {
    const PORT = await freePort();
    const base = `http://127.0.0.1:${PORT}`;
    const lock = new pg.Client({ connectionString: platform.databaseUrl });
    await lock.connect();
    // The start clears old uploads; while somebody holds their table it waits.
    await lock.query('begin');
    await lock.query('lock table tender_upload in access exclusive mode');
    const starting = platform.node({ PORT });
    await until(
      () =>
        fetch(`${base}/healthz`).then(
          ({ ok }) => ok,
          () => false,
        ),
      Boolean,
      'the node to listen',
    );
    expect(await problem(`${base}/readyz`)).toBe('not-ready');
    platform.balancer.use(base, steady.base);
    expect((await fetch(`${platform.balancer.base}/log/checkpoint`)).status).toBe(200);
    await lock.query('rollback');
    await lock.end();
    const node = await starting;
    expect(await isReady(base)).toBe(true);
    await node.close();
  });

  it('a node that stops says so first, serves what still comes, and no request is lost', async () => {
    const stopping = await platform.node({ SHUTDOWN_DELAY_SECONDS: '1' });
    platform.balancer.use(stopping.base, steady.base);
    const slow = await slowAct(stopping.base);
    const closed = stopping.close();
    expect(await problem(`${stopping.base}/readyz`)).toBe('not-ready');
    expect((await fetch(`${stopping.base}/log/checkpoint`)).status).toBe(200);
    const asking = askedDuring(closed);
    expect(await slow.finish()).toBe(200);
    const { asked, failed } = await asking;
    expect(asked).toBeGreaterThan(10);
    expect(failed).toEqual([]);
    expect(await isReady(stopping.base)).toBe(false);
  });

  it('SIGTERM: a request under way is answered, the process ends with 0, acts go on on the other node', async () => {
    const { base, process: child } = await startProcess();
    const slow = await slowAct(base);
    await until(() => isReady(base), Boolean, 'the request to be under way');
    child.kill('SIGTERM');
    await until(async () => !(await isReady(base)), Boolean, 'the node to stop listening');
    expect(child.exitCode).toBeNull();
    expect(await slow.finish()).toBe(200);
    const [code] = child.exitCode === null ? await eventOf(child, 'exit') : [child.exitCode];
    expect(code).toBe(0);
    platform.balancer.use(base, steady.base);
    const id = await city.organisation('bidder', '滚动重启时登记的公司');
    const [row] = await steady.journal.db.query('select id::text as id from journal_entry where subject = ?', [id]);
    expect(await steady.journal.whenSequenced(String(row?.id))).toBeGreaterThan(0n);
  });

  it('the one that sequences is killed: the other takes over when its lease runs out', async () => {
    await until(async () => steady.journal.leads(), Boolean, 'the first node to sequence');
    const { base, process: child } = await startProcess();
    await steady.close();
    platform.balancer.use(base);
    const leads = async () => {
      const db = new pg.Client({ connectionString: platform.databaseUrl });
      await db.connect();
      const { rows } = await db.query<{ held: boolean }>(
        'select expires > clock_timestamp() as held from journal_lease',
      );
      await db.end();
      return rows[0]?.held === true;
    };
    await until(leads, Boolean, 'the process to sequence');
    child.kill('SIGKILL');
    await eventOf(child, 'exit');
    steady = await platform.node();
    await until(async () => steady.journal.leads(), Boolean, 'the lease to run out');
    expect(await isReady(steady.base)).toBe(true);
  });
});
