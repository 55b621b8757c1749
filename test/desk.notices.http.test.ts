/** Notices follow the journal and survive a kill; follows are nobody else's business; mail goes over a real socket. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPerson } from '../src/cli/demo/city.ts';
import { later } from '../src/cli/demo/hall.ts';
import { type Course, publish, startCourse, type Tendered, tender } from './support/opening-course.ts';

type Notice = { id: string; kind: string; projectId: string | null; lot: string | null; read: boolean };
type List = { unread: number; notices: Notice[]; next: string | null };
type Letter = { readonly to: string; readonly text: string };

const letters: Letter[] = [];
/** Answers 451 to so many letters first: a mail server that is busy. */
let busy = 0;
const post = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onData: (stream, session, done) => {
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => {
      if (busy > 0) {
        busy -= 1;
        return done(Object.assign(new Error('busy'), { responseCode: 451 }));
      }
      letters.push({
        to: session.envelope.rcptTo.map(({ address }) => address).join(),
        text: decoded(Buffer.concat(parts)),
      });
      return done();
    });
  },
});

/** Headers as they are, and the body out of its transfer encoding. */
function decoded(mail: Buffer): string {
  const text = mail.toString();
  const at = text.indexOf('\r\n\r\n');
  const [head, body] = [text.slice(0, at), text.slice(at + 4)];
  if (/^content-transfer-encoding: base64/im.test(head)) return `${head}\n${Buffer.from(body, 'base64').toString()}`;
  const octets = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return `${head}\n${Buffer.from(octets, 'latin1').toString()}`;
}

let course: Course;
let tendered: Tendered;
beforeAll(async () => {
  await new Promise<void>((resolve) => post.listen(0, '127.0.0.1', resolve));
  const { port } = post.server.address() as AddressInfo;
  course = await startCourse(3, { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'noreply@city.example' });
  tendered = await publish(course);
}, 180_000);
afterAll(async () => {
  await course.close();
  await new Promise<void>((resolve) => post.close(resolve));
});

const list = ({ client }: Pick<TestPerson, 'client'>, query = '') => client.call<List>('GET', `/api/notices${query}`);
const kindsOf = async (person: Pick<TestPerson, 'client'>) =>
  (await list(person, '?limit=200')).notices.map(({ kind }) => kind);
const change = (text: string, kind = 'change') =>
  course.cast.tenderer.client.call('POST', `/api/projects/${tendered.project}/notices`, {
    kind,
    text,
    affectsTenders: false,
  });
const total = async (): Promise<number> => {
  const [row] = await course.app.journal.db.query('select count(*)::int as n from notice');
  return Number(row?.n);
};
/** Until every entry that the log has published was looked at. */
const caughtUp = () =>
  expect
    .poll(
      async () => {
        const [row] = await course.app.journal.db.query(
          `select (select max(ordinal) from journal_entry) = (select max(e.ordinal) from journal_entry e join journal_leaf l on l.entry_id = e.id) as sequenced,
             coalesce((select next_index from journal_cursor where name = 'desk-notices'), 0) = (select count(*) from journal_leaf) as read`,
        );
        return row?.sequenced === true && row.read === true;
      },
      { timeout: 15_000 },
    )
    .toBe(true);

describe('notices', () => {
  it('of a project reach its officers and who asked to follow it, nobody else', async () => {
    const { cast, world } = course;
    const [following, other] = cast.bidders as readonly [TestPerson, TestPerson];
    await following.client.call('POST', `/api/follows/${tendered.project}`, {});
    await change('项目负责人要求有调整。');
    await caughtUp();
    expect(await kindsOf(following)).toEqual(['project-changed']);
    expect(await kindsOf(other)).toEqual([]);
    expect(await kindsOf(cast.auditor)).toEqual([]);
    expect(await kindsOf(cast.supervisor)).toEqual(['officer-asked']);
    expect(await kindsOf(cast.witness)).toEqual(['duty-assigned', 'officer-asked']);
    // Who did it need not be told.
    expect(await kindsOf(cast.tenderer)).toEqual(['officer-asked']);
    await following.client.call('DELETE', `/api/follows/${tendered.project}`);
    await change('再次调整。');
    await caughtUp();
    expect(await kindsOf(following)).toEqual(['project-changed']);
    await expect(
      following.client.call('POST', '/api/follows/019a0000-0000-7000-8000-000000000000', {}),
    ).rejects.toMatchObject({ code: 'follow-unknown' });
    expect(world.now().epochMilliseconds).toBeGreaterThan(0);
  });

  it('stand unread first, are read once, and page', async () => {
    const { witness } = course.cast;
    const { unread, notices } = await list(witness);
    expect(unread).toBe(2);
    await witness.client.call('POST', '/api/notices/read', { ids: [notices[0]!.id] });
    const after = await list(witness);
    expect(after.notices.map(({ read }) => read)).toEqual([false, true]);
    const first = await list(witness, '?limit=1');
    const second = await list(witness, `?limit=1&after=${first.next}`);
    expect([first, second].flatMap((page) => page.notices.map(({ id }) => id))).toEqual(
      after.notices.map(({ id }) => id),
    );
    expect(second.next).toBeNull();
    // Another's notice cannot be marked.
    const mine = (await list(course.cast.supervisor)).notices[0]!;
    await witness.client.call('POST', '/api/notices/read', { ids: [mine.id] });
    expect((await list(course.cast.supervisor)).unread).toBe(1);
    expect(await witness.client.call('POST', '/api/notices/read', { all: true })).toEqual({ unread: 0 });
  });

  it('survive a kill: what happened meanwhile is told, and nothing twice', async () => {
    const { app, cast } = course;
    const bidder = cast.bidders[1]!;
    await bidder.client.call('POST', `/api/follows/${tendered.project}`, {});
    await caughtUp();
    const before = await total();
    await app.rooms.stop();
    await change('停机期间的变更。');
    // Killed before the cursor was written: the whole log comes again.
    await app.journal.keep(({ em }) =>
      em.execute(`update journal_cursor set next_index = 0 where name = 'desk-notices'`),
    );
    await app.rooms.start();
    await caughtUp();
    // The bidder follows only now, and so hears of the two earlier changes too when the log is read again.
    expect((await kindsOf(bidder)).filter((kind) => kind === 'project-changed')).toHaveLength(3);
    expect(await total()).toBe(before + 3);
  });

  it('do not say in the tables who follows what', async () => {
    const dump = await course.app.journal.db.query(
      'select recipient, project from follow union all select recipient, project from notice',
    );
    const text = JSON.stringify(dump);
    for (const { id, organisation } of course.cast.bidders) {
      expect(text).not.toContain(id);
      expect(text).not.toContain(organisation);
    }
    expect(dump.length).toBeGreaterThan(3);
    // And no address of anybody else's follows can be read.
    const own = await course.cast.bidders[0]!.client.call<{ projects: unknown[] }>('GET', '/api/follows');
    expect(own.projects).toEqual([]);
    const theirs = await course.cast.bidders[1]!.client.call<{ projects: { projectId: string }[] }>(
      'GET',
      '/api/follows',
    );
    expect(theirs.projects.map(({ projectId }) => projectId)).toEqual([tendered.project]);
  });
});

describe('mail', () => {
  it('comes to the address that was given, for the kinds that were asked, and names no project to a bidder', async () => {
    const { cast, app } = course;
    const bidder = cast.bidders[1]!;
    const set = (person: TestPerson, body: unknown) => person.client.call('PUT', '/api/me/mail', body);
    await expect(set(bidder, { address: null, wanted: true })).rejects.toMatchObject({ code: 'mail-address-missing' });
    await expect(set(bidder, { address: 'a@b\r\nBcc: c@d.example', wanted: true })).rejects.toMatchObject({
      status: 400,
    });
    await set(bidder, { address: 'bidder@firm.example', wanted: true, kinds: ['deadline-moved', 'project-clarified'] });
    await set(cast.supervisor, { address: 'supervisor@city.example', wanted: true });
    expect(await bidder.client.call('GET', '/api/me/mail')).toMatchObject({
      enabled: true,
      address: 'bidder@firm.example',
    });
    await change('不在所选种类之内。');
    await change('澄清一处图纸编号。', 'clarification');
    await caughtUp();
    await expect.poll(() => letters.length, { timeout: 10_000 }).toBe(1);
    expect(letters[0]).toMatchObject({ to: 'bidder@firm.example' });
    expect(letters[0]!.text).toContain('招标文件有澄清');
    expect(letters[0]!.text).not.toContain(tendered.code);
    expect(letters[0]!.text).not.toContain('图纸');
    expect(app.config.mailFrom).toBe('noreply@city.example');
  });

  it('that a busy server refused goes later, once', async () => {
    const { app } = course;
    letters.length = 0;
    busy = 1;
    await change('再澄清一处。', 'clarification');
    await caughtUp();
    await expect.poll(() => busy, { timeout: 10_000 }).toBe(0);
    await app.rooms.sweep();
    expect(letters).toEqual([]);
    app.clock.advance(Temporal.Duration.from({ minutes: 2 }));
    await app.rooms.sweep();
    await app.rooms.sweep();
    expect(letters.map(({ to }) => to)).toEqual(['bidder@firm.example']);
  });

  it('of an opening that comes is sent a day before, once; a filing shows in none', async () => {
    const { app, cast, world } = course;
    await tender(course, cast.bidders[2]!, tendered.lots[0]!, '950000000');
    letters.length = 0;
    await world.advanceTo(later(tendered.deadline, -23 * 3600));
    await app.rooms.sweep();
    await app.rooms.sweep();
    expect(await kindsOf(cast.bidders[1]!)).toContain('opening-coming');
    expect(await kindsOf(cast.bidders[2]!)).toEqual([]);
    // The bidder did not ask for this kind; the supervisor asked for all.
    expect(letters.map(({ to }) => to)).toEqual(['supervisor@city.example']);
    expect(letters[0]!.text).toContain(tendered.code);
  });
});
