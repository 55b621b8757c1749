/**
 * Who looked at what: the rows as they are stored and shown. What a row tells must not be more than its reader may know: that
 * somebody opened a committee's desk names a member, so until the evaluation has ended such rows are for supervisors alone.
 */
import type { z } from 'zod';
import { type Journal, type Reader, sqlArray, utcText } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import type { Read } from '../platform/http/access-log.ts';
import type { Principal, Route } from '../platform/http/route.ts';
import type { accessPage, accessQuery } from './contracts.ts';

/** Writes a batch in one statement; a row that came before (an answer got lost) is not written twice. */
export async function storeReads(journal: Journal, rows: readonly Read[]): Promise<void> {
  await journal.keep(async ({ em, now }) => {
    await em.execute(
      `insert into access_log (id, at, person, roles, operation, params, subject, status, request_id)
       select r.id, ?::timestamptz - r.waited * interval '1 millisecond', r.person, string_to_array(r.roles, ','), r.operation,
         r.params::jsonb, r.subject, r.status, r.request_id
       from unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::integer[], ?::text[])
         as r(id, waited, person, roles, operation, params, subject, status, request_id)
       on conflict do nothing`,
      [now, ...columns(rows).map((column) => sqlArray(column))],
    );
  });
}

const columns = (rows: readonly Read[]): (string | number | null)[][] => [
  rows.map(({ id }) => id),
  rows.map(({ waited }) => waited),
  rows.map(({ person }) => person),
  rows.map(({ roles }) => roles.join(',')),
  rows.map(({ operation }) => operation),
  rows.map(({ params }) => JSON.stringify(params)),
  rows.map(({ params }) => Object.values(params)[0] ?? null),
  rows.map(({ status }) => status),
  rows.map(({ requestId }) => requestId),
];

/** Operations that a member of a committee alone would call: a row of them names the member. */
export const secretOperations = (routes: readonly Route[]): string[] =>
  routes
    .filter(
      ({ spec: { path, who } }) => path.startsWith('/api/evaluations') && Array.isArray(who) && who.includes('expert'),
    )
    .map(({ spec }) => spec.name);

type Asked = z.infer<typeof accessQuery>;

/** A page, newest first. */
export async function readAccessLog(
  reader: Reader,
  asked: Asked,
  { roles }: Pick<Principal, 'roles'>,
  secret: readonly string[],
): Promise<z.infer<typeof accessPage>> {
  const wanted: (readonly [string, string | undefined])[] = [
    ['a.person = ?', asked.person],
    ['a.subject = ?', asked.subject],
    ['a.operation = ?', asked.operation],
    ['a.at >= ?::timestamptz', asked.from],
    ['a.at < ?::timestamptz', asked.until],
    ['a.id < ?::uuid', asked.after],
  ];
  const given = wanted.filter(([, value]) => value !== undefined);
  const hidden = roles.includes('supervisor') ? [] : [[notSecret, sqlArray(secret)] as const];
  const conditions = [...given, ...hidden];
  const rows = (await reader.execute(
    `select a.id::text as id, ${utcText('a.at')} as at, a.person, d.name, array_to_json(a.roles) as roles, a.operation, a.params,
       a.subject, a.status, a.request_id
     from access_log a left join person_data d on d.person = a.person
     ${conditions.length > 0 ? `where ${conditions.map(([sql]) => sql).join(' and ')}` : ''}
     order by a.id desc limit ?`,
    [...conditions.map(([, value]) => value), asked.limit + 1],
  )) as Row[];
  const shown = rows.slice(0, asked.limit).map(shownRow);
  return { rows: shown, next: rows.length > asked.limit ? (shown.at(-1)?.id ?? null) : null };
}

const notSecret = `not (a.operation = any(?::text[]) and not exists
  (select 1 from evaluation e where e.id = a.subject and e.phase in ('finished', 'failed')))`;

const shownRow = (row: Row): z.infer<typeof accessPage>['rows'][number] => ({
  id: String(row.id),
  at: String(row.at),
  person: String(row.person),
  personName: row.name == null ? null : String(row.name),
  roles: row.roles as string[],
  operation: String(row.operation),
  params: row.params as Record<string, string>,
  subject: row.subject == null ? null : String(row.subject),
  status: Number(row.status),
  requestId: String(row.request_id),
});
