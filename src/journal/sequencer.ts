/**
 * The sequencer: takes committed entries in batches, gives them contiguous indexes, grows the tree and publishes a signed
 * checkpoint. One node holds the lease; the others wait for it.
 *
 * Order of a batch, so that a crash at any point leaves an honest log: (1) leaves and tiles are committed; (2) the checkpoint is
 * signed and the head file outside the database is made durable; (3) the checkpoint is committed and published. A crash after
 * (1) or (2) leaves a tree whose checkpoint the next start signs again, and the tree extends the head file.
 */
import { type Checkpoint, signCheckpoint } from '../formats/log/checkpoint.ts';
import type { Signer } from '../formats/log/note.ts';
import type { Database, TransactionManager } from '../platform/database.ts';
import { metrics } from '../platform/http/metrics.ts';
import type { Logger } from '../platform/log.ts';
import { growEdge, type StoredTile } from './edge.ts';
import { holdLease, type Lease } from './lease.ts';
import { openPending, type Pending } from './pending.ts';
import { sqlArray } from './sql-array.ts';
import type { Tree } from './tree.ts';

export const leaseName = 'sequencer';

export type Published = Checkpoint & {
  readonly text: string;
  /** Entries that got their index with it; the last one has index size - 1. */
  readonly entryIds: readonly string[];
};

export type SequencerDeps = {
  readonly db: Database;
  readonly tree: Tree;
  readonly signer: Signer;
  readonly logger: Logger;
  /** Makes the signed checkpoint durable outside the database; called before it is published. */
  writeHead(text: string): Promise<void>;
  publish(published: Published): Promise<void>;
};

export type Sequencer = {
  /** One batch; true when it found work. Throws LeaseLost when another node has taken over. */
  step(): Promise<boolean>;
};

/** The sequencer of one lease: it lives as long as its epoch, its state in memory is what it committed. */
export async function openSequencer(deps: SequencerDeps, lease: Lease): Promise<Sequencer> {
  const { db, tree } = deps;
  const [row] = await db.query(
    `select (select coalesce(max(log_index) + 1, 0) from journal_leaf)::text as size,
       (select max(size) from journal_checkpoint)::text as signed,
       (select watermark from journal_lease where name = ?)::text as watermark`,
    [leaseName],
  );
  /** Owned by `step`, which never runs twice at once. */
  let edge = await tree.edge(BigInt(String(row!.size)));
  const signed = row!.signed === null ? null : BigInt(String(row!.signed));
  // A crash between leaves and checkpoint, or the very first start (a signed empty tree), leaves one to sign.
  let unsigned: readonly string[] | null = signed === edge.size ? null : [];
  const pending = openPending(db, BigInt(String(row!.watermark)));

  const sign = async (entryIds: readonly string[]): Promise<void> => {
    const checkpoint = { origin: deps.signer.key.name, size: edge.size, root: await tree.root(edge.size) };
    const text = signCheckpoint(checkpoint, deps.signer);
    await deps.writeHead(text);
    await storeCheckpoint(deps, lease, { ...checkpoint, text }, pending);
    unsigned = null;
    await deps.publish({ ...checkpoint, text, entryIds });
  };

  return {
    step: async () => {
      if (unsigned) await sign(unsigned);
      if (!(await pending.waits())) return false;
      const { ids, grown } = await db.transaction(async (em) => {
        await holdLease(em, leaseName, lease);
        const batch = await pending.take(em, edge.size);
        const larger = growEdge(edge, batch.leafHashes);
        await storeTiles(em, larger.changed);
        return { ids: batch.ids, grown: larger };
      });
      edge = grown.edge;
      tree.remember(grown.changed);
      metrics.leaves.inc(ids.length);
      unsigned = ids;
      await sign(ids);
      return true;
    },
  };
}

async function storeTiles(em: TransactionManager, changed: readonly StoredTile[]): Promise<void> {
  await em.execute(
    `insert into journal_tile (level, n, hashes)
     select * from unnest(?::int[], ?::bigint[], ?::bytea[]) as t (level, n, hashes)
     on conflict (level, n) do update set hashes = excluded.hashes`,
    [
      sqlArray(changed.map(({ level }) => level)),
      sqlArray(changed.map(({ n }) => n)),
      sqlArray(changed.map(({ hashes }) => hashes)),
    ],
  );
}

async function storeCheckpoint(
  { db }: SequencerDeps,
  lease: Lease,
  { size, root, text }: Checkpoint & { text: string },
  pending: Pending,
): Promise<void> {
  const xid = await db.transaction(async (em) => {
    const number = await holdLease(em, leaseName, lease);
    await em.execute(
      `insert into journal_checkpoint (size, root, note, at) values (?, ?, ?, clock_timestamp())
       on conflict (size) do nothing`,
      [size.toString(), Buffer.from(root), text],
    );
    await em.execute('update journal_lease set watermark = ? where name = ?', [
      pending.watermark().toString(),
      leaseName,
    ]);
    return number;
  });
  pending.sequenced(xid);
}
