/** Roots and proofs of the log, read from its stored tiles. A full tile never changes, so tiles are kept in memory. */
import { hashLength, nodeHash } from '../formats/log/merkle.ts';
import {
  consistencySubtrees,
  inclusionSubtrees,
  joinNodes,
  type Node,
  perfectNodes,
  type Subtree,
} from '../formats/log/subtrees.ts';
import { tileHeight, tileOfNode, tileWidth, tileWidthIn } from '../formats/log/tiles.ts';
import type { Database } from '../platform/database.ts';
import { type Edge, edgeTiles, type StoredTile, splitHashes } from './edge.ts';

export type Tree = {
  /** Root of the tree of that many leaves. */
  root(size: bigint): Promise<Uint8Array>;
  /** Path of a leaf, from its sibling upwards. */
  inclusionPath(index: bigint, size: bigint): Promise<Uint8Array[]>;
  consistencyPath(from: bigint, to: bigint): Promise<Uint8Array[]>;
  /** The first `width` hashes of a tile; null where the tree has not so many. */
  tile(level: number, n: bigint, width: number): Promise<Uint8Array | null>;
  /** The right edge of a tree of that many leaves. */
  edge(size: bigint): Promise<Edge>;
  /** Takes over tiles that were just committed, so that the next receipts need not read them. */
  remember(tiles: readonly StoredTile[]): void;
  /** Forgets everything: the database may be another one than it was. */
  forget(): void;
};

/** A tile of 256 hashes with its inner nodes is 16 KB: this many take 8 MB. */
const keptTiles = 512;

/** `rows[h]` holds the nodes of height h above the tile's hashes, as far as they are perfect. */
type Rows = Uint8Array[][];

/** The tree over the tiles of a database. */
export function openTree(db: Pick<Database, 'query'>): Tree {
  /** Owned here; Map order is use order, the first is the least used. */
  const kept = new Map<string, Rows>();

  const keep = (level: number, n: bigint, hashes: readonly Uint8Array[]): Rows => {
    const name = `${level}/${n}`;
    const rows = kept.get(name) ?? Array.from({ length: tileHeight + 1 }, () => []);
    for (const hash of hashes.slice(rows[0]!.length)) push(rows, hash);
    kept.delete(name);
    kept.set(name, rows);
    if (kept.size > keptTiles) kept.delete(kept.keys().next().value!);
    return rows;
  };

  const load = async (level: number, n: bigint, width: number): Promise<Rows | null> => {
    const known = kept.get(`${level}/${n}`);
    if (known && known[0]!.length >= width) return keep(level, n, []);
    const [stored] = await db.query('select hashes from journal_tile where level = ? and n = ?', [level, n.toString()]);
    if (!stored || (stored.hashes as Uint8Array).length < width * hashLength) return null;
    return keep(level, n, splitHashes(new Uint8Array(stored.hashes as Uint8Array)));
  };

  const node = async (wanted: Node): Promise<Uint8Array> => {
    const { level, n, first, count } = tileOfNode(wanted);
    const rows = await load(level, n, first + count);
    const hash = rows?.[wanted.level % tileHeight]?.[first / count];
    if (!hash) throw new Error(`the log lacks tile ${level}/${n}`);
    return hash;
  };

  const subtreeRoot = async (subtree: Subtree) => {
    const hashes: Uint8Array[] = [];
    for (const wanted of perfectNodes(subtree)) hashes.push(await node(wanted));
    return joinNodes(hashes);
  };
  const roots = async (subtrees: readonly Subtree[]) => {
    const path: Uint8Array[] = [];
    for (const subtree of subtrees) path.push(await subtreeRoot(subtree));
    return path;
  };

  return {
    root: (size) => subtreeRoot({ start: 0n, end: size }),
    inclusionPath: async (index, size) => roots(inclusionSubtrees(index, size)),
    consistencyPath: async (from, to) => roots(consistencySubtrees(from, to)),
    tile: async (level, n, width) => {
      const rows = await load(level, n, width);
      return rows ? new Uint8Array(Buffer.concat(rows[0]!.slice(0, width))) : null;
    },
    edge: async (size) => {
      const tiles: Uint8Array[][] = [];
      for (const { level, n, width } of edgeTiles(size)) {
        const rows = width === 0 ? [[]] : await load(level, n, width);
        if (!rows || tileWidthIn(size, level, n) !== width) throw new Error(`the log lacks tile ${level}/${n}`);
        tiles.push(rows[0]!.slice(0, width));
      }
      return { size, tiles };
    },
    remember: (tiles) => {
      for (const { level, n, hashes } of tiles) keep(level, n, splitHashes(hashes));
    },
    forget: () => kept.clear(),
  };
}

/** Appends a hash to a tile and completes the nodes above it. */
function push(rows: Rows, hash: Uint8Array): void {
  if (rows[0]!.length === tileWidth) throw new Error('a tile is full');
  rows[0]!.push(hash);
  for (let h = 0; h < tileHeight && rows[h]!.length % 2 === 0; h += 1) {
    const [left, right] = rows[h]!.slice(-2);
    rows[h + 1]!.push(nodeHash(left!, right!));
  }
}
