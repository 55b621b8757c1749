/** One running SHA-256 on another thread, as its caller sees it: what goes over and when the caller waits. */
import type { Hasher } from '../sealing/index.ts';
import { type Block, blockOf, blockPool } from './lent-memory.ts';

/** What goes over in one message. */
const segmentBytes = 512 * 1024;
/** What may be on its way for one sum before its caller waits. */
const aheadBytes = 4 << 20;

/** What the thread owes one sum; its caller is sequential, so it waits for one thing at a time. */
export type Sum = {
  readonly id: number;
  /** On their way or being hashed. */
  busyBytes: number;
  digest: Uint8Array | undefined;
  waiting: { resolve(): void; reject(error: unknown): void } | undefined;
};

/** A part of a lent block. The sum holds the block until the part is hashed. */
export type Segment = { readonly block: Block; readonly from: number; to: number };

export type SumThread = {
  send(sum: Sum, segment: Segment): void;
  end(sum: Sum): void;
  /** Waits for whatever comes next of a sum; the caller looks at what it needs and comes again. Throws once the thread is gone. */
  next(sum: Sum): Promise<void>;
};

/** Hashes lent memory where it lies and a copy of all other, and waits only when enough of it is still to be hashed. */
export function startSum(sum: Sum, thread: SumThread): Hasher {
  let begun: Segment | undefined;
  const send = () => {
    if (begun) thread.send(sum, begun);
    begun = undefined;
  };
  const append = (block: Block, from: number, length: number) => {
    if (begun?.block !== block || begun.to !== from) {
      send();
      block.holders++;
      begun = { block, from, to: from };
    }
    begun.to += length;
    if (begun.to - begun.from >= segmentBytes) send();
  };
  const room = async () => {
    while (sum.busyBytes >= aheadBytes) await thread.next(sum);
  };
  const copy = copier(append);
  const copyAll = async (bytes: Uint8Array): Promise<void> => {
    for (let at = 0; at < bytes.length; await room()) at += copy(bytes.subarray(at));
  };
  return {
    update(bytes) {
      const block = blockOf(bytes);
      if (!block && bytes.length > segmentBytes) return copyAll(bytes);
      if (block) append(block, bytes.byteOffset, bytes.length);
      else for (let at = 0; at < bytes.length; ) at += copy(bytes.subarray(at));
      // Mostly there is room: no promise then.
      return sum.busyBytes < aheadBytes ? undefined : room();
    },
    async digest() {
      send();
      thread.end(sum);
      while (!sum.digest) await thread.next(sum);
      return sum.digest;
    },
  };
}

/** Copies the beginning of some bytes into blocks, one behind the other; answers how many. */
function copier(append: (block: Block, from: number, length: number) => void): (bytes: Uint8Array) => number {
  const pool = blockPool(segmentBytes);
  let block: Block | undefined;
  let filled = 0;
  return (bytes) => {
    if (!block || filled === segmentBytes) {
      if (block) block.holders--;
      block = pool.take();
      filled = 0;
    }
    const n = Math.min(segmentBytes - filled, bytes.length);
    block.memory.set(bytes.subarray(0, n), filled);
    append(block, filled, n);
    filled += n;
    return n;
  };
}
