/** Reading bundles from disk: a folder, or a tar that is unpacked beside the temporary files. The only part of the verifier that needs Node. */
import { createReadStream, createWriteStream, type Dirent } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import type { BundleReader } from './bundle-reader.ts';

/** Names of bundle files as `formats/bundle` makes them; nothing else is unpacked or read. */
const safePath = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** A folder as a bundle. Links are not followed: a bundle from a stranger must not read other files of the machine. */
export async function folderBundle(folder: string): Promise<BundleReader> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const pathOf = (entry: Dirent) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/');
  const paths = new Set(found.filter((entry) => entry.isFile()).map(pathOf));
  return {
    paths: async () => [...paths],
    read: async (path) => (paths.has(path) ? new Uint8Array(await readFile(join(folder, path))) : null),
    stream: async function* (path) {
      if (!paths.has(path)) return;
      for await (const piece of createReadStream(join(folder, path))) yield new Uint8Array(piece as Buffer);
    },
  };
}

export type OpenedBundle = { readonly bundle: BundleReader; close(): Promise<void> };

/** Opens a folder or a tar file. `close` removes what was unpacked. */
export async function openBundle(path: string): Promise<OpenedBundle> {
  if ((await stat(path)).isDirectory()) return { bundle: await folderBundle(path), close: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'yangguang-bundle-'));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    await unpack(path, folder);
    return { bundle: await folderBundle(folder), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Regular files with plain names only. */
async function unpack(tar: string, folder: string): Promise<void> {
  const entries = extract();
  const feeding = pipeline(createReadStream(tar), entries);
  for await (const entry of entries) {
    const { name, type } = entry.header;
    const content = entry as unknown as Readable;
    if (type !== 'file' || !safePath.test(name)) {
      content.resume();
      continue;
    }
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await pipeline(content, createWriteStream(join(folder, name)));
  }
  await feeding;
}

/** A trust file or receipt from outside the bundle. */
export async function readOutside(path: string): Promise<string> {
  return readFile(path, 'utf8');
}
