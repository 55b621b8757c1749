import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concatBytes, toHex } from '../src/formats/bytes.ts';
import { filePieces } from '../src/platform/file-pieces.ts';
import { openFiles } from '../src/platform/files.ts';
import { hashThreads } from '../src/platform/hash-threads.ts';
import { generateIdentity, identityToRecipient, openAge, sealAge, unsealTender } from '../src/sealing/index.ts';
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

describe('lent memory', () => {
  const long20 = join(dir, 'long');
  const bytes = new Uint8Array(randomBytes(20_000_001));
  beforeAll(() => writeFileSync(long20, bytes));
  const sha256 = createHash('sha256').update(bytes).digest('hex');

  it('is not filled again before it is hashed, also where several files wait for one thread', async () => {
    const one = hashThreads(1);
    const sum = async () => {
      const [whole, body] = [one.sha256(long), one.sha256(long)];
      let at = 0;
      for await (const piece of filePieces(long20)) {
        await whole.update(piece);
        await body.update(piece.subarray(at === 0 ? 100 : 0));
        at += piece.length;
      }
      return [toHex(await whole.digest()), toHex(await body.digest())];
    };
    const expectedBody = createHash('sha256').update(bytes.subarray(100)).digest('hex');
    expect(await Promise.all([sum(), sum(), sum()])).toEqual(Array(3).fill([sha256, expectedBody]));
    await one.close();
  });

  it('holds what the threads decrypt until it is hashed', async () => {
    const identity = await generateIdentity();
    const recipient = await identityToRecipient(identity);
    const hasher = threads.sha256(long);
    for await (const piece of openAge(sealAge(filePieces(long20), identity, recipient, threads), identity, threads))
      await hasher.update(piece);
    expect(toHex(await hasher.digest())).toBe(sha256);
  });

  it('shows nothing of a chunk that is not authentic', () => {
    const cipher = threads.chunkCipher(randomBytes(32));
    const nonce = randomBytes(12);
    const sealed = cipher.seal(nonce, bytes.subarray(0, 40_000));
    expect(cipher.open(nonce, sealed)).toEqual(bytes.subarray(0, 40_000));
    for (const at of [0, 39_999, 40_000, 40_015])
      expect(cipher.open(nonce, new Uint8Array(sealed).fill(sealed[at]! ^ 1, at, at + 1))).toBeNull();
    expect(cipher.open(nonce, cipher.seal(nonce, new Uint8Array()))).toEqual(new Uint8Array());
  });

  it('is stored like any other', async () => {
    const store = openFiles(join(dir, 'store'));
    expect(await store.put(filePieces(long20), 1e9)).toEqual({ sha256, bytes: bytes.length });
    expect(
      createHash('sha256')
        .update(readFileSync(store.path(sha256)))
        .digest('hex'),
    ).toBe(sha256);
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
