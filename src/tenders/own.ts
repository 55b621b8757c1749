/**
 * A bidder's own tenders on every lot. Rows name nobody, so the handles are computed lot by lot with the caller's organisation;
 * who is not that organisation cannot ask. About 40 µs a lot (measured), hence the bound by the deadline.
 */
import { type Journal, sqlArray } from '../journal/index.ts';
import { type ChainState, chainId } from './rules.ts';
import type { TenderService } from './service.ts';

export type LotRow = {
  readonly lot: string;
  readonly lotName: string;
  readonly projectId: string;
  readonly projectCode: string;
  readonly projectName: string;
  readonly type: string;
  readonly projectStatus: string;
  readonly deadline: string;
  readonly questionsUntil: string;
  readonly openingId: string;
  readonly ceilingFen: string | null;
  readonly invited: boolean;
};

/** Published lots whose deadline is not before `since`, newest deadline first; `invited`: the tender invites the organisation. */
const lotsSince = (journal: Journal, organisation: string, since: string) =>
  journal.db.query<LotRow>(
    `select l.lot, x.lot ->> 'name' as "lotName", x.lot ->> 'ceilingFen' as "ceilingFen", p.id as "projectId",
       p.code as "projectCode", p.name as "projectName", p.type, p.status as "projectStatus", p.deadline,
       p.state -> 'schedule' ->> 'questionsUntil' as "questionsUntil", p.opening as "openingId",
       (jsonb_typeof(p.state -> 'invited') = 'array' and jsonb_exists(p.state -> 'invited', ?)) as invited
     from project p join project_lot l on l.project = p.id
       cross join lateral jsonb_array_elements(p.state -> 'lots') x (lot)
     where p.published_at is not null and p.deadline >= ? and x.lot ->> 'id' = l.lot
     order by p.deadline desc, p.code, l.lot limit 20000`,
    [organisation, since],
  );

/** Lots on which the organisation has acted, or to which it is invited. */
export async function ownTenders(journal: Journal, tenders: TenderService, organisation: string, since: string) {
  const lots = await lotsSince(journal, organisation, since);
  const chains = new Map(lots.map(({ lot }) => [chainId(lot, tenders.handle(lot, organisation)), lot]));
  const rows = await journal.db.query<{ id: string; state: ChainState }>(
    'select id, state from tender_chain where id = any(?::text[])',
    [sqlArray([...chains.keys()])],
  );
  const acted = new Map(rows.map(({ id, state }) => [chains.get(id), state]));
  return lots.flatMap((row) => {
    const chain = acted.get(row.lot);
    return chain || row.invited ? [{ ...row, ...chainOf(row.lot, chain) }] : [];
  });
}

/** The acts of one's own chain as a page shows them; the first seal is `sealed`, each later one `replaced`. */
export function chainOf(lot: string, chain: Pick<ChainState, 'acts' | 'late' | 'bond' | 'questions'> | undefined) {
  const receiptPath = (manifestSha256: string) => `/api/lots/${lot}/tenders/mine/${manifestSha256}/receipt`;
  const acts = (chain?.acts ?? []).map(({ act, seq, manifestSha256, policy, at }, i, all) => ({
    act:
      act === 'withdraw'
        ? ('withdrawn' as const)
        : all[i - 1]?.act === 'seal'
          ? ('replaced' as const)
          : ('sealed' as const),
    seq,
    manifestSha256,
    policySha256: policy,
    at,
    receiptPath: receiptPath(manifestSha256),
  }));
  const last = acts.at(-1);
  return {
    standing:
      last === undefined ? ('none' as const) : last.act === 'withdrawn' ? ('withdrawn' as const) : ('sealed' as const),
    acts,
    late: (chain?.late ?? []).map(({ manifestSha256, at }) => ({
      manifestSha256,
      at,
      receiptPath: receiptPath(manifestSha256),
    })),
    bond: chain?.bond ? { amountFen: chain.bond.amountFen, at: chain.bond.at } : null,
    questions: chain?.questions.length ?? 0,
  };
}
