/**
 * Which subtrees a proof consists of (RFC 6962 sections 2.1.1 and 2.1.2), and which perfect nodes make up a subtree. The log
 * reads the nodes from its tiles; a verifier with all leaves computes them. Browser-safe.
 */
import { emptyRoot, type NodeHash, nodeHash } from './merkle.ts';

/** The leaves start <= i < end. */
export type Subtree = { readonly start: bigint; readonly end: bigint };

/** Root of the perfect subtree over the leaves index * 2^level up to (index + 1) * 2^level. */
export type Node = { readonly level: number; readonly index: bigint };

/** Subtrees whose roots prove that a leaf stands in a tree, from the leaf's sibling upwards. */
export function inclusionSubtrees(index: bigint, size: bigint): Subtree[] {
  if (index < 0n || index >= size) throw new RangeError(`no leaf ${index} in a tree of size ${size}`);
  const path: Subtree[] = [];
  let tree: Subtree = { start: 0n, end: size };
  while (tree.end - tree.start > 1n) {
    const middle = tree.start + largestPowerBelow(tree.end - tree.start);
    const left = { start: tree.start, end: middle };
    const right = { start: middle, end: tree.end };
    path.push(index < middle ? right : left);
    tree = index < middle ? left : right;
  }
  return path.reverse();
}

/** Subtrees whose roots prove that the tree of `from` leaves begins the tree of `to` leaves. */
export function consistencySubtrees(from: bigint, to: bigint): Subtree[] {
  if (from < 0n || from > to) throw new RangeError(`a tree of ${to} leaves does not extend one of ${from}`);
  if (from === 0n || from === to) return [];
  const path: Subtree[] = [];
  let tree: Subtree = { start: 0n, end: to };
  let whole = true; // SUBPROOF's b: the old tree is a known root, so it needs no hash of its own.
  while (from !== tree.end) {
    const middle = tree.start + largestPowerBelow(tree.end - tree.start);
    const left = { start: tree.start, end: middle };
    const right = { start: middle, end: tree.end };
    if (from <= middle) {
      path.push(right);
      tree = left;
    } else {
      path.push(left);
      tree = right;
      whole = false;
    }
  }
  if (!whole) path.push(tree);
  return path.reverse();
}

/** The perfect nodes of a subtree from left to right; their sizes fall, so `joinNodes` folds them from the right. */
export function perfectNodes({ start, end }: Subtree): Node[] {
  const nodes: Node[] = [];
  for (let at = start; at < end; ) {
    let level = 0;
    while ((at >> BigInt(level)) % 2n === 0n && at + (1n << BigInt(level + 1)) <= end) level += 1;
    nodes.push({ level, index: at >> BigInt(level) });
    at += 1n << BigInt(level);
  }
  return nodes;
}

/** Root of a subtree from the hashes of its perfect nodes, left to right. */
export function joinNodes(hashes: readonly Uint8Array[], join: NodeHash = nodeHash): Uint8Array {
  return hashes.length === 0 ? emptyRoot : hashes.reduceRight((right, left) => join(left, right));
}

/** The greatest power of two that is smaller than n, for n > 1 (the k of RFC 6962 2.1). */
function largestPowerBelow(n: bigint): bigint {
  return 1n << BigInt((n - 1n).toString(2).length - 1);
}
