/**
 * The fenced lease of the sequencer: one owner at a time, and an epoch that grows with each. Whoever writes in its name checks
 * the epoch in the same transaction, so an owner that slept through its lease writes nothing.
 */
import type { Database, Row, TransactionManager } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';

export type Lease = { readonly owner: string; readonly epoch: string };

/** A lease that is not renewed for so long may be taken by another node. */
export const leaseMilliseconds = 3_000;

const ttl = `clock_timestamp() + interval '${leaseMilliseconds} milliseconds'`;

/** Takes the lease when it is free or has run out; null while another node holds it. */
export async function acquireLease(db: Database, name: string): Promise<Lease | null> {
  // One process only can open the embedded database, so its former owner is dead.
  const mayTake = db.kind === 'pglite' ? 'true' : 'journal_lease.expires < clock_timestamp()';
  const owner = newId();
  const rows = await db.transaction(
    async (em) =>
      (await em.execute(
        `insert into journal_lease (name, owner, epoch, expires) values (?, ?, 1, ${ttl})
         on conflict (name) do update set owner = excluded.owner, epoch = journal_lease.epoch + 1, expires = ${ttl}
         where ${mayTake} returning epoch::text as epoch`,
        [name, owner],
      )) as Row[],
  );
  return rows[0] ? { owner, epoch: String(rows[0].epoch) } : null;
}

/** Thrown where the lease belongs to somebody else by now; the transaction is rolled back. */
export class LeaseLost extends Error {
  constructor() {
    super('another node holds the sequencer lease');
  }
}

/**
 * Renews the lease inside the transaction that relies on it, and locks its row until the commit; throws LeaseLost. Answers the
 * transaction's number.
 */
export async function holdLease(em: TransactionManager, name: string, lease: Lease): Promise<bigint> {
  const rows = (await em.execute(
    `update journal_lease set expires = ${ttl} where name = ? and owner = ? and epoch = ? returning pg_current_xact_id()::text as xid`,
    [name, lease.owner, lease.epoch],
  )) as Row[];
  if (!rows[0]) throw new LeaseLost();
  return BigInt(String(rows[0].xid));
}

/** Gives the lease back, so that another node need not wait for it to run out. */
export async function releaseLease(db: Database, name: string, lease: Lease): Promise<void> {
  await db.transaction(async (em) => {
    await em.execute(`update journal_lease set expires = 'epoch' where name = ? and owner = ? and epoch = ?`, [
      name,
      lease.owner,
      lease.epoch,
    ]);
  });
}
