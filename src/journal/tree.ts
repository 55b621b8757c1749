/** Roots and proofs of the log, read from its stored tiles. A full tile never changes, so tiles are kept in memory. */
import { hashLength } from '../formats/log/merkle.ts';
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
import { serverNodeHash } from './node-hash.ts';

export type Tree = {
  /** Root of the tree of that many leaves. */
  root(size: bigint): Promise<Uint8Array>;
  /** Path of a leaf, from its sibling upwards. */
  inclusionPath(index: bigint, size: bigint): Promise<Uint8Array[]>;
  /** The same in base64, for receipts: those of one tree share most of their hashes, which are computed and spelled once. */
  inclusionLines(index: bigint, size: bigint): Promise<readonly string[]>;
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

/** Spelled hashes that are kept, of 44 characters each. */
const keptLines = 50_000;

/** `rows[h]` holds the nodes of height h above the tile's hashes, as far as they are perfect. */
type Rows = Uint8Array[][];

/** The tree over the tiles of a database. */
export function openTree(db: Pick<Database, 'query'>): Tree {
  /** Owned here, by n * 64 + level; Map order is use order, the first is the least used. */
  const kept = new Map<number, Rows>();
  let newestKey = -1;

  const touch = (key: number, rows: Rows): Rows => {
    if (key === newestKey) return rows;
    newestKey = key;
    kept.delete(key);
    kept.set(key, rows);
    if (kept.size > keptTiles) kept.delete(kept.keys().next().value!);
    return rows;
  };
  const keep = ({ level, n, hashes }: StoredTile): Rows => {
    const key = Number(n) * 64 + level;
    const rows = kept.get(key) ?? Array.from({ length: tileHeight + 1 }, () => []);
    for (const hash of splitHashes(hashes.subarray(rows[0]!.length * hashLength))) push(rows, hash);
    return touch(key, rows);
  };

  const load = async (level: number, n: bigint, width: number): Promise<Rows | null> => {
    const key = Number(n) * 64 + level;
    const known = kept.get(key);
    if (known && known[0]!.length >= width) return touch(key, known);
    const [stored] = await db.query('select hashes from journal_tile where level = ? and n = ?', [level, n.toString()]);
    if (!stored || (stored.hashes as Uint8Array).length < width * hashLength) return null;
    return keep({ level, n, hashes: new Uint8Array(stored.hashes as Uint8Array) });
  };
  /** A perfect node out of a tile that is at hand, found without bigint; undefined where its tile must be read. */
  const nodeAtHand = (level: number, index: number): Uint8Array | undefined => {
    const height = level % tileHeight;
    const width = tileWidth >> height;
    return kept.get(Math.floor(index / width) * 64 + (level - height) / tileHeight)?.[height]?.[index % width];
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
    return joinNodes(hashes, serverNodeHash);
  };
  const roots = async (subtrees: readonly Subtree[]) => {
    const path: Uint8Array[] = [];
    for (const subtree of subtrees) path.push(await subtreeRoot(subtree));
    return path;
  };

  /** Base64 of perfect nodes above the leaves, by level and index: they never change. */
  const perfectLines = new Map<number, string>();
  /** Base64 of the right edge of one tree, by level. */
  let edgeLines: { readonly size: bigint; readonly lines: string[] } = { size: 0n, lines: [] };
  const spell = (level: number, index: number, hash: Uint8Array): string => {
    const line = base64(hash);
    // A leaf's hash stands in one receipt only, its neighbour's.
    if (level > 0) {
      if (perfectLines.size >= keptLines) perfectLines.clear();
      perfectLines.set(index * 64 + level, line);
    }
    return line;
  };
  const lineAtHand = (level: number, index: number): string | undefined => {
    const known = perfectLines.get(index * 64 + level);
    if (known !== undefined) return known;
    const hash = nodeAtHand(level, index);
    return hash && spell(level, index, hash);
  };
  const perfectLine = async (level: number, index: number): Promise<string> =>
    spell(level, index, await node({ level, index: BigInt(index) }));
  const edgeLine = async (level: number, index: number, size: bigint): Promise<string> => {
    const line = base64(await subtreeRoot({ start: BigInt(index) << BigInt(level), end: size }));
    if (edgeLines.size !== size) edgeLines = { size, lines: [] };
    edgeLines.lines[level] = line;
    return line;
  };
  // The hot path of receipts: numbers instead of bigint (trees below 2^47), and no wait where a line is known.
  const inclusionLines: Tree['inclusionLines'] = async (index, size) => {
    const lines: string[] = [];
    let at = Number(index);
    let last = Number(size) - 1;
    for (let level = 0; last > 0; level += 1) {
      const sibling = at % 2 === 0 ? at + 1 : at - 1;
      if (sibling < last || (sibling === last && level === 0))
        lines.push(lineAtHand(level, sibling) ?? (await perfectLine(level, sibling)));
      else if (sibling === last) {
        const known = edgeLines.size === size ? edgeLines.lines[level] : undefined;
        lines.push(known ?? (await edgeLine(level, sibling, size)));
      }
      at = Math.floor(at / 2);
      last = Math.floor(last / 2);
    }
    return lines;
  };

  return {
    inclusionLines,
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
      for (const tile of tiles) keep(tile);
    },
    forget: () => {
      kept.clear();
      newestKey = -1;
      perfectLines.clear();
      edgeLines = { size: 0n, lines: [] };
    },
  };
}

/** Node's own base64 is several times as fast as the browser's. */
const base64 = (hash: Uint8Array): string =>
  Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('base64');

/** Appends a hash to a tile and completes the nodes above it. */
function push(rows: Rows, hash: Uint8Array): void {
  if (rows[0]!.length === tileWidth) throw new Error('a tile is full');
  rows[0]!.push(hash);
  for (let h = 0; h < tileHeight && rows[h]!.length % 2 === 0; h += 1) {
    const [left, right] = rows[h]!.slice(-2);
    rows[h + 1]!.push(serverNodeHash(left!, right!));
  }
}
