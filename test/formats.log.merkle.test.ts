import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, fromBase64, fromHex, sha256, toBase64, toHex, utf8 } from '../src/formats/bytes.ts';
import { FormatError } from '../src/formats/format-error.ts';
import {
  emptyRoot,
  leafHash,
  nodeHash,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from '../src/formats/log/merkle.ts';
import {
  consistencySubtrees,
  inclusionSubtrees,
  joinNodes,
  perfectNodes,
  type Subtree,
} from '../src/formats/log/subtrees.ts';
import { commitmentOf, sealedLeafBytes } from '../src/formats/sealed-act.ts';
import { edgeRoot, emptyEdge, growEdge } from '../src/journal/edge.ts';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
  return 'accepted';
};

/** Leaves and roots of the Certificate Transparency project's own tests (certificate-transparency, merkle_tree_test). */
const ctLeaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
  .map(fromHex)
  .map(leafHash);
const ctRoots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const ctInclusion = [
  {
    index: 0n,
    size: 8n,
    path: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    index: 5n,
    size: 8n,
    path: [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
];
const ctConsistency = [
  {
    from: 2n,
    to: 5n,
    path: [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
  {
    from: 6n,
    to: 8n,
    path: [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
];

/** The definition of RFC 6962 2.1, word for word, as a second opinion. */
function definedRoot(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return sha256(new Uint8Array(0));
  if (hashes.length === 1) return hashes[0]!;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return nodeHash(definedRoot(hashes.slice(0, k)), definedRoot(hashes.slice(k)));
}

const rootsOf = (hashes: readonly Uint8Array[], subtrees: readonly Subtree[]) =>
  subtrees.map(({ start, end }) => treeRoot(hashes.slice(Number(start), Number(end))));
const numbered = (n: number) => Array.from({ length: n }, (_, i) => leafHash(utf8(`leaf ${i}`)));

describe('Merkle tree (RFC 6962)', () => {
  it('has the roots of the Certificate Transparency vectors', () => {
    for (const [size, root] of ctRoots.entries()) expect(toHex(treeRoot(ctLeaves.slice(0, size)))).toBe(root);
    expect(toHex(emptyRoot)).toBe(ctRoots[0]);
  });

  it.each(ctInclusion)('proves and verifies inclusion of leaf $index of $size as the vectors do', (vector) => {
    const { index, size } = vector;
    expect(rootsOf(ctLeaves, inclusionSubtrees(index, size)).map(toHex)).toEqual(vector.path);
    const path = vector.path.map(fromHex);
    verifyInclusion({ leafHash: ctLeaves[Number(index)]!, index, size, path, root: fromHex(ctRoots[Number(size)]!) });
  });

  it.each(ctConsistency)('proves and verifies consistency of $from and $to as the vectors do', ({ from, to, path }) => {
    expect(rootsOf(ctLeaves, consistencySubtrees(from, to)).map(toHex)).toEqual(path);
    const [fromRoot, toRoot] = [fromHex(ctRoots[Number(from)]!), fromHex(ctRoots[Number(to)]!)];
    verifyConsistency({ from, to, fromRoot, toRoot, path: path.map(fromHex) });
  });

  it('reproduces the worked example of the protocol (leaf 1 of 5)', () => {
    const salt = sha256(utf8('yg example salt 0'));
    const act = {
      at: '2026-11-24T01:00:00.000000Z',
      handle: '67e46dd99570516bef9b176940b0578ad68f7d228f7a6365f592568ab8d19940',
      kind: 'tender-sealed',
      lot: 'lot-1',
      manifestSha256: '89333bc71f02c647533ab52e592ad22c609728f12eabff6fda0920109db40401',
      seq: 1,
      type: 'yangguang.org/act/v1',
    };
    const commitment = commitmentOf(salt, act);
    expect(commitment).toBe('c0380737fce57af1d7086dacfdb1c8c6f9f01900abc2848a28765ec8b7419832');
    const hash = leafHash(sealedLeafBytes(commitment));
    expect(toHex(hash)).toBe('91c5460bd2505cd3ce6f7ca31481fefb262054dba11c5993d23ae145a9085439');
    const claim = {
      leafHash: hash,
      index: 1n,
      size: 5n,
      path: [
        'zwXzRocnVAYj05EbvWKLwZOIKR8xjAYiAcrg5TBj7pI=',
        'rl9cZuhf9Rhs6oKsLb3iV40/txjLtP8yTiYtrxOnKBM=',
        'Lthtm1yHyruLi3teSi5PFNZelzCoHH2Q3eP1Bggx2BM=',
      ].map(fromBase64),
      root: fromBase64('hMPJJBMEdPvk7OzphKMHDnLynkdwN9b0l1jgDmjwFD0='),
    };
    verifyInclusion(claim);
    const other = { ...act, seq: 2 };
    const otherHash = leafHash(sealedLeafBytes(commitmentOf(salt, other)));
    expect(codeOf(() => verifyInclusion({ ...claim, leafHash: otherHash }))).toBe('inclusion-proof');
  });

  it('computes the root of its definition, in one pass and from its growing edge', () => {
    const sizes = [0, 1, 2, 3, 255, 256, 257, 511, 513, 70_000];
    let edge = emptyEdge;
    const hashes = numbered(70_000);
    for (const [i, size] of sizes.entries()) {
      edge = growEdge(edge, hashes.slice(sizes[i - 1] ?? 0, size)).edge;
      const root = toHex(definedRoot(hashes.slice(0, size)));
      expect([toHex(treeRoot(hashes.slice(0, size))), toHex(edgeRoot(edge))]).toEqual([root, root]);
    }
    // 70,000 leaves: the tile widths of the example in tlog-tiles.
    expect(edge.tiles.map((hashes) => hashes.length)).toEqual([112, 17, 1]);
  });

  it('every proof it makes is accepted, and none for another leaf, index, size or root', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), (n, a, b) => {
        const hashes = numbered(n);
        const size = BigInt(n);
        const index = BigInt(a % n);
        const root = treeRoot(hashes);
        const path = rootsOf(hashes, inclusionSubtrees(index, size));
        const claim = { leafHash: hashes[Number(index)]!, index, size, path, root };
        verifyInclusion(claim);
        const wrong = [
          { ...claim, leafHash: leafHash(utf8('another')) },
          { ...claim, index: size + index },
          { ...claim, index: -1n },
          { ...claim, root: emptyRoot },
          { ...claim, path: [...path, root] },
          ...(n > 1
            ? [
                { ...claim, index: (index + 1n + BigInt(b % (n - 1))) % size },
                { ...claim, path: path.slice(1) },
                { ...claim, path: path.slice(0, -1) },
                { ...claim, path: path.with(b % path.length, emptyRoot) },
                { ...claim, path: path.with(b % path.length, new Uint8Array(31)) },
              ]
            : []),
        ];
        for (const claim of wrong) expect(codeOf(() => verifyInclusion(claim))).toBe('inclusion-proof');
      }),
    );
  });

  it('every pair of sizes is consistent, and none with another history', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), (n, a, b) => {
        const hashes = numbered(n);
        const [from, to] = [BigInt(a % (n + 1)), BigInt(n)];
        const [fromRoot, toRoot] = [treeRoot(hashes.slice(0, Number(from))), treeRoot(hashes)];
        const path = rootsOf(hashes, consistencySubtrees(from, to));
        const claim = { from, to, fromRoot, toRoot, path };
        verifyConsistency(claim);
        const other = leafHash(utf8('rewritten'));
        const wrong = [
          ...(from > 0n ? [{ ...claim, toRoot: other }] : []),
          { ...claim, fromRoot: other },
          { ...claim, to: from - 1n },
          { ...claim, path: [...path, other] },
          ...(path.length > 0
            ? [
                { ...claim, path: path.slice(1) },
                { ...claim, path: path.slice(0, -1) },
                { ...claim, path: path.with(b % path.length, other) },
              ]
            : []),
        ];
        for (const claim of wrong) expect(codeOf(() => verifyConsistency(claim))).toBe('consistency-proof');
      }),
    );
  });

  it('a log rewritten before the old size has no proof', () => {
    const hashes = numbered(200);
    const forged = hashes.with(50, leafHash(utf8('forged')));
    const path = rootsOf(forged, consistencySubtrees(100n, 200n));
    const claim = { from: 100n, to: 200n, fromRoot: treeRoot(hashes.slice(0, 100)), toRoot: treeRoot(forged), path };
    expect(codeOf(() => verifyConsistency(claim))).toBe('consistency-proof');
  });

  it('joins a subtree from its perfect nodes, also far beyond 2^32', () => {
    const hashes = numbered(100);
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), (a, b) => {
        const subtree = { start: BigInt(Math.min(a, b)), end: BigInt(Math.max(a, b)) };
        const nodes = perfectNodes(subtree);
        const widths = nodes.map(({ level }) => 1n << BigInt(level));
        expect(widths.reduce((sum, width) => sum + width, 0n)).toBe(subtree.end - subtree.start);
        if (subtree.start !== 0n) return;
        const roots = nodes.map(({ level, index }) => {
          const start = Number(index) << level;
          return treeRoot(hashes.slice(start, start + (1 << level)));
        });
        expect(toBase64(joinNodes(roots))).toBe(toBase64(definedRoot(hashes.slice(0, Number(subtree.end)))));
      }),
    );
    expect(perfectNodes({ start: 0n, end: (1n << 40n) + 1n })).toEqual([
      { level: 40, index: 0n },
      { level: 0, index: 1n << 40n },
    ]);
    expect(inclusionSubtrees(1n << 40n, (1n << 40n) + 1n)).toEqual([{ start: 0n, end: 1n << 40n }]);
  });

  it('keeps leaves and nodes apart', () => {
    const [a, b] = [leafHash(utf8('a')), leafHash(utf8('b'))];
    expect(toHex(leafHash(concatBytes(a, b)))).not.toBe(toHex(nodeHash(a, b)));
  });
});
