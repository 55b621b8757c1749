/**
 * Time as an actor: one timer wakes for the earliest row of the due table and hands it to its room. A timer that is late or lost
 * delays and never decides, since `decide` judges the moment again by the database's clock.
 */
import type { Clock } from '../platform/clock/clock.ts';
import type { Logger } from '../platform/log.ts';
import { type Journal, utcText } from './act.ts';

/** Submits a room's tick for one of its subjects; the room's act replaces the due row. */
export type DueHandler = (subject: string, tick: string) => Promise<void>;
/** By kind of procedure. */
export type DueHandlers = Readonly<Record<string, DueHandler>>;

export type DueTimer = {
  start(): Promise<void>;
  /** Resolves when no handler runs any more. */
  stop(): Promise<void>;
  /** Looks at the table again: an act changed it, or the demo clock was moved. */
  wake(): void;
  /** Handles everything that is due now, and what becomes due by it; answers how many ticks were handed out. For tests. */
  runDue(): Promise<number>;
};

export type DueDeps = {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly handlers: DueHandlers;
};

type DueRow = { readonly room: string; readonly subject: string; readonly tick: string; readonly at: string };

/** A tick whose handler failed, or changed nothing, comes again after this. */
const retryMilliseconds = 5_000;
/** Also looked at so often, for rows of other nodes and a clock that was moved elsewhere. */
const maxSleepMilliseconds = 1_000;
/** Ticks that fail keep their rows; this many of them do not stand in the way of the others. */
const pageSize = 10_000;
/** Acts come by hundreds a second; the table is not asked more often than this. */
const wakeMilliseconds = 50;
/** A node that does not lead looks so often whether it does by now; that costs no query. */
const notLeadingMilliseconds = 100;
/** Rounds of one run: a tick may make another one due at once, but not for ever. */
const maxRounds = 20;

/** The timer over the due table. On several nodes only the one that holds the sequencer lease runs it. */
export function openDue({ journal, clock, logger, handlers }: DueDeps): DueTimer {
  /** When a tick may be tried again, by this process's monotonic clock. Owned by `round`. */
  const later = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  /** When the timer will fire; infinite while it is not set. */
  let plannedFor = Number.POSITIVE_INFINITY;
  let running: Promise<unknown> = Promise.resolve();
  let stopping = true;

  const handle = async ({ room, subject, tick }: DueRow): Promise<void> => {
    const handler = handlers[room];
    try {
      if (handler) await handler(subject, tick);
      else logger.error({ room, tick }, '无人处理的到期事项 / no handler for what is due');
    } catch (error) {
      logger.error({ err: error, room, subject, tick }, '到期处理失败，将重试 / a due act failed, will try again');
    }
  };
  /** One pass; `patient` leaves out what failed a moment ago. */
  const round = async (patient: boolean, seen: Set<string>): Promise<number> => {
    const now = performance.now();
    for (const [key, time] of later) if (time <= now) later.delete(key);
    const rows = await dueRows(journal, clock);
    const fresh = rows.filter((row) => !seen.has(keyOf(row)) && !(patient && later.has(keyOf(row))));
    for (const row of fresh) {
      if (stopping && patient) break;
      seen.add(keyOf(row));
      await handle(row);
      // A handler that did its work has replaced the row; one that is still there waits.
      later.set(keyOf(row), performance.now() + retryMilliseconds);
    }
    return fresh.length;
  };
  const pass = async (patient: boolean): Promise<number> => {
    let handled = 0;
    const seen = new Set<string>();
    for (let i = 0; i < maxRounds; i += 1) {
      const count = await round(patient, seen);
      handled += count;
      if (count === 0) break;
    }
    return handled;
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = running.then(work, work);
    running = result.catch(() => {});
    return result;
  };
  const plan = (milliseconds: number) => {
    const at = performance.now() + milliseconds;
    if (stopping || at >= plannedFor) return;
    clearTimeout(timer);
    plannedFor = at;
    timer = setTimeout(async () => {
      plannedFor = Number.POSITIVE_INFINITY;
      plan(await look().catch(afterError));
    }, milliseconds);
  };
  /** Handles what is due; answers how long nothing will be. */
  const look = async (): Promise<number> => {
    if (!journal.leads()) return notLeadingMilliseconds;
    if (((await untilNext(journal, clock)) ?? 1) <= 0) await inTurn(() => pass(true));
    const next = await untilNext(journal, clock);
    return next === null || next <= 0 ? maxSleepMilliseconds : Math.min(next, maxSleepMilliseconds);
  };
  const afterError = (error: unknown): number => {
    logger.error({ err: error }, '到期检查失败 / looking for due acts failed');
    return maxSleepMilliseconds;
  };

  return {
    start: async () => {
      stopping = false;
      journal.onCommit(() => plan(wakeMilliseconds));
      plan(0);
    },
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      await running;
    },
    wake: () => plan(0),
    runDue: () => inTurn(() => pass(false)),
  };
}

/** The moment belongs to the key: a tick that was put off to a later moment is a new one. */
const keyOf = ({ room, subject, tick, at }: DueRow): string => JSON.stringify([room, subject, tick, at]);

const now = `(clock_timestamp() + ? * interval '1 microsecond')`;

async function dueRows({ db }: Journal, clock: Clock): Promise<DueRow[]> {
  const rows = await db.query(
    `select room, subject, tick, ${utcText('at')} as at from due where at <= ${now} order by at limit ${pageSize}`,
    [clock.offsetMicroseconds().toString()],
  );
  return rows as DueRow[];
}

/** Milliseconds until the earliest row, zero or less when it is due; null when there is none. */
async function untilNext({ db }: Journal, clock: Clock): Promise<number | null> {
  const [row] = await db.query(`select ceil(extract(epoch from min(at) - ${now}) * 1000)::text as ms from due`, [
    clock.offsetMicroseconds().toString(),
  ]);
  return row?.ms == null ? null : Number(row.ms);
}
