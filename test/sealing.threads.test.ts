import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { concatBytes, toHex } from '../src/formats/bytes.ts';
import { filePieces } from '../src/platform/file-pieces.ts';
import { hashThreads } from '../src/platform/hash-threads.ts';
import { unsealTender } from '../src/sealing/index.ts';
import { fileOf, opening, seal } from './support/sealing-world.ts';

const dir = mkdtempSync(join(tmpdir(), 'yangguang-threads-'));
const threads = hashThreads(2);
afterAll(async () => {
  await threads.close();
  rmSync(dir, { recursive: true, force: true });
});
const long = 1 << 30; // what makes a sum worth a thread is what is announced

async function sumOf(pieces: readonly Uint8Array[]): Promise<string> {
  const hasher = threads.sha256(long);
  for (const piece of pieces) await hasher.update(piece);
  return toHex(await hasher.digest());
}
const expected = (pieces: readonly Uint8Array[]) =>
  createHash('sha256')
    .update(concatBytes(...pieces))
    .digest('hex');

describe('hashes on another thread', () => {
  it('are the same for pieces of any size, also beside each other', async () => {
    const piece = fc
      .tuple(fc.oneof(fc.nat(1000), fc.nat(300_000), fc.constantFrom(262_144, 262_143, 0)), fc.nat(255))
      .map(([n, seed]) => new Uint8Array(n).map((_, i) => i * 7 + seed));
    const list = fc.array(piece, { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(list, list, list, async (...lists) => {
        expect(await Promise.all(lists.map(sumOf))).toEqual(lists.map(expected));
      }),
      { numRuns: 15 },
    );
  });

  it('take their copy at once: the caller may use its memory again', async () => {
    const buffer = new Uint8Array(1000);
    const hasher = threads.sha256(long);
    const plain = createHash('sha256');
    for (let i = 0; i < 12_000; i++) {
      buffer.fill(i);
      plain.update(buffer);
      await hasher.update(buffer);
    }
    expect(toHex(await hasher.digest())).toBe(plain.digest('hex'));
  });

  it('fail rather than hang when the thread is gone', async () => {
    const gone = hashThreads(1);
    const hasher = gone.sha256(long);
    await hasher.update(new Uint8Array(10));
    await gone.close();
    await expect(Promise.resolve(hasher.digest())).rejects.toThrow('ended');
  });

  it('open a tender read from a file in turns of two buffers', async () => {
    const sealed = await seal({
      files: [
        fileOf(
          'large.bin',
          new Uint8Array(5_000_000).map((_, i) => i % 241),
        ),
      ],
      primitives: threads,
    });
    const path = join(dir, 'tender.age');
    writeFileSync(path, sealed.tenderBytes);
    const input = await opening(sealed);
    expect(await unsealTender({ ...input, tender: filePieces(path), primitives: threads })).toMatchObject({
      result: 'opened',
      index: { files: [{ bytes: 5_000_000 }] },
    });
  });
});

describe('a file in pieces', () => {
  it.each([0, 1, 1 << 20, (1 << 20) + 1, 3_500_000])('%i bytes', async (n) => {
    const bytes = new Uint8Array(n).map((_, i) => i % 239);
    const path = join(dir, `file-${n}`);
    writeFileSync(path, bytes);
    const parts: Uint8Array[] = [];
    for await (const piece of filePieces(path)) parts.push(piece.slice());
    expect(concatBytes(...parts)).toEqual(bytes);
    for await (const _ of filePieces(path)) break; // closes the file
  });

  it('a file that is not there is an error', async () => {
    await expect(filePieces(join(dir, 'absent')).next()).rejects.toThrow('ENOENT');
  });
});
