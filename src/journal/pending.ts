/**
 * Committed entries without a leaf. Ordinals are given at insert and become visible at commit, in another order; so a simple
 * "greater than the last" would skip entries. The watermark says up to which ordinal nothing can appear any more.
 */
import { fromHex } from '../formats/bytes.ts';
import type { Database } from '../platform/database.ts';

export type Pending = { readonly id: string; readonly leafHash: Uint8Array };

/** Entries a batch may hold: some 100 ms of work. */
const batchSize = 4_000;

export type PendingReader = {
  /** The next entries in log order; empty when there are none. */
  next(): Promise<Pending[]>;
  /** Tells that all of the last batch has its leaf, and a transaction number that was given after the batch was read. */
  sequenced(xid: bigint): void;
  /** The ordinal up to which every entry has its leaf or will never be; to be stored now and then. */
  watermark(): bigint;
};

/** Reads on from a watermark. It belongs to the sequencer alone: what `next` gave must have its leaf before the next call. */
export function readPending(db: Pick<Database, 'query'>, start: bigint): PendingReader {
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
    next: async () => {
      const rows = await db.query(
        `select id::text as id, ordinal::text as ordinal, encode(sha256('\\x00'::bytea || leaf), 'hex') as hash,
           pg_snapshot_xmin(s)::text as oldest
         from (select pg_current_snapshot() as s) as snapshot left join lateral (
           select e.id, e.ordinal, e.leaf from journal_entry e
           where e.ordinal > ? and not exists (select 1 from journal_leaf l where l.entry_id = e.id)
           order by e.ordinal limit ${batchSize}) as pending on true`,
        [watermark.toString()],
      );
      const found = rows.filter(({ id }) => id !== null);
      // A candidate is settled when all transactions that ran when it was taken have ended and nothing below it waits.
      const oldest = BigInt(String(rows[0]!.oldest));
      const first = found[0] ? BigInt(String(found[0].ordinal)) : null;
      if (candidate && oldest >= candidate.xid && (first === null || first > candidate.ordinal)) {
        watermark = candidate.ordinal;
        candidate = null;
      }
      lastOrdinal = found.length > 0 ? BigInt(String(found.at(-1)!.ordinal)) : lastOrdinal;
      return found.map(({ id, hash }) => ({ id: String(id), leafHash: fromHex(String(hash)) }));
    },
  };
}
