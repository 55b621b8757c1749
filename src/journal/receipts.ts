/** Receipts: proofs that an entry is in the log, built from its row, the tree and the newest fitting checkpoint. */

import { canonicalBytes } from '../formats/canonical.ts';
import type { Database } from '../platform/database.ts';
import { commonRefusal, RefusalError, refusalsOf } from '../platform/refusal.ts';
import { sqlArray } from './sql-array.ts';

export const journalRefusals = {
  'receipt-pending': {
    status: 503,
    zh: '事项已记入，回执尚未生成，请稍后领取',
    en: 'The act is recorded; its receipt is not ready yet, fetch it in a moment',
  },
  'receipt-sealed': {
    status: 403,
    zh: '密封事项的回执只交给当事人',
    en: 'The receipt of a sealed act goes to its author only',
  },
} as const;
export const journalRefusal = refusalsOf<keyof typeof journalRefusals>(journalRefusals);

export type Receipt = {
  readonly entryId: string;
  readonly index: bigint;
  /** The Merkle leaf hash SHA-256(0x00 ‖ leaf bytes), hex. */
  readonly leafSha256: string;
  /** The `.tlog-proof` text; for a sealed entry its `extra` is canonical {act, salt}, which is secret. */
  readonly text: string;
  /** Whether the checkpoint in it meets the log policy's quorum of witnesses. */
  readonly cosigned: boolean;
};

/** What a receipt needs of an entry; `index` is null before it has one. */
export type EntryProof = {
  readonly id: string;
  readonly index: bigint | null;
  readonly leafSha256: string;
  readonly extra: Uint8Array | null;
};

/** Reads the entries that were asked for within one turn of the event loop by one query. */
export function entryReader(db: Pick<Database, 'query'>): (entryId: string) => Promise<EntryProof> {
  let waiting = new Map<string, PromiseWithResolvers<EntryProof>>();
  const readAll = async (asked: typeof waiting) => {
    try {
      const found = await readEntries(db, [...asked.keys()]);
      for (const [id, { resolve, reject }] of asked) {
        const entry = found.get(id);
        if (entry) resolve(entry);
        else reject(new RefusalError(commonRefusal('not-found')));
      }
    } catch (error) {
      for (const { reject } of asked.values()) reject(error);
    }
  };
  return (entryId) => {
    if (waiting.size === 0) {
      setImmediate(() => {
        const asked = waiting;
        waiting = new Map();
        void readAll(asked);
      });
    }
    const answer = waiting.get(entryId) ?? Promise.withResolvers<EntryProof>();
    waiting.set(entryId, answer);
    return answer.promise;
  };
}

async function readEntries(db: Pick<Database, 'query'>, ids: readonly string[]): Promise<Map<string, EntryProof>> {
  const rows = await db.query(
    `select e.id::text as id, l.log_index::text as index, encode(sha256('\\x00'::bytea || e.leaf), 'hex') as leaf,
       encode(e.salt, 'hex') as salt, convert_from(e.sealed_act, 'UTF8') as act
     from journal_entry e left join journal_leaf l on l.entry_id = e.id where e.id = any (?::uuid[])`,
    [sqlArray(ids)],
  );
  return new Map(
    rows.map(({ id, index, leaf, salt, act }) => [
      String(id),
      {
        id: String(id),
        index: index === null ? null : BigInt(String(index)),
        leafSha256: String(leaf),
        extra: act === null ? null : canonicalBytes({ act: JSON.parse(String(act)), salt: String(salt) }),
      },
    ]),
  );
}
