/** The journal as a feed: entries in log order after a cursor, live, for sockets, mail and exports, which may die without harm. */
import type { Database } from '../platform/database.ts';
import type { Logger } from '../platform/log.ts';

export type LogEntry = {
  readonly index: bigint;
  readonly entryId: string;
  readonly at: string;
  readonly actor: string;
  /** Kind of the leaf: that of the publication, or `sealed`. */
  readonly kind: string;
  readonly subjectKind: string;
  readonly subject: string;
  readonly version: number;
  /** The stored event. Not public: strangers see the leaf. */
  readonly event: unknown;
  readonly leaf: Uint8Array;
};

export type EntryHandler = (entries: readonly LogEntry[]) => Promise<void>;

export type Following = {
  /** Resolves when no handler runs any more. */
  stop(): Promise<void>;
};

export type Feed = {
  /** Entries with an index of at least `next`, in order, then live. A handler that throws gets the same page again. */
  follow(next: bigint, handler: EntryHandler): Following;
  /** The same with a cursor kept in the database under a name: at least once, also over restarts. */
  followDurably(name: string, handler: EntryHandler): Following;
  /** A page of entries from an index, at most `limit`, all below the newest published size. */
  entries(from: bigint, limit: number): Promise<LogEntry[]>;
  /** The newest size published so far; 0 before the first. */
  size(): bigint;
  /** Calls the listener after each published checkpoint; answers how to leave. */
  onCheckpoint(listener: (size: bigint) => void): () => void;
};

const pageSize = 256;
const afterErrorMilliseconds = 1_000;

/** The feed over a database; `advance` tells it of a published size, `stop` ends all that follow. */
export function openFeed(db: Database, logger: Logger): Feed & { advance(size: bigint): void; stop(): Promise<void> } {
  let published = 0n;
  const listeners = new Set<(size: bigint) => void>();
  const following = new Set<Following>();

  const entries: Feed['entries'] = async (from, limit) => readPage(db, from, published, limit);
  const run = (
    start: () => Promise<bigint>,
    handler: EntryHandler,
    keep: (next: bigint) => Promise<void>,
  ): Following => {
    const end = new AbortController();
    let poke: () => void = () => {};
    const wait = (milliseconds: number | null) =>
      new Promise<void>((resolve) => {
        const timer = milliseconds === null ? undefined : setTimeout(resolve, milliseconds);
        poke = () => {
          clearTimeout(timer);
          resolve();
        };
        if (end.signal.aborted) poke();
      });
    const listener = () => poke();
    listeners.add(listener);
    const loop = async () => {
      let next: bigint | null = null;
      while (!end.signal.aborted) {
        try {
          next ??= await start();
          const page: LogEntry[] = next < published ? await entries(next, pageSize) : [];
          if (page.length === 0) {
            await wait(next >= published ? null : afterErrorMilliseconds);
            continue;
          }
          await handler(page);
          next += BigInt(page.length);
          await keep(next);
        } catch (error) {
          if (end.signal.aborted) break;
          logger.error({ err: error }, '日志订阅处理失败，将重试 / a follower of the journal failed, will try again');
          await wait(afterErrorMilliseconds);
        }
      }
    };
    const done = loop();
    const self: Following = {
      stop: async () => {
        end.abort();
        listeners.delete(listener);
        following.delete(self);
        poke();
        await done;
      },
    };
    following.add(self);
    return self;
  };

  return {
    entries,
    size: () => published,
    follow: (next, handler) =>
      run(
        async () => next,
        handler,
        async () => {},
      ),
    followDurably: (name, handler) =>
      run(
        () => readCursor(db, name),
        handler,
        (next) => writeCursor(db, name, next),
      ),
    onCheckpoint: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    advance: (size) => {
      if (size > published) published = size;
      for (const listener of listeners) listener(size);
    },
    stop: async () => {
      await Promise.all([...following].map((one) => one.stop()));
    },
  };
}

async function readPage(db: Database, from: bigint, to: bigint, limit: number): Promise<LogEntry[]> {
  const rows = await db.query(
    `select l.log_index::text as index, e.id::text as id,
       to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
       e.actor, e.kind, e.subject_kind, e.subject, e.version, e.event, e.leaf
     from journal_leaf l join journal_entry e on e.id = l.entry_id
     where l.log_index >= ? and l.log_index < ? order by l.log_index limit ?`,
    [from.toString(), to.toString(), limit],
  );
  return rows.map((row) => ({
    index: BigInt(String(row.index)),
    entryId: String(row.id),
    at: String(row.at),
    actor: String(row.actor),
    kind: String(row.kind),
    subjectKind: String(row.subject_kind),
    subject: String(row.subject),
    version: Number(row.version),
    event: row.event,
    leaf: new Uint8Array(row.leaf as Uint8Array),
  }));
}

async function readCursor(db: Database, name: string): Promise<bigint> {
  const [row] = await db.query('select next_index::text as next from journal_cursor where name = ?', [name]);
  return BigInt(String(row?.next ?? '0'));
}

async function writeCursor(db: Database, name: string, next: bigint): Promise<void> {
  await db.transaction(async (em) => {
    await em.execute(
      `insert into journal_cursor (name, next_index) values (?, ?)
       on conflict (name) do update set next_index = excluded.next_index`,
      [name, next.toString()],
    );
  });
}
