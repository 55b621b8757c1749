/** A file as pieces for a hot loop: blocks take turns, so reading 500 MB allocates 2 MB (a read stream allocates all of it). */
import { open } from 'node:fs/promises';
import { blockPool } from './lent-memory.ts';

const pieceBytes = 1 << 20;

/** Yields the file from its beginning. A piece is good until the next one is asked for; whoever keeps it copies it. */
export async function* filePieces(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const pool = blockPool(pieceBytes);
    const read = async () => {
      const block = pool.take();
      const { bytesRead } = await file.read(block.memory, 0, pieceBytes, null);
      return { block, bytesRead };
    };
    let ahead = read();
    while (true) {
      const { block, bytesRead } = await ahead;
      if (bytesRead === 0) return;
      ahead = read(); // while the consumer works on this one
      // A failure of the read ahead is the next turn's to report.
      ahead.catch(() => {});
      yield block.memory.subarray(0, bytesRead);
      block.holders--;
    }
  } finally {
    await file.close();
  }
}
