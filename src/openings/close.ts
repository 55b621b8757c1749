/** Barrier and close: fixes the set of all acts of a lot in the log before any share is used (trust protocol 2.4). */
import { canonicalBytes, parseCanonical } from '../formats/canonical.ts';
import { type CloseSet, type CommitmentSet, closeSet, statusesOf } from '../formats/close-set.ts';
import type { SequencedAct } from '../tenders/index.ts';
import type { OpeningContext } from './context.ts';
import type { LotState, Standing } from './state.ts';

/** Raises the barrier once the deadline has passed by more than an act may last. Repeating it does nothing. */
export async function raiseBarrier(context: OpeningContext, opening: string): Promise<void> {
  await context.act(opening, { type: 'raiseBarrier' }, context.system);
}

/** Closes the lot: only leaves below the barrier count, and all of them are listed, not only the standing ones. */
export async function closeLot(context: OpeningContext, opening: string, lot: string): Promise<void> {
  const { journal, tenders, files, policies } = context;
  const barrier = Number(await journal.whenSequenced(await context.entryOf(opening, 'BarrierRaised')));
  const reader = journal.db.read();
  const below = (await tenders.actsOf(reader, lot)).filter((a) => a.opened.index < barrier);
  const policy = await policies.inForce(reader, opening);
  if (!policy) throw new Error('a lot that took tenders has a policy in force');
  const { set, standing } = closeSetOf(lot, policy.sha256, below);
  const { sha256: setSha256 } = await files.putBytes(canonicalBytes(set));
  await context.act(
    opening,
    {
      type: 'closeLot',
      lot,
      setSha256,
      policy: policy.sha256,
      k: policy.policy.k,
      n: policy.policy.officers.length,
      barrier,
      acts: set.acts.length,
      standing,
    },
    context.system,
  );
  journal.requestCosignatures();
}

/** The close set of the acts below the barrier; acts that are no tenders are opened later, in the commitment set. */
export function closeSetOf(
  lot: string,
  policy: string,
  below: readonly SequencedAct[],
): { set: CloseSet; standing: Standing[] } {
  const statuses = statusesOf(below.map((a) => a.opened.act));
  const acts: CloseSet['acts'] = [];
  const standing: Standing[] = [];
  for (const [i, { opened, stored }] of below.entries()) {
    const status = statuses[i];
    if (!status) continue;
    acts.push({ ...opened, status });
    if (status === 'standing' && stored)
      standing.push({ manifestSha256: stored.manifestSha256, policy: stored.policy, handle: opened.act.handle });
  }
  return { set: { type: 'yangguang.org/close-set/v1', lot, policy, acts }, standing };
}

/** Every sealed leaf of the lot that the close set does not open: questions, guarantees, decoys, tenders late by seconds. */
export function commitmentSetOf(lot: string, closed: CloseSet | null, all: readonly SequencedAct[]): CommitmentSet {
  const known = new Set(closed?.acts.map((a) => a.index));
  return {
    type: 'yangguang.org/commitment-set/v1',
    lot,
    acts: all.filter((a) => !known.has(a.opened.index)).map((a) => a.opened),
  };
}

/** Stores the lot's commitment set; answers its hash. To be called when no further sealed act can come. */
export async function storeCommitments(context: OpeningContext, { lot, close }: LotState): Promise<string> {
  const { journal, tenders, files } = context;
  await everythingSequenced(context, lot);
  const closed = close && parseCanonical(closeSet, await files.read(close.setSha256));
  const set = commitmentSetOf(lot, closed, await tenders.actsOf(journal.db.read(), lot));
  return (await files.putBytes(canonicalBytes(set))).sha256;
}

/** Opens the sealed leaves of a lot that failed or was terminated: kinds and handles show, neither names nor prices. */
export async function openCommitments(context: OpeningContext, opening: string, lotId: string): Promise<void> {
  const { lot } = await context.lotOf(opening, lotId);
  const setSha256 = await storeCommitments(context, lot);
  // Keys that bidders gave before the project ended would still read what must stay shut.
  for (const { keySha256 } of lot.keys) await context.files.remove(keySha256);
  await context.act(opening, { type: 'openCommitments', lot: lotId, setSha256 }, context.system);
}

/** Waits until no sealed act of the lot is committed without a place in the log; else its leaf would stay shut for ever. */
async function everythingSequenced({ journal }: OpeningContext, lot: string): Promise<void> {
  const rows = await journal.db.query<{ id: string }>(
    `select e.id::text as id from journal_entry e left join journal_leaf l on l.entry_id = e.id
     where e.subject_kind = 'tender_chain' and e.subject like ? and l.entry_id is null`,
    [`${lot}:%`],
  );
  for (const { id } of rows) await journal.whenSequenced(id);
}
