/**
 * The one door: every act of the platform is one transaction that locks its subject, takes the database's time, decides,
 * stores the new state and appends its journal entry. Nothing else may write (dependency rules check it).
 */

import { sha256Hex } from '../formats/bytes.ts';
import { canonicalBytes } from '../formats/canonical.ts';
import type { Clock } from '../platform/clock/clock.ts';
import type { Database, Row, TransactionManager } from '../platform/database.ts';
import { commonRefusal, isRefusal, type Refusal, RefusalError } from '../platform/refusal.ts';
import { appendAndStore } from './append.ts';
import { type Log, type LogOptions, openLog, type Reader } from './log.ts';
import type { Acted, ActRequest, Procedure, Tx } from './procedure.ts';
import type { Appended } from './recent.ts';

export type { Publication } from './leaf.ts';
export type { Acted, Actor, ActRequest, DueTick, Procedure, Tx } from './procedure.ts';

/** An act may last this long; the barrier waits longer than this after a deadline (trust protocol 2.3, 2.4). */
export const actLimitMilliseconds = 2_000;

/** UTC text with six decimals of a timestamptz expression: what the durable formats hold. */
export const utcText = (expression: string): string =>
  `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export type Doors = {
  readonly db: Database;
  act<S, C, E extends { type: string }, F>(
    procedure: Procedure<S, C, E, F>,
    request: ActRequest<C, F>,
  ): Promise<Refusal | Acted<S, E>>;
  /**
   * One transaction for rows that state no right and so have no entry: sessions, upload progress, leases, secrets' envelopes.
   * A refusal that it throws rolls back and is thrown on.
   */
  keep<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Called after each commit; the sequencer and the due timer listen. */
  onCommit(listener: () => void): void;
};

/** The doors to write by, and the log that strangers check. */
export type Journal = Doors & Log;

/** The journal over a database; `clock` only lends its demo offset, the time itself is the database's. */
export function openJournal(db: Database, clock: Clock, options: LogOptions): Journal {
  const listeners: (() => void)[] = [];
  const log = openLog(db, options);
  const doors: Doors = {
    db,
    keep: async (work) => {
      try {
        return await db.transaction(async (em) => work({ em, now: await databaseNow(em, clock) } as Tx));
      } catch (error) {
        if (isLostConnection(error)) throw new RefusalError(commonRefusal('database-unavailable'));
        throw error;
      }
    },
    onCommit: (listener) => {
      listeners.push(listener);
    },
    act: async (procedure, request) => {
      try {
        const { answer, appended } = await db.transaction((em) => carryOut(em, clock, procedure, request));
        log.appended(appended);
        for (const listener of listeners) listener();
        return answer;
      } catch (error) {
        if (error instanceof DryRun) return error.answer as Acted<never, never>;
        if (error instanceof RefusalError) return error.refusal;
        if (isConflict(error)) return commonRefusal('version-conflict');
        if (isLostConnection(error)) return commonRefusal('database-unavailable');
        throw error;
      }
    },
  };
  doors.onCommit(log.wake);
  return { ...doors, ...log };
}

class DryRun extends Error {
  readonly answer: unknown;
  constructor(answer: unknown) {
    super('dry run');
    this.answer = answer;
  }
}

async function carryOut<S, C, E extends { type: string }, F>(
  em: TransactionManager,
  clock: Clock,
  procedure: Procedure<S, C, E, F>,
  request: ActRequest<C, F>,
): Promise<{ answer: Acted<S, E>; appended: readonly Appended[] }> {
  const started = performance.now();
  const { kind } = procedure;
  const { subject, command, idempotencyKey } = request;
  const input = idempotencyKey === undefined ? '' : sha256Hex(canonicalBytes({ kind, subject, command }));
  const earlier = await earlierAnswer<S, E>(em, request, input);
  if (earlier) return { answer: earlier, appended: [] };
  const { version, now, ...locked } = await lockSubject<S>(em, clock, procedure, request.subject);
  const tx = { em, now } as Tx;
  const facts = await request.facts(tx);
  const events = procedure.decide(locked.state, request.command, { ...facts, now });
  if (isRefusal(events)) throw new RefusalError(events);
  const state = events.reduce((folded, event) => procedure.evolve(folded, event), locked.state);
  const appended = await appendAndStore(tx, procedure, request, { events, state, version });
  if (events.length > 0) await procedure.project?.(tx, state, events);
  const answer: Acted<S, E> = { state, events, entryIds: appended.map(({ id }) => id), at: now };
  await keepAnswer(tx, request, input, answer);
  if (request.dryRun) throw new DryRun(answer);
  if (performance.now() - started > actLimitMilliseconds) throw new RefusalError(commonRefusal('transaction-too-slow'));
  return { answer, appended };
}

/** A longer key is no key of ours, and an index could not hold it. */
const maxKeyLength = 200;

async function earlierAnswer<S, E>(
  em: TransactionManager,
  request: ActRequest<unknown, unknown>,
  input: string,
): Promise<Acted<S, E> | null> {
  if (request.idempotencyKey === undefined) return null;
  if (request.idempotencyKey.length > maxKeyLength)
    throw new RefusalError(commonRefusal('bad-request', { header: 'Idempotency-Key', longest: maxKeyLength }));
  // Two requests with one key wait for each other here, so the second sees the first one's answer.
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [
    `${request.actor} ${request.idempotencyKey}`,
  ]);
  const rows = (await em.execute('select input_sha256, answer from act_answer where actor = ? and key = ?', [
    request.actor,
    request.idempotencyKey,
  ])) as Row[];
  const row = rows[0];
  if (!row) return null;
  if (row.input_sha256 !== input) throw new RefusalError(commonRefusal('idempotency-mismatch'));
  return row.answer as Acted<S, E>;
}

async function keepAnswer(
  tx: Tx,
  request: ActRequest<unknown, unknown>,
  input: string,
  answer: unknown,
): Promise<void> {
  if (request.idempotencyKey === undefined) return;
  await tx.em.execute('insert into act_answer (actor, key, input_sha256, answer, at) values (?, ?, ?, ?::jsonb, ?)', [
    request.actor,
    request.idempotencyKey,
    input,
    JSON.stringify(answer),
    tx.now,
  ]);
}

type Locked<S> = { readonly state: S; readonly version: number; readonly now: string };

/** Locks the subject, then reads the time: a request that waited for the lock past a deadline is late. */
async function lockSubject<S>(
  em: TransactionManager,
  clock: Clock,
  { kind, initial }: Pick<Procedure<S, never, never, never>, 'kind' | 'initial'>,
  subject: string,
): Promise<Locked<S>> {
  // One row in any case, computed after the inner select has its lock: FOR UPDATE keeps the two from being merged.
  const lock = async () => {
    const rows = (await em.execute(
      `with locked as (select version, state from ${kind} where id = ? for update)
       select version, state, ${offsetNow}, pg_current_xact_id()::text as xid
       from (values (1)) as always left join locked on true`,
      [subject, clock.offsetMicroseconds().toString()],
    )) as Row[];
    return rows[0]!;
  };
  let row = await lock();
  if (row.version === null) {
    // A subject that does not exist yet has no row to lock; the advisory lock makes two creators wait for each other.
    await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 1))', [`${kind} ${subject}`]);
    row = await lock();
  }
  const now = row.now as string;
  return row.version === null
    ? { state: initial(subject), version: 0, now }
    : { state: row.state as S, version: Number(row.version), now };
}

const offsetNow = `${utcText(`(clock_timestamp() + ? * interval '1 microsecond')`)} as now`;

/**
 * `clock_timestamp()`, not `now()`: the latter is the transaction's start and would let a late tender pass.
 * Every transaction that appends has its number (`xid`) before its entries get their ordinals, because lockSubject asks for
 * it with the time: the sequencer's watermark (pending.ts) relies on that order.
 */
export async function databaseNow(reader: Reader, clock: Clock): Promise<string> {
  const rows = (await reader.execute(`select ${offsetNow}`, [clock.offsetMicroseconds().toString()])) as Row[];
  return rows[0]!.now as string;
}

const codeOf = (error: unknown): string => {
  const e = error as { code?: unknown; cause?: { code?: unknown } };
  return String(e?.code ?? e?.cause?.code ?? '');
};
/** unique_violation, exclusion_violation, deadlock_detected: somebody else was there first, and nothing was done. */
const isConflict = (error: unknown): boolean => /^(23505|23P01|40P01)$/.test(codeOf(error));
const isLostConnection = (error: unknown): boolean =>
  /^(08(?!P01)|57P0)|ECONNREFUSED|ECONNRESET|EPIPE/.test(codeOf(error)) ||
  /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect/.test(
    (error as Error)?.message ?? '',
  );
