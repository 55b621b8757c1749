/**
 * One database under two names: PostgreSQL when DATABASE_URL is set, otherwise PostgreSQL compiled to WASM (PGlite) in the
 * data folder. Same SQL, same migrations. `orm` never leaves this file: writers get an EntityManager inside a transaction
 * (journal/act hands it out), readers one that cannot flush.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { type AnyEntity, type EntitySchema, FlushMode, MikroORM } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { PgliteDriver } from '@mikro-orm/pglite';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Config } from './config.ts';
import type { Logger } from './log.ts';
import { reclaimLostConnections } from './pool.ts';

/** An EntityManager of one transaction. */
export type TransactionManager = SqlEntityManager;
/** An EntityManager for reading: it never flushes. */
export type ReadManager = Pick<
  SqlEntityManager,
  'find' | 'findOne' | 'findOneOrFail' | 'count' | 'execute' | 'findAndCount'
>;

export type Row = Record<string, unknown>;

export type Database = {
  readonly kind: 'pglite' | 'postgres';
  /** A reader outside any transaction, with an identity map of its own. */
  read(): ReadManager;
  /** Rows of a plain SELECT; `?` marks parameters. */
  query<T extends Row>(sql: string, params?: readonly unknown[]): Promise<T[]>;
  /** Runs work in one READ COMMITTED transaction; commits unless it throws. Only journal/ may call it (dependency rules check). */
  transaction<T>(work: (em: TransactionManager) => Promise<T>): Promise<T>;
  /** A copy of the embedded data folder, for tests and backups; null on PostgreSQL. */
  dump(): Promise<Blob | null>;
  close(): Promise<void>;
};

export type Entities = readonly EntitySchema<AnyEntity>[];
// biome-ignore lint/suspicious/noExplicitAny: MikroORM's own list type of migration classes
export type Migrations = readonly { name: string; class: new (...args: any[]) => any }[];

export type DatabaseOptions = {
  readonly config: Pick<Config, 'databaseUrl' | 'dataDir'>;
  readonly entities: readonly unknown[];
  readonly migrations: Migrations;
  readonly logger: Logger;
  /** Tests start from a migrated dump kept in memory instead of the data folder. */
  readonly embedded?: { readonly load?: Blob };
};

/** Two nodes may start together: the migrations run under this advisory lock ("ygmigr" read as a number). */
const migrationLock = 0x79676d696772;

/** Opens the database and brings its schema up to date; throws with a sentence that says what to do. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { config, logger } = options;
  const common = {
    entities: [...(options.entities as EntitySchema[])],
    flushMode: FlushMode.COMMIT,
    extensions: [Migrator],
    migrations: {
      migrationsList: [...options.migrations],
      transactional: true,
      allOrNothing: true,
      snapshot: false,
      tableName: 'schema_migration',
    },
    discovery: { warnWhenNoEntities: false },
    debug: false,
    forceUtcTimezone: true,
    logger: (message: string) => logger.debug(message),
  };
  if (config.databaseUrl) {
    const orm = await MikroORM.init({
      ...common,
      driver: PostgreSqlDriver,
      clientUrl: config.databaseUrl.reveal(),
      pool: { min: 0, max: 16 },
      driverOptions: {
        statement_timeout: 30_000,
        idle_in_transaction_session_timeout: 10_000,
        connectionTimeoutMillis: 5_000,
        onPoolCreated: reclaimLostConnections,
      },
    });
    await migrateUnderLock(orm);
    return handleOf(orm, 'postgres', async () => null);
  }
  const pglite = await openEmbedded(options);
  const orm = await MikroORM.init({ ...common, driver: PgliteDriver, dbName: 'yangguang', driverOptions: { pglite } });
  await orm.migrator.up();
  const database = handleOf(orm, 'pglite', () => pglite.dumpDataDir('none'));
  return {
    ...database,
    close: async () => {
      await database.close();
      await pglite.close();
    },
  };
}

async function openEmbedded({ config, embedded, logger }: DatabaseOptions): Promise<PGlite> {
  if (embedded) return PGlite.create(embedded.load ? { loadDataDir: embedded.load } : {});
  const folder = join(config.dataDir, 'pglite');
  const first = !existsSync(folder);
  mkdirSync(config.dataDir, { recursive: true });
  logger.info(
    { folder },
    first
      ? '首次启动：正在建立内嵌数据库（约 7 秒）。它只供试用，只能由一个进程使用；正式运行请设置 DATABASE_URL。/ First start: creating the embedded database (about 7 s). For trial, one process only; set DATABASE_URL in production.'
      : '正在打开内嵌数据库（试用，单进程）。/ Opening the embedded database (trial, one process).',
  );
  return PGlite.create({ dataDir: folder });
}

type Orm = MikroORM<PostgreSqlDriver> | MikroORM<PgliteDriver>;

async function migrateUnderLock(orm: MikroORM<PostgreSqlDriver>): Promise<void> {
  // The advisory lock is held by the transaction on one connection while the migrator works on others.
  await orm.em.fork().transactional(async (em) => {
    await em.execute('set local idle_in_transaction_session_timeout = 0');
    await em.execute('select pg_advisory_xact_lock(?)', [migrationLock]);
    await orm.migrator.up();
  });
}

function handleOf(orm: Orm, kind: Database['kind'], dump: Database['dump']): Database {
  const fork = () => orm.em.fork({ flushMode: FlushMode.COMMIT }) as unknown as SqlEntityManager;
  return {
    kind,
    read: fork,
    query: async <T extends Row>(sql: string, params: readonly unknown[] = []) =>
      (await fork().execute(sql, [...params])) as unknown as T[],
    transaction: (work) => fork().transactional((em) => work(em as unknown as TransactionManager)),
    dump,
    close: async () => {
      await orm.close(true);
    },
  };
}
