import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProblemError } from '../src/cli/client.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type City, openCity, type TestPerson } from './support/people.ts';

let app: TestApp;
let city: City;
let tenderer: TestPerson;
let experts: TestPerson[];
let lot: string;

beforeAll(async () => {
  app = await startApp();
  city = await openCity(app);
  tenderer = await city.person('tenderer');
  experts = [];
  for (let i = 0; i < 5; i++) experts.push(await city.person('expert'));
  lot = await registerLot(tenderer);
});
afterAll(() => app.close());

const scheme = {
  method: 'trimmed-average',
  params: { full: '60' },
  criteria: [{ id: 'T1', part: 'technical', name: { zh: '施工组织', en: 'Method statement' }, max: '40', step: '0.5' }],
};

/** A real project of one lot, registered over HTTP; its tenders are not opened yet. */
async function registerLot(by: TestPerson): Promise<string> {
  const today = app.clock.now().toZonedDateTimeISO('Asia/Shanghai').toPlainDate();
  const at = (days: number, plainTime: string) =>
    today
      .add({ days })
      .toZonedDateTime({ timeZone: 'Asia/Shanghai', plainTime })
      .toInstant()
      .toString({ smallestUnit: 'microsecond' });
  const project = await by.client.call<{ lots: { id: string }[] }>('POST', '/api/projects', {
    name: '第二水厂扩建工程',
    type: 'construction-open-works',
    tenderer: by.organisation,
    approval: { authority: '发展和改革委员会', number: '118' },
    qualification: '一级资质',
    lots: [{ name: '第一标段', estimateFen: '1050000000', ceilingFen: '1050000000' }],
    schedule: {
      documentsFrom: today.toString(),
      documentsUntil: today.add({ days: 10 }).toString(),
      questionsUntil: at(9, '17:00'),
      deadline: at(26, '10:00'),
      openingRoom: '第一开标厅',
      evaluationRoom: '评标室 301',
    },
    evaluation: scheme,
  });
  return project.lots[0]!.id;
}

const members = () => ({ members: experts.map((e) => ({ person: e.id, kind: 'expert' })) });
const codeOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof ProblemError) return error.code;
    throw error;
  }
  return 'done';
};

describe('evaluation in the whole platform', () => {
  it('waits for the announcement of a real opening', async () => {
    const host = await city.person('host');
    const path = `/api/evaluations/${lot}`;
    expect(await codeOf(host.client.call('POST', `${path}/begin`, {}))).toBe('committee-missing');
    const formed = await tenderer.client.call<{ phase: string }>('POST', `${path}/committee`, members());
    expect(formed.phase).toBe('formed');
    expect(await codeOf(host.client.call('POST', `${path}/begin`, {}))).toBe('not-opened');
    expect(await experts[2]!.client.call('GET', '/api/evaluations')).toEqual({
      duties: [{ lot, phase: 'formed', seat: 3 }],
    });
  });

  it("lets no other tenderer form the committee of somebody's project", async () => {
    const stranger = await city.person('tenderer');
    const other = await registerLot(tenderer);
    expect(await codeOf(stranger.client.call('POST', `/api/evaluations/${other}/committee`, members()))).toBe(
      'not-permitted',
    );
    expect(await codeOf(tenderer.client.call('POST', `/api/evaluations/${other.slice(1)}0/committee`, members()))).toBe(
      'lot-unknown',
    );
  });

  it('opens no route of an evaluation to administrators, bidders, clerks or strangers', async () => {
    const bidder = await city.person('bidder');
    const finance = await city.person('finance');
    const nobody = await city.nobody();
    const routes = app.rooms.routes.filter(({ spec }) => spec.path.startsWith('/api/evaluations'));
    expect(routes.length).toBeGreaterThan(15);
    for (const { spec } of routes) {
      const path = spec.path.replace(':lot', lot).replace(':seat', '1');
      const body = spec.method === 'GET' ? undefined : {};
      for (const client of [city.administrator, bidder.client, finance.client])
        expect([spec.name, await codeOf(client.call(spec.method, path, body))]).toEqual([spec.name, 'not-permitted']);
      expect([spec.name, await codeOf(nobody.call(spec.method, path, body))]).toEqual([spec.name, 'not-signed-in']);
    }
  });
});
