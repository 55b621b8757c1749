/** Figures of the whole city, from published projects, awards and the log. Sums are exact: fen as bigint, shares as fractions. */
import { decimalText, div, type Fraction, fraction, hundred, mean, mul } from '../../evaluation/fraction.ts';
import type { Journal } from '../journal/index.ts';
import { dayOf } from '../platform/clock/calendar.ts';
import { type Clock, instantText } from '../platform/clock/clock.ts';
import type { Database } from '../platform/database.ts';
import { procedureOf } from '../projects/index.ts';
import { dayStart } from './rows.ts';

const monthsShown = 24;
const monthOf = (column: string) => `to_char(${column}::timestamptz at time zone 'Asia/Shanghai', 'YYYY-MM')`;

export type AwardedLot = {
  readonly priceFen: string;
  readonly ceilingFen: string | null;
  /** RFC 3339 UTC. */
  readonly publishedAt: string;
  readonly awardedAt: string;
};

/** The figures of `statisticsView`. */
export async function statisticsOf(journal: Journal, clock: Clock) {
  const { db } = journal;
  const now = instantText(clock.now());
  const { policy, witnessed } = journal.policyFile();
  const [checkpoint] = await db.query<{ at: string }>(
    `select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from journal_checkpoint order by size desc limit 1`,
  );
  return {
    now,
    projects: await projectFigures(db),
    awards: awardFigures(await awardedLots(db)),
    rejectedToday: await rejectedOn(db, dayOf(now).toString()),
    log: {
      size: journal.size().toString(),
      checkpointAt: checkpoint?.at ?? null,
      witnesses: policy.witnesses.length,
      witnessed,
    },
  };
}

async function projectFigures(db: Database) {
  const rows = await db.query<{ type: string; published: number; terminated: number }>(
    `select type, count(*) filter (where status = 'published')::int as published,
       count(*) filter (where status = 'terminated')::int as terminated
     from project where published_at is not null group by type order by type`,
  );
  const byType = rows.map(({ type, published, terminated }) => {
    const procedure = procedureOf(type);
    const name = { zh: procedure?.zh ?? type, en: procedure?.en ?? type };
    return { type, name, published, terminated, total: published + terminated };
  });
  const byMonth = await db.query<{ month: string; published: number }>(
    `select ${monthOf('published_at')} as month, count(*)::int as published
     from project where published_at is not null group by 1 order by 1 desc limit ${monthsShown}`,
  );
  return { total: byType.reduce((sum, { total }) => sum + total, 0), byType, byMonth: byMonth.toReversed() };
}

async function awardedLots(db: Database): Promise<AwardedLot[]> {
  return db.query<AwardedLot>(
    `select c.candidate ->> 'priceFen' as "priceFen", a.state -> 'award' ->> 'at' as "awardedAt", p.published_at as "publishedAt",
       (select x ->> 'ceilingFen' from jsonb_array_elements(p.state -> 'lots') x where x ->> 'id' = a.id) as "ceilingFen"
     from award a join project p on p.id = a.project and p.published_at is not null
       cross join lateral jsonb_array_elements(a.state -> 'candidates') c (candidate)
     where a.status in ('awarded', 'confirmed', 'certified')
       and c.candidate ->> 'manifestSha256' = a.state -> 'award' ->> 'manifestSha256'`,
  );
}

/** Sums, mean saving and median time of awarded lots. Pure; a lot without a ceiling counts in no saving. */
export function awardFigures(lots: readonly AwardedLot[]) {
  const capped = lots.flatMap(({ priceFen, ceilingFen }) =>
    ceilingFen === null || ceilingFen === '0' ? [] : [{ price: BigInt(priceFen), ceiling: BigInt(ceilingFen) }],
  );
  const total = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n);
  const [ceilings, prices] = [total(capped.map((l) => l.ceiling)), total(capped.map((l) => l.price))];
  const shares = capped.map(({ price, ceiling }) => fraction(ceiling - price, ceiling));
  return {
    count: lots.length,
    sumFen: total(lots.map((l) => BigInt(l.priceFen))).toString(),
    withCeiling: capped.length,
    ceilingSumFen: ceilings.toString(),
    meanSavingPercent: shares.length === 0 ? null : percentText(mean(shares)),
    totalSavingPercent: shares.length === 0 ? null : percentText(fraction(ceilings - prices, ceilings)),
    medianDaysToAward: medianDays(lots),
    byMonth: awardMonths(lots),
  };
}

const percentText = (share: Fraction): string => decimalText(mul(share, hundred), 2);

function medianDays(lots: readonly AwardedLot[]): string | null {
  const days = lots
    .map((l) => dayOf(l.publishedAt).until(dayOf(l.awardedAt), { largestUnit: 'days' }).days)
    .toSorted((a, b) => a - b);
  const [low, high] = [days[Math.floor((days.length - 1) / 2)], days[Math.floor(days.length / 2)]];
  return low === undefined || high === undefined ? null : decimalText(div(fraction(low + high), fraction(2n)), 1);
}

function awardMonths(lots: readonly AwardedLot[]) {
  const months = Map.groupBy(lots, (l) => dayOf(l.awardedAt).toString().slice(0, 7));
  return [...months]
    .map(([month, of]) => ({
      month,
      count: of.length,
      sumFen: of.reduce((sum, l) => sum + BigInt(l.priceFen), 0n).toString(),
    }))
    .toSorted((a, b) => (a.month < b.month ? -1 : 1))
    .slice(-monthsShown);
}

/** Only entries that are open in the log: a late tender before the barrier is sealed and is not counted here. */
async function rejectedOn(db: Database, day: string): Promise<{ late: number; invalid: number }> {
  const [row] = await db.query<{ late: number; invalid: number }>(
    `select count(*) filter (where kind = 'tender-late')::int as late,
       count(*) filter (where kind = 'opened' and event -> 'result' ->> 'result' = 'invalid')::int as invalid
     from journal_entry where kind in ('tender-late', 'opened') and sealed_act is null and at >= ?::timestamptz and at < ?::timestamptz`,
    [dayStart(day), dayStart(day, 1)],
  );
  return row ?? { late: 0, invalid: 0 };
}
