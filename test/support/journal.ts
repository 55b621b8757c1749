/** A journal on a fresh database, with one small procedure of its own: a tally that counts, may refuse, and may be due. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Migration } from '@mikro-orm/migrations';
import pg from 'pg';
import { migrations } from '../../migrations/list.ts';
import { type Acted, type ActRequest, type Journal, openJournal, type Procedure } from '../../src/journal/act.ts';
import type { LogOptions } from '../../src/journal/log.ts';
import { type Clock, movableClock } from '../../src/platform/clock/clock.ts';
import { readConfig } from '../../src/platform/config.ts';
import { type Database, openDatabase } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/ids.ts';
import { createLogger } from '../../src/platform/log.ts';
import { isRefusal, type Refusal } from '../../src/platform/refusal.ts';

export type TallyState = { id: string; total: number; dueAt: string | null; closesAt: string | null };
export type TallyCommand =
  | { type: 'add'; amounts: readonly number[]; text?: string }
  | { type: 'addSecretly'; amount: number }
  | { type: 'schedule'; at: string }
  | { type: 'closeAt'; at: string }
  | { type: 'tick' };
export type TallyEvent =
  | { type: 'Added'; amount: number; text: string | null }
  | { type: 'AddedSecretly'; amount: number }
  | { type: 'Scheduled'; at: string }
  | { type: 'ClosingSet'; at: string }
  | { type: 'Ticked' };

const refusal = (code: string): Refusal => ({ refused: true, code, status: 409, zh: code, en: code });

/** The test procedure; its table is made by the test migration below. */
export const tally: Procedure<TallyState, TallyCommand, TallyEvent, object> = {
  kind: 'tally',
  initial: (id) => ({ id, total: 0, dueAt: null, closesAt: null }),
  decide: (state, command, { now }) => {
    if (state.closesAt !== null && now >= state.closesAt && command.type !== 'tick') return refusal('tally-closed');
    switch (command.type) {
      case 'add':
        if (command.amounts.some((amount) => amount < 0)) return refusal('negative-amount');
        return command.amounts.map((amount) => ({ type: 'Added', amount, text: command.text ?? null }));
      case 'addSecretly':
        return [{ type: 'AddedSecretly', amount: command.amount }];
      case 'schedule':
        return [{ type: 'Scheduled', at: command.at }];
      case 'closeAt':
        return [{ type: 'ClosingSet', at: command.at }];
      case 'tick':
        return state.dueAt !== null && now >= state.dueAt ? [{ type: 'Ticked' }] : [];
    }
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'Added':
      case 'AddedSecretly':
        return { ...state, total: state.total + event.amount };
      case 'Scheduled':
        return { ...state, dueAt: event.at };
      case 'ClosingSet':
        return { ...state, closesAt: event.at };
      case 'Ticked':
        return { ...state, dueAt: null, total: state.total + 1_000 };
    }
  },
  publish: (event, { subject }) =>
    event.type === 'AddedSecretly'
      ? { sealed: { type: 'test/act', kind: 'decoy', subject, amount: event.amount } }
      : { open: 'tally-changed', body: event },
  columns: (state) => ({ total: state.total }),
  due: (state) => (state.dueAt === null ? [] : [{ tick: 'wake', at: state.dueAt }]),
};

class TallyTable extends Migration {
  override up(): void {
    this.addSql(
      'create table tally (id text primary key, version integer not null, state jsonb not null, total integer not null)',
    );
  }
}

const logger = createLogger(process.env.TEST_LOG ?? 'silent');

/** The product's migrations and the tally's table. */
export const testMigrations = [...migrations, { name: 'test-tally', class: TallyTable }];

export type TestDatabase = {
  readonly url: string | undefined;
  /** Opens the database migrated, once more on PostgreSQL; the embedded one can be opened once only. */
  open(): Promise<Database>;
  drop(): Promise<void>;
};

/** A dump of the first embedded database of this worker, freshly migrated: loading it takes a fifth of the time. */
let template: Blob | undefined;

async function openEmbedded(): Promise<Database> {
  const options = { config: readConfig({}), logger, entities: [], migrations: testMigrations };
  const db = await openDatabase({ ...options, embedded: template ? { load: template } : {} });
  template ??= (await db.dump()) ?? undefined;
  return db;
}

/** A fresh database with the product's tables and the tally's. */
export async function freshDatabase(server = process.env.DATABASE_URL): Promise<TestDatabase> {
  if (!server) {
    return {
      url: undefined,
      open: openEmbedded,
      drop: async () => {},
    };
  }
  const name = `yg_journal_${newId().replaceAll('-', '')}`;
  await adminQuery(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    open: () =>
      openDatabase({
        config: readConfig({ DATABASE_URL: url.toString() }),
        logger,
        entities: [],
        migrations: testMigrations,
      }),
    drop: () => adminQuery(server, `drop database if exists ${name} with (force)`),
  };
}

export async function adminQuery(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

export type TestJournal = {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly db: Database;
  readonly dataDir: string;
  act(subject: string, command: TallyCommand, more?: Partial<ActRequest<TallyCommand, object>>): Promise<Answer>;
  /** The same, for acts that must succeed. */
  acted(subject: string, command: TallyCommand): Promise<Acted<TallyState, TallyEvent>>;
  close(): Promise<void>;
};
export type Answer = Refusal | Acted<TallyState, TallyEvent>;

/** A data folder for one node; `remove` deletes it. */
export function dataFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'yangguang-journal-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A started journal over an open database. */
export async function journalOn(
  db: Database,
  dataDir: string,
  options: Partial<LogOptions['config']> & { witnessIntervalMilliseconds?: number } = {},
): Promise<Omit<TestJournal, 'close'>> {
  const clock = movableClock();
  const { witnessIntervalMilliseconds = 600_000, ...config } = options;
  const journal = openJournal(db, clock, {
    config: { dataDir, city: 'test.example', witnessUrls: [], logPolicyFile: null, ...config },
    logger,
    witnessIntervalMilliseconds,
  });
  await journal.start();
  const act: TestJournal['act'] = (subject, command, more = {}) =>
    journal.act(tally, { subject, command, actor: 'tester', requestId: 'test', facts: async () => ({}), ...more });
  return {
    journal,
    clock,
    db,
    dataDir,
    act,
    acted: async (subject, command) => {
      const answer = await act(subject, command);
      if (isRefusal(answer)) throw new Error(`refused: ${answer.code}`);
      return answer;
    },
  };
}

/** A started journal on a database and data folder of its own. */
export async function startJournal(options: Parameters<typeof journalOn>[2] = {}): Promise<TestJournal> {
  const folder = dataFolder();
  const database = await freshDatabase();
  const db = await database.open();
  const started = await journalOn(db, folder.path, options);
  return {
    ...started,
    close: async () => {
      await started.journal.stop();
      await db.close();
      await database.drop();
      folder.remove();
    },
  };
}
