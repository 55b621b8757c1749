/** A stream of pieces of any size, read by exact lengths: what the readers of age files and packages stand on. */
export type ByteSource = {
  /** The next n bytes, fewer only at the end of the stream. */
  take(n: number): Promise<Uint8Array>;
  /** The next n bytes in pieces; ends early only with the stream. What the consumer leaves unread is skipped by `rest`. */
  pieces(n: number): AsyncGenerator<Uint8Array>;
  /** Everything left, in pieces. */
  rest(): AsyncGenerator<Uint8Array>;
  /** Lets the stream go, read or not. */
  close(): Promise<void>;
};

export function byteSource(stream: AsyncIterable<Uint8Array>): ByteSource {
  const iterator = stream[Symbol.asyncIterator]();
  let block: Uint8Array = new Uint8Array();
  /** The next piece of at most n bytes, null at the end. */
  const piece = async (n: number): Promise<Uint8Array | null> => {
    while (block.length === 0) {
      const next = await iterator.next();
      if (next.done) return null;
      block = next.value;
    }
    const taken = block.subarray(0, n);
    block = block.subarray(taken.length);
    return taken;
  };
  const pieces = async function* (n: number): AsyncGenerator<Uint8Array> {
    for (let left = n; left > 0; ) {
      const taken = await piece(left);
      if (!taken) return;
      left -= taken.length;
      yield taken;
    }
  };
  return {
    pieces,
    rest: () => pieces(Number.POSITIVE_INFINITY),
    close: async () => void (await iterator.return?.()),
    async take(n) {
      const first = n > 0 ? await piece(n) : null;
      if (!first || first.length === n) return first ?? new Uint8Array();
      const bytes = new Uint8Array(n);
      bytes.set(first);
      let length = first.length;
      for await (const next of pieces(n - length)) {
        bytes.set(next, length);
        length += next.length;
      }
      return bytes.subarray(0, length);
    },
  };
}

/** A stream of one piece. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** All bytes of a stream that must not be longer than `max`; null where it is. */
export async function collect(stream: AsyncIterable<Uint8Array>, max: number): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(max);
  let length = 0;
  for await (const piece of stream) {
    if (length + piece.length > max) return null;
    bytes.set(piece, length);
    length += piece.length;
  }
  return bytes.slice(0, length);
}
