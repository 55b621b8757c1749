/** The few bytes of ustar (POSIX.1-1988) that package.tar uses: plain files, plain names, octal sizes. Anything else is refused. */
import { utf8 } from '../formats/bytes.ts';
import { FormatError } from '../formats/format-error.ts';

export const blockBytes = 512;
/** Two zero blocks end an archive. */
export const endBytes = 2 * blockBytes;
/** Other programs fill up to a record of 20 blocks with zeros. */
export const recordBytes = 20 * blockBytes;

export type TarEntry = { readonly path: string; readonly bytes: number };

const field = (header: Uint8Array, at: number, text: string): void => header.set(utf8(text), at);
const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;

/** Bytes from 0 to the next multiple of a block. */
export function paddingOf(bytes: number): number {
  return (blockBytes - (bytes % blockBytes)) % blockBytes;
}

/** The header of a file; owner, group and time are zero, so that equal contents give equal packages. */
export function writeTarHeader({ path, bytes }: TarEntry): Uint8Array {
  if (path.length > 100 || bytes > 0o77777777777) throw new RangeError(`no plain ustar header for ${path}`);
  const header = new Uint8Array(blockBytes);
  field(header, 0, path);
  field(header, 100, octal(0o644, 7));
  field(header, 108, octal(0, 7));
  field(header, 116, octal(0, 7));
  field(header, 124, octal(bytes, 11));
  field(header, 136, octal(0, 11));
  field(header, 156, '0');
  field(header, 257, 'ustar\x0000');
  field(header, 148, `${octal(checksum(header), 6)} `);
  return header;
}

/**
 * Reads a header block; null for a zero block. Throws FormatError `package-unsafe` for links, devices, folders, pax and
 * GNU extensions, prefixes, base-256 numbers and a wrong checksum. Owner, mode and time are ignored, nothing is written
 * by them.
 */
export function readTarHeader(header: Uint8Array): TarEntry | null {
  if (header.every((byte) => byte === 0)) return null;
  const text = (from: number, length: number): string => String.fromCharCode(...header.subarray(from, from + length));
  const type = text(156, 1);
  if (text(257, 8) !== 'ustar\x0000') unsafe('not ustar');
  if (type !== '0' && type !== '\0') unsafe(`entry of type ${JSON.stringify(type)}`);
  if (!isEmpty(header.subarray(157, 257)) || !isEmpty(header.subarray(345, 512))) unsafe('a link name or a prefix');
  const size = /^([0-7]{11})[\0 ]$/.exec(text(124, 12))?.[1];
  const sum = /^([0-7]{6})\0 $/.exec(text(148, 8))?.[1];
  if (size === undefined || sum === undefined) unsafe('a number is not plain octal');
  if (Number.parseInt(sum, 8) !== checksum(header)) unsafe('wrong checksum');
  const path = /^([^\0]+)\0*$/.exec(text(0, 100))?.[1];
  if (path === undefined) unsafe('no plain name');
  return { path, bytes: Number.parseInt(size, 8) };
}

/** Sum of the bytes with the checksum's own field taken as spaces. */
function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte, i) => sum + (148 <= i && i < 156 ? 0x20 : byte), 0);
}

export function isEmpty(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

export function unsafe(detail: string): never {
  throw new FormatError('package-unsafe', detail);
}
