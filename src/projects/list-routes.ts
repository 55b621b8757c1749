/** Lists of projects: the public one, and an organisation's own with what is not published yet. */
import { z } from 'zod';
import { identifier } from '../formats/primitives.ts';
import type { Journal } from '../journal/index.ts';
import { type Clock, instantText } from '../platform/clock/clock.ts';
import { callerOf, type Route, route } from '../platform/http/route.ts';

type Deps = { readonly journal: Journal; readonly clock: Clock };

const limit = z.coerce.number().int().min(1).max(100).default(20);
/** Code of the last project of the page before. */
const after = z.string().max(40).optional();
const listQuery = z.strictObject({
  /** Part of the name or code. */
  q: z
    .string()
    .trim()
    .max(100)
    .refine((s) => s.isWellFormed() && !s.includes('\0'))
    .optional(),
  type: z.string().max(60).optional(),
  status: z.enum(['published', 'terminated']).optional(),
  /** `open`: takes tenders now; `closed`: the deadline has passed. */
  phase: z.enum(['open', 'closed']).optional(),
  tenderer: identifier.optional(),
  after,
  limit,
});
const listed = z.object({
  id: identifier,
  code: z.string(),
  name: z.string(),
  type: z.string(),
  status: z.string(),
  tenderer: identifier,
  deadline: z.string(),
  publishedAt: z.string().nullable(),
  openingId: identifier,
  tendererName: z.string().nullable(),
  /** How many lots. */
  lots: z.number(),
});
const listView = z.object({ projects: z.array(listed), next: z.string().nullable() });
/** Counts under the same filters, each without its own: what a click on it would show. */
const facets = z.object({
  types: z.array(z.object({ type: z.string(), count: z.number() })),
  statuses: z.array(z.object({ status: z.string(), count: z.number() })),
  phases: z.array(z.object({ phase: z.enum(['open', 'closed']), count: z.number() })),
});
const publicListView = listView.extend({ total: z.number(), facets });
type Listed = z.input<typeof listed>;

const columns = `id, code, name, type, status, tenderer, deadline, published_at as "publishedAt", opening as "openingId",
  (select o.name from organisation o where o.id = tenderer) as "tendererName",
  jsonb_array_length(state -> 'lots')::int as lots`;
const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** The page and the code that the next one starts after; one row more than asked for was read. */
function pageOf(rows: Listed[], size: number): z.input<typeof listView> {
  const projects = rows.slice(0, size);
  return { projects, next: rows.length > size ? (projects.at(-1)?.code ?? null) : null };
}

type Filter = { readonly by: string; readonly sql: string; readonly values: readonly unknown[] };

/** The filters of the public list; `by` names each, so that a count can leave its own out. */
function filtersOf(query: z.output<typeof listQuery>, now: string): Filter[] {
  const all: (Filter | null)[] = [
    { by: 'public', sql: 'published_at is not null', values: [] },
    query.q
      ? { by: 'q', sql: '(name ilike ? or code ilike ?)', values: Array(2).fill(`%${escapeLike(query.q)}%`) }
      : null,
    query.type ? { by: 'type', sql: 'type = ?', values: [query.type] } : null,
    query.status ? { by: 'status', sql: 'status = ?', values: [query.status] } : null,
    query.phase === 'open' ? { by: 'phase', sql: `status = 'published' and deadline > ?`, values: [now] } : null,
    query.phase === 'closed' ? { by: 'phase', sql: 'deadline <= ?', values: [now] } : null,
    query.tenderer ? { by: 'tenderer', sql: 'tenderer = ?', values: [query.tenderer] } : null,
  ];
  return all.filter((filter) => filter !== null);
}

const conditions = (filters: readonly Filter[]): string => filters.map(({ sql }) => sql).join(' and ');

/** How many projects the filters leave, and how many each other choice of one filter would. */
async function countsOf({ db }: Journal, filters: readonly Filter[], now: string) {
  const counted = async (group: string, without: string, first: readonly unknown[] = []) => {
    const asked = filters.filter(({ by }) => by !== without);
    return db.query<{ value: string; count: number }>(
      `select ${group} as value, count(*)::int as count from project where ${conditions(asked)} group by 1 order by 1`,
      [...first, ...asked.flatMap(({ values }) => values)],
    );
  };
  const phase = `case when deadline <= ? then 'closed' when status = 'published' then 'open' else 'none' end`;
  const [types, statuses, phases, all] = [
    await counted('type', 'type'),
    await counted('status', 'status'),
    await counted(phase, 'phase', [now]),
    await counted(`'all'`, 'none'),
  ];
  return {
    total: all[0]?.count ?? 0,
    facets: {
      types: types.map(({ value, count }) => ({ type: value, count })),
      statuses: statuses.map(({ value, count }) => ({ status: value, count })),
      phases: phases.flatMap(({ value, count }) =>
        value === 'open' || value === 'closed' ? [{ phase: value as 'open' | 'closed', count }] : [],
      ),
    },
  };
}

export function listRoutes({ journal, clock }: Deps): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/projects',
        name: 'listProjects',
        who: 'anyone',
        summary: { zh: '项目列表（检索、筛选、翻页）', en: 'Published projects: search, filters, pages' },
        query: listQuery,
        answer: publicListView,
        sharedMilliseconds: 1_000,
        refusals: [],
      },
      async ({ query }) => {
        const now = instantText(clock.now());
        const after: Filter[] = query.after
          ? [
              {
                by: 'after',
                sql: '(published_at, code) < (select published_at, code from project where code = ?)',
                values: [query.after],
              },
            ]
          : [];
        const filters = filtersOf(query, now);
        const asked = [...filters, ...after];
        const rows = await journal.db.query<Listed>(
          `select ${columns} from project where ${conditions(asked)} order by published_at desc, code desc limit ?`,
          [...asked.flatMap(({ values }) => values), query.limit + 1],
        );
        return { ...pageOf(rows, query.limit), ...(await countsOf(journal, filters, now)) };
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/own-projects',
        name: 'listOwnProjects',
        who: ['tenderer', 'agency', 'host'],
        summary: {
          zh: '本单位的项目（含未发布）；中心看全部',
          en: "An organisation's own projects, unpublished ones too; the centre sees all",
        },
        query: z.strictObject({
          status: z.enum(['registered', 'published', 'terminated']).optional(),
          after,
          limit,
        }),
        answer: listView,
        refusals: [],
      },
      async ({ query, ...rest }) => {
        const { principal } = callerOf(rest);
        const own = principal.roles.includes('host') ? null : (principal.organisation ?? '');
        const rows = await journal.db.query<Listed>(
          `select ${columns} from project
           where (?::text is null or tenderer = ? or agency = ?) and (?::text is null or status = ?)
             and (?::text is null or id < (select id from project where code = ?)) order by id desc limit ?`,
          [
            ...[own, own, own],
            ...[query.status ?? null, query.status ?? null],
            ...[query.after ?? null, query.after ?? null],
            query.limit + 1,
          ],
        );
        return pageOf(rows, query.limit);
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/invitations',
        name: 'listInvitations',
        who: ['bidder'],
        summary: { zh: '邀请本单位投标的项目', en: 'Projects that invite the own organisation' },
        answer: z.object({ projects: z.array(listed) }),
        refusals: [],
      },
      async (call) => {
        const { principal } = callerOf(call);
        const projects = await journal.db.query<Listed>(
          `select ${columns} from project where published_at is not null and jsonb_typeof(state -> 'invited') = 'array'
           and jsonb_exists(state -> 'invited', ?) order by published_at desc limit 200`,
          [principal.organisation ?? ''],
        );
        return { projects };
      },
    ),
  ];
}
