/**
 * The Merkle tree of the log (RFC 6962 section 2.1): hashing, and verification of inclusion and consistency proofs by the
 * algorithms of RFC 9162 sections 2.1.3.2 and 2.1.4.2. Browser-safe. Sizes and indexes are bigint: the log has no end.
 */
import { concatBytes, equalBytes, sha256 } from '../bytes.ts';
import { FormatError } from '../format-error.ts';

/** Domain separation of RFC 6962: a leaf can never be read as a node. */
const leafPrefix = Uint8Array.of(0x00);
const nodePrefix = Uint8Array.of(0x01);

/** Bytes of a SHA-256 hash. */
export const hashLength = 32;

/** A path of more hashes belongs to no tree below 2^63 leaves. */
export const maxProofHashes = 63;

/** Root of the tree without leaves: SHA-256 of nothing. */
export const emptyRoot: Uint8Array = sha256(new Uint8Array(0));

/** Hash of a leaf: SHA-256(0x00 ‖ leaf bytes). */
export function leafHash(leaf: Uint8Array): Uint8Array {
  return sha256(concatBytes(leafPrefix, leaf));
}

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(nodePrefix, left, right));
}

/** Hash of an inner node; a server may lend a faster one than the portable one here. */
export type NodeHash = (left: Uint8Array, right: Uint8Array) => Uint8Array;

/** Root over leaf hashes (MTH of RFC 6962 2.1), computed in one pass with a stack of perfect subtrees. */
export function treeRoot(leafHashes: readonly Uint8Array[], join: NodeHash = nodeHash): Uint8Array {
  const stack: Uint8Array[] = [];
  for (const [i, hash] of leafHashes.entries()) {
    let node = hash;
    for (let rest = i; rest % 2 === 1; rest = (rest - 1) / 2) node = join(stack.pop()!, node);
    stack.push(node);
  }
  return stack.length === 0 ? emptyRoot : stack.reduceRight((right, left) => join(left, right));
}

export type InclusionClaim = {
  readonly leafHash: Uint8Array;
  readonly index: bigint;
  readonly size: bigint;
  /** From the leaf's sibling up to the child of the root. */
  readonly path: readonly Uint8Array[];
  readonly root: Uint8Array;
};

/** Checks that the leaf stands at the index of the tree; throws FormatError `inclusion-proof`. */
export function verifyInclusion({ leafHash, index, size, path, root }: InclusionClaim): void {
  const wrong = (detail: string): never => {
    throw new FormatError('inclusion-proof', detail);
  };
  if (index < 0n || index >= size) wrong(`index ${index} is outside a tree of size ${size}`);
  if (path.length > maxProofHashes || [leafHash, root, ...path].some((hash) => hash.length !== hashLength))
    wrong('a hash of the path has another length, or the path is too long');
  let fn = index;
  let sn = size - 1n;
  let hash = leafHash;
  for (const sibling of path) {
    if (sn === 0n) wrong('the path is too long');
    if ((fn & 1n) === 1n || fn === sn) {
      hash = nodeHash(sibling, hash);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  if (sn !== 0n) wrong('the path is too short');
  if (!equalBytes(hash, root)) wrong('the path leads to another root');
}

export type ConsistencyClaim = {
  readonly from: bigint;
  readonly to: bigint;
  readonly fromRoot: Uint8Array;
  readonly toRoot: Uint8Array;
  readonly path: readonly Uint8Array[];
};

/** Checks that the larger tree begins with the smaller one; throws FormatError `consistency-proof`. */
export function verifyConsistency({ from, to, fromRoot, toRoot, path }: ConsistencyClaim): void {
  const wrong = (detail: string): never => {
    throw new FormatError('consistency-proof', detail);
  };
  if (from < 0n || to < from) wrong(`a tree of ${to} leaves cannot extend one of ${from}`);
  if (path.length > maxProofHashes || [fromRoot, toRoot, ...path].some((hash) => hash.length !== hashLength))
    wrong('a hash of the path has another length, or the path is too long');
  if (from === to || from === 0n) {
    if (path.length > 0) wrong('a path where none is needed');
    const before = from === to ? toRoot : emptyRoot;
    if (!equalBytes(fromRoot, before)) wrong('the roots differ');
    return;
  }
  const [first, ...rest] = isPowerOfTwo(from) ? [fromRoot, ...path] : path;
  if (first === undefined) throw new FormatError('consistency-proof', 'the path is too short');
  let fn = from - 1n;
  let sn = to - 1n;
  while ((fn & 1n) === 1n) {
    fn >>= 1n;
    sn >>= 1n;
  }
  let fr = first;
  let sr = first;
  for (const hash of rest) {
    if (sn === 0n) wrong('the path is too long');
    if ((fn & 1n) === 1n || fn === sn) {
      fr = nodeHash(hash, fr);
      sr = nodeHash(hash, sr);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      sr = nodeHash(sr, hash);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  if (sn !== 0n) wrong('the path is too short');
  if (!equalBytes(fr, fromRoot)) wrong('the path leads to another old root');
  if (!equalBytes(sr, toRoot)) wrong('the path leads to another new root');
}

const isPowerOfTwo = (n: bigint): boolean => (n & (n - 1n)) === 0n;
