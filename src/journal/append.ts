/** The rows of an act: its entries in one statement, the subject's new state, and when time will act on it. */
import type { Row } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { leafOf } from './leaf.ts';
import type { ActRequest, Procedure, Tx } from './procedure.ts';
import type { Appended } from './recent.ts';
import { sqlArray } from './sql-array.ts';

type Statement = { readonly sql: string; readonly params: readonly unknown[] };

/** Inserts one entry an event, versions counting on from `version`, and writes the subject's state, in one statement. */
export async function appendAndStore<S, C, E extends { type: string }, F>(
  tx: Tx,
  procedure: Procedure<S, C, E, F>,
  request: ActRequest<C, F>,
  { events, state, version }: { readonly events: readonly E[]; readonly state: S; readonly version: number },
): Promise<Appended[]> {
  if (events.length === 0) return [];
  const { appended, sql, params } = entriesStatement(tx.now, procedure, request, events, version);
  const store = stateStatement(procedure, request.subject, version, version + events.length, state);
  await tx.em.execute(`with entries as (${sql}) ${store.sql}`, [...params, ...store.params]);
  await storeDue(tx, procedure, request.subject, version, state);
  return appended;
}

/** The insert of an act's entries; the benchmark names a table of its own to measure the insert alone. */
export function entriesStatement<S, C, E extends { type: string }, F>(
  now: string,
  procedure: Pick<Procedure<S, C, E, F>, 'kind' | 'publish'>,
  { subject, actor, requestId }: Pick<ActRequest<C, F>, 'subject' | 'actor' | 'requestId'>,
  events: readonly E[],
  version: number,
  table = 'journal_entry',
): Statement & { readonly appended: Appended[] } {
  const appended = events.map((event) => ({
    id: newId(),
    leaf: leafOf(procedure.publish(event, { subject, now }), { at: now, actor, subject }),
  }));
  const leaves = appended.map(({ leaf }) => leaf);
  // In the order of the events, so that ordinals, and with them log indexes, follow the versions.
  const sql = `insert into ${table}
       (id, at, actor, kind, subject_kind, subject, version, event, leaf, body, sealed_act, salt, request_id)
     select id, ?::timestamptz, ?, kind, ?, ?, ?::int + n, event::jsonb, leaf, body, act, salt, ?
     from unnest(?::uuid[], ?::text[], ?::text[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[])
       with ordinality as t (id, kind, event, leaf, body, act, salt, n)
     order by n`;
  const params = [
    now,
    actor,
    procedure.kind,
    subject,
    version,
    requestId,
    sqlArray(appended.map(({ id }) => id)),
    sqlArray(leaves.map(({ kind }) => kind)),
    sqlArray(events.map((event) => JSON.stringify(event))),
    sqlArray(leaves.map(({ bytes }) => bytes)),
    sqlArray(leaves.map(({ body }) => body)),
    sqlArray(leaves.map(({ act }) => act)),
    sqlArray(leaves.map(({ salt }) => salt)),
  ];
  return { appended, sql, params };
}

/** The subject's row; its version guards against a second writer. */
function stateStatement<S, C, E extends { type: string }, F>(
  { kind, columns: columnsOf }: Pick<Procedure<S, C, E, F>, 'kind' | 'columns'>,
  subject: string,
  from: number,
  to: number,
  state: S,
): Statement {
  const columns: Row = { ...columnsOf(state), state: JSON.stringify(state), version: to };
  const names = Object.keys(columns);
  const values = Object.values(columns);
  return from === 0
    ? {
        sql: `insert into ${kind} (id, ${names.join(', ')}) values (?, ${names.map(() => '?').join(', ')})`,
        params: [subject, ...values],
      }
    : {
        sql: `update ${kind} set ${names.map((name) => `${name} = ?`).join(', ')} where id = ? and version = ?`,
        params: [...values, subject, from],
      };
}

/** Replaces the moments at which time will act on the subject. */
async function storeDue<S, C, E extends { type: string }, F>(
  tx: Tx,
  procedure: Pick<Procedure<S, C, E, F>, 'kind' | 'due'>,
  subject: string,
  from: number,
  state: S,
): Promise<void> {
  if (!procedure.due) return;
  if (from > 0) await tx.em.execute('delete from due where room = ? and subject = ?', [procedure.kind, subject]);
  const due = procedure.due(state);
  if (due.length === 0) return;
  await tx.em.execute(
    'insert into due (room, subject, tick, at) select ?, ?, tick, at from unnest(?::text[], ?::timestamptz[]) as t (tick, at)',
    [procedure.kind, subject, sqlArray(due.map(({ tick }) => tick)), sqlArray(due.map(({ at }) => at))],
  );
}
