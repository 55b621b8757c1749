/**
 * Who looked at what. A read by staff is noted after its answer was given and stored in batches, so it never delays one. The
 * queue is bounded, since a caller may read faster than a database in trouble writes: what it cannot take is counted and said.
 *
 * Not noted: what anybody may fetch (TL 22: nobody knows who fetched the documents), what a person reads of its own (`signed-in`),
 * and everything that a bidder reads, because that list would say who is going to bid.
 */
import { newId } from '../ids.ts';
import type { Logger } from '../log.ts';
import { metrics } from './metrics.ts';
import type { Principal, RouteSpec } from './route.ts';

export type Read = {
  readonly id: string;
  readonly person: string;
  readonly roles: readonly string[];
  readonly operation: string;
  readonly params: Readonly<Record<string, string>>;
  /** HTTP status: a refused attempt is noted too. */
  readonly status: number;
  readonly requestId: string;
  /** Milliseconds that the row waited before it was stored; its time is the database's less this. */
  readonly waited: number;
};

export type AccessLog = {
  record(read: Omit<Read, 'id' | 'waited'>): void;
  /** Rows that wait, and rows lost since the start of this process. */
  figures(): { readonly queued: number; readonly dropped: number };
  /** Stores what waits; for tests and the end. */
  flush(): Promise<void>;
  stop(): Promise<void>;
};

type Options = {
  readonly store: (rows: readonly Read[]) => Promise<void>;
  readonly logger: Logger;
  readonly mostWaiting?: number;
  readonly flushMilliseconds?: number;
};

const batchSize = 500;

/** Whether a read of this route by this person is noted. */
export function isNoted(spec: RouteSpec<unknown, unknown, unknown, unknown>, principal: Principal | null): boolean {
  if (spec.method !== 'GET' || principal === null || principal.roles.includes('bidder')) return false;
  if (spec.who === 'anyone') return spec.notesReaders === true;
  return spec.who !== 'signed-in';
}

/** `store` may fail: the rows stay and come again with the next batch. */
export function openAccessLog({ store, logger, mostWaiting = 20_000, flushMilliseconds = 500 }: Options): AccessLog {
  let queue: (Omit<Read, 'waited'> & { readonly since: number })[] = [];
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  /** Stores one batch after another; stops at the first that fails. */
  const drain = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = queue.slice(0, batchSize);
      const now = performance.now();
      try {
        await store(batch.map(({ since, ...row }) => ({ ...row, waited: Math.round(now - since) })));
      } catch (error) {
        logger.error(
          { err: error, waiting: queue.length },
          '查阅记录未能写入，将重试 / the access log could not be stored',
        );
        return;
      }
      queue = queue.slice(batch.length);
    }
  };
  const flush = (): Promise<void> => {
    running = running.then(drain);
    return running;
  };
  const plan = () => {
    if (timer || queue.length === 0) return;
    timer = setTimeout(async () => {
      await flush();
      timer = undefined;
      plan();
    }, flushMilliseconds);
    timer.unref();
  };
  return {
    record: (read) => {
      if (queue.length >= mostWaiting) {
        dropped += 1;
        metrics.accessDropped.inc();
        if (dropped === 1 || dropped % 1_000 === 0)
          logger.error({ dropped }, '查阅记录已满，有记录丢失 / the access log is full and loses rows');
        return;
      }
      queue.push({ ...read, id: newId(), since: performance.now() });
      plan();
    },
    figures: () => ({ queued: queue.length, dropped }),
    flush,
    stop: async () => {
      clearTimeout(timer);
      timer = undefined;
      await flush();
    },
  };
}
