/**
 * Committed entries without a leaf. Ordinals are given at insert and become visible at commit, in another order; so a simple
 * "greater than the last" would skip entries. The watermark says up to which ordinal nothing can appear any more.
 */
import type { Database, Row, TransactionManager } from '../platform/database.ts';
import { splitHashes } from './edge.ts';

/** Entries in log order, with the Merkle hashes of their leaves. */
export type Batch = { readonly ids: readonly string[]; readonly leafHashes: readonly Uint8Array[] };

/** Entries a batch may hold: some 100 ms of work. */
const batchSize = 4_000;

export type Pending = {
  /** Whether an entry waits. */
  waits(): Promise<boolean>;
  /** Gives the next entries their leaves, from log index `size` upwards. Called only when one waits. */
  take(em: TransactionManager, size: bigint): Promise<Batch>;
  /** Tells that the last batch is committed, and a transaction number that was given after that. */
  sequenced(xid: bigint): void;
  /** The ordinal up to which every entry has its leaf or will never be; to be stored now and then. */
  watermark(): bigint;
};

/** Goes on from a watermark. It belongs to the sequencer alone: what `take` took must be committed before the next call. */
export function openPending(db: Pick<Database, 'query'>, start: bigint): Pending {
  let watermark = start;
  let lastOrdinal = start;
  /**
   * Once no transaction older than `xid` runs, every ordinal up to `ordinal` is settled: an entry's transaction has its number
   * before its ordinal (act.ts, lockSubject), so one that may still bring a smaller ordinal began before `xid` was given.
   */
  let candidate: { ordinal: bigint; xid: bigint } | null = null;
  return {
    watermark: () => watermark,
    sequenced: (xid) => {
      candidate ??= { ordinal: lastOrdinal, xid };
    },
    waits: async () => {
      const [row] = await db.query(
        `select pg_snapshot_xmin(pg_current_snapshot())::text as oldest, (
           select e.ordinal from journal_entry e
           where e.ordinal > ? and not exists (select 1 from journal_leaf l where l.entry_id = e.id)
           order by e.ordinal limit 1)::text as first`,
        [watermark.toString()],
      );
      // A candidate is settled when all transactions that ran when it was taken have ended and nothing below it waits.
      const first = row!.first === null ? null : BigInt(String(row!.first));
      if (candidate && BigInt(String(row!.oldest)) >= candidate.xid && (first === null || first > candidate.ordinal)) {
        watermark = candidate.ordinal;
        candidate = null;
      }
      return first !== null;
    },
    // From the watermark in one picture of the database, never from the entry that `waits` saw: an entry with a smaller ordinal
    // and the next of its subject may have been committed since, and the second must not be numbered before the first.
    // The batch comes back as one row of two long values: thousands of rows would cost several times as much to read.
    take: async (em, size) => {
      const [row] = (await em.execute(
        `with waiting as (
           select e.id, e.ordinal, sha256('\\x00'::bytea || e.leaf) as hash from journal_entry e
           where e.ordinal > ? and not exists (select 1 from journal_leaf l where l.entry_id = e.id)
           order by e.ordinal limit ${batchSize}),
         numbered as (select id, ordinal, hash, row_number() over (order by ordinal) as n from waiting),
         leaves as (insert into journal_leaf (log_index, entry_id) select ?::bigint + n - 1, id from numbered order by n)
         select max(ordinal)::text as last, string_agg(id::text, ',' order by n) as ids,
           string_agg(hash, ''::bytea order by n) as hashes
         from numbered`,
        [watermark.toString(), size.toString()],
      )) as Row[];
      lastOrdinal = BigInt(String(row!.last));
      return { ids: String(row!.ids).split(','), leafHashes: splitHashes(new Uint8Array(row!.hashes as Uint8Array)) };
    },
  };
}
