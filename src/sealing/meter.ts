/** Hashes and counts a stream as it is read, and reads on when its reader has given up, so that a hash is always of the whole. */
import { toHex } from '../formats/bytes.ts';
import type { Hasher } from './primitives.ts';

export type Metered = { readonly sha256: string; readonly bytes: number };

export type Meter = AsyncIterable<Uint8Array> & {
  /** Reads what is left and answers hash and length; beyond `max` bytes it stops, and the length says so. */
  finish(): Promise<Metered>;
};

export function meter(stream: AsyncIterable<Uint8Array>, hasher: Hasher, max: number): Meter {
  const iterator = stream[Symbol.asyncIterator]();
  let bytes = 0;
  let done = false;
  let broken: { error: unknown } | undefined;
  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    if (broken) throw broken.error;
    const step = done || bytes > max ? undefined : await iterator.next().catch(fail);
    if (!step || step.done) {
      done = true;
      return { done: true, value: undefined };
    }
    await hasher.update(step.value);
    bytes += step.value.length;
    return { done: false, value: step.value };
  };
  /** A stream that failed stays failed: the part read so far must not pass for a shorter file. */
  const fail = (error: unknown): never => {
    broken = { error };
    throw error;
  };
  return {
    // No `return`: a reader that stops early must not close the stream before it is measured.
    [Symbol.asyncIterator]: () => ({ next }),
    async finish() {
      while (!(await next()).done);
      await iterator.return?.();
      return { sha256: toHex(await hasher.digest()), bytes };
    },
  };
}
