/**
 * SHA-256 of long files on a thread beside the one that decrypts: opening a 200 MB tender costs about as much for its two
 * hashes as for the decryption. Bytes go over in a small piece of shared memory, so nothing piles up for the collector.
 */
import { Worker } from 'node:worker_threads';
import type { Hasher, Primitives } from '../sealing/index.ts';
import { nativePrimitives } from './age-primitives.ts';
import type { HashAnswer, HashRequest } from './hash-worker.ts';

/** A tender has two long sums. On one thread they hold the decryption up, also where there are two cores only (measured). */
const threadCount = 2;
/** Below this the trip to the other thread costs more than it saves. */
const worthwhileBytes = 4 << 20;
const slotBytes = 256 * 1024;
const slots = 16;

export type HashThreads = Primitives & { close(): Promise<void> };

/** Native primitives with threads for long hashes; `close` ends the threads. They keep a process alive only while awaited. */
export function hashThreads(count = threadCount): HashThreads {
  const threads = Array.from({ length: count }, () => hashThread());
  let turn = 0;
  return {
    ...nativePrimitives,
    sha256: (bytes = 0) =>
      bytes < worthwhileBytes ? nativePrimitives.sha256() : threads[turn++ % threads.length]!.sum(),
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

type Waiter = { resolve(): void; reject(error: unknown): void };
/** What the thread owes one sum; its caller is sequential, so it waits for one thing at a time. */
type Sum = {
  /** Slots on their way or being hashed. */
  busy: number;
  digest: Uint8Array | undefined;
  waiting: Waiter | undefined;
};

function hashThread(): { sum(): Hasher; close(): Promise<unknown> } {
  const worker = new Worker(new URL('./hash-worker.ts', import.meta.url));
  worker.unref();
  const sums = new Map<number, Sum>();
  let last = 0;
  let waiters = 0;
  let ended: Error | undefined;
  worker.on('message', ({ id, digest }: HashAnswer) => {
    const sum = sums.get(id);
    if (!sum) return;
    if (digest) sum.digest = digest;
    else sum.busy--;
    sum.waiting?.resolve();
  });
  const end = (error: Error) => {
    ended ??= error;
    for (const sum of sums.values()) sum.waiting?.reject(ended);
  };
  worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => end(new Error('the hashing thread has ended')));
  /** Waits for whatever comes next of a sum; the caller looks at what it needs and comes again. */
  const next = async (sum: Sum): Promise<void> => {
    if (ended) throw ended;
    if (waiters++ === 0) worker.ref();
    try {
      await new Promise<void>((resolve, reject) => {
        sum.waiting = { resolve, reject };
      });
    } finally {
      sum.waiting = undefined;
      if (--waiters === 0) worker.unref();
    }
  };
  const ask = (request: HashRequest) => worker.postMessage(request);
  // A sum that its caller gave up (a package refused half-way) still holds memory over there.
  const abandoned = new FinalizationRegistry<number>((id) => {
    if (sums.delete(id)) ask({ kind: 'end', id });
  });
  const sum = (): Hasher => {
    const id = ++last;
    const state: Sum = { busy: 0, digest: undefined, waiting: undefined };
    sums.set(id, state);
    const hasher = startSum(id, state, ask, () => next(state));
    const digest = () => {
      // From here on the sum ends by itself, also when nobody holds the hasher while the digest is on its way.
      abandoned.unregister(state);
      return Promise.resolve(hasher.digest()).finally(() => sums.delete(id));
    };
    const given: Hasher = { update: hasher.update, digest };
    abandoned.register(given, id, state);
    return given;
  };
  return { sum, close: () => worker.terminate() };
}

/** One sum: fills slots of shared memory in turn and waits only when all of them are still to be hashed. */
function startSum(id: number, state: Sum, ask: (request: HashRequest) => void, next: () => Promise<void>): Hasher {
  const shared = new SharedArrayBuffer(slots * slotBytes);
  const memory = new Uint8Array(shared);
  let slot = 0;
  let filled = 0;
  const send = () => {
    ask({ kind: 'update', id, at: slot * slotBytes, length: filled });
    state.busy++;
    slot = (slot + 1) % slots;
    filled = 0;
  };
  const fill = (bytes: Uint8Array): number => {
    const n = Math.min(slotBytes - filled, bytes.length);
    memory.set(bytes.subarray(0, n), slot * slotBytes + filled);
    filled += n;
    if (filled === slotBytes) send();
    return n;
  };
  const updateAll = async (bytes: Uint8Array): Promise<void> => {
    for (let at = 0; at < bytes.length; ) {
      while (state.busy === slots) await next();
      at += fill(bytes.subarray(at));
    }
  };
  ask({ kind: 'start', id, shared });
  return {
    // Most pieces fit into the slot begun: no promise for them.
    update: (bytes) => (bytes.length < slotBytes - filled && state.busy < slots ? void fill(bytes) : updateAll(bytes)),
    async digest() {
      while (state.busy === slots) await next();
      send();
      ask({ kind: 'end', id });
      while (!state.digest) await next();
      return state.digest;
    },
  };
}
