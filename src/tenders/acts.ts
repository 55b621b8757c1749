/** Reading the sealed acts of a lot with what opens their commitments; only for the close and what follows it. */
import type { OpenedCommitment } from '../formats/close-set.ts';
import type { ReadManager, Row } from '../platform/database.ts';
import { actOf, type ChainAct, type ChainEvent } from './rules.ts';

export type SequencedAct = {
  readonly opened: OpenedCommitment;
  /** Parts of a sealed or withdrawn tender; null for all other acts. */
  readonly stored: ChainAct | null;
};

/**
 * Every sealed act of the lot that stands in the log, by index. The caller is the opening, after the barrier: before it nobody
 * may see this (trust protocol 2, 'who bid is hidden').
 */
export async function actsOf(reader: Pick<ReadManager, 'execute'>, lot: string): Promise<SequencedAct[]> {
  const rows = (await reader.execute(
    `select l.log_index::text as log_index, encode(e.salt, 'hex') as salt, e.event
     from journal_entry e join journal_leaf l on l.entry_id = e.id
     where e.subject_kind = 'tender_chain' and e.subject like ? and e.salt is not null order by l.log_index`,
    [`${lot}:%`],
  )) as Row[];
  return rows.map((row) => {
    const event = row.event as ChainEvent;
    const act = actOf(event);
    if (!act) throw new Error('a salted entry has an act');
    const stored = event.type === 'TenderSealed' || event.type === 'TenderWithdrawn' ? event.act : null;
    return { opened: { index: Number(row.log_index), salt: String(row.salt), act }, stored };
  });
}
