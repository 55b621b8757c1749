/** Tiles and entry bundles (c2sp.org/tlog-tiles): the paths under which the log serves its tree and leaves. Browser-safe. */
import { concatBytes } from '../bytes.ts';
import { FormatError } from '../format-error.ts';
import type { Node } from './subtrees.ts';

/** Hashes in a full tile; a tile spans eight levels of the tree. */
export const tileWidth = 256;
export const tileHeight = 8;
/** An entry's length is a uint16. */
export const maxEntryBytes = 65_535;

/** A tile of hashes at a level, or a bundle of entries; width 256 is a full one. */
export type Tile = { readonly level: number | 'entries'; readonly n: bigint; readonly width: number };

/** The path below the log's prefix: `tile/0/x001/x234/067.p/12`. */
export function tilePath({ level, n, width }: Tile): string {
  const groups: string[] = [];
  for (let rest = n; groups.length === 0 || rest > 0n; rest /= 1000n)
    groups.unshift((rest % 1000n).toString().padStart(3, '0'));
  const number = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${number}${width === tileWidth ? '' : `.p/${width}`}`;
}

/** Reads such a path; null on anything else, also on a second spelling of the same tile. */
export function parseTilePath(path: string): Tile | null {
  const match =
    /^tile\/(entries|[0-9]|[1-5][0-9]|6[0-3])\/((?:x[0-9]{3}\/){0,6}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(path);
  if (!match) return null;
  const tile: Tile = {
    level: match[1] === 'entries' ? 'entries' : Number(match[1]),
    n: BigInt(match[2]!.replaceAll(/[x/]/g, '')),
    width: match[3] === undefined ? tileWidth : Number(match[3]),
  };
  return tilePath(tile) === path && tile.width <= tileWidth ? tile : null;
}

/** Hashes in the tile of a tree: 0 where it has none, 256 where it is full. */
export function tileWidthIn(size: bigint, level: number, n: bigint): number {
  const hashes = (size >> BigInt(tileHeight * level)) - n * BigInt(tileWidth);
  return hashes <= 0n ? 0 : hashes >= BigInt(tileWidth) ? tileWidth : Number(hashes);
}

/** Where a node's hash comes from: the tile, and the first and number of its hashes under the node. */
export function tileOfNode({ level, index }: Node): { level: number; n: bigint; first: number; count: number } {
  const within = level % tileHeight;
  const first = index << BigInt(within);
  return {
    level: (level - within) / tileHeight,
    n: first / BigInt(tileWidth),
    first: Number(first % BigInt(tileWidth)),
    count: 1 << within,
  };
}

/** An entry bundle: each leaf after its length as a big-endian uint16. A leaf that is too long is a programmer's error. */
export function encodeEntries(leaves: readonly Uint8Array[]): Uint8Array {
  return concatBytes(
    ...leaves.flatMap((leaf) => {
      if (leaf.length > maxEntryBytes) throw new RangeError('a leaf is longer than an entry bundle allows');
      return [Uint8Array.of(leaf.length >> 8, leaf.length & 0xff), leaf];
    }),
  );
}

/** Leaves of an entry bundle; throws FormatError `inclusion-proof` where it is cut short or too long. */
export function decodeEntries(bundle: Uint8Array): Uint8Array[] {
  const leaves: Uint8Array[] = [];
  for (let at = 0; at < bundle.length; ) {
    const length = at + 2 <= bundle.length ? bundle[at]! * 256 + bundle[at + 1]! : Number.NaN;
    const end = at + 2 + length;
    if (!(end <= bundle.length) || leaves.length === tileWidth)
      throw new FormatError('inclusion-proof', 'an entry bundle is cut short or too long');
    leaves.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return leaves;
}
