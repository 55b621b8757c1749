/** The gazette over HTTP: nothing of a tender before its opening, then notices, openings, proofs, feeds and the calendar. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBase64 } from '../src/formats/bytes.ts';
import { verifyInclusion } from '../src/formats/log/merkle.ts';
import * as course from './support/opening-course.ts';

let played: course.Course;
let tendered: course.Tendered;
let quiet: course.Tendered;
beforeAll(async () => {
  played = await course.startCourse(3);
  tendered = await course.publish(played);
  quiet = await course.publish(played, { lots: ['甲标段', '乙标段'] });
}, 120_000);
afterAll(() => played.close());

// biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests assert
type Json = any;
const text = async (path: string) => (await fetch(played.app.base + path)).text();
const json = async (path: string): Promise<Json> => JSON.parse(await text(path));
const statusOf = async (path: string) => (await fetch(played.app.base + path)).status;

/** Everything that strangers read here; the clock and the log's own size, which /log/checkpoint tells anyhow, are left out. */
async function publicAnswers(): Promise<string> {
  const paths = [
    '/api/gazette?pageSize=100',
    '/api/halls',
    '/api/statistics',
    `/api/projects/${tendered.project}/course`,
    `/api/projects/${tendered.project}`,
    '/api/projects',
    '/feed.atom',
    '/feed.rss',
    '/calendar.ics',
  ];
  const answers: string[] = [];
  for (const path of paths) {
    const said = await text(path);
    answers.push(said.replace(/"now":"[^"]+"|"log":\{[^}]+\}/g, ''));
  }
  return answers.join('\n');
}
const sequenced = async () => {
  for (;;) {
    const { items } = await json('/api/gazette?pageSize=100');
    if (items.length > 0 && items.every((i: Json) => i.entryIndex !== null)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

describe('before the opening', () => {
  it('nobody sees from any public answer that tenders and a question were filed', async () => {
    await sequenced();
    const before = await publicAnswers();
    const size = async () => Number((await json('/api/statistics')).log.size);
    const sizeBefore = await size();
    const [first, second] = played.cast.bidders;
    const lot = tendered.lots[0] ?? '';
    const filed = await course.tender(played, first!, lot, '985000000');
    await course.tender(played, second!, lot, '986000000');
    await first!.client.call('POST', `/api/lots/${lot}/questions`, { text: '是否需要踏勘现场？' });
    const after = await publicAnswers();
    // They are in the log, and nowhere else.
    expect(await size()).toBeGreaterThanOrEqual(sizeBefore + 3);
    expect(after).toBe(before);
    expect(before).toContain(tendered.code);
    for (const secret of [filed.manifestSha256, first!.organisation, second!.organisation, '踏勘'])
      expect(after).not.toContain(secret);
  });

  it('a project is not there before its publication', async () => {
    const { tenderer } = played.cast;
    const body = { ...(await json(`/api/projects/${tendered.project}`)) };
    const project = await tenderer.client.call<{ id: string; code: string }>('POST', '/api/projects', {
      name: '尚未公告的项目',
      type: body.type,
      tenderer: tenderer.organisation,
      approval: body.approval,
      lots: body.lots.map(({ id: _id, ...lot }: Json) => lot),
      schedule: { ...body.schedule, openingRoom: '', evaluationRoom: '' },
      evaluation: body.evaluation,
    });
    expect(await statusOf(`/api/projects/${project.id}/course`)).toBe(404);
    expect(await publicAnswers()).not.toContain(project.code);
  });
});

describe('the board', () => {
  it('lists notices newest first, with names, and filters them', async () => {
    const { items, total, facets } = await json('/api/gazette');
    expect([total, items.length]).toEqual([2, 2]);
    expect(items.map((i: Json) => i.projectCode)).toEqual([quiet.code, tendered.code]);
    expect(items[1]).toMatchObject({
      kind: 'notice',
      entryKind: 'project-published',
      projectId: tendered.project,
      openingId: tendered.opening,
      tendererName: '海滨市水务集团有限公司',
      title: { zh: '招标公告发布' },
    });
    expect(facets).toContainEqual({ kind: 'notice', count: 2 });
    expect((await json(`/api/gazette?q=${tendered.code}`)).total).toBe(1);
    expect((await json('/api/gazette?q=%25')).total).toBe(0);
    expect((await json('/api/gazette?kind=result')).items).toEqual([]);
    expect((await json('/api/gazette?page=2&pageSize=1')).items[0].projectCode).toBe(tendered.code);
    const day = played.world.now().toZonedDateTimeISO('Asia/Shanghai').toPlainDate();
    expect((await json(`/api/gazette?from=${day}&to=${day}`)).total).toBe(2);
    expect((await json(`/api/gazette?from=${day.add({ days: 1 })}`)).total).toBe(0);
  });

  it.each(['?kind=sealed', '?from=2026-13-01', '?page=0', '?pageSize=101', '?q=%00', '?unknown=1'])(
    'refuses %s',
    async (query) => expect(await statusOf(`/api/gazette${query}`)).toBe(400),
  );
  it('refuses days that run backwards', async () => {
    for (const path of ['gazette', 'halls'])
      expect((await json(`/api/${path}?from=2026-11-02&to=2026-11-01`)).code).toBe('days-reversed');
  });

  it('the index of an item proves it: the leaf is in the log’s tree', async () => {
    await sequenced();
    const { items } = await json('/api/gazette');
    const { entryIndex, entryId } = items[0];
    const { entries } = await json(`/log/entries?from=${entryIndex}&limit=1`);
    expect(entries[0].leaf.kind).toBe('project-published');
    const [, size = '', root = ''] = (await text('/log/checkpoint')).split('\n');
    const { path } = await json(`/log/proof/inclusion?index=${entryIndex}&size=${size}`);
    const leafHash = Uint8Array.from(Buffer.from(entries[0].leafSha256, 'hex'));
    const claim = { leafHash, size: BigInt(size), path: path.map(fromBase64), root: fromBase64(root) };
    verifyInclusion({ ...claim, index: BigInt(entryIndex) });
    expect(() => verifyInclusion({ ...claim, index: BigInt(entryIndex) - 1n })).toThrow();
    expect(await statusOf(`/api/receipts/${entryId}`)).toBe(200);
  });
});

describe('feeds and the calendar', () => {
  it('filter by text, kind and language', async () => {
    const answer = await fetch(`${played.app.base}/feed.atom?lang=en&q=${tendered.code}`);
    expect(answer.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    const xml = await answer.text();
    expect(xml.match(/<entry>/g)).toHaveLength(1);
    expect(xml).toContain('Notice published');
    expect(xml).toContain(`href="${played.app.base}/feed.atom?lang=en&amp;q=${tendered.code}"`);
    expect((await text('/feed.rss?kind=notice')).match(/<item>/g)).toHaveLength(2);
    expect(await text('/feed.rss?kind=result')).not.toContain('<item>');
    expect(await statusOf('/feed.atom?lang=fr')).toBe(400);
  });

  it('give openings and ends of questions in Beijing time, by project too, the same each time', async () => {
    const answer = await fetch(`${played.app.base}/calendar.ics?project=${tendered.project}`);
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const ics = await answer.text();
    expect(ics.match(/BEGIN:VEVENT/g)).toHaveLength(2);
    expect(ics).toContain(`UID:opening-${tendered.opening}@yangguang.org\r\n`);
    expect(ics).toMatch(/DTSTART;TZID=Asia\/Shanghai:\d{8}T100000\r\n/);
    expect(await text(`/calendar.ics?project=${tendered.project}`)).toBe(ics);
    expect((await text('/calendar.ics')).match(/BEGIN:VEVENT/g)).toHaveLength(4);
  });
});

describe('through the opening', () => {
  it('the hall goes from coming over now to ended, with the counts of the opening’s own view', async () => {
    const hall = async (opening: string) => (await json('/api/halls')).halls.find((h: Json) => h.openingId === opening);
    expect(await hall(tendered.opening)).toMatchObject({ state: 'coming', k: 3, projectCode: tendered.code });
    await course.tender(played, played.cast.bidders[2]!, tendered.lots[0] ?? '', '990000000');
    await course.pastDeadline(played, tendered);
    await course.untilLot(played, tendered, 'closed');
    const open = await hall(tendered.opening);
    expect(open).toMatchObject({ state: 'now', k: 3, n: 4 });
    expect(open.lots[0]).toMatchObject({ status: 'closed', standing: 3, released: 0, opened: 0 });
    await course.witnessed(played, tendered, 'close');
    for (const officer of tendered.officers.slice(0, 3)) await course.release(played, tendered, officer);
    await course.witnessed(played, tendered, 'release');
    await course.untilLot(played, tendered, 'opened');
    expect((await json('/api/gazette?kind=opening')).items.map((i: Json) => i.projectCode)).not.toContain(
      tendered.code,
    );
    await course.witnessed(played, tendered, 'opening');
    await course.announce(played, tendered);
    await played.world.advanceTo(played.world.now().add({ minutes: 11 }).toString());
    expect(await hall(tendered.opening)).toMatchObject({ state: 'ended' });
    expect((await json('/api/halls?state=coming')).halls.every((h: Json) => h.state === 'coming')).toBe(true);
  });

  it('the lots that failed and the offers announced stand on the board', async () => {
    await course.pastDeadline(played, quiet);
    await course.untilLot(played, quiet, 'failed');
    const { items } = await json('/api/gazette?kind=opening');
    const of = (code: string) => items.filter((i: Json) => i.projectCode === code);
    expect(of(tendered.code).map((i: Json) => i.sentence.zh)).toEqual(['第一标段：唱标完成，共公布 3 份报价。']);
    expect(of(quiet.code).map((i: Json) => i.lotName)).toEqual(expect.arrayContaining(['甲标段', '乙标段']));
    const { halls } = await json('/api/halls');
    expect(halls.find((h: Json) => h.openingId === quiet.opening)?.state ?? 'ended').toBe('ended');
  });

  it('the course of the project is in order, at its stages, with places in the log', async () => {
    await sequenced();
    const { events } = await json(`/api/projects/${tendered.project}/course`);
    const kinds = events.map((e: Json) => e.entryKind);
    for (const kind of ['project-registered', 'policy-formed', 'project-published', 'barrier', 'close', 'announced'])
      expect(kinds).toContain(kind);
    expect(kinds.indexOf('project-published')).toBeLessThan(kinds.indexOf('announced'));
    const indexes = events.map((e: Json) => BigInt(e.entryIndex));
    expect(indexes).toEqual(indexes.toSorted((a: bigint, b: bigint) => (a < b ? -1 : 1)));
    expect(events.filter((e: Json) => e.entryKind === 'key-released')).toHaveLength(3);
    expect(await statusOf('/api/projects/no-such-project/course')).toBe(404);
    expect(await statusOf(`/api/projects/${tendered.opening}/course`)).toBe(404);
  });

  it('statistics count what was published', async () => {
    const { projects, awards, log, rejectedToday } = await json('/api/statistics');
    expect(projects.total).toBe(2);
    expect(projects.byType).toEqual([
      expect.objectContaining({ type: 'construction-open-works', published: 2, terminated: 0, total: 2 }),
    ]);
    expect(projects.byMonth.at(-1).published).toBeGreaterThan(0);
    expect(awards).toMatchObject({ count: 0, sumFen: '0', medianDaysToAward: null });
    expect(rejectedToday).toEqual({ late: 0, invalid: 0 });
    expect(BigInt(log.size)).toBeGreaterThan(10n);
    expect(log).toMatchObject({ witnesses: 0, witnessed: false });
  });
});
