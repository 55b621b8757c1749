/**
 * The journal's public entries with the project that each belongs to. This room reads rows of the rooms to its left by SQL in
 * this file and its neighbours only: a city's board by service calls would cost a query a row. Nothing of a tender chain is read.
 */
import { sqlArray } from '../journal/index.ts';
import { zone } from '../platform/clock/calendar.ts';
import type { Database } from '../platform/database.ts';
import { kindsOf } from './kinds.ts';
import type { GazetteKind, GazetteQuery } from './schemas.ts';

/** An entry with its project; `event` holds more than strangers may see, so only `sentences.ts` picks from it. */
export type EntryRow = {
  readonly entryId: string;
  readonly entryIndex: string | null;
  readonly at: string;
  readonly kind: string;
  readonly subjectKind: string;
  readonly event: Readonly<Record<string, unknown>>;
  readonly lot: string | null;
  readonly lotName: string | null;
  readonly project: string;
  readonly code: string;
  readonly name: string;
  readonly type: string;
  readonly opening: string;
  readonly tenderer: string;
};

/** The project that an entry's subject belongs to; null for subjects of no project and for every tender chain. */
const projectOf = `case e.subject_kind
  when 'project' then e.subject
  when 'opening' then (select o.project from opening o where o.id = e.subject)
  when 'opening_policy' then (select q.id from project q where q.opening = e.subject)
  when 'witness_record' then (select w.project from witness_record w where w.id = e.subject)
  when 'evaluation' then (select s.project from project_lot s where s.lot = e.subject)
  when 'award' then (select s.project from project_lot s where s.lot = e.subject) end`;
const lotOf = `coalesce(e.event ->> 'lot', case when e.subject_kind in ('evaluation', 'award') then e.subject end)`;
const columns = `e.id::text as "entryId", l.log_index::text as "entryIndex", e.kind, e.subject_kind as "subjectKind", e.event,
  to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, ${lotOf} as lot,
  (select x ->> 'name' from jsonb_array_elements(p.state -> 'lots') x where x ->> 'id' = ${lotOf}) as "lotName",
  p.id as project, p.code, p.name, p.type, p.opening, p.tenderer`;
const source = `journal_entry e join project p on p.id = ${projectOf} left join journal_leaf l on l.entry_id = e.id`;

/** The board's kinds, written out: the partial index of migration 0011 serves only a query that repeats them. */
export const boardKinds = `e.kind in (${kindsOf(null)
  .toSorted()
  .map((kind) => `'${kind}'`)
  .join(', ')})`;

type Filters = Pick<GazetteQuery, 'q' | 'type' | 'project' | 'from' | 'to'>;
type Condition = { readonly sql: string; readonly values: readonly unknown[] };

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** Text, type or project of a list of projects `p`. */
export function projectConditions({ q, type, project }: Pick<Filters, 'q' | 'type' | 'project'>): Condition[] {
  return [
    { sql: 'p.published_at is not null', values: [] },
    ...(q ? [{ sql: '(p.name ilike ? or p.code ilike ?)', values: Array(2).fill(`%${escapeLike(q)}%`) }] : []),
    ...(type === undefined ? [] : [{ sql: 'p.type = ?', values: [type] }]),
    ...(project === undefined ? [] : [{ sql: 'p.id = ?', values: [project] }]),
  ];
}

/** The instant at which a day of Beijing begins. */
export const dayStart = (day: string, after = 0): string =>
  Temporal.PlainDate.from(day)
    .add({ days: after })
    .toZonedDateTime(zone)
    .toInstant()
    .toString({ smallestUnit: 'microsecond' });

function boardConditions(filters: Filters): Condition[] {
  const { from, to } = filters;
  return [
    { sql: boardKinds, values: [] },
    ...projectConditions(filters),
    ...(from === undefined ? [] : [{ sql: 'e.at >= ?::timestamptz', values: [dayStart(from)] }]),
    ...(to === undefined ? [] : [{ sql: 'e.at < ?::timestamptz', values: [dayStart(to, 1)] }]),
  ];
}

const where = (conditions: readonly Condition[]) => conditions.map((c) => c.sql).join(' and ');
const valuesOf = (conditions: readonly Condition[]) => conditions.flatMap((c) => c.values);

/** Entries of the board, newest first. */
export async function boardRows(
  db: Database,
  filters: Filters & { readonly kind?: GazetteKind | undefined },
  limit: number,
  offset = 0,
): Promise<EntryRow[]> {
  const kinds = sqlArray(kindsOf(filters.kind ?? null));
  const asked = [...boardConditions(filters), { sql: 'e.kind = any(?::text[])', values: [kinds] }];
  return db.query<EntryRow>(
    `select ${columns} from ${source} where ${where(asked)} order by e.ordinal desc limit ? offset ?`,
    [...valuesOf(asked), limit, offset],
  );
}

/** How many entries of each kind the filters leave. */
export async function boardCounts(db: Database, filters: Filters): Promise<ReadonlyMap<string, number>> {
  const asked = boardConditions(filters);
  const rows = await db.query<{ kind: string; count: number }>(
    `select e.kind, count(*)::int as count from journal_entry e join project p on p.id = ${projectOf}
     where ${where(asked)} group by e.kind`,
    valuesOf(asked),
  );
  return new Map(rows.map(({ kind, count }) => [kind, count]));
}

/** Every entry of one published project of the given kinds, oldest first; null where there is no such project. */
export async function courseRows(db: Database, project: string, kinds: readonly string[]): Promise<EntryRow[] | null> {
  const [found] = await db.query<{ subjects: string[] }>(
    `select array_remove(array_cat(
       array[p.id, p.opening], array(select s.lot from project_lot s where s.project = p.id)), null) as subjects
     from project p where p.id = ? and p.published_at is not null`,
    [project],
  );
  if (!found) return null;
  return db.query<EntryRow>(
    `select ${columns} from ${source} where e.subject = any(?::text[]) and e.kind = any(?::text[]) and p.id = ?
     order by e.ordinal`,
    [sqlArray(found.subjects), sqlArray([...kinds]), project],
  );
}
