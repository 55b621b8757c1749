/** What a room tells the journal of its subjects: pure rules, and what strangers see of each event. */
import type { Row, TransactionManager } from '../platform/database.ts';
import type { Refusal } from '../platform/refusal.ts';
import type { Publication } from './leaf.ts';

declare const made: unique symbol;
/** A transaction that only the journal can make: a function that writes must be given one. */
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
