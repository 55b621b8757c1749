/**
 * SHA-256 of long files on threads beside the one that decrypts: opening a 200 MB tender costs more for its two hashes than
 * for the decryption. What a file's reader and the decryption give is lent memory, hashed where it lies; other bytes are copied.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ChunkCipher, Hasher, Primitives } from '../sealing/index.ts';
import { nativePrimitives, openInto } from './age-primitives.ts';
import { type Sum, type SumThread, startSum } from './hash-sum.ts';
import type { HashAnswer, HashRequest } from './hash-worker.ts';
import { type Block, blockPool } from './lent-memory.ts';

/**
 * A tender has two long sums: a thread for each where the decryption leaves so many cores. On two cores one thread for both is
 * faster by a tenth (measured: with three threads they take turns on a core).
 */
const threadCount = Math.min(2, Math.max(1, availableParallelism() - 1));
/** Below this the trip to the other thread costs more than it saves. */
const worthwhileBytes = 4 << 20;
/** A block of decrypted chunks. */
const openedBytes = 1 << 20;

export type HashThreads = Primitives & { close(): Promise<void> };

/**
 * Native primitives with threads for long hashes; `close` ends the threads. They keep a process alive only while awaited.
 * What their cipher opens is good until it opens the next chunk.
 */
export function hashThreads(count = threadCount): HashThreads {
  const threads = Array.from({ length: count }, () => hashThread());
  let turn = 0;
  return {
    sha256: (bytes = 0) =>
      bytes < worthwhileBytes ? nativePrimitives.sha256() : threads[turn++ % threads.length]!.sum(),
    chunkCipher: (key) => ({ ...nativePrimitives.chunkCipher(key), open: lendingOpen(key) }),
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

/** Opens chunks into lent blocks, one behind the other, so that several go to a sum as one segment. */
function lendingOpen(key: Uint8Array): ChunkCipher['open'] {
  const pool = blockPool(openedBytes);
  let block: Block | undefined;
  let end = 0;
  return (nonce, sealed) => {
    if (!block || end + sealed.length > openedBytes) {
      if (block) block.holders--;
      block = pool.take();
      end = 0;
    }
    const plain = openInto(block.memory.subarray(end), key, nonce, sealed);
    end += plain?.length ?? 0;
    return plain;
  };
}

function hashThread(): { sum(): Hasher; close(): Promise<unknown> } {
  const worker = new Worker(new URL('./hash-worker.ts', import.meta.url));
  const sums = new Set<Sum>();
  /** What to do with each answer; they come in the order of the requests. */
  const owed: ((answer: HashAnswer) => void)[] = [];
  let last = 0;
  const whileAwaited = keptAlive(worker);
  let ended: Error | undefined;
  worker.on('message', (answer: HashAnswer) => owed.shift()?.(answer));
  const over = (error: Error) => {
    ended ??= error;
    for (const sum of sums) sum.waiting?.reject(ended);
  };
  worker.on('error', (error) => over(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => over(new Error('the hashing thread has ended')));
  const ask = (request: HashRequest, done: (answer: HashAnswer) => void) => {
    owed.push(done);
    worker.postMessage(request);
  };
  const thread: SumThread = {
    send(sum, { block, from, to }) {
      sum.busyBytes += to - from;
      ask({ kind: 'update', id: sum.id, bytes: block.memory.subarray(from, to) }, () => {
        block.holders--;
        sum.busyBytes -= to - from;
        sum.waiting?.resolve();
      });
    },
    end: (sum) =>
      ask({ kind: 'end', id: sum.id }, (digest) => {
        sum.digest = digest ?? undefined;
        sum.waiting?.resolve();
      }),
    next: (sum) =>
      whileAwaited(async () => {
        if (ended) throw ended;
        await new Promise<void>((resolve, reject) => {
          sum.waiting = { resolve, reject };
        });
        sum.waiting = undefined;
      }),
  };
  // A sum that its caller gave up (a package refused half-way) still holds memory over there.
  const abandoned = new FinalizationRegistry<Sum>((sum) => {
    if (sums.delete(sum)) thread.end(sum);
  });
  const sum = (): Hasher => {
    const state: Sum = { id: ++last, busyBytes: 0, digest: undefined, waiting: undefined };
    sums.add(state);
    const hasher = startSum(state, thread);
    const digest = () => {
      // From here on the sum ends by itself, also when nobody holds the hasher while the digest is on its way.
      abandoned.unregister(state);
      return Promise.resolve(hasher.digest()).finally(() => sums.delete(state));
    };
    const given: Hasher = { update: hasher.update, digest };
    abandoned.register(given, state, state);
    return given;
  };
  return { sum, close: () => worker.terminate() };
}

/** A thread holds the process up only while somebody waits for it. */
function keptAlive(worker: Worker): (wait: () => Promise<void>) => Promise<void> {
  let waiters = 0;
  worker.unref();
  return async (wait) => {
    if (waiters++ === 0) worker.ref();
    try {
      await wait();
    } finally {
      if (--waiters === 0) worker.unref();
    }
  };
}
