import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, sha256Hex, utf8 } from '../src/formats/bytes.ts';
import { canonicalBytes } from '../src/formats/canonical.ts';
import { FormatError } from '../src/formats/format-error.ts';
import type { PackageIndex } from '../src/formats/package-index.ts';
import { nativePrimitives as primitives } from '../src/platform/age-primitives.ts';
import { readPackage, SealError, type SealFile, writePackage } from '../src/sealing/index.ts';
import { defaultLimits } from '../src/sealing/package-limits.ts';
import { writeTarHeader } from '../src/sealing/package-tar.ts';
import { fileOf, pieces } from './support/sealing-world.ts';

const context: Omit<PackageIndex, 'files'> = {
  type: 'yangguang.org/package-index/v1',
  suite: 'YG1',
  lot: 'lot-1',
  policy: '0'.repeat(64),
  bidder: 'org-1',
  certSha256: '1'.repeat(64),
  recipient: `age1${'q'.repeat(58)}`,
};
const offer = utf8('{"offer":true}');
const letter = utf8('letter');

async function packed(files: readonly SealFile[]): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of writePackage({ files, context, offer, primitives })) parts.push(piece.slice());
  return concatBytes(...parts);
}

type Part = { path: string; body?: Uint8Array; header?: (header: Uint8Array) => void };

/** An archive by hand: what a bidder's own program could have made. */
function archive(parts: readonly Part[], end = new Uint8Array(1024)): Uint8Array {
  return concatBytes(
    ...parts.flatMap(({ path, body = new Uint8Array(), header }) => {
      const block = writeTarHeader({ path, bytes: body.length });
      header?.(block);
      return [header ? summed(block) : block, body, new Uint8Array((512 - (body.length % 512)) % 512)];
    }),
    end,
  );
}

/** Puts the right checksum on a changed header, so that the change itself is what is refused. */
function summed(header: Uint8Array): Uint8Array {
  header.set(utf8('        '), 148);
  const sum = header.reduce((a, b) => a + b, 0);
  header.set(utf8(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  return header;
}

const listed = (path: string, body: Uint8Array) => ({ path, name: path, sha256: sha256Hex(body), bytes: body.length });
const indexPart = (files: PackageIndex['files'] = [listed('files/0001.pdf', letter)]): Part => ({
  path: 'index.json',
  body: canonicalBytes({ ...context, files }),
});
const offerPart: Part = { path: 'offer.json', body: offer };
const letterPart: Part = { path: 'files/0001.pdf', body: letter };

async function verdict(bytes: Uint8Array, limits = defaultLimits, size?: number): Promise<string> {
  try {
    await readPackage(pieces(bytes, size), { primitives, limits });
    return 'read';
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
}

describe('package.tar', () => {
  it('brings back index, offer and the contents of the files', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 30 }), fc.uint8Array({ maxLength: 1500 })), {
          maxLength: 5,
        }),
        fc.integer({ min: 1, max: 3000 }),
        async (files, size) => {
          const bytes = await packed(files.map(([name, body]) => fileOf(name, body)));
          const got: Uint8Array[] = [];
          const sink = async (_: unknown, content: AsyncIterable<Uint8Array>) => {
            const parts: Uint8Array[] = [];
            for await (const piece of content) parts.push(piece.slice());
            got.push(concatBytes(...parts));
          };
          const read = await readPackage(pieces(bytes, size), { primitives, sink });
          expect(read.index.files.map((f) => f.name)).toEqual(files.map(([name]) => name));
          expect(got.map(sha256Hex)).toEqual(files.map(([, body]) => sha256Hex(body)));
          expect(read.offer).toEqual(offer);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('equal contents give equal packages; names become numbers with a plain ending', async () => {
    const files = [fileOf('../../etc/passwd', letter), fileOf('标书.DOCX', letter), fileOf('x.tar.gz', letter)];
    const bytes = await packed(files);
    expect(await packed(files)).toEqual(bytes);
    const { index } = await readPackage(pieces(bytes), { primitives });
    expect(index.files.map((f) => f.path)).toEqual(['files/0001.bin', 'files/0002.docx', 'files/0003.gz']);
  });

  it('a sink may leave a file unread', async () => {
    const bytes = await packed([fileOf('a', new Uint8Array(5000)), fileOf('b', letter)]);
    const sink = async (_: unknown, content: AsyncIterable<Uint8Array>) => {
      for await (const _piece of content) break;
    };
    expect((await readPackage(pieces(bytes, 100), { primitives, sink })).index.files).toHaveLength(2);
  });

  it('a file that changes its size while it is read stops the sealing', async () => {
    const shrunk = { ...fileOf('a', letter), bytes: letter.length + 1 };
    const grown = { ...fileOf('a', letter), bytes: letter.length - 1 };
    for (const file of [shrunk, grown]) await expect(packed([file])).rejects.toBeInstanceOf(SealError);
  });

  it('too many and too large files are refused before anything is read', async () => {
    const many = Array.from({ length: 1001 }, () => fileOf('a', letter));
    await expect(packed(many)).rejects.toMatchObject({ code: 'files-too-many' });
    await expect(packed([{ ...fileOf('a', letter), bytes: 3 * 2 ** 30 }])).rejects.toMatchObject({
      code: 'file-too-large',
    });
  });

  const put = (at: number, text: string) => (header: Uint8Array) => header.set(utf8(text), at);
  const good = archive([letterPart, indexPart(), offerPart]);
  const withLetter = (change: Partial<Part>) => archive([{ ...letterPart, ...change }, indexPart(), offerPart]);

  it.each<[string, Uint8Array, string]>([
    ['as it should be', good, 'read'],
    ['filled up to a record', concatBytes(good, new Uint8Array(10_240 - 1024)), 'read'],
    ['without files', archive([indexPart([]), offerPart]), 'read'],
    ['a name with ../', withLetter({ path: '../0001.pdf' }), 'package-unsafe'],
    ['an absolute name', withLetter({ path: '/etc/passwd' }), 'package-unsafe'],
    ['a name in another folder', withLetter({ path: 'files/a/0001.pdf' }), 'package-unsafe'],
    ['a name with a prefix', withLetter({ header: put(345, 'up') }), 'package-unsafe'],
    ['a symbolic link', withLetter({ header: put(156, '2') }), 'package-unsafe'],
    ['a link name on a file', withLetter({ header: put(157, 'index.json') }), 'package-unsafe'],
    ['a hard link', withLetter({ header: put(156, '1') }), 'package-unsafe'],
    ['a device', withLetter({ header: put(156, '3') }), 'package-unsafe'],
    ['a folder', withLetter({ header: put(156, '5') }), 'package-unsafe'],
    ['a pax header', withLetter({ header: put(156, 'x') }), 'package-unsafe'],
    ['a GNU long name', withLetter({ header: put(156, 'L') }), 'package-unsafe'],
    ['GNU format', withLetter({ header: put(257, 'ustar  \0') }), 'package-unsafe'],
    ['a base-256 size', withLetter({ header: (h) => h.set([0x80], 124) }), 'package-unsafe'],
    ['a wrong checksum', good.map((b, i) => (i === 100 ? b ^ 1 : b)), 'package-unsafe'],
    ['a name twice', archive([letterPart, letterPart, indexPart(), offerPart]), 'package-unsafe'],
    ['another order', archive([indexPart(), letterPart, offerPart]), 'package-unsafe'],
    ['text behind the end', concatBytes(good, utf8('more')), 'package-unsafe'],
    ['zeros without end', concatBytes(good, new Uint8Array(20_000)), 'package-unsafe'],
    ['no end', good.slice(0, -1024), 'package-unsafe'],
    ['half an end', good.slice(0, -512), 'package-unsafe'],
    ['cut in a file', good.slice(0, 515), 'package-unsafe'],
    ['something in the padding', good.map((b, i) => (i === 1000 ? 1 : b)), 'package-unsafe'],
    ['empty', new Uint8Array(), 'package-unsafe'],
    ['no index', archive([letterPart, offerPart]), 'package-file'],
    ['no offer', archive([letterPart, indexPart()]), 'package-file'],
    ['an unlisted file', archive([letterPart, indexPart([]), offerPart]), 'package-file'],
    ['a missing file', archive([indexPart(), offerPart]), 'package-file'],
    ['a changed file', withLetter({ body: utf8('Letter') }), 'package-file'],
    ['a file of another length', withLetter({ body: utf8('letters') }), 'package-file'],
    [
      'an index with spaces',
      archive([letterPart, { path: 'index.json', body: utf8('{ }') }, offerPart]),
      'not-canonical',
    ],
    [
      'an index with another field',
      archive([{ path: 'index.json', body: canonicalBytes({ ...context, files: [], x: 1 }) }, offerPart]),
      'schema',
    ],
    ['an index with a foreign path', archive([indexPart([listed('../x', letter)]), offerPart]), 'schema'],
  ])('%s', async (_name, bytes, code) => {
    expect(await verdict(bytes)).toBe(code);
    expect(await verdict(bytes, defaultLimits, 1)).toBe(code);
  });

  it('limits hold by what the header says, before the content is read', async () => {
    const bomb = writeTarHeader({ path: 'files/0001.bin', bytes: 8 * 2 ** 30 - 1 });
    expect(await verdict(bomb)).toBe('package-unsafe');
    expect(await verdict(writeTarHeader({ path: 'index.json', bytes: 2 ** 30 }))).toBe('package-unsafe');
    expect(await verdict(good, { ...defaultLimits, files: 0 })).toBe('package-unsafe');
    expect(await verdict(good, { ...defaultLimits, fileBytes: 5 })).toBe('package-unsafe');
    expect(await verdict(good, { ...defaultLimits, totalBytes: 1024 })).toBe('package-unsafe');
  });

  it('any change ends in a reason or in a header field without meaning', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), async (at, value, cut) => {
        const changed = good.slice();
        changed[at] = value;
        const code = await verdict(changed);
        // Every byte is covered: headers by their checksum, contents by the index, the index by its schema (the offer and
        // the index's own words by the manifest, which is not asked here).
        if (at < 1024 && value !== good[at]) expect(code).not.toBe('read');
        await verdict(good.slice(0, cut));
      }),
      { numRuns: 300 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        expect(await verdict(bytes)).toBe('package-unsafe');
      }),
    );
  });
});
