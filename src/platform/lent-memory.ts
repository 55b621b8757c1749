/**
 * Blocks of shared memory that the hash threads read where they lie, so that bytes on their way from a file through the
 * decryption to two sums are copied once and allocate nothing. Blocks are counted, not locked: whoever fills one and each
 * sum that still reads it hold it, and a pool fills again only what nobody holds.
 */
export type Block = {
  readonly memory: Uint8Array<SharedArrayBuffer>;
  /** Changed on the thread that owns the pool only: the hash threads report back, they do not count. */
  holders: number;
};

/** Gives a block that nobody holds; it is the taker's until it takes one from `holders`. */
export type BlockPool = { take(): Block };

const blocks = new WeakMap<ArrayBufferLike, Block>();

/** The block in which these bytes lie; undefined for all other memory, which is its owner's and may change at any time. */
export function blockOf(bytes: Uint8Array): Block | undefined {
  return blocks.get(bytes.buffer);
}

/** A pool grows to what its takers and the sums hold at once: 4 MB for each sum (hash-threads.ts), and a block or two. */
export function blockPool(blockBytes: number): BlockPool {
  const own: Block[] = [];
  return {
    take() {
      const free = own.find((block) => block.holders === 0);
      const block = free ?? { memory: new Uint8Array(new SharedArrayBuffer(blockBytes)), holders: 0 };
      if (!free) {
        own.push(block);
        blocks.set(block.memory.buffer, block);
      }
      block.holders = 1;
      return block;
    },
  };
}
