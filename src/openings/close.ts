/** Barrier and close: fixes the set of all acts of a lot in the log before any share is used (trust protocol 2.4). */
import { canonicalBytes } from '../formats/canonical.ts';
import { type CloseSet, type CommitmentSet, statusesOf } from '../formats/close-set.ts';
import type { SequencedAct } from '../tenders/index.ts';
import type { OpeningContext } from './context.ts';
import type { Standing } from './state.ts';

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
    { type: 'closeLot', lot, setSha256, policy: policy.sha256, barrier, acts: set.acts.length, standing },
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
export function commitmentSetOf(lot: string, closed: CloseSet, all: readonly SequencedAct[]): CommitmentSet {
  const known = new Set(closed.acts.map((a) => a.index));
  return {
    type: 'yangguang.org/commitment-set/v1',
    lot,
    acts: all.filter((a) => !known.has(a.opened.index)).map((a) => a.opened),
  };
}
