/**
 * The one door: every act of the platform is one transaction that locks its subject, takes the database's time, decides,
 * stores the new state and appends its journal entry. Nothing else may write (dependency rules check it).
 */

import { sha256Hex } from '../formats/bytes.ts';
import { canonicalBytes } from '../formats/canonical.ts';
import type { Clock } from '../platform/clock/clock.ts';
import type { Database, Row, TransactionManager } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { commonRefusal, isRefusal, type Refusal, RefusalError } from '../platform/refusal.ts';
import { leafOf, type Publication } from './leaf.ts';

declare const made: unique symbol;
/** A transaction that only `act` can make: a function that writes must be given one. */
export type Tx = { readonly [made]: true; readonly em: TransactionManager; readonly now: string };

/** Who acts: the id of a person, `system`, or a per-lot handle; never a name. */
export type Actor = string;

export type DueTick = { readonly tick: string; readonly at: string };

/** A subject's rules: pure functions over JSON-safe values (times as UTC texts with six decimals, fen as decimal texts). */
export type Procedure<S, C, E extends { type: string }, F> = {
  /** Journal kind of the subject: `project`, `opening`. Also the name of its table. */
  readonly kind: string;
  initial(id: string): S;
  decide(state: S, command: C, facts: F & { readonly now: string }): Refusal | readonly E[];
  evolve(state: S, event: E): S;
  /** What strangers see of an event; sealed acts show a commitment only. */
  publish(event: E, context: { readonly subject: string; readonly now: string }): Publication;
  /** Extra columns of the subject's row, for lists and look-ups. */
  columns(state: S): Row;
  /** When time itself will act on the subject. */
  due?(state: S): readonly DueTick[];
  /** Further rows that follow from the events (a room's booking, an outbox), written in the same transaction. */
  project?(tx: Tx, state: S, events: readonly E[]): Promise<void>;
};

export type ActRequest<C, F> = {
  readonly subject: string;
  readonly command: C;
  readonly actor: Actor;
  readonly requestId: string;
  /** Repeating a key with the same input gives the first answer; with another input a refusal. */
  readonly idempotencyKey?: string;
  /** Facts from rooms to the left, read inside the transaction and under its lock. */
  readonly facts: (tx: Tx) => Promise<F>;
  /** Runs everything and rolls back. */
  readonly dryRun?: boolean;
};

export type Acted<S, E> = {
  readonly state: S;
  readonly events: readonly E[];
  readonly entryIds: readonly string[];
  readonly at: string;
};

/** An act may last this long; the barrier waits longer than this after a deadline (trust protocol 2.3, 2.4). */
export const actLimitMilliseconds = 2_000;

/** UTC text with six decimals of a timestamptz expression: what the durable formats hold. */
export const utcText = (expression: string): string =>
  `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export type Journal = {
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
  /** Called after each commit; the sequencer listens. */
  onCommit(listener: () => void): void;
};

/** The journal over a database; `clock` only lends its demo offset, the time itself is the database's. */
export function openJournal(db: Database, clock: Clock): Journal {
  const listeners: (() => void)[] = [];
  return {
    db,
    keep: (work) => db.transaction(async (em) => work({ em, now: await databaseNow(em, clock) } as Tx)),
    onCommit: (listener) => {
      listeners.push(listener);
    },
    act: async (procedure, request) => {
      try {
        const answer = await db.transaction((em) => carryOut(em, clock, procedure, request));
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
): Promise<Acted<S, E>> {
  const started = performance.now();
  const input = sha256Hex(canonicalBytes({ kind: procedure.kind, subject: request.subject, command: request.command }));
  const earlier = await earlierAnswer<S, E>(em, request, input);
  if (earlier) return earlier;
  const row = await lockSubject<S>(em, procedure, request.subject);
  const now = await databaseNow(em, clock);
  const tx = { em, now } as Tx;
  const facts = await request.facts(tx);
  const decided = procedure.decide(row.state, request.command, { ...facts, now });
  if (isRefusal(decided)) throw new RefusalError(decided);
  let { state } = row;
  const entryIds: string[] = [];
  for (const [i, event] of decided.entries()) {
    state = procedure.evolve(state, event);
    entryIds.push(await append(tx, procedure, request, event, row.version + i + 1));
  }
  await store(tx, procedure, request.subject, row.version, row.version + decided.length, state);
  await procedure.project?.(tx, state, decided);
  const answer: Acted<S, E> = { state, events: decided, entryIds, at: now };
  if (request.idempotencyKey !== undefined) {
    await em.execute('insert into act_answer (actor, key, input_sha256, answer, at) values (?, ?, ?, ?::jsonb, ?)', [
      request.actor,
      request.idempotencyKey,
      input,
      JSON.stringify(answer),
      now,
    ]);
  }
  if (request.dryRun) throw new DryRun(answer);
  if (performance.now() - started > actLimitMilliseconds) throw new RefusalError(commonRefusal('transaction-too-slow'));
  return answer;
}

async function earlierAnswer<S, E>(
  em: TransactionManager,
  request: ActRequest<unknown, unknown>,
  input: string,
): Promise<Acted<S, E> | null> {
  if (request.idempotencyKey === undefined) return null;
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

async function lockSubject<S>(
  em: TransactionManager,
  procedure: Pick<Procedure<S, never, never, never>, 'kind' | 'initial'>,
  subject: string,
): Promise<{ state: S; version: number }> {
  // A subject that does not exist yet has no row to lock; the advisory lock makes two creators wait for each other.
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 1))', [`${procedure.kind} ${subject}`]);
  const rows = (await em.execute(`select version, state from ${procedure.kind} where id = ? for update`, [
    subject,
  ])) as Row[];
  const row = rows[0];
  return row
    ? { state: row.state as S, version: Number(row.version) }
    : { state: procedure.initial(subject), version: 0 };
}

/** `clock_timestamp()`, not `now()`: the latter is the transaction's start and would let a late tender pass. */
export async function databaseNow(em: Pick<TransactionManager, 'execute'>, clock: Clock): Promise<string> {
  const rows = (await em.execute(`select ${utcText(`(clock_timestamp() + ? * interval '1 microsecond')`)} as now`, [
    clock.offsetMicroseconds().toString(),
  ])) as Row[];
  return rows[0]!.now as string;
}

async function append<S, C, E extends { type: string }, F>(
  tx: Tx,
  procedure: Procedure<S, C, E, F>,
  request: ActRequest<C, F>,
  event: E,
  version: number,
): Promise<string> {
  const id = newId();
  const leaf = leafOf(procedure.publish(event, { subject: request.subject, now: tx.now }), {
    at: tx.now,
    actor: request.actor,
    subject: request.subject,
  });
  await tx.em.execute(
    `insert into journal_entry (id, at, actor, kind, subject_kind, subject, version, event, leaf, body, salt, request_id)
     values (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?)`,
    [
      id,
      tx.now,
      request.actor,
      leaf.kind,
      procedure.kind,
      request.subject,
      version,
      JSON.stringify(event),
      Buffer.from(leaf.bytes),
      leaf.body && Buffer.from(leaf.body),
      leaf.salt && Buffer.from(leaf.salt),
      request.requestId,
    ],
  );
  return id;
}

async function store<S, C, E extends { type: string }, F>(
  tx: Tx,
  procedure: Procedure<S, C, E, F>,
  subject: string,
  from: number,
  to: number,
  state: S,
): Promise<void> {
  const columns = { ...procedure.columns(state), state: JSON.stringify(state), version: to };
  const names = Object.keys(columns);
  const values = Object.values(columns);
  if (from === 0) {
    await tx.em.execute(
      `insert into ${procedure.kind} (id, ${names.join(', ')}) values (?, ${names.map(() => '?').join(', ')})`,
      [subject, ...values],
    );
  } else {
    await tx.em.execute(
      `update ${procedure.kind} set ${names.map((n) => `${n} = ?`).join(', ')} where id = ? and version = ?`,
      [...values, subject, from],
    );
  }
  if (!procedure.due) return;
  await tx.em.execute('delete from due where room = ? and subject = ?', [procedure.kind, subject]);
  for (const { tick, at } of procedure.due(state)) {
    await tx.em.execute('insert into due (room, subject, tick, at) values (?, ?, ?, ?)', [
      procedure.kind,
      subject,
      tick,
      at,
    ]);
  }
}

const codeOf = (error: unknown): string => {
  const e = error as { code?: unknown; cause?: { code?: unknown } };
  return String(e?.code ?? e?.cause?.code ?? '');
};
const isConflict = (error: unknown): boolean => codeOf(error) === '23505';
const isLostConnection = (error: unknown): boolean =>
  /^(08|57P0)|ECONNREFUSED|ECONNRESET|EPIPE/.test(codeOf(error)) ||
  /Connection terminated/.test((error as Error)?.message ?? '');
