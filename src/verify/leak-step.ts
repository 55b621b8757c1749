/** A public bundle must not help anybody to read a tender: no ciphertext, no share, no identity (trust protocol 9, row 64). */

import { auditFolders } from '../formats/bundle.ts';
import { FormatError } from '../formats/format-error.ts';
import type { Evidence } from './evidence.ts';

/** Beginnings and inner texts of files that belong into an audit bundle only. */
const marks = ['age-encryption.org/v1', 'AGE-SECRET-KEY-1', 'yangguang.org/share/v1', 'yangguang.org/key-release/v1'];
/** Only small files are read whole for marks; a larger one is known by its beginning. */
const readBytes = 4 << 20;

/** Throws `bundle-leak`. */
export async function checkLeaks({ bundle, about }: Evidence): Promise<string> {
  if (about.level !== 'public') return `${about.level}`;
  const paths = await bundle.paths();
  for (const path of paths) {
    if (auditFolders.some((folder) => path.startsWith(`${folder}/`)))
      throw new FormatError('bundle-leak', `${path} does not belong into a public bundle`);
    // The log's leaves are public by themselves and long; README names the tools.
    if (path.startsWith('log/') || path === 'README.md') continue;
    const bytes = await bundle.read(path);
    const text = new TextDecoder('latin1').decode(bytes?.subarray(0, readBytes));
    const mark = marks.find((m) => text.includes(m));
    if (mark !== undefined) throw new FormatError('bundle-leak', `${path} holds ${mark}`);
  }
  return `${paths.length} 个文件 / files`;
}
