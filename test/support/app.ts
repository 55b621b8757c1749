/** Starts the real application on a fresh migrated database: the embedded one, or a database of its own on PostgreSQL. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrations } from '../../migrations/list.ts';
import { type Running, start } from '../../src/main.ts';
import { type Config, readConfig } from '../../src/platform/config.ts';
import { openDatabase } from '../../src/platform/database.ts';
import { createLogger } from '../../src/platform/log.ts';
import { auditOf, expectWhole } from './audit.ts';

const logger = createLogger(process.env.TEST_LOG ?? 'silent');

export type TestApp = Running & { readonly config: Config; readonly dataDir: string };

/** One migrated dump per worker: loading it takes a fifth of the time that migrating takes. */
let template: Promise<Blob> | undefined;

async function migratedDump(): Promise<Blob> {
  const db = await openDatabase({ config: readConfig({}), logger, entities: [], migrations, embedded: {} });
  const blob = await db.dump();
  await db.close();
  if (!blob) throw new Error('the embedded database gives no dump');
  return blob;
}

/** A database for one test file; `drop` removes it. */
async function freshDatabase(): Promise<{ url: string | undefined; load: Blob | undefined; drop(): Promise<void> }> {
  const server = process.env.DATABASE_URL;
  if (!server) {
    template ??= migratedDump();
    return { url: undefined, load: await template, drop: async () => {} };
  }
  const name = `yg_test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  const admin = async (sql: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await admin(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.toString(), load: undefined, drop: () => admin(`drop database if exists ${name} with (force)`) };
}

/** Starts the platform on a free port with a clock that tests can move; `web` is the folder of the built web. */
export async function startApp(env: Record<string, string> = {}, web?: string): Promise<TestApp> {
  const dataDir = mkdtempSync(join(tmpdir(), 'yangguang-test-'));
  const database = await freshDatabase();
  const config = readConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    DEMO_CLOCK: '1',
    // A Monday of a year whose rest days are known, so that tests hold in every year.
    DEMO_CLOCK_START: '2026-03-02T01:00:00Z',
    ...(database.url ? { DATABASE_URL: database.url } : {}),
    ...env,
  });
  const running = await start({
    config,
    logger,
    requestsPerMinute: 1_000_000,
    web,
    ...(database.load ? { embedded: { load: database.load } } : {}),
  });
  return {
    ...running,
    config,
    dataDir,
    close: async () => {
      try {
        // Nothing moves on its own any more, so that what is read belongs together.
        await running.rooms.stop();
        expectWhole(await auditOf(running.journal));
      } finally {
        await running.close();
        await database.drop();
        rmSync(dataDir, { recursive: true, force: true });
      }
    },
  };
}
