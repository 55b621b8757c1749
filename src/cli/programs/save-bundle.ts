/** Fetches a bundle and unpacks it into a folder, trusting nothing of the names in it. */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import type { BundleLevel } from '../../formats/bundle.ts';
import type { Client } from '../client.ts';

const safePath = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*){0,3}$/;

/** Answers how many files were written. Throws where an entry is not a plain file below the folder. */
export async function saveBundle(client: Client, project: string, level: BundleLevel, folder: string): Promise<number> {
  const tar = extract();
  let files = 0;
  const filled = pipeline(Readable.from(client.stream(`/api/projects/${project}/bundles/${level}`)), tar);
  for await (const entry of tar) {
    const { name, type } = entry.header;
    if (type !== 'file' || !safePath.test(name))
      throw new Error(`核验包内有可疑的文件名 / suspicious entry in the bundle: ${name}`);
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await pipeline(entry, createWriteStream(path));
    files += 1;
  }
  await filled;
  return files;
}
