/** Who waits on this node for an entry to get its index in a published checkpoint. */
import { RefusalError } from '../platform/refusal.ts';
import { journalRefusal } from './receipts.ts';

export type Waiters = {
  /** Resolves with the entry's index; refuses `receipt-pending` after the time. */
  wait(entryId: string, timeoutMilliseconds: number): Waiting;
  /** For a waiting whose index was learned otherwise. */
  cancel(waiting: Waiting): void;
  /** Tells that the entries got the indexes up to `size`, the last one size - 1. */
  settle(size: bigint, entryIds: readonly string[]): void;
};

export type Waiting = {
  readonly entryId: string;
  readonly index: Promise<bigint>;
  readonly resolve: (index: bigint) => void;
  readonly reject: (error: unknown) => void;
  readonly deadline: number;
};

/** Deadlines are looked at so often, all in one: a timer for each of a thousand receipts a second costs more than they do. */
const sweepMilliseconds = 250;

/** An empty waiting room. */
export function openWaiters(): Waiters {
  /** Owned here: who waits, by entry. */
  const waiting = new Map<string, Waiting[]>();
  let sweeping = false;
  const cancel = (one: Waiting) => {
    const others = waiting.get(one.entryId)?.filter((other) => other !== one) ?? [];
    if (others.length > 0) waiting.set(one.entryId, others);
    else waiting.delete(one.entryId);
  };
  const plan = () => {
    if (sweeping) return;
    sweeping = true;
    setTimeout(sweep, sweepMilliseconds);
  };
  const sweep = () => {
    sweeping = false;
    const now = performance.now();
    for (const one of [...waiting.values()].flat()) {
      if (one.deadline > now) continue;
      cancel(one);
      one.reject(new RefusalError(journalRefusal('receipt-pending')));
    }
    if (waiting.size > 0) plan();
  };
  return {
    cancel,
    wait: (entryId, timeoutMilliseconds) => {
      const { promise: index, resolve, reject } = Promise.withResolvers<bigint>();
      const one = { entryId, index, resolve, reject, deadline: performance.now() + timeoutMilliseconds };
      const others = waiting.get(entryId);
      if (others) others.push(one);
      else waiting.set(entryId, [one]);
      plan();
      return one;
    },
    settle: (size, entryIds) => {
      const first = size - BigInt(entryIds.length);
      for (const [i, id] of entryIds.entries()) {
        const those = waiting.get(id);
        if (!those) continue;
        waiting.delete(id);
        for (const { resolve } of those) resolve(first + BigInt(i));
      }
    },
  };
}
