/** A file as pieces for a hot loop: two buffers take turns, so reading 500 MB allocates 2 MB (a read stream allocates all of it). */
import { open } from 'node:fs/promises';

const pieceBytes = 1 << 20;

/** Yields the file from its beginning. A piece is good until the next one is asked for; whoever keeps it copies it. */
export async function* filePieces(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const buffers = [new Uint8Array(pieceBytes), new Uint8Array(pieceBytes)] as const;
    const read = (turn: number) => file.read(buffers[turn % 2 ? 1 : 0], 0, pieceBytes, null);
    let ahead = read(0);
    for (let turn = 0; ; turn++) {
      const { buffer, bytesRead } = await ahead;
      if (bytesRead === 0) return;
      ahead = read(turn + 1); // while the consumer works on this one
      // A failure of the read ahead is the next turn's to report.
      ahead.catch(() => {});
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
