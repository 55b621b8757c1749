/** Who waits on this node for an entry to get its index in a published checkpoint. */
import { RefusalError } from '../platform/refusal.ts';
import { journalRefusal } from './receipts.ts';

export type Waiters = {
  /** Resolves with the entry's index; refuses `receipt-pending` after the time. `cancel` when it is known otherwise. */
  wait(entryId: string, timeoutMilliseconds: number): { index: Promise<bigint>; cancel(): void };
  /** Tells that the entries got the indexes up to `size`, the last one size - 1. */
  settle(size: bigint, entryIds: readonly string[]): void;
};

type Waiting = { resolve(index: bigint): void };

/** An empty waiting room. */
export function openWaiters(): Waiters {
  const waiting = new Map<string, Set<Waiting>>();
  return {
    wait: (entryId, timeoutMilliseconds) => {
      const { promise, resolve, reject } = Promise.withResolvers<bigint>();
      const one: Waiting = { resolve };
      const others = waiting.get(entryId) ?? new Set();
      waiting.set(entryId, others.add(one));
      const leave = () => {
        clearTimeout(timer);
        others.delete(one);
        if (others.size === 0 && waiting.get(entryId) === others) waiting.delete(entryId);
      };
      const timer = setTimeout(() => reject(new RefusalError(journalRefusal('receipt-pending'))), timeoutMilliseconds);
      const index = promise.finally(leave);
      index.catch(() => {}); // A caller that learned the index otherwise does not await this promise.
      return { index, cancel: leave };
    },
    settle: (size, entryIds) => {
      const first = size - BigInt(entryIds.length);
      for (const [i, id] of entryIds.entries())
        for (const { resolve } of waiting.get(id) ?? []) resolve(first + BigInt(i));
    },
  };
}
