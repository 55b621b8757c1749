/** The other thread of hash-threads.ts: running SHA-256 sums by number, over memory shared with the first. */
import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

export type HashRequest =
  | { readonly kind: 'start'; readonly id: number; readonly shared: SharedArrayBuffer }
  | { readonly kind: 'update'; readonly id: number; readonly at: number; readonly length: number }
  | { readonly kind: 'end'; readonly id: number };
/** Without a digest: one update is done and its memory free again. */
export type HashAnswer = { readonly id: number; readonly digest: Uint8Array | null };

const sums = new Map<number, { readonly hash: Hash; readonly memory: Uint8Array }>();

function answer(request: HashRequest): Uint8Array | null {
  if (request.kind === 'start') {
    sums.set(request.id, { hash: createHash('sha256'), memory: new Uint8Array(request.shared) });
    return null;
  }
  const sum = sums.get(request.id);
  if (!sum) throw new Error('a sum that was not started');
  if (request.kind === 'update') {
    sum.hash.update(sum.memory.subarray(request.at, request.at + request.length));
    return null;
  }
  sums.delete(request.id);
  return new Uint8Array(sum.hash.digest());
}

parentPort?.on('message', (request: HashRequest) => {
  const digest = answer(request);
  if (request.kind !== 'start') parentPort?.postMessage({ id: request.id, digest } satisfies HashAnswer);
});
