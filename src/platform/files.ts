/**
 * Content-addressed files in the data folder. A file is streamed to a temporary name while it is hashed, made durable, then
 * renamed to its SHA-256; so a name that exists is whole, and a crash leaves only temporary files, which a later start sweeps.
 * Several nodes share the folder.
 */
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { syncFolder } from './durable-file.ts';
import { newId } from './ids.ts';
import { commonRefusal, RefusalError } from './refusal.ts';

export type StoredFile = { readonly sha256: string; readonly bytes: number };

/** A temporary file that nobody has written to for so long is nobody's. */
const abandonedMilliseconds = 3_600_000;

export type FileStore = {
  /** Stores a stream of at most maxBytes; refuses `too-large` beyond them and keeps nothing then. */
  put(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredFile>;
  putBytes(bytes: Uint8Array): Promise<StoredFile>;
  /** A stream of the file, from an offset; throws when it is not there. */
  open(sha256: string, start?: number): Readable;
  read(sha256: string): Promise<Uint8Array>;
  /** Null when the file is not there. */
  stat(sha256: string): Promise<StoredFile | null>;
  path(sha256: string): string;
  remove(sha256: string): Promise<void>;
  /** A folder for unfinished uploads and other work, shared by all nodes. */
  readonly scratch: string;
  /** The store's own folder, for a worker thread that opens it again. */
  readonly folder: string;
};

/** Opens (and makes) the store below the folder. Worker threads must not sweep: the parts they see are being written. */
export function openFiles(folder: string, { sweep = true }: { sweep?: boolean } = {}): FileStore {
  const scratch = join(folder, 'incoming');
  mkdirSync(scratch, { recursive: true });
  if (sweep) sweepParts(scratch);
  const path = (sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError('not a SHA-256');
    return join(folder, sha256.slice(0, 2), sha256);
  };
  const put: FileStore['put'] = async (stream, maxBytes) => {
    const part = join(scratch, `${newId()}.part`);
    try {
      const stored = await writePart(part, stream, maxBytes);
      const target = path(stored.sha256);
      const made = mkdirSync(dirname(target), { recursive: true });
      await rename(part, target);
      // An act names the file next: its entry must not outlive it in a power cut.
      await syncFolder(dirname(target));
      if (made !== undefined) await syncFolder(folder);
      return stored;
    } finally {
      await rm(part, { force: true });
    }
  };
  return {
    scratch,
    folder,
    put,
    path,
    putBytes: (bytes) => put(once(bytes), Number.MAX_SAFE_INTEGER),
    open: (sha256, start = 0) => {
      statSync(path(sha256));
      return createReadStream(path(sha256), { start, highWaterMark: 1 << 20 });
    },
    read: async (sha256) => new Uint8Array(await readFile(path(sha256))),
    stat: async (sha256) => {
      try {
        return { sha256, bytes: (await stat(path(sha256))).size };
      } catch {
        return null;
      }
    },
    remove: (sha256) => rm(path(sha256), { force: true }),
  };
}

/** Removes what a crash has left. What is young may be another node's, in the middle of its writing: idle lines end sooner. */
function sweepParts(scratch: string): void {
  const youngest = Temporal.Now.instant().epochMilliseconds - abandonedMilliseconds;
  for (const name of readdirSync(scratch)) {
    if (!name.endsWith('.part')) continue;
    const found = statSync(join(scratch, name), { throwIfNoEntry: false });
    if (found && found.mtimeMs < youngest) rmSync(join(scratch, name), { force: true });
  }
}

async function writePart(part: string, stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await open(part, 'wx', 0o600);
  try {
    for await (const chunk of stream) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new RefusalError(commonRefusal('too-large', { maxBytes }));
      hash.update(chunk);
      await handle.write(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
