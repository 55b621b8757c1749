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
});
const listView = z.object({ projects: z.array(listed), next: z.string().nullable() });
type Listed = z.input<typeof listed>;

const columns = 'id, code, name, type, status, tenderer, deadline, published_at as "publishedAt"';
const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** The page and the code that the next one starts after; one row more than asked for was read. */
function pageOf(rows: Listed[], size: number): z.input<typeof listView> {
  const projects = rows.slice(0, size);
  return { projects, next: rows.length > size ? (projects.at(-1)?.code ?? null) : null };
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
        answer: listView,
        sharedMilliseconds: 1_000,
        refusals: [],
      },
      async ({ query }) => {
        const now = instantText(clock.now());
        const filters: (readonly [sql: string, values: readonly unknown[]] | null)[] = [
          query.q ? ['(name ilike ? or code ilike ?)', Array(2).fill(`%${escapeLike(query.q)}%`)] : null,
          query.type ? ['type = ?', [query.type]] : null,
          query.status ? ['status = ?', [query.status]] : null,
          query.phase === 'open' ? [`status = 'published' and deadline > ?`, [now]] : null,
          query.phase === 'closed' ? ['deadline <= ?', [now]] : null,
          query.tenderer ? ['tenderer = ?', [query.tenderer]] : null,
          query.after
            ? ['(published_at, code) < (select published_at, code from project where code = ?)', [query.after]]
            : null,
        ];
        const asked = filters.filter((f) => f !== null);
        const rows = await journal.db.query<Listed>(
          `select ${columns} from project where ${['published_at is not null', ...asked.map(([sql]) => sql)].join(' and ')}
           order by published_at desc, code desc limit ?`,
          [...asked.flatMap(([, values]) => values), query.limit + 1],
        );
        return pageOf(rows, query.limit);
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
