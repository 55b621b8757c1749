/** Writes package.tar as a stream in one pass: entries are sorted, so index.json follows the files and takes their hashes as they go by. */
import { toHex } from '../formats/bytes.ts';
import { canonicalBytes } from '../formats/canonical.ts';
import type { PackageIndex } from '../formats/package-index.ts';
import { once } from './byte-source.ts';
import { defaultLimits, type PackageLimits } from './package-limits.ts';
import { blockBytes, endBytes, paddingOf, writeTarHeader } from './package-tar.ts';
import type { Primitives } from './primitives.ts';
import { SealError } from './seal-error.ts';

/** A file of the bidder: its own name, its size in bytes, and its content, read once. */
export type SealFile = {
  readonly name: string;
  readonly bytes: number;
  content(): AsyncIterable<Uint8Array>;
};

export type PackageInput = {
  readonly files: readonly SealFile[];
  readonly context: Omit<PackageIndex, 'files'>;
  readonly offer: Uint8Array;
  readonly primitives: Primitives;
  readonly limits?: PackageLimits;
};

type IndexFile = PackageIndex['files'][number];

/** Yields the bytes of package.tar. Throws SealError `files-too-many`, `file-too-large` or `file-changed`. */
export async function* writePackage(input: PackageInput): AsyncGenerator<Uint8Array> {
  requireWithin(input.files, input.limits ?? defaultLimits);
  const files: IndexFile[] = [];
  for (const [i, file] of input.files.entries()) {
    const path = `files/${String(i + 1).padStart(4, '0')}.${extensionOf(file.name)}`;
    const hasher = input.primitives.sha256(file.bytes);
    yield* entry(path, file.bytes, file.content(), (piece) => hasher.update(piece));
    files.push({ path, name: file.name, sha256: toHex(await hasher.digest()), bytes: file.bytes });
  }
  const index = canonicalBytes({ ...input.context, files });
  yield* entry('index.json', index.length, once(index));
  yield* entry('offer.json', input.offer.length, once(input.offer));
  yield new Uint8Array(endBytes);
}

/** About how many bytes the package will have; for a progress line. */
export function packageSize(files: readonly SealFile[]): number {
  return files.reduce((sum, file) => sum + blockBytes + file.bytes + paddingOf(file.bytes) + 200, 4 * blockBytes);
}

async function* entry(
  path: string,
  bytes: number,
  content: AsyncIterable<Uint8Array>,
  see?: (piece: Uint8Array) => void | Promise<void>,
): AsyncGenerator<Uint8Array> {
  yield writeTarHeader({ path, bytes });
  let length = 0;
  for await (const piece of content) {
    length += piece.length;
    if (length > bytes) break;
    await see?.(piece);
    yield piece;
  }
  if (length !== bytes) throw new SealError('file-changed', `${path}: ${length} bytes instead of ${bytes}`);
  yield new Uint8Array(paddingOf(bytes));
}

function requireWithin(files: readonly SealFile[], limits: PackageLimits): void {
  if (files.length > limits.files) throw new SealError('files-too-many', `${files.length} files`);
  const large = files.find((file) => file.bytes > limits.fileBytes);
  if (large) throw new SealError('file-too-large', large.name);
  if (packageSize(files) + limits.indexBytes + limits.offerBytes > limits.totalBytes)
    throw new SealError('file-too-large', 'all files together');
}

/** The last part of the name where it is plain, else `bin`: the name itself stands in the index, for display only. */
function extensionOf(name: string): string {
  return /\.([a-z0-9]{1,8})$/.exec(name.toLowerCase())?.[1] ?? 'bin';
}
