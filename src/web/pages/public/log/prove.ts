/** Proofs of the log computed on the reader's device: an entry lies under the signed checkpoint, and the log only grew since the last visit. */
import { fromHex, toHex, utf8 } from '../../../../formats/bytes.ts';
import { canonicalJson } from '../../../../formats/canonical.ts';
import { openCheckpoint, type ReadCheckpoint } from '../../../../formats/log/checkpoint.ts';
import { leafHash, verifyConsistency, verifyInclusion } from '../../../../formats/log/merkle.ts';
import { parseVkey } from '../../../../formats/log/note.ts';

const textOf = async (path: string): Promise<string> => {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.text();
};
const pathOf = async (path: string): Promise<Uint8Array[]> =>
  (JSON.parse(await textOf(path)) as { path: string[] }).path.map((node) => fromHex(node));

/** The newest checkpoint, its signature checked with the log's own key. */
export async function readCheckpoint(): Promise<ReadCheckpoint> {
  const key = parseVkey((await textOf('/log/vkey')).trim());
  return openCheckpoint(await textOf('/log/checkpoint'), key);
}

/** Throws where the leaf is not the entry at this index of the signed tree. */
export async function proveEntry(index: string, leaf: unknown): Promise<{ size: bigint; leafSha256: string }> {
  const { size, root } = await readCheckpoint();
  const hash = leafHash(utf8(canonicalJson(leaf)));
  const path = await pathOf(`/log/proof/inclusion?index=${index}&size=${size}`);
  verifyInclusion({ leafHash: hash, index: BigInt(index), size, path, root });
  return { size, leafSha256: toHex(hash) };
}

const kept = 'yg-log-checkpoint';

/** Compares with the checkpoint that this browser kept, and keeps the new one. `differs` is never overwritten. */
export async function proveGrowth(now: ReadCheckpoint): Promise<'first' | 'same' | 'differs'> {
  const present = JSON.stringify({ origin: now.origin, size: String(now.size), root: toHex(now.root) });
  const before = localStorage.getItem(kept);
  const old = before ? (JSON.parse(before) as { origin: string; size: string; root: string }) : null;
  if (old && old.origin === now.origin) {
    try {
      const from = BigInt(old.size);
      const path = await pathOf(`/log/proof/consistency?from=${from}&to=${now.size}`);
      verifyConsistency({ from, to: now.size, fromRoot: fromHex(old.root), toRoot: now.root, path });
    } catch {
      return 'differs';
    }
  }
  localStorage.setItem(kept, present);
  return old ? 'same' : 'first';
}
