/**
 * What the log costs: entries appended through the one door and carried to their receipts, against plain batched inserts of the
 * same rows; and the time to a receipt at 1,000 appends a second. On PostgreSQL when DATABASE_URL is set, else embedded.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Migration } from '@mikro-orm/migrations';
import pg from 'pg';
import { migrations } from '../../migrations/list.ts';
import { type Journal, openJournal, type Procedure } from '../../src/journal/act.ts';
import { entriesStatement } from '../../src/journal/append.ts';
import { systemClock } from '../../src/platform/clock/clock.ts';
import { readConfig } from '../../src/platform/config.ts';
import { openDatabase } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/ids.ts';
import { createLogger } from '../../src/platform/log.ts';
import { isRefusal } from '../../src/platform/refusal.ts';

export type JournalBench = {
  readonly database: 'pglite' | 'postgres';
  /** Entries a transaction, on both sides of the ratio. */
  readonly batch: number;
  readonly insertsPerSecond: number;
  readonly appendsPerSecond: number;
  /** appendsPerSecond / insertsPerSecond; the goal is at least 0.5. */
  readonly ratio: number;
  /** Receipt latency from the call of `act`, in milliseconds, at the offered rate; the goal is 300 ms. */
  readonly latency: {
    readonly offeredPerSecond: number;
    readonly p50: number;
    readonly p99: number;
    readonly max: number;
  };
};

type State = { readonly id: string; readonly count: number };
type Event = { readonly type: 'Bid'; readonly priceFen: string; readonly n: number };
const bids: Procedure<State, { readonly count: number }, Event, object> = {
  kind: 'bench_lot',
  initial: (id) => ({ id, count: 0 }),
  decide: (state, { count }) =>
    Array.from({ length: count }, (_, i) => ({ type: 'Bid', priceFen: '28164500000', n: state.count + i })),
  evolve: (state) => ({ ...state, count: state.count + 1 }),
  publish: (event) => ({ open: 'bid-made', body: event }),
  columns: () => ({}),
};

class BenchTable extends Migration {
  override up(): void {
    this.addSql('create table bench_lot (id text primary key, version integer not null, state jsonb not null)');
  }
}

export type JournalBenchOptions = {
  readonly databaseUrl?: string | undefined;
  readonly entries?: number;
  readonly batch?: number;
  readonly concurrency?: number;
  readonly latencySeconds?: number;
};

const rounds = 5;

/** Runs the benchmark on a database of its own, which it drops. */
export async function benchJournal({
  databaseUrl = process.env.DATABASE_URL,
  entries = 20_000,
  batch = 50,
  concurrency = 4,
  latencySeconds = 5,
}: JournalBenchOptions = {}): Promise<JournalBench> {
  const dataDir = mkdtempSync(join(tmpdir(), 'yangguang-bench-'));
  const own = databaseUrl ? await createDatabase(databaseUrl) : null;
  const config = readConfig({ DATA_DIR: dataDir, ...(own ? { DATABASE_URL: own.url } : {}) });
  const logger = createLogger('error');
  const db = await openDatabase({
    config,
    logger,
    entities: [],
    migrations: [...migrations, { name: 'bench', class: BenchTable }],
  });
  const journal = openJournal(db, systemClock(), { config, logger });
  try {
    await journal.start();
    const work = { journal, batch, concurrency };
    // A first round of each warms caches and the compiler; it is not counted.
    await insertPlainly(work, entries / 10);
    await appendWithReceipts(work, entries / 10);
    // In turns, so that what else this machine does weighs on both alike.
    let [inserting, appending] = [0, 0];
    for (let round = 0; round < rounds; round += 1) {
      inserting += await insertPlainly(work, entries / rounds);
      appending += await appendWithReceipts(work, entries / rounds);
    }
    const [insertsPerSecond, appendsPerSecond] = [entries / inserting, entries / appending];
    const latency = await measureLatency(journal, latencySeconds);
    return {
      database: db.kind,
      batch,
      insertsPerSecond,
      appendsPerSecond,
      ratio: appendsPerSecond / insertsPerSecond,
      latency,
    };
  } finally {
    await journal.stop();
    await db.close();
    await own?.drop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

type Work = { readonly journal: Journal; readonly batch: number; readonly concurrency: number };

/** Seconds to insert the same rows into a copy of the table (same columns, same indexes), a batch a transaction. */
async function insertPlainly({ journal, batch, concurrency }: Work, entries: number): Promise<number> {
  await journal.keep(({ em }) =>
    em.execute('create table if not exists plain_entry (like journal_entry including all)'),
  );
  const subject = newId();
  let version = 0;
  return timed(entries / batch, concurrency, async () => {
    const events = bids.decide(bids.initial(subject), { count: batch }, { now: '' }) as readonly Event[];
    const first = version;
    version += batch;
    await journal.keep(({ em, now }) => {
      const { sql, params } = entriesStatement(now, bids, request(subject, batch), events, first, 'plain_entry');
      return em.execute(sql, [...params]);
    });
  });
}

/** Seconds to append them through `act` and to have the receipt of every entry; writers do not wait for their receipts. */
async function appendWithReceipts({ journal, batch, concurrency }: Work, entries: number): Promise<number> {
  const started = performance.now();
  const receipts: Promise<unknown>[] = [];
  // Each writer has a lot of its own, as bids on different lots have.
  const lots = Array.from({ length: concurrency }, () => newId());
  await timed(entries / batch, concurrency, async (writer) => {
    const ids = await append(journal, lots[writer]!, batch);
    // The receipts themselves go to their readers; to keep them would measure the garbage collector.
    for (const id of ids) receipts.push(journal.receipt(id, 60_000).then(({ index }) => index));
  });
  await Promise.all(receipts);
  return (performance.now() - started) / 1_000;
}

async function append(journal: Journal, lot: string, count: number): Promise<readonly string[]> {
  const acted = await journal.act(bids, request(lot, count));
  if (isRefusal(acted)) throw new Error(acted.code);
  return acted.entryIds;
}

const request = (subject: string, count: number) => ({
  subject,
  command: { count },
  actor: 'bench',
  requestId: 'bench',
  facts: async () => ({}),
});

async function timed(rounds: number, concurrency: number, work: (writer: number) => Promise<void>): Promise<number> {
  const started = performance.now();
  let left = rounds;
  const run = async (writer: number) => {
    while (left-- > 0) await work(writer);
  };
  await Promise.all(Array.from({ length: concurrency }, (_, writer) => run(writer)));
  return (performance.now() - started) / 1_000;
}

/** Offers 1,000 appends a second as 20 acts of 50 entries, evenly spaced, whether or not earlier ones have their receipts. */
async function measureLatency(journal: Journal, seconds: number): Promise<JournalBench['latency']> {
  const [perSecond, size] = [20, 50];
  const lots = Array.from({ length: 8 }, () => newId());
  const latencies: number[] = [];
  const under: Promise<void>[] = [];
  const started = performance.now();
  for (let i = 0; i < perSecond * seconds; i += 1) {
    const at = started + (i * 1_000) / perSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())));
    const receipts = async () => {
      const ids = await append(journal, lots[i % lots.length]!, size);
      await Promise.all(ids.map((id) => journal.receipt(id, 60_000)));
      latencies.push(performance.now() - at);
    };
    under.push(receipts());
  }
  await Promise.all(under);
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { offeredPerSecond: perSecond * size, p50: at(0.5), p99: at(0.99), max: at(1) };
}

async function createDatabase(server: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `yg_bench_${newId().replaceAll('-', '')}`;
  const admin = async (sql: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await admin(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.toString(), drop: () => admin(`drop database if exists ${name} with (force)`) };
}
