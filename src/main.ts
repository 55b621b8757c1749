/** Wiring only: config, database, rooms, http, sockets, timers, listen, shutdown. */
import { migrations } from '../migrations/list.ts';
import { type Journal, openJournal } from './journal/act.ts';
import { openNodes } from './nodes.ts';
import { type Clock, movableClock, systemClock } from './platform/clock/clock.ts';
import type { Config } from './platform/config.ts';
import { type Database, type DatabaseOptions, openDatabase, type Row } from './platform/database.ts';
import { openFiles } from './platform/files.ts';
import { createApp } from './platform/http/app.ts';
import { openListener } from './platform/http/listen.ts';
import { attachSockets } from './platform/http/sockets.ts';
import type { Logger } from './platform/log.ts';
import { buildRooms, entities, type Rooms } from './server.ts';
import { openPages } from './web-pages.ts';

export type Running = {
  readonly base: string;
  readonly rooms: Rooms;
  readonly journal: Journal;
  readonly clock: Clock;
  close(): Promise<void>;
};

export type StartOptions = {
  readonly config: Config;
  readonly logger: Logger;
  /** Tests lend a migrated dump of the embedded database and lift the rate limit. */
  readonly embedded?: DatabaseOptions['embedded'];
  readonly requestsPerMinute?: number;
  /** Folder of the built web (web-build/build.ts); without it only the interface answers. */
  readonly web?: string | undefined;
};

/** Uploads under way may end within this time after SIGTERM; a cut one resumes after the restart. */
const shutdownMilliseconds = 10_000;

/**
 * Starts the whole platform and resolves when it is ready to answer. `close` lets a balancer look elsewhere for the configured
 * time, then finishes running requests.
 */
export async function start(options: StartOptions): Promise<Running> {
  const opened = new AsyncDisposableStack();
  try {
    return await assemble(options, opened);
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

/** `opened` takes what is to be closed, last opened first: by `close`, or at once where the start fails. */
async function assemble(
  { config, logger, embedded, requestsPerMinute = config.requestsPerMinute, web }: StartOptions,
  opened: AsyncDisposableStack,
): Promise<Running> {
  const db = await openDatabase({ config, logger, entities, migrations, ...(embedded ? { embedded } : {}) });
  opened.defer(() => db.close());
  const clock = config.demoClock ? movableClock(await demoOffset(db, config.demoClockStart)) : systemClock();
  const files = openFiles(`${config.dataDir}/files`);
  const journal = openJournal(db, clock, { config, logger });
  await journal.start();
  opened.defer(() => journal.stop());
  const nodes = openNodes({ journal, clock, config, logger });
  opened.defer(() => nodes.close());
  let base = config.origin ?? '';
  let ready = false;
  const rooms = await buildRooms({
    journal,
    clock,
    config,
    logger,
    files,
    origin: () => base,
    ready: () => ready,
    clockMoved: nodes.clockMoved,
    natsState: nodes.natsState,
  });
  opened.defer(() => rooms.stop());
  const http = openListener();
  const app = createApp({
    routes: rooms.routes,
    logger,
    identify: rooms.identify,
    origin: () => base,
    secureCookies: config.origin?.startsWith('https:') ?? false,
    requestsPerMinute,
    trustedProxies: config.trustedProxies,
    closing: http.closing,
    accessLog: rooms.accessLog,
    ...(web ? { pages: await openPages(web, rooms.routes) } : {}),
    // A clock that jumps changes answers without a commit.
    ...(config.demoClock ? {} : { onChange: nodes.onChange }),
  });
  const sockets = attachSockets(http.server, {
    channels: rooms.channels,
    identify: rooms.identify,
    origin: () => base,
    logger,
  });
  const port = await http.listen(app.callback(), config.port, config.host);
  const listening = `http://${config.host}:${port}`;
  base = config.origin ?? listening;
  opened.defer(() => http.close(shutdownMilliseconds));
  opened.defer(() => sockets.close());
  await rooms.start();
  nodes.join(rooms.due);
  ready = true;
  logger.info({ address: listening, database: db.kind }, '就绪 / ready');
  return {
    base: listening,
    rooms,
    journal,
    clock,
    close: async () => {
      ready = false;
      await new Promise((resolve) => setTimeout(resolve, config.shutdownDelaySeconds * 1_000));
      await opened.disposeAsync();
    },
  };
}

/** The demo clock's offset; a new database takes it from the configured start, so that its time begins there. */
async function demoOffset(db: Database, start: string | null): Promise<bigint> {
  const [row] = await db.query('select offset_us::text as offset_us from demo_clock where id = 1');
  const stored = BigInt(String(row?.offset_us ?? '0'));
  if (stored !== 0n || start === null) return stored;
  const mine = (Temporal.Instant.from(start).epochNanoseconds - Temporal.Now.instant().epochNanoseconds) / 1000n;
  // Of two nodes that start together the first one's counts.
  const rows = await db.transaction((em) =>
    em.execute(
      `update demo_clock set offset_us = case offset_us when 0 then ?::bigint else offset_us end where id = 1
       returning offset_us::text as offset_us`,
      [mine.toString()],
    ),
  );
  return BigInt(String((rows as Row[])[0]?.offset_us));
}
