import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditSubject } from '../src/journal/index.ts';
import { parties } from '../src/parties/index.ts';
import { readConfig } from '../src/platform/config.ts';
import { openFiles } from '../src/platform/files.ts';
import type { Caller } from '../src/platform/http/route.ts';
import { newId } from '../src/platform/ids.ts';
import { createLogger } from '../src/platform/log.ts';
import { isRefusal, type Refusal } from '../src/platform/refusal.ts';
import type { Policies } from '../src/policies/index.ts';
import { type ProjectState, projectProcedure, projects } from '../src/projects/index.ts';
import { startJournal, type TestJournal } from './support/journal.ts';
import { lawful } from './support/registration.ts';

/** The room on a real database with real parties; the policy in force is a fact of the test. */
let test: TestJournal;
let room: ReturnType<typeof projects>;
let caller: Caller;
let tenderer: string;
const inForce = new Map<string, { lots: string[]; deadline: string }>();

beforeAll(async () => {
  test = await startJournal();
  const { journal, clock, dataDir } = test;
  const config = readConfig({ DATA_DIR: dataDir });
  const logger = createLogger('silent');
  const deps = {
    journal,
    clock,
    config,
    logger,
    files: openFiles(`${dataDir}/files`),
    origin: () => 'http://x.example',
  };
  const partiesRoom = await parties(deps);
  const policy = async (_reader: unknown, opening: string) => {
    const found = inForce.get(opening);
    return found ? { policy: found, bytes: new Uint8Array(), sha256: 'a'.repeat(64), signatures: [] } : null;
  };
  room = projects({ ...deps, parties: partiesRoom, policies: { inForce: policy } as unknown as Policies });
  const by = { actor: 'system', requestId: 'test' };
  const home = await partiesRoom.registerOrganisation(
    { name: '水务集团', uscc: '91110000802100433B', kinds: ['tenderer'] },
    by,
  );
  if (isRefusal(home)) throw new Error(home.code);
  tenderer = home.id;
  const principal = {
    person: newId(),
    organisation: tenderer,
    roles: ['tenderer'] as const,
    certSha256: '',
    session: '',
  };
  caller = { principal, requestId: 'test', idempotencyKey: undefined };
});
afterAll(() => test.close());

const state = <T extends { state: ProjectState }>(acted: Refusal | T): ProjectState => {
  if (isRefusal(acted)) throw new Error(`${acted.code} ${JSON.stringify(acted.details)}`);
  return acted.state;
};
const call = () => ({ actor: caller.principal.person, requestId: 'test', idempotencyKey: undefined });
const inDays = (days: number, from = test.clock.now()) =>
  from.toZonedDateTimeISO('Asia/Shanghai').add({ days }).toInstant().toString({ smallestUnit: 'microsecond' });

async function publishedProject(openingRoom = ''): Promise<ProjectState> {
  const today = test.clock.now().toZonedDateTimeISO('Asia/Shanghai').toPlainDate();
  const schedule = {
    documentsFrom: today.toString(),
    documentsUntil: today.add({ days: 10 }).toString(),
    questionsUntil: inDays(9),
    deadline: inDays(26),
    openingRoom,
    evaluationRoom: '',
  };
  const registered = await room.register({ ...lawful, tenderer, schedule }, caller);
  if (isRefusal(registered)) throw new Error(registered.code);
  const bytes = (async function* () {
    yield new TextEncoder().encode('%PDF-1.7');
  })();
  state(await room.attach(registered.id, '招标文件.pdf', bytes, 1000, caller));
  inForce.set(registered.opening, { lots: registered.lots.map((l) => l.id), deadline: schedule.deadline });
  return state(await room.act(registered.id, { type: 'publishProject', text: '公告', notice: newId() }, call()));
}

describe('what rooms to the right read', () => {
  it('finds project and lot, and the opening, by their ids', async () => {
    const project = await publishedProject();
    const reader = test.db.read();
    const lot = project.lots[0]!;
    expect(await room.lot(reader, lot.id)).toEqual({ project, lot });
    expect(await room.project(reader, project.id)).toEqual(project);
    expect(await room.lot(reader, newId())).toBeNull();
    expect(await room.project(reader, newId())).toBeNull();
    const [opening] = (await room.publishedOpenings(reader)).filter((o) => o.project === project.id);
    expect(opening).toEqual({
      opening: project.opening,
      project: project.id,
      lots: [lot.id],
      deadline: project.schedule.deadline,
      paused: false,
    });
    expect(await room.lotsTakingTenders(reader)).toContain(lot.id);
    expect(await test.journal.keep((tx) => room.lockOpening(tx, project.opening))).toEqual(project);
  });

  it('a locked lot and a change of its deadline wait for each other', async () => {
    const { id, lots, schedule } = await publishedProject();
    const order: string[] = [];
    const moved = inDays(60);
    let change: Promise<unknown> = Promise.resolve();
    const seen = await test.journal.keep(async (tx) => {
      const place = await room.lockLot(tx, lots[0]!.id);
      const command = {
        notice: newId(),
        kind: 'postponement',
        text: '延期',
        affectsTenders: true,
        deadline: moved,
      } as const;
      change = room
        .act(id, { type: 'changeNotice', ...command }, call(), { deadline: moved })
        .then((acted) => order.push(state(acted).schedule.deadline));
      // On PostgreSQL until the change waits for the lock, or has gone past it; the embedded database has one connection only.
      while (test.db.kind === 'postgres' && order.length === 0) {
        // PostgreSQL shows one transaction the same picture of the others until it is told to look again.
        await tx.em.execute('select pg_stat_clear_snapshot()');
        const waiting = await tx.em.execute(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        if (waiting.length > 0) break;
      }
      const again = await room.lockLot(tx, lots[0]!.id);
      order.push('sealed');
      return [place?.project.schedule.deadline, again?.project.schedule.deadline];
    });
    await change;
    expect(seen).toEqual([schedule.deadline, schedule.deadline]);
    expect(order).toEqual(['sealed', moved]);
  });

  it('terminated projects have no opening and take no tenders', async () => {
    const { id, lots } = await publishedProject();
    state(await room.act(id, { type: 'terminateProject', notice: newId(), text: '终止' }, call()));
    const reader = test.db.read();
    expect((await room.publishedOpenings(reader)).map((o) => o.project)).not.toContain(id);
    expect(await room.lotsTakingTenders(reader)).not.toContain(lots[0]!.id);
    expect((await room.lot(reader, lots[0]!.id))?.project.status).toBe('terminated');
  });
});

describe('rooms', () => {
  it('cannot be booked twice even past the check: the database excludes it', async () => {
    const book = (roomName: string, starts: string, ends: string) =>
      test.journal.keep((tx) =>
        tx.em.execute('insert into room_booking (room, project, purpose, starts, ends) values (?, ?, ?, ?, ?)', [
          roomName,
          newId(),
          'opening',
          starts,
          ends,
        ]),
      );
    await book('甲厅', '2030-01-01T01:00:00Z', '2030-01-01T04:00:00Z');
    await book('乙厅', '2030-01-01T01:00:00Z', '2030-01-01T04:00:00Z');
    await book('甲厅', '2030-01-01T04:00:00Z', '2030-01-01T05:00:00Z');
    await expect(book('甲厅', '2030-01-01T03:59:59Z', '2030-01-01T04:30:00Z')).rejects.toThrow(/room_booked_once/);
  });

  it('move with the deadline and go back at the end', async () => {
    const bookings = (id: string) =>
      test.db.query(`select room from room_booking where project = ? and starts > ?::timestamptz`, [id, inDays(50)]);
    const { id } = await publishedProject('丙厅');
    expect(await bookings(id)).toEqual([]);
    const deadline = inDays(55);
    const command = { notice: newId(), kind: 'postponement', text: '延期', affectsTenders: true, deadline } as const;
    state(await room.act(id, { type: 'changeNotice', ...command }, call(), { deadline }));
    expect(await bookings(id)).toEqual([{ room: '丙厅' }]);
    state(await room.act(id, { type: 'terminateProject', notice: newId(), text: '终止' }, call()));
    expect(await bookings(id)).toEqual([]);
  });
});

describe('the journal', () => {
  it('folds to the row for every project of this file, and its leaves name the actor, not a name', async () => {
    const rows = await test.db.query<{ id: string }>('select id from project');
    expect(rows.length).toBeGreaterThan(3);
    for (const { id } of rows) expect(await auditSubject(test.journal, projectProcedure, id)).toEqual([]);
    const leaves = await test.db.query<{ kind: string; leaf: string }>(
      `select kind, convert_from(leaf, 'UTF8') as leaf from journal_entry where subject_kind = 'project'`,
    );
    expect(new Set(leaves.map((l) => l.kind))).toEqual(
      new Set([
        'project-registered',
        'document-attached',
        'project-published',
        'notice-changed',
        'deadline-moved',
        'project-terminated',
      ]),
    );
    expect(leaves.every((l) => l.leaf.includes(caller.principal.person))).toBe(true);
  });

  it('leaves no trace of what was refused, and no gap in the codes', async () => {
    const entries = async () => (await test.db.query('select count(*)::int as n from journal_entry'))[0]?.n;
    const before = await entries();
    const refused = await room.register({ ...lawful, tenderer: newId() }, caller);
    expect(isRefusal(refused) && refused.code).toBe('party-unfit');
    expect(await entries()).toBe(before);
    const [row] = await test.db.query<{ last: number; n: number }>(
      `select max(last)::int as last, (select count(*)::int from project) as n from project_number`,
    );
    expect(row?.last).toBe(row?.n);
  });

  it('a lot takes no tenders once the clock that acts go by has passed its deadline', async () => {
    const { lots, schedule } = await publishedProject();
    const reader = test.db.read();
    expect(await room.lotsTakingTenders(reader)).toContain(lots[0]!.id);
    // A second past it: the embedded database reads its clock a little coarser than this process.
    test.clock.advance(test.clock.now().until(Temporal.Instant.from(schedule.deadline).add({ seconds: 1 })));
    expect(await room.lotsTakingTenders(reader)).not.toContain(lots[0]!.id);
  });
});
