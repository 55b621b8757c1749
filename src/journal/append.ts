/** The rows of an act: its entries in one statement, the subject's new state, and when time will act on it. */
import type { Row } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { leafOf } from './leaf.ts';
import type { ActRequest, Procedure, Tx } from './procedure.ts';
import { sqlArray } from './sql-array.ts';

/** Inserts one entry an event, versions counting on from `version`; answers their ids. */
export async function appendEntries<S, C, E extends { type: string }, F>(
  tx: Tx,
  procedure: Procedure<S, C, E, F>,
  request: ActRequest<C, F>,
  events: readonly E[],
  version: number,
): Promise<string[]> {
  if (events.length === 0) return [];
  const { subject, actor, requestId } = request;
  const ids = events.map(() => newId());
  const leaves = events.map((event) =>
    leafOf(procedure.publish(event, { subject, now: tx.now }), { at: tx.now, actor, subject }),
  );
  // In the order of the events, so that ordinals, and with them log indexes, follow the versions.
  await tx.em.execute(
    `insert into journal_entry
       (id, at, actor, kind, subject_kind, subject, version, event, leaf, body, sealed_act, salt, request_id)
     select id, ?::timestamptz, ?, kind, ?, ?, ?::int + n, event::jsonb, leaf, body, act, salt, ?
     from unnest(?::uuid[], ?::text[], ?::text[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[])
       with ordinality as t (id, kind, event, leaf, body, act, salt, n)
     order by n`,
    [
      tx.now,
      actor,
      procedure.kind,
      subject,
      version,
      requestId,
      sqlArray(ids),
      sqlArray(leaves.map(({ kind }) => kind)),
      sqlArray(events.map((event) => JSON.stringify(event))),
      sqlArray(leaves.map(({ bytes }) => bytes)),
      sqlArray(leaves.map(({ body }) => body)),
      sqlArray(leaves.map(({ act }) => act)),
      sqlArray(leaves.map(({ salt }) => salt)),
    ],
  );
  return ids;
}

/** Writes the subject's row (its version guards against a second writer) and its due rows. */
export async function storeState<S, C, E extends { type: string }, F>(
  tx: Tx,
  procedure: Pick<Procedure<S, C, E, F>, 'kind' | 'columns' | 'due'>,
  subject: string,
  from: number,
  to: number,
  state: S,
): Promise<void> {
  const columns: Row = { ...procedure.columns(state), state: JSON.stringify(state), version: to };
  const names = Object.keys(columns);
  const values = Object.values(columns);
  if (from === 0) {
    await tx.em.execute(
      `insert into ${procedure.kind} (id, ${names.join(', ')}) values (?, ${names.map(() => '?').join(', ')})`,
      [subject, ...values],
    );
  } else {
    await tx.em.execute(
      `update ${procedure.kind} set ${names.map((name) => `${name} = ?`).join(', ')} where id = ? and version = ?`,
      [...values, subject, from],
    );
  }
  if (!procedure.due) return;
  await tx.em.execute('delete from due where room = ? and subject = ?', [procedure.kind, subject]);
  const due = procedure.due(state);
  if (due.length === 0) return;
  await tx.em.execute(
    'insert into due (room, subject, tick, at) select ?, ?, tick, at from unnest(?::text[], ?::timestamptz[]) as t (tick, at)',
    [procedure.kind, subject, sqlArray(due.map(({ tick }) => tick)), sqlArray(due.map(({ at }) => at))],
  );
}
