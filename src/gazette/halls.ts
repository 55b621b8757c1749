/** Today's and coming openings. How far each has come is taken from the opening's own public view and from nothing else. */
import { type OpeningState, openingViewOf } from '../openings/index.ts';
import { dayOf } from '../platform/clock/calendar.ts';
import { type Clock, instantText } from '../platform/clock/clock.ts';
import type { Database } from '../platform/database.ts';
import { dayStart, projectConditions } from './rows.ts';

type Row = {
  readonly project: string;
  readonly code: string;
  readonly name: string;
  readonly type: string;
  readonly status: string;
  readonly opening: string;
  readonly deadline: string;
  readonly room: string;
  readonly lots: readonly { readonly id: string; readonly name: string }[];
  readonly state: OpeningState | null;
};
type Query = {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly q?: string | undefined;
  readonly state?: HallState | undefined;
};
export type HallState = 'coming' | 'now' | 'ended';

/** Days shown when the reader names none. */
const daysAhead = 60;
const most = 300;

/** Openings of published projects whose deadline lies on the days asked for, in order of time. */
export async function hallsOf(db: Database, clock: Clock, query: Query) {
  const now = instantText(clock.now());
  const from = query.from ?? dayOf(now).toString();
  const to = query.to ?? Temporal.PlainDate.from(from).add({ days: daysAhead }).toString();
  const asked = projectConditions({ q: query.q, type: undefined, project: undefined });
  const rows = await db.query<Row>(
    `select p.id as project, p.code, p.name, p.type, p.status, p.opening, p.deadline, o.state,
       p.state -> 'schedule' ->> 'openingRoom' as room, p.state -> 'lots' as lots
     from project p left join opening o on o.id = p.opening
     where ${asked.map((c) => c.sql).join(' and ')} and p.deadline >= ? and p.deadline < ?
     order by p.deadline, p.code limit ${most}`,
    [...asked.flatMap((c) => c.values), dayStart(from), dayStart(to, 1)],
  );
  const halls = rows.map((row) => hallOf(row, now));
  return { now, halls: halls.filter((hall) => query.state === undefined || hall.state === query.state) };
}

function hallOf(row: Row, now: string) {
  const view = row.state && openingViewOf(row.state);
  const lots = row.lots.map(({ id, name }) => {
    const lot = view?.lots.find((l) => l.lot === id);
    return {
      lotId: id,
      lotName: name,
      status: lot?.status ?? 'waiting',
      standing: lot?.standing ?? null,
      released: lot?.released.length ?? 0,
      opened: lot?.opened ?? 0,
      announcedAt: lot?.announcedAt ?? null,
      over: lot !== undefined && isOver(lot, now),
    };
  });
  const terminated = row.status === 'terminated';
  const over = terminated || lots.every((lot) => lot.over);
  const state: HallState = over ? 'ended' : row.deadline <= now ? 'now' : 'coming';
  return {
    openingId: row.opening,
    projectId: row.project,
    projectCode: row.code,
    projectName: row.name,
    type: row.type,
    room: row.room,
    deadline: row.deadline,
    state,
    terminated,
    k: view?.k ?? null,
    n: view?.n ?? null,
    lots: lots.map(({ over: _over, ...lot }) => lot),
  };
}

type LotView = ReturnType<typeof openingViewOf>['lots'][number];

/** Nothing more is to be seen of the lot: it was not opened, or the time to confirm the announced offers is over. */
function isOver({ status, confirmUntil }: LotView, now: string): boolean {
  if (status === 'failed' || status === 'terminated') return true;
  return status === 'announced' && (confirmUntil === null || confirmUntil <= now);
}
