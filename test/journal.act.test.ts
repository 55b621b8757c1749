import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseNow } from '../src/journal/act.ts';
import { auditAll, auditTree, unauditedKinds } from '../src/journal/audit.ts';
import { newId } from '../src/platform/ids.ts';
import {
  type Answer,
  adminQuery,
  startJournal,
  type TallyCommand,
  type TestJournal,
  tally,
} from './support/journal.ts';

let test: TestJournal;
beforeAll(async () => {
  test = await startJournal();
});
afterAll(() => test.close());

const entriesOf = async (subject: string): Promise<number> =>
  Number((await test.db.query('select count(*)::text as n from journal_entry where subject = ?', [subject]))[0]!.n);
const rowOf = async (subject: string) => (await test.db.query('select * from tally where id = ?', [subject]))[0];
const codeOf = (answer: Answer): string => ('refused' in answer ? answer.code : 'acted');
const add = (...amounts: number[]): TallyCommand => ({ type: 'add', amounts });
const onPostgres = process.env.DATABASE_URL !== undefined;

/** A gate that `facts` of an act waits at, so that a test holds its transaction open. */
function gate() {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    reached: reached.promise,
    open: opened.resolve,
    facts: async () => {
      reached.resolve();
      await opened.promise;
      return {};
    },
  };
}

describe('an act', () => {
  it('stores the fold of its events, their entries with versions, and its columns', async () => {
    const subject = newId();
    await test.acted(subject, add(1, 2));
    const { state, events, entryIds } = await test.acted(subject, add(4));
    expect([state.total, events.length, entryIds.length]).toEqual([7, 1, 1]);
    expect(await rowOf(subject)).toMatchObject({ version: 3, total: 7, state });
    const rows = await test.db.query(
      'select version, event, actor, request_id from journal_entry where subject = ? order by ordinal',
      [subject],
    );
    expect(rows.map(({ version }) => Number(version))).toEqual([1, 2, 3]);
    expect(rows[2]).toMatchObject({ event: { type: 'Added', amount: 4 }, actor: 'tester', request_id: 'test' });
  });

  it('that is refused writes nothing', async () => {
    const subject = newId();
    expect(codeOf(await test.act(subject, add(-1)))).toBe('negative-amount');
    expect([await rowOf(subject), await entriesOf(subject)]).toEqual([undefined, 0]);
  });

  it('that decides on nothing writes nothing', async () => {
    const subject = newId();
    expect(await test.act(subject, { type: 'tick' })).toMatchObject({ events: [], entryIds: [] });
    expect([await rowOf(subject), await entriesOf(subject)]).toEqual([undefined, 0]);
  });

  it('run dry answers like a real one and leaves nothing', async () => {
    const subject = newId();
    const answer = await test.act(subject, add(3), { dryRun: true, idempotencyKey: newId() });
    expect(answer).toMatchObject({ state: { total: 3 } });
    expect([await rowOf(subject), await entriesOf(subject)]).toEqual([undefined, 0]);
  });

  it('whose facts throw leaves nothing', async () => {
    const subject = newId();
    const facts = async () => {
      throw new Error('no facts today');
    };
    await expect(test.act(subject, add(1), { facts })).rejects.toThrow('no facts today');
    expect([await rowOf(subject), await entriesOf(subject)]).toEqual([undefined, 0]);
  });

  it('keeps texts with quotes, backslashes, question marks and rare characters as they are', async () => {
    const subject = newId();
    const text = 'a "b" \\ \\" ? ?? {c,d} NULL \u{20bb7}野家 \n\t é $1 :x';
    await test.acted(subject, { type: 'add', amounts: [1], text });
    const [row] = await test.db.query('select event from journal_entry where subject = ?', [subject]);
    expect(row!.event).toEqual({ type: 'Added', amount: 1, text });
  });
});

describe('an idempotency key', () => {
  it('of a length that no index holds is refused, and nothing is done', async () => {
    const subject = newId();
    expect(codeOf(await test.act(subject, add(5), { idempotencyKey: 'k'.repeat(201) }))).toBe('bad-request');
    expect(await rowOf(subject)).toBeUndefined();
  });

  it('gives the first answer again, and acts once', async () => {
    const [subject, idempotencyKey] = [newId(), newId()];
    const first = await test.act(subject, add(5), { idempotencyKey });
    expect(await test.act(subject, add(5), { idempotencyKey })).toEqual(first);
    expect(await entriesOf(subject)).toBe(1);
  });

  it('acts once also when both come at the same time', async () => {
    const [subject, idempotencyKey] = [newId(), newId()];
    const answers = await Promise.all([1, 2, 3].map(() => test.act(subject, add(5), { idempotencyKey })));
    expect([answers[1], answers[2], await entriesOf(subject)]).toEqual([answers[0], answers[0], 1]);
  });

  it('with another input is refused', async () => {
    const [subject, idempotencyKey] = [newId(), newId()];
    await test.act(subject, add(5), { idempotencyKey });
    expect(codeOf(await test.act(subject, add(6), { idempotencyKey }))).toBe('idempotency-mismatch');
    expect(codeOf(await test.act(newId(), add(5), { idempotencyKey }))).toBe('idempotency-mismatch');
    expect(await entriesOf(subject)).toBe(1);
  });

  it('of another actor is another key', async () => {
    const [subject, idempotencyKey] = [newId(), newId()];
    await test.act(subject, add(5), { idempotencyKey });
    expect(codeOf(await test.act(subject, add(6), { idempotencyKey, actor: 'another' }))).toBe('acted');
  });

  it('of a refused act can be used again', async () => {
    const [subject, idempotencyKey] = [newId(), newId()];
    await test.act(subject, add(-1), { idempotencyKey });
    expect(codeOf(await test.act(subject, add(1), { idempotencyKey }))).toBe('acted');
  });
});

describe('two acts on one subject', () => {
  it('wait for each other: no update is lost, on a fresh subject too', async () => {
    const subject = newId();
    await Promise.all(Array.from({ length: 20 }, (_, i) => test.acted(subject, add(i))));
    expect(await rowOf(subject)).toMatchObject({ version: 20, total: 190 });
  });

  // The embedded database has one connection: there a second transaction cannot begin before the first has ended.
  it.runIf(onPostgres)(
    'the one that waited sees the time after its wait, so a deadline passed meanwhile is passed',
    async () => {
      const subject = newId();
      await test.acted(subject, add(1));
      const now = Temporal.Instant.from(await databaseNow(test.db.read(), test.clock));
      const at = now.add({ milliseconds: 300 }).toString({ smallestUnit: 'microsecond' });
      await test.acted(subject, { type: 'closeAt', at });
      const held = gate();
      const first = test.act(subject, add(1), { facts: held.facts });
      await held.reached;
      // It begins before the deadline; `now()` of its transaction would let it pass.
      const second = test.act(subject, add(1));
      await test.db.query(`select pg_sleep_until(?::timestamptz)`, [at]);
      held.open();
      expect([codeOf(await first), codeOf(await second)]).toEqual(['acted', 'tally-closed']);
    },
  );

  it.runIf(onPostgres)('one that lasts longer than its limit is not carried out', async () => {
    const subject = newId();
    const facts = async (tx: { em: { execute(sql: string): Promise<unknown> } }) => {
      await tx.em.execute('select pg_sleep(2.1)');
      return {};
    };
    expect(codeOf(await test.act(subject, add(1), { facts }))).toBe('transaction-too-slow');
    expect([await rowOf(subject), await entriesOf(subject)]).toEqual([undefined, 0]);
  });

  it.runIf(onPostgres)('one whose connection is cut says so, and nothing is written', async () => {
    const subject = newId();
    const facts = async (tx: { em: { execute(sql: string): Promise<unknown> } }) => {
      const [row] = (await tx.em.execute('select pg_backend_pid() as pid')) as { pid: number }[];
      await adminQuery(process.env.DATABASE_URL!, `select pg_terminate_backend(${row!.pid})`);
      return {};
    };
    expect(codeOf(await test.act(subject, add(1), { facts }))).toBe('database-unavailable');
    expect([await rowOf(subject), await entriesOf(subject)]).toEqual([undefined, 0]);
    expect(codeOf(await test.act(subject, add(1)))).toBe('acted');
  });

  it.runIf(onPostgres)('lost connections, more than the pool has, leave a pool that serves', async () => {
    const [row] = await test.db.query('select current_database() as name');
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${row!.name}' and state = 'idle in transaction'`;
    for (let round = 0; round < 3; round += 1) {
      const gates = Array.from({ length: 10 }, gate);
      const acts = gates.map(({ facts }) => test.act(newId(), add(1), { facts }));
      await Promise.all(gates.map(({ reached }) => reached));
      await adminQuery(process.env.DATABASE_URL!, cut);
      for (const { open } of gates) open();
      expect((await Promise.all(acts)).map(codeOf)).toEqual(gates.map(() => 'database-unavailable'));
    }
    expect(codeOf(await test.act(newId(), add(1)))).toBe('acted');
  });
});

describe('the journal', () => {
  it.each(['journal_entry', 'journal_leaf', 'journal_checkpoint', 'journal_cosignature'])(
    'takes no update, delete or truncate of %s',
    async (table) => {
      await test.acted(newId(), add(1)).then(({ entryIds }) => test.journal.whenSequenced(entryIds[0]!));
      const column = {
        journal_entry: 'actor',
        journal_leaf: 'entry_id',
        journal_checkpoint: 'note',
        journal_cosignature: 'line',
      }[table];
      for (const sql of [
        `update ${table} set ${column} = ${column}`,
        `delete from ${table}`,
        `truncate ${table} cascade`,
      ])
        await expect(test.journal.keep((tx) => tx.em.execute(sql))).rejects.toThrow('append-only');
    },
  );

  it('gives its second door the database time, and rolls back what throws', async () => {
    const id = newId();
    const work = test.journal.keep(async (tx) => {
      expect(tx.now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
      await tx.em.execute(`insert into tally (id, version, state, total) values (?, 1, '{}', 0)`, [id]);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await rowOf(id)).toBeUndefined();
  });

  it('follows in log order from a cursor, and goes on after a handler that failed', async () => {
    const name = newId();
    const seen: bigint[] = [];
    let failures = 1;
    const done = Promise.withResolvers<void>();
    const last = await test
      .acted(newId(), add(1, 2, 3))
      .then(({ entryIds }) => test.journal.whenSequenced(entryIds[2]!));
    const following = test.journal.followDurably(name, async (entries) => {
      if (failures-- > 0) throw new Error('not now');
      seen.push(...entries.map(({ index }) => index));
      if (seen.at(-1)! >= last) done.resolve();
    });
    await done.promise;
    await following.stop();
    expect(seen).toEqual(Array.from({ length: Number(last) + 1 }, (_, i) => BigInt(i)));
    const later = await test.acted(newId(), add(1)).then(({ entryIds }) => test.journal.whenSequenced(entryIds[0]!));
    const again: bigint[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const second = test.journal.followDurably(name, async (entries) => {
      again.push(...entries.map(({ index }) => index));
      if (again.at(-1)! >= later) resolve();
    });
    await promise;
    await second.stop();
    expect(again[0]).toBe(last + 1n);
  });
});

describe('the audit', () => {
  it('finds nothing wrong with what went through the door', async () => {
    await test
      .acted(newId(), { type: 'addSecretly', amount: 2 })
      .then(({ entryIds }) => test.journal.whenSequenced(entryIds[0]!));
    const report = await auditAll(test.journal, [tally]);
    expect(report.findings).toEqual([]);
    expect(report.subjects).toBeGreaterThan(5);
    expect([await unauditedKinds(test.journal, [tally]), await unauditedKinds(test.journal, [])]).toEqual([
      [],
      ['tally'],
    ]);
  });

  const tamper = (sql: string, ...params: unknown[]) => test.journal.keep((tx) => tx.em.execute(sql, params));
  const insideOut = async (work: () => Promise<unknown>) => {
    // What an administrator of the database could do: switch the trigger off.
    await tamper('alter table journal_entry disable trigger all');
    await work();
    await tamper('alter table journal_entry enable trigger all');
  };
  it('finds a row that somebody edited, a lost row, a lost entry and a changed version', async () => {
    const subjects = [newId(), newId(), newId(), newId()] as const;
    for (const subject of subjects)
      await test.acted(subject, add(1, 2)).then(({ entryIds }) => test.journal.whenSequenced(entryIds[1]!));
    await tamper(`update tally set state = jsonb_set(state, '{total}', '99') where id = ?`, subjects[0]);
    await tamper('delete from tally where id = ?', subjects[1]);
    await insideOut(() => tamper('delete from journal_entry where subject = ? and version = 1', subjects[2]));
    await tamper('update tally set version = 7 where id = ?', subjects[3]);
    const { findings } = await auditAll(test.journal, [tally]);
    const codes = subjects.map((subject) => findings.find((finding) => finding.subject === subject)?.code);
    expect(codes).toEqual(['state-differs', 'row-missing', 'version-gap', 'version-differs']);
    expect(findings.find(({ subject }) => subject === subjects[0])?.detail).toBe('/total: fold 3, row 99');
    expect(findings.some(({ code }) => code === 'index-gap')).toBe(true);
  });

  it('finds a leaf that was changed under its hash', async () => {
    const other = await startJournal();
    await other.acted(newId(), add(1, 2, 3)).then(({ entryIds }) => other.journal.whenSequenced(entryIds[2]!));
    expect((await auditTree(other.journal)).findings).toEqual([]);
    await other.journal.keep((tx) => tx.em.execute('alter table journal_entry disable trigger all'));
    await other.journal.keep((tx) => tx.em.execute(`update journal_entry set leaf = 'another' where version = 2`));
    const { findings } = await auditTree(other.journal);
    expect(findings.map(({ code }) => code)).toEqual(['leaf-differs', 'root-differs']);
    await other.close();
  });
});
