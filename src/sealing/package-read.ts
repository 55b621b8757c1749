/**
 * Reads package.tar as a stream. Everything in it was chosen by a bidder: names, sizes and counts are bounded before they
 * are used, nothing is written by an entry's own name, and the end must be the end.
 */
import { toHex } from '../formats/bytes.ts';
import { parseCanonical } from '../formats/canonical.ts';
import { FormatError } from '../formats/format-error.ts';
import { type PackageIndex, packageIndex, packagePath } from '../formats/package-index.ts';
import { type ByteSource, byteSource } from './byte-source.ts';
import { defaultLimits, type PackageLimits } from './package-limits.ts';
import { blockBytes, isEmpty, paddingOf, readTarHeader, recordBytes, type TarEntry, unsafe } from './package-tar.ts';
import type { Primitives } from './primitives.ts';

/**
 * Where the files go, one after the other. The content must be kept apart until the verdict: its hash is compared only
 * after index.json, which comes behind the files. What the function leaves unread is skipped.
 */
export type FileSink = (file: TarEntry, content: AsyncIterable<Uint8Array>) => Promise<void>;

export type ReadPackageOptions = {
  readonly primitives: Primitives;
  readonly limits?: PackageLimits;
  readonly sink?: FileSink | undefined;
};

type FoundFile = TarEntry & { readonly sha256: string };

export type ReadPackage = { readonly index: PackageIndex; readonly offer: Uint8Array };

/**
 * Answers the index, whose files are exactly the archive's (path, size, SHA-256, order), and the bytes of offer.json.
 * Throws FormatError `package-unsafe` (archive), `package-file` (missing, unlisted or changed file), `not-canonical` or
 * `schema` (index.json).
 */
export async function readPackage(
  stream: AsyncIterable<Uint8Array>,
  { primitives, limits = defaultLimits, sink }: ReadPackageOptions,
): Promise<ReadPackage> {
  const source = byteSource(stream);
  const documents = new Map<string, Uint8Array>();
  const found: FoundFile[] = [];
  let last = '';
  let total = 0;
  try {
    for (let entry = await nextEntry(source); entry; entry = await nextEntry(source)) {
      const { path, bytes } = entry;
      if (path <= last) unsafe(`${JSON.stringify(path)} twice or out of order`);
      last = path;
      total += blockBytes + bytes + paddingOf(bytes);
      if (total > limits.totalBytes) unsafe('package too large');
      if (path === 'index.json' || path === 'offer.json') {
        if (bytes > (path === 'index.json' ? limits.indexBytes : limits.offerBytes)) unsafe(`${path} too large`);
        documents.set(path, (await takeAll(source, bytes)).slice());
      } else {
        if (!packagePath.safeParse(path).success) unsafe(`name ${JSON.stringify(path)}`);
        if (found.length >= limits.files || bytes > limits.fileBytes) unsafe('too many files, or one too large');
        found.push({ ...entry, sha256: await passOn(source, entry, primitives, sink) });
      }
      if (!isEmpty(await takeAll(source, paddingOf(bytes)))) unsafe('padding is not zero');
    }
    await requireEnd(source);
  } finally {
    await source.close();
  }
  return {
    index: matched(documents.get('index.json'), found),
    offer: required(documents.get('offer.json'), 'offer.json'),
  };
}

async function nextEntry(source: ByteSource): Promise<TarEntry | null> {
  return readTarHeader(await takeAll(source, blockBytes));
}

async function takeAll(source: ByteSource, bytes: number): Promise<Uint8Array> {
  const taken = await source.take(bytes);
  if (taken.length !== bytes) unsafe('archive ends too early');
  return taken;
}

/** Hands one file on while hashing it; answers its hex SHA-256. */
async function passOn(
  source: ByteSource,
  entry: TarEntry,
  primitives: Primitives,
  sink: FileSink | undefined,
): Promise<string> {
  const hasher = primitives.sha256(entry.bytes);
  let left = entry.bytes;
  const content = async function* () {
    while (left > 0) {
      for await (const piece of source.pieces(left)) {
        left -= piece.length;
        await hasher.update(piece);
        yield piece;
      }
      if (left > 0) unsafe('archive ends too early');
    }
  };
  await sink?.(entry, content());
  for await (const _ of content()); // what the sink left
  return toHex(await hasher.digest());
}

/** Behind the first zero block: a second one, then at most zeros up to a record. */
async function requireEnd(source: ByteSource): Promise<void> {
  let zeros = blockBytes;
  for await (const piece of source.rest()) {
    zeros += piece.length;
    if (zeros > recordBytes || !isEmpty(piece)) unsafe('something stands behind the end');
  }
  if (zeros < 2 * blockBytes) unsafe('no end of archive');
}

function required(bytes: Uint8Array | undefined, path: string): Uint8Array {
  if (!bytes) throw new FormatError('package-file', `${path} is missing`);
  return bytes;
}

function matched(bytes: Uint8Array | undefined, files: readonly FoundFile[]): PackageIndex {
  const index = parseCanonical(packageIndex, required(bytes, 'index.json'));
  for (let i = 0; i < Math.max(index.files.length, files.length); i++) {
    const [listed, there] = [index.files[i], files[i]];
    if (
      !listed ||
      !there ||
      listed.path !== there.path ||
      listed.bytes !== there.bytes ||
      listed.sha256 !== there.sha256
    )
      throw new FormatError('package-file', `${listed?.path ?? there?.path} is missing, unlisted or changed`);
  }
  return index;
}
