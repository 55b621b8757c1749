/** The right edge of the tree: the unfinished tile of each level, from which it grows. Pure. */
import { concatBytes } from '../formats/bytes.ts';
import { emptyRoot, hashLength, treeRoot } from '../formats/log/merkle.ts';
import { tileHeight, tileWidth } from '../formats/log/tiles.ts';
import { serverNodeHash } from './node-hash.ts';

export type StoredTile = { readonly level: number; readonly n: bigint; readonly hashes: Uint8Array };

/** `tiles[level]` holds the hashes (0 to 255) of that level's unfinished tile. */
export type Edge = { readonly size: bigint; readonly tiles: readonly (readonly Uint8Array[])[] };

export const emptyEdge: Edge = { size: 0n, tiles: [] };

/** The tiles that make up the edge of a tree; `read` gives a tile's hashes. */
export function edgeTiles(size: bigint): { level: number; n: bigint; width: number }[] {
  const tiles: { level: number; n: bigint; width: number }[] = [];
  for (let level = 0; size >> BigInt(tileHeight * level) > 0n; level += 1) {
    const hashes = size >> BigInt(tileHeight * level);
    tiles.push({ level, n: hashes / BigInt(tileWidth), width: Number(hashes % BigInt(tileWidth)) });
  }
  return tiles;
}

/** Appends leaf hashes; answers the new edge and every tile that changed, whole. */
export function growEdge(edge: Edge, leafHashes: readonly Uint8Array[]): { edge: Edge; changed: StoredTile[] } {
  const changed: StoredTile[] = [];
  const tiles: (readonly Uint8Array[])[] = [];
  let added = leafHashes;
  for (let level = 0; added.length > 0 || level < edge.tiles.length; level += 1) {
    const before = edge.tiles[level] ?? [];
    const n = (edge.size >> BigInt(tileHeight * level)) / BigInt(tileWidth);
    const all = [...before, ...added];
    const finished: Uint8Array[] = [];
    for (let at = 0; added.length > 0 && at < all.length; at += tileWidth) {
      const hashes = all.slice(at, at + tileWidth);
      changed.push({ level, n: n + BigInt(at / tileWidth), hashes: concatBytes(...hashes) });
      if (hashes.length === tileWidth) finished.push(treeRoot(hashes, serverNodeHash));
    }
    tiles.push(all.slice(finished.length * tileWidth));
    added = finished;
  }
  return { edge: { size: edge.size + BigInt(leafHashes.length), tiles }, changed };
}

/** Root of the tree: each level's unfinished tile, with what hangs below it as its last, smaller subtree. */
export function edgeRoot(edge: Edge): Uint8Array {
  let below: Uint8Array | null = null;
  for (const hashes of edge.tiles) {
    const row: readonly Uint8Array[] = below ? [...hashes, below] : hashes;
    if (row.length > 0) below = treeRoot(row, serverNodeHash);
  }
  return below ?? emptyRoot;
}

/** Splits a tile's bytes into its hashes. */
export function splitHashes(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / hashLength }, (_, i) => bytes.slice(i * hashLength, (i + 1) * hashLength));
}
