/** The other thread of hash-threads.ts: running SHA-256 sums by number, over memory shared with the first. */
import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** A sum starts with the first request that names it. */
export type HashRequest =
  | { readonly kind: 'update'; readonly id: number; readonly bytes: Uint8Array<SharedArrayBuffer> }
  | { readonly kind: 'end'; readonly id: number };
/** One for each request, in their order. Null: an update is done and its memory free again. */
export type HashAnswer = Uint8Array | null;

const sums = new Map<number, Hash>();

function answer(request: HashRequest): HashAnswer {
  const sum = sums.get(request.id) ?? createHash('sha256');
  if (request.kind === 'update') {
    sums.set(request.id, sum.update(request.bytes));
    return null;
  }
  sums.delete(request.id);
  return new Uint8Array(sum.digest());
}

parentPort?.on('message', (request: HashRequest) => parentPort?.postMessage(answer(request)));
