/** Entries this node has just committed: their receipts are asked for within moments, and then cost no query. */
import { hash } from 'node:crypto';
import { toHex } from '../formats/bytes.ts';
import { canonicalBytes } from '../formats/canonical.ts';
import type { Leaf } from './leaf.ts';
import type { EntryProof } from './receipts.ts';

/** An entry as it was inserted. */
export type Appended = { readonly id: string; readonly leaf: Leaf };

export type Recent = {
  /** Takes entries over once their transaction is committed. */
  remember(entries: readonly Appended[]): void;
  /** Tells that the entries got the indexes up to `size`, the last one size - 1. */
  settle(size: bigint, entryIds: readonly string[]): void;
  /** The entry's index: null before it has one, undefined where the entry is not remembered. */
  indexOf(entryId: string): bigint | null | undefined;
  /** What a receipt needs of a remembered entry, and forgets it: a second receipt is rare and costs a query. */
  take(entryId: string): EntryProof | undefined;
};

/** Oldest entries are forgotten beyond this many bytes of leaves and acts. */
const keptBytes = 16_000_000;
/** What an entry takes beside its bytes. */
const overheadBytes = 300;

/** An empty memory. */
export function openRecent(): Recent {
  /** Owned here; Map order is age. */
  const kept = new Map<string, { readonly leaf: Leaf; index: bigint | null }>();
  let bytes = 0;
  const forget = (id: string, leaf: Leaf) => {
    kept.delete(id);
    bytes -= weightOf(leaf);
  };
  return {
    remember: (entries) => {
      for (const { id, leaf } of entries) {
        kept.set(id, { leaf, index: null });
        bytes += weightOf(leaf);
      }
      if (bytes <= keptBytes) return;
      for (const [id, { leaf }] of kept) {
        if (bytes <= keptBytes) break;
        forget(id, leaf);
      }
    },
    settle: (size, entryIds) => {
      const first = size - BigInt(entryIds.length);
      for (const [i, id] of entryIds.entries()) {
        const entry = kept.get(id);
        if (entry) entry.index = first + BigInt(i);
      }
    },
    indexOf: (id) => kept.get(id)?.index,
    take: (id) => {
      const entry = kept.get(id);
      if (!entry) return undefined;
      forget(id, entry.leaf);
      const { bytes: leaf, act, salt } = entry.leaf;
      const extra =
        act && salt ? canonicalBytes({ act: JSON.parse(Buffer.from(act).toString()), salt: toHex(salt) }) : null;
      return { id, index: entry.index, leafSha256: leafSha256(leaf), extra };
    },
  };
}

const weightOf = ({ bytes, body, act }: Leaf): number =>
  bytes.length + (body?.length ?? 0) + (act?.length ?? 0) + overheadBytes;

/** SHA-256(0x00 ‖ leaf) as hex, by OpenSSL. */
function leafSha256(leaf: Uint8Array): string {
  const input = Buffer.allocUnsafe(leaf.length + 1);
  input[0] = 0x00;
  input.set(leaf, 1);
  return hash('sha256', input, 'hex');
}
