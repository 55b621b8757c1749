import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '../src/formats/bytes.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type City, openCity, type TestPerson } from './support/people.ts';
import {
  attach,
  formPolicy,
  instantAt,
  type ProjectAnswer,
  pdf,
  publish,
  readyProject,
  refusalOf,
  register,
  registrationBody,
  type Staff,
  staffOf,
  todayOf,
} from './support/projects.ts';

let app: TestApp;
let city: City;
let staff: Staff;
let bidder: TestPerson;
beforeAll(async () => {
  app = await startApp();
  city = await openCity(app);
  staff = await staffOf(city);
  bidder = await city.person('bidder');
});
afterAll(() => app.close());

const get = async (path: string) => fetch(app.base + path);
const body = (more: object = {}) => ({ ...registrationBody(app, staff.tenderer.organisation), ...more });
const own = (path: string, content: object) => staff.tenderer.client.call<ProjectAnswer>('POST', path, content);

describe('from registration to publication', () => {
  it('a project is its own side’s and the centre’s until it is published', async () => {
    const project = await readyProject(staff, body({ name: '公开之前不可见工程' }));
    expect(project.code).toMatch(/^ZS-\d{4}-GC-\d{4}$/);
    expect((await get(`/api/projects/${project.id}`)).status).toBe(404);
    expect((await get(`/api/projects/${project.id}/timeline`)).status).toBe(404);
    const seen = await staff.host.client.call<ProjectAnswer>('GET', `/api/projects/${project.id}`);
    expect(seen.status).toBe('registered');
    const listed = await staff.tenderer.client.call<{ projects: { id: string }[] }>('GET', '/api/own-projects');
    expect(listed.projects.map((p) => p.id)).toContain(project.id);
    const [before] = (await (await get(`/api/projects?q=${encodeURIComponent('公开之前')}`)).json()).projects;
    expect(before).toBeUndefined();

    const shown = await publish(staff.tenderer, project.id);
    expect(shown.status).toBe('published');
    const [after] = (await (await get(`/api/projects?q=${encodeURIComponent('公开之前')}`)).json()).projects;
    expect(after).toMatchObject({ id: project.id, code: project.code, status: 'published' });
    const download = await get(`/api/projects/${project.id}/documents/${shown.documents[0]?.sha256}`);
    expect(download.headers.get('content-type')).toContain('application/pdf');
    expect(new Uint8Array(await download.arrayBuffer())).toEqual(pdf);
    const { stages } = await (await get(`/api/projects/${project.id}/timeline`)).json();
    expect(stages.find((s: { id: string }) => s.id === 'tenders')).toMatchObject({ phase: 'current' });
  });

  it('a deadline too early is refused with article, figure and arithmetic', async () => {
    const early = registrationBody(app, staff.tenderer.organisation, 12);
    const refused = await refusalOf(register(staff.tenderer, early));
    expect([refused.status, refused.code]).toEqual([422, 'deadline-too-early']);
    expect(refused.details).toMatchObject({ figure: 20, article: '招标投标法第二十四条' });
    expect(refused.details.arithmetic).toMatch(/文件发出 \+ 20 日 = \d{4}-\d\d-\d\d（周[一二三四五]）/);
  });

  it('waits for documents, policy and review', async () => {
    const project = await register(staff.tenderer, body());
    const code = async () => (await refusalOf(publish(staff.tenderer, project.id))).code;
    expect(await code()).toBe('documents-missing');
    await attach(staff.tenderer, project.id);
    expect(await code()).toBe('policy-missing');
    await formPolicy(staff, project);
    const review = (accepted: boolean) =>
      staff.host.client.call('POST', `/api/projects/${project.id}/review`, { accepted, text: '核对意见' });
    await review(false);
    expect(await code()).toBe('review-missing');
    await review(true);
    expect((await publish(staff.tenderer, project.id)).status).toBe('published');
    expect(await code()).toBe('status-wrong');
  });

  it('follows a terminated project, which then names its successor', async () => {
    const first = await readyProject(staff, body({ name: '首次招标' }));
    expect((await refusalOf(register(staff.tenderer, body({ follows: first.id })))).code).toBe('follows-invalid');
    await publish(staff.tenderer, first.id);
    const ended = await own(`/api/projects/${first.id}/termination`, { text: '资金未落实' });
    expect(ended.notices.at(-1)).toMatchObject({ kind: 'termination', duties: ['termination-return'] });
    const second = await readyProject(staff, body({ name: '重新招标', follows: first.id }));
    await publish(staff.tenderer, second.id);
    const { followedBy } = await (await get(`/api/projects/${first.id}`)).json();
    expect(followedBy).toEqual([{ id: second.id, code: second.code }]);
  });

  it('numbers codes without gaps while many register at once and some are refused', async () => {
    const type = 'construction-open-services';
    const asked = [26, 12, 26, 26, 12, 26, 12, 26].map((days) => ({
      ...registrationBody(app, staff.tenderer.organisation, days),
      type,
    }));
    const settled = await Promise.allSettled(asked.map((b) => register(staff.tenderer, b)));
    const codes = settled.flatMap((s) => (s.status === 'fulfilled' ? [s.value.code] : []));
    expect(codes.map((c) => c.slice(-4)).sort()).toEqual(['0001', '0002', '0003', '0004', '0005']);
    expect(new Set(codes.map((c) => c.slice(0, 11)))).toEqual(new Set([`ZS-${todayOf(app).year}-FW-`]));
  });

  it('answers a repeated key with the same project, and refuses it for other contents', async () => {
    const call = (content: object) =>
      staff.tenderer.client.call<ProjectAnswer>('POST', '/api/projects', content, { idempotencyKey: 'same-key-once' });
    const content = body();
    const [first, again] = [await call(content), await call(content)];
    expect([again.id, again.code, again.lots]).toEqual([first.id, first.code, first.lots]);
    expect((await refusalOf(call({ ...content, name: '另一个工程' }))).code).toBe('idempotency-mismatch');
  });
});

describe('documents', () => {
  it.each([
    ['a text', utf8('hello world'), '说明.pdf'],
    ['a web page', utf8('<html><script>'), '公告.docx'],
    ['nothing', new Uint8Array(), '空.pdf'],
    [
      'an old Office file under a wrong name',
      new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
      'a.exe',
    ],
  ])('%s is refused', async (_name, bytes, name) => {
    const project = await register(staff.tenderer, body());
    const refused = await refusalOf(attach(staff.tenderer, project.id, bytes, name));
    expect([refused.status, refused.code]).toEqual([415, 'document-type']);
  });

  it('get a safe name and the type of their bytes', async () => {
    const project = await register(staff.tenderer, body());
    await attach(staff.tenderer, project.id, pdf, '../../etc/\u202Efdp.招标<文件>.exe\r\n');
    await attach(staff.tenderer, project.id, utf8('PK\u0003\u0004清单'), '清单.xlsx');
    const { documents } = await attach(staff.tenderer, project.id, utf8('PK\u0003\u0004图纸'), '图纸.dwg');
    expect(documents.map((d) => [d.name, d.mediaType])).toEqual([
      ['fdp.招标文件.exe', 'application/pdf'],
      ['清单.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
      ['图纸.dwg', 'application/zip'],
    ]);
  });

  it('of an invited tender are for the invited only, whose names stay secret', async () => {
    const guests = [bidder, await city.person('bidder'), await city.person('bidder')];
    const invited = guests.map((g) => g.organisation);
    const more = { type: 'construction-invited-works', name: '邀请招标工程', invited, invitationGround: 'few-able' };
    const project = await readyProject(staff, body(more));
    const { documents, ...shown } = await publish(staff.tenderer, project.id);
    const path = `/api/projects/${project.id}/documents/${documents[0]?.sha256}`;
    expect(new Uint8Array(await bidder.client.download(path))).toEqual(pdf);
    const stranger = await city.person('bidder');
    expect((await refusalOf(stranger.client.download(path))).status).toBe(404);
    expect((await get(path)).status).toBe(404);
    expect(JSON.stringify({ shown, page: await (await get(`/api/projects/${project.id}`)).json() })).not.toContain(
      bidder.organisation,
    );
    const mine = await bidder.client.call<{ projects: { id: string }[] }>('GET', '/api/invitations');
    expect(mine.projects.map((p) => p.id)).toContain(project.id);
    expect(await stranger.client.call('GET', '/api/invitations')).toEqual({ projects: [] });
  });
});

describe('after publication', () => {
  it('questions are answered without names, objections pause until answered, late clarifications move the deadline', async () => {
    const { id } = await readyProject(staff, body());
    await publish(staff.tenderer, id);
    const answered = await own(`/api/projects/${id}/answers`, { question: '是否提供图纸？', answer: '已附。' });
    expect(answered.answers.map((a) => a.question)).toEqual(['是否提供图纸？']);

    const objected = await bidder.client.call<ProjectAnswer>('POST', `/api/projects/${id}/objections`, {
      text: '限定品牌',
    });
    expect(objected.paused).toBe(true);
    expect(JSON.stringify(objected)).not.toContain(bidder.organisation);
    expect(JSON.stringify(objected)).not.toContain(bidder.id);
    const objection = objected.objections[0]?.id ?? '';
    const settled = await own(`/api/projects/${id}/objections/${objection}/answer`, { text: '已删除该要求' });
    expect([settled.paused, settled.objections[0]?.answer]).toMatchObject([false, { text: '已删除该要求' }]);

    const today = todayOf(app);
    const moved = await own(`/api/projects/${id}/notices`, {
      kind: 'postponement',
      text: '延期',
      affectsTenders: true,
      deadline: instantAt(today.add({ days: 30 }), '10:00'),
    });
    expect(moved.schedule.deadline).toBe(instantAt(today.add({ days: 30 }), '10:00'));
    expect(moved.notices.map((n) => n.kind)).toEqual(['notice', 'postponement']);
    expect(
      (
        await refusalOf(
          own(`/api/projects/${id}/notices`, {
            kind: 'postponement',
            text: '延期',
            affectsTenders: true,
            deadline: instantAt(today.add({ days: 29 }), '10:00'),
          }),
        )
      ).code,
    ).toBe('deadline-not-later');
  });
});

describe('rooms', () => {
  const inRoom = (openingRoom: string, evaluationRoom: string) => {
    const b = registrationBody(app, staff.tenderer.organisation);
    return { ...b, schedule: { ...b.schedule, openingRoom, evaluationRoom } };
  };

  it('are never booked twice, even by two who publish at the same moment', async () => {
    const rivals = [
      await readyProject(staff, inRoom('甲厅', '乙室')),
      await readyProject(staff, inRoom('甲厅', '丙室')),
      await readyProject(staff, inRoom('丁厅', '乙室')),
    ];
    const settled = await Promise.allSettled(rivals.map((p) => publish(staff.tenderer, p.id)));
    const won = settled.filter((s) => s.status === 'fulfilled').length;
    // The first takes 甲厅 and 乙室 and shuts out both others, or both others go together and shut out the first.
    expect([1, 2]).toContain(won);
    const refused = settled.flatMap((s) => (s.status === 'rejected' ? [(s.reason as { code: string }).code] : []));
    expect(refused).toEqual(Array(3 - won).fill('room-taken'));

    const loser = rivals[settled.findIndex((s) => s.status === 'rejected')]!;
    await staff.host.client.call('POST', `/api/projects/${loser.id}/rooms`, {
      openingRoom: '戊厅',
      evaluationRoom: '己室',
    });
    expect((await publish(staff.tenderer, loser.id)).schedule.openingRoom).toBe('戊厅');
    const day = todayOf(app).add({ days: 26 });
    const { bookings } = await (
      await get(`/api/venue/calendar?from=${day}&to=${day}&room=${encodeURIComponent('戊厅')}`)
    ).json();
    expect(bookings).toEqual([
      {
        room: '戊厅',
        purpose: 'opening',
        starts: instantAt(day, '10:00'),
        ends: instantAt(day, '13:00'),
        project: loser.id,
        code: loser.code,
        name: loser.name,
      },
    ]);
    await own(`/api/projects/${loser.id}/termination`, { text: '终止' });
    const after = await (
      await get(`/api/venue/calendar?from=${day}&to=${day}&room=${encodeURIComponent('戊厅')}`)
    ).json();
    expect(after.bookings).toEqual([]);
  });
});

describe('the list', () => {
  it('pages through everything once, and takes wildcards of a search as plain letters', async () => {
    for (const name of ['翻页 50% 工程', '翻页 50_ 工程', '翻页 500 工程']) {
      const { id } = await readyProject(staff, body({ name }));
      await publish(staff.tenderer, id);
    }
    const read = async (query: string) => (await get(`/api/projects?${query}`)).json();
    const names = async (q: string) =>
      (await read(`q=${encodeURIComponent(q)}`)).projects.map((p: { name: string }) => p.name);
    expect(await names('50%')).toEqual(['翻页 50% 工程']);
    expect(await names('50_')).toEqual(['翻页 50_ 工程']);
    const seen: string[] = [];
    for (let after = ''; ; ) {
      const page = await read(`q=${encodeURIComponent('翻页')}&limit=2${after && `&after=${after}`}`);
      seen.push(...page.projects.map((p: { name: string }) => p.name));
      if (page.next === null) break;
      after = page.next;
    }
    expect(seen).toEqual(['翻页 500 工程', '翻页 50_ 工程', '翻页 50% 工程']);
    const nothing = await read(`q=${encodeURIComponent('翻页')}&phase=closed`);
    expect(nothing.projects).toEqual([]);
    expect((await read(`q=${encodeURIComponent('翻页')}&phase=open&status=published`)).projects).toHaveLength(3);
    expect((await get('/api/projects?limit=1000')).status).toBe(400);
  });
});

describe('rule tables', () => {
  it('are public, one by one, on a day, with what is unconfirmed marked as such', async () => {
    const table = await (await get('/api/rules/construction-open-works?day=2026-11-01')).json();
    const row = (code: string) => table.rules.find((r: { code: string }) => r.code === code);
    expect(row('deadline-distance')).toMatchObject({ inForce: 20, confirmed: true, article: '招标投标法第二十四条' });
    expect(row('expert-draw-before')).toMatchObject({ mark: 'unsure', confirmed: false });
    const old = await (await get('/api/rules/construction-open-works?day=2018-01-01')).json();
    expect(old.rules.every((r: { inForce: number | null }) => r.inForce === null)).toBe(true);
    expect((await get('/api/rules/barter')).status).toBe(422);
    expect(await (await get('/api/rules')).json()).toHaveLength(8);
  });
});

describe('OCDS', () => {
  const importing = (release: unknown) =>
    staff.tenderer.client.call<{ project: ProjectAnswer; notes: string[] }>('POST', '/api/projects/import/ocds', {
      release,
    });

  it('registers a project from a release, which comes out again once it is published', async () => {
    const tender = { title: '导入的工程', value: { amount: 1234567.89, currency: 'CNY' }, procurementMethod: 'open' };
    const { project, notes } = await importing({ ocid: 'ocds-x-1', tender: { ...tender, milestones: [] } });
    expect(project).toMatchObject({ name: '导入的工程', status: 'registered' });
    expect(project.lots[0]).toMatchObject({ estimateFen: '123456789' });
    expect(notes.some((n) => n.startsWith('tender.milestones：'))).toBe(true);
    expect((await get(`/api/projects/${project.id}/ocds`)).status).toBe(404);
    await attach(staff.tenderer, project.id);
    await formPolicy(staff, project);
    await publish(staff.tenderer, project.id);
    const pack = await (await get(`/api/projects/${project.id}/ocds`)).json();
    expect(pack).toMatchObject({ version: '1.1', releases: [{ tag: ['tender'], tender: { title: '导入的工程' } }] });
    const url = pack.releases[0].tender.documents[0].url;
    expect(url).toMatch(new RegExp(`^${app.base}/api/projects/${project.id}/documents/[0-9a-f]{64}$`));
    expect(new Uint8Array(await (await fetch(url)).arrayBuffer())).toEqual(pdf);
  });

  it.each([
    ['no release', { hello: 'world' }, 422, 'ocds-invalid'],
    ['a title with a NUL', { ocid: 'x', tender: { title: '工\0程' } }, 400, 'bad-request'],
    ['lots without end', { ocid: 'x', tender: { title: '工程', lots: Array(201).fill({}) } }, 422, 'ocds-invalid'],
  ] as const)('%s is refused', async (_name, release, status, code) => {
    const refused = await refusalOf(importing(release));
    expect([refused.status, refused.code]).toEqual([status, code]);
  });
});

describe('who may not', () => {
  it('administrators, bidders, experts and strangers register, change or publish nothing', async () => {
    const project = await register(staff.tenderer, body());
    const expert = await city.person('expert');
    const nobody = await city.nobody();
    const routes = app.rooms.routes.filter(
      ({ spec }) => spec.method !== 'GET' && /^\/api\/projects/.test(spec.path) && !/objectToDocuments/.test(spec.name),
    );
    expect(routes.map((r) => r.spec.name)).toEqual(
      expect.arrayContaining(['registerProject', 'publishProject', 'assignRooms']),
    );
    for (const { spec } of routes) {
      const path = spec.path.replace(':id', project.id).replace(':objection', 'x');
      for (const client of [city.administrator, bidder.client, expert.client])
        expect([spec.name, (await refusalOf(client.call(spec.method, path, {}))).code]).toEqual([
          spec.name,
          'not-permitted',
        ]);
      expect((await refusalOf(nobody.call(spec.method, path, {}))).code).toBe('not-signed-in');
    }
  });

  it('another tenderer or agency touches nothing of a project, and nobody registers for others', async () => {
    const project = await readyProject(staff, body());
    for (const stranger of [await city.person('tenderer'), await city.person('agency')]) {
      const code = async (path: string, content: object) =>
        (await refusalOf(stranger.client.call('POST', `/api/projects/${project.id}/${path}`, content))).code;
      expect(await code('publication', { text: '公告' })).toBe('not-your-project');
      expect(await code('termination', { text: '终止' })).toBe('not-your-project');
      expect(await code('registration', body())).toBe('not-your-project');
      expect((await refusalOf(attach(stranger, project.id))).code).toBe('not-your-project');
      expect((await refusalOf(register(stranger, body()))).code).toBe('not-your-project');
    }
    const agency = await city.person('agency');
    const theirs = await register(agency, body({ agency: agency.organisation }));
    expect(theirs.status).toBe('registered');
    const unknown = body({ tenderer: bidder.organisation, agency: agency.organisation });
    expect((await refusalOf(register(agency, unknown))).code).toBe('party-unfit');
  });
});

describe('bad input', () => {
  it.each([
    ['a NUL in a name', { name: '工程\0一期' }],
    ['half of a character', { qualification: '资质\ud800' }],
    ['a NUL in the scheme', { evaluation: { method: 'trimmed-average', params: { full: '\0' } } }],
    ['no lots', { lots: [] }],
    ['a negative estimate', { lots: [{ name: '标段', estimateFen: '-1' }] }],
    ['a number for money', { lots: [{ name: '标段', estimateFen: 100 }] }],
    ['a day that is none', { schedule: { ...{}, documentsFrom: '2026-02-30' } }],
    ['a field that nobody knows', { surprise: true }],
    ['an unknown type', { type: 'barter' }],
  ])('%s is refused and registers nothing', async (_name, more) => {
    const refused = await refusalOf(register(staff.tenderer, body(more)));
    expect([refused.status, refused.code]).toEqual([400, 'bad-request']);
  });
});
