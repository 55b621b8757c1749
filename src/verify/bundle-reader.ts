/** Where a bundle is read from: a folder, a tar, a browser's memory. Everything read is attacker-controlled. */
import { fromUtf8 } from '../formats/bytes.ts';
import { FormatError } from '../formats/format-error.ts';
import { NotJudged } from './verdict.ts';

export type BundleReader = {
  /** Paths of all files, relative, with slashes. */
  paths(): Promise<readonly string[]>;
  /** The whole file; null where it is not there. */
  read(path: string): Promise<Uint8Array | null>;
  /** A large file in pieces. */
  stream(path: string): AsyncIterable<Uint8Array>;
};

/** A bundle held in memory. */
export function memoryBundle(files: ReadonlyMap<string, Uint8Array>): BundleReader {
  return {
    paths: async () => [...files.keys()],
    read: async (path) => files.get(path) ?? null,
    stream: async function* (path) {
      const bytes = files.get(path);
      if (bytes) yield bytes;
    },
  };
}

/** The file's bytes; throws NotJudged where it is not there. */
export async function needed(bundle: BundleReader, path: string): Promise<Uint8Array> {
  const bytes = await bundle.read(path);
  if (!bytes) throw new NotJudged(`材料缺少 / the bundle lacks ${path}`);
  return bytes;
}

/** The file as text; throws FormatError `not-canonical` where it is not UTF-8. */
export async function neededText(bundle: BundleReader, path: string): Promise<string> {
  const bytes = await needed(bundle, path);
  try {
    return fromUtf8(bytes);
  } catch {
    throw new FormatError('not-canonical', `${path} is not UTF-8`);
  }
}
