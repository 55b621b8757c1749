/** Tasks before the publication; who looked at what; the trace of an entry; the health of the house. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPerson } from '../src/cli/demo/city.ts';
import { later } from '../src/cli/demo/hall.ts';
import { beijing, register } from '../src/cli/demo/prepare.ts';
import { makeKey, requestFor } from '../src/cli/enrol.ts';
import { financeTasks } from '../src/desk/office-tasks.ts';
import type { Subjects } from '../src/desk/subjects.ts';
import { usccCheckCharacter } from '../src/parties/index.ts';
import { openAccessLog, type Read } from '../src/platform/http/access-log.ts';
import { metrics } from '../src/platform/http/metrics.ts';
import { newId } from '../src/platform/ids.ts';
import { createLogger } from '../src/platform/log.ts';
import type { ProjectState } from '../src/projects/index.ts';
import {
  type Course,
  formPolicy,
  freshOfficers,
  publish,
  startCourse,
  type Tendered,
  tender,
} from './support/opening-course.ts';

type Task = { readonly kind: string; readonly state: string; readonly detail: string | null };
type Row = {
  id: string;
  person: string;
  personName: string | null;
  operation: string;
  subject: string | null;
  status: number;
};
type Page = { rows: Row[]; next: string | null };

let course: Course;
let tendered: Tendered;
let finance: TestPerson;
beforeAll(async () => {
  course = await startCourse(2);
  finance = await course.world.city.person('finance');
  tendered = await publish(course);
}, 180_000);
afterAll(() => course.close());

const tasksOf = async ({ client }: Pick<TestPerson, 'client'>, kind = '') =>
  (await client.call<{ tasks: Task[] }>('GET', '/api/tasks')).tasks.filter((task) => task.kind.startsWith(kind));
const kinds = async (person: Pick<TestPerson, 'client'>) =>
  [...new Set((await tasksOf(person)).map(({ kind, state }) => `${kind} ${state}`))].sort();
const accessLog = async ({ client }: Pick<TestPerson, 'client'>, query = ''): Promise<Page> => {
  await course.app.rooms.accessLog.flush();
  return client.call<Page>('GET', `/api/access-log${query}`);
};

describe('tasks before the publication', () => {
  it('lead through review, rooms, policy, keys and signatures', async () => {
    const { world, cast } = course;
    const today = world.now().toZonedDateTimeISO('Asia/Shanghai').toPlainDate();
    const plan = {
      name: '南湖桥梁加固工程',
      type: 'construction-open-works',
      lot: '第一标段',
      estimateFen: '1050000000',
      approval: { authority: '发改委', number: '1 号' },
      qualification: '二级',
      questionsUntil: beijing(today.add({ days: 9 }), '17:00'),
      deadline: beijing(today.add({ days: 27 }), '10:00'),
      rooms: ['', ''],
      technical: { zh: '施工组织设计', en: 'Method statement' },
    } as const;
    const project = await register(world, cast, plan);
    const host = await kinds(cast.host);
    expect(host).toEqual(
      expect.arrayContaining(['review-registration to-do', 'assign-rooms to-do', 'draft-policy to-do']),
    );
    expect(await kinds(cast.tenderer)).toEqual(
      expect.arrayContaining(['await-review waiting', 'publish-project waiting']),
    );
    await cast.host.client.call('POST', `/api/projects/${project.id}/review`, {
      accepted: false,
      text: '请补充资格条件。',
    });
    expect(await kinds(cast.tenderer)).toContain('correct-registration to-do');
    await cast.host.client
      .call('POST', `/api/projects/${project.id}/review`, { accepted: true, text: '' })
      .catch(() => null);
    const officers = await freshOfficers(cast);
    await cast.host.client.call('PUT', `/api/openings/${project.opening}/policy`, {
      lots: project.lots.map(({ id }) => id),
      deadline: project.schedule.deadline,
      mode: 'quorum',
      k: 3,
      officers: officers.map(({ role, id, client }) => ({ role, person: id, certSha256: client.session?.certSha256 })),
    });
    expect(await kinds(cast.supervisor)).toEqual(['give-opening-key to-do']);
    await formPolicy(
      course,
      { opening: project.opening, deadline: project.schedule.deadline, lots: project.lots.map(({ id }) => id) },
      officers,
      'quorum',
    );
    expect(await kinds(cast.supervisor)).toEqual([]);
    await cast.host.client.call('POST', `/api/openings/${project.opening}/rehearsal`, {});
    expect(await kinds(cast.supervisor)).toEqual(['pass-rehearsal to-do']);
    // Another tenderer sees nothing of it.
    expect(await kinds(await world.city.person('tenderer'))).toEqual([]);
  });

  it('of finance are the lots that ask for a guarantee, whether or not one has come', async () => {
    expect(await kinds(finance)).toEqual([]);
    const [row] = await course.app.journal.db.query('select state from project where id = ?', [tendered.project]);
    const project = row?.state as ProjectState;
    const lots = project.lots.map((lot) => ({ ...lot, bondRequired: 'guarantee' as const }));
    const subjects = { projects: [{ ...project, lots }], now: project.publishedAt! } as unknown as Subjects;
    expect(financeTasks(subjects)).toMatchObject([
      { kind: 'record-guarantees', lot: lots[0]!.id, until: tendered.deadline },
    ]);
    expect(financeTasks({ ...subjects, now: tendered.deadline })).toEqual([]);
  });

  it('of the administrator are the applications that wait', async () => {
    const administrator = { client: course.world.city.administrator };
    expect(await kinds(administrator)).toEqual([]);
    const first17 = '91330100MA3000001';
    await (await course.world.city.nobody()).call('POST', '/api/registrations', {
      name: '自助公司',
      uscc: `${first17}${usccCheckCharacter(first17)}`,
      contact: '李四',
      csr: requestFor(await makeKey()),
    });
    expect(await kinds(administrator)).toEqual(['decide-registration to-do']);
    expect(await kinds(course.cast.host)).not.toContain('decide-registration to-do');
  });
});

describe('who looked at what', () => {
  it('notes reads of staff with subject and status, and refused attempts', async () => {
    const { cast } = course;
    await cast.auditor.client.call('GET', `/api/openings/${tendered.opening}/policy`);
    await cast.auditor.client.call('GET', `/api/witness`).catch(() => null);
    const { rows } = await accessLog(cast.supervisor, `?person=${cast.auditor.id}`);
    expect(rows.map(({ subject, status }) => [subject, status])).toEqual([
      [null, 403],
      [tendered.opening, 200],
    ]);
    expect(new Set(rows.map(({ operation }) => operation)).size).toBe(2);
    expect(rows[0]).toMatchObject({ person: cast.auditor.id, personName: '沈实' });
  });

  it('is itself noted, and pages by subject, operation and time', async () => {
    const { cast } = course;
    await accessLog(cast.auditor);
    const { rows } = await accessLog(cast.supervisor, `?person=${cast.auditor.id}&operation=readAccessLog`);
    expect(rows.length).toBeGreaterThan(0);
    for (let i = 0; i < 3; i++) await cast.auditor.client.call('GET', `/api/openings/${tendered.opening}/policy`);
    const subject = `?subject=${tendered.opening}&limit=2`;
    const first = await accessLog(cast.supervisor, subject);
    const second = await accessLog(cast.supervisor, `${subject}&after=${first.next}`);
    expect(first.rows).toHaveLength(2);
    const ids = [...first.rows, ...second.rows].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect((await accessLog(cast.supervisor, '?until=2020-01-01T00:00:00Z')).rows).toEqual([]);
  });

  it('never tells what a bidder read, for that would say who bids', async () => {
    const { cast } = course;
    const [bidder] = cast.bidders;
    await tender(course, bidder!, tendered.lots[0]!, '950000000');
    await bidder!.client.call('GET', `/api/lots/${tendered.lots[0]}/tenders/mine`);
    expect((await accessLog(cast.supervisor, `?person=${bidder!.id}`)).rows).toEqual([]);
    expect((await accessLog(cast.supervisor, `?subject=${tendered.lots[0]}`)).rows).toEqual([]);
  });

  it('tells of a committee member to supervisors only, while the evaluation lasts', async () => {
    const { cast, world } = course;
    const expert = await world.city.person('expert');
    await expert.client.call('GET', `/api/evaluations/${tendered.lots[0]}/mine`).catch(() => null);
    const query = `?person=${expert.id}`;
    expect((await accessLog(cast.supervisor, query)).rows.map(({ subject }) => subject)).toEqual([tendered.lots[0]]);
    expect((await accessLog(cast.auditor, query)).rows).toEqual([]);
    expect((await accessLog({ client: world.city.administrator }, query)).rows).toEqual([]);
  });

  it('keeps its rows while the database is away, and counts what it cannot hold', async () => {
    const stored: Read[] = [];
    let away = true;
    const log = openAccessLog({
      store: async (rows) => {
        if (away) throw new Error('away');
        stored.push(...rows);
      },
      logger: createLogger('silent'),
      mostWaiting: 3,
      flushMilliseconds: 60_000,
    });
    const before = (await metrics.accessDropped.get()).values[0]?.value ?? 0;
    for (let i = 0; i < 5; i++)
      log.record({ person: `p${i}`, roles: ['auditor'], operation: 'x', params: {}, status: 200, requestId: newId() });
    await log.flush();
    expect(log.figures()).toEqual({ queued: 3, dropped: 2 });
    expect((await metrics.accessDropped.get()).values[0]?.value).toBe(before + 2);
    away = false;
    await log.stop();
    expect(stored.map(({ person }) => person)).toEqual(['p0', 'p1', 'p2']);
    expect(log.figures().queued).toBe(0);
  });
});

type Trace = {
  readonly entry: {
    index: string;
    kind: string;
    subject: string;
    at: string | null;
    actor: string | null;
    actorRoles: string[];
    links: Record<string, string | null>;
  };
  readonly subjectEntries: readonly { index: string; kind: string; actor: string | null }[];
  readonly previous: string | null;
  readonly next: string | null;
};

describe('the trace', () => {
  const indexOf = async (kind: string): Promise<string> => {
    await course.app.rooms.accessLog.flush();
    const [row] = await course.app.journal.db.query(
      `select l.log_index::text as i from journal_leaf l join journal_entry e on e.id = l.entry_id where e.kind = '${kind}' order by l.log_index limit 1`,
    );
    return String(row?.i);
  };

  it('of a public entry shows its subject and links that work; actors only to those who watch', async () => {
    const { cast, world } = course;
    const index = await indexOf('project-published');
    const nobody = await world.city.nobody();
    const seen = await nobody.call<Trace>('GET', `/api/trace/${index}`);
    expect(seen.entry).toMatchObject({
      kind: 'project-published',
      subject: tendered.project,
      actor: null,
      actorRoles: ['tenderer'],
    });
    expect(seen.subjectEntries.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['project-registered', 'document-attached', 'project-published']),
    );
    expect(seen.previous).toBe(String(Number(index) - 1));
    for (const link of [seen.entry.links.entry, seen.entry.links.receipt]) await nobody.download(String(link));
    const watched = await cast.auditor.client.call<Trace>('GET', `/api/trace/${index}`);
    expect(watched.entry.actor).toBe(cast.tenderer.id);
    const list = await nobody.call<{ entries: readonly unknown[] }>('GET', `/api/subjects/${tendered.project}/entries`);
    expect(list.entries.length).toBe(seen.subjectEntries.length);
  });

  it('of a sealed entry gives away neither chain nor time, not even to those who watch', async () => {
    const { cast, world } = course;
    const index = await indexOf('sealed');
    for (const client of [await world.city.nobody(), cast.auditor.client, cast.supervisor.client]) {
      const { entry, subjectEntries } = await client.call<Trace>('GET', `/api/trace/${index}`);
      expect(entry).toMatchObject({ kind: 'sealed', subject: '', at: null, actor: null, actorRoles: [] });
      expect(subjectEntries).toHaveLength(1);
    }
    const [row] = await course.app.journal.db.query('select id from tender_chain limit 1');
    const chain = encodeURIComponent(String(row?.id));
    await expect(cast.auditor.client.call('GET', `/api/subjects/${chain}/entries`)).rejects.toMatchObject({
      code: 'subject-unknown',
    });
  });

  it('of a person is for those who watch', async () => {
    const { cast, world } = course;
    const path = `/api/subjects/${cast.host.id}/entries`;
    await expect((await world.city.nobody()).call('GET', path)).rejects.toMatchObject({ status: 404 });
    await expect(cast.host.client.call('GET', path)).rejects.toMatchObject({ status: 404 });
    const { entries } = await cast.auditor.client.call<{ entries: readonly { kind: string }[] }>('GET', path);
    expect(entries.map(({ kind }) => kind)).toContain('person-registered');
    await expect(cast.host.client.call('GET', '/api/trace/999999999')).rejects.toMatchObject({ code: 'entry-unknown' });
  });
});

describe('health', () => {
  it('answers administrator and auditor with figures of this house', async () => {
    const { cast, world } = course;
    type Health = {
      status: string;
      sequencer: { leadsHere: boolean; leader: string | null; pendingEntries: number; lagSeconds: number };
      checkpoint: { size: string } | null;
      database: { mebibytes: number; clockOffsetMilliseconds: number };
      files: { freeGibibytes: number };
      dueTimer: { nextWake: string | null };
      nats: string;
      mail: { enabled: boolean };
    };
    for (const client of [world.city.administrator, cast.auditor.client]) {
      const health = await client.call<Health>('GET', '/api/health');
      expect(health.sequencer).toMatchObject({ leadsHere: true, leader: expect.any(String) });
      expect(health.sequencer.lagSeconds).toBeLessThan(30);
      expect(BigInt(health.checkpoint!.size)).toBeGreaterThan(10n);
      expect(health.database.mebibytes % 64).toBe(0);
      expect(Math.abs(health.database.clockOffsetMilliseconds)).toBeLessThan(1_000);
      expect(health).toMatchObject({ nats: 'off', mail: { enabled: false } });
      // The barrier is due some seconds after the deadline.
      expect(health.dueTimer.nextWake! > tendered.deadline).toBe(true);
      expect(health.dueTimer.nextWake! < later(tendered.deadline, 30)).toBe(true);
      expect(JSON.stringify(health)).not.toMatch(/upload/i);
    }
  });
});
