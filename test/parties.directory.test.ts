/** The registers by search: who finds whom, with what, and that names go to nobody else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProblemError } from '../src/cli/client.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type City, openCity, type TestPerson } from './support/people.ts';

let app: TestApp;
let city: City;
let host: TestPerson;
let bidder: TestPerson;
let witnesses: TestPerson[];
let association: string;
beforeAll(async () => {
  app = await startApp();
  city = await openCity(app);
  host = await city.person('host', undefined, '林主持');
  bidder = await city.person('bidder', await city.organisation('bidder', '百分之%建设公司'), '投标人员');
  association = await city.organisation('association', '见证协会');
  witnesses = [];
  for (const name of ['何静', '何_静', '张三']) witnesses.push(await city.person('witness', association, name));
}, 60_000);
afterAll(() => app.close());

// biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests assert
type Json = any;
const asked = (client: { call: City['administrator']['call'] }, path: string) => client.call<Json>('GET', path);
const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error: unknown) => (error instanceof ProblemError ? error.code : String(error)),
  );
const enc = encodeURIComponent;

describe('the register of people', () => {
  const people = (query: string) => asked(city.administrator, `/api/people${query}`);

  it('pages through everybody with roles, organisation and certificates', async () => {
    const all = await people('?pageSize=100');
    expect(all.total).toBe(all.people.length);
    const shown = all.people.find((p: Json) => p.id === witnesses[0]!.id);
    expect(shown).toMatchObject({
      name: '何静',
      organisation: { id: association, name: '见证协会' },
      roles: ['witness'],
      status: 'active',
      codeUntil: null,
      certificates: [
        { certSha256: witnesses[0]!.client.session?.certSha256, issuer: 'platform', follows: null, revoked: null },
      ],
    });
    const [paper] = shown.certificates;
    expect(paper.serial).toMatch(/^[0-9a-f]+$/);
    expect(Temporal.Instant.compare(paper.validFrom, paper.validUntil)).toBe(-1);
    const pages = [await people('?pageSize=2'), await people('?pageSize=2&page=2')];
    expect(pages.flatMap((p) => p.people.map((x: Json) => x.id))).toEqual(
      all.people.slice(0, 4).map((x: Json) => x.id),
    );
  });

  it('is searched by name, organisation, role and status; % and _ are letters', async () => {
    const ids = async (query: string) => (await people(query)).people.map((p: Json) => p.id).toSorted();
    expect(await ids(`?q=${enc('何')}`)).toEqual([witnesses[0]!.id, witnesses[1]!.id].toSorted());
    expect(await ids(`?q=${enc('何_')}`)).toEqual([witnesses[1]!.id]);
    expect(await ids(`?q=${enc('百分之%')}`)).toEqual([bidder.id]);
    expect(await ids(`?role=witness&organisation=${association}`)).toEqual(witnesses.map((w) => w.id).toSorted());
    expect(await ids('?status=closed')).toEqual([]);
    expect(await refused(people('?q=%00'))).toBe('bad-request');
  });

  it('tells of an open code, a revoked certificate, a closed account and an erased name', async () => {
    const { administrator } = city;
    const { id } = await administrator.call<{ id: string }>('POST', '/api/people', {
      name: '新来者',
      organisation: association,
      roles: ['witness'],
    });
    const one = async () => (await people('?pageSize=100')).people.find((p: Json) => p.id === id);
    expect(await one()).toMatchObject({ certificates: [], codeUntil: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) });
    await administrator.call('POST', `/api/people/${id}/closure`, {});
    expect(await one()).toMatchObject({ status: 'closed', name: '新来者', codeUntil: null });
    await administrator.call('POST', `/api/people/${id}/erasure`, {});
    expect(await one()).toMatchObject({ status: 'erased', name: null });
  });
});

describe('organisations', () => {
  it('are found by name or credit code, by kind, in pages', async () => {
    const found = await asked(host.client, `/api/organisations?q=${enc('分之%')}`);
    expect(found).toMatchObject({ total: 1, page: 1, organisations: [{ id: bidder.organisation, kinds: ['bidder'] }] });
    const { uscc } = found.organisations[0];
    expect((await asked(host.client, `/api/organisations?q=${uscc}`)).total).toBe(1);
    expect((await asked(host.client, '/api/organisations?kind=association')).organisations).toEqual([
      expect.objectContaining({ id: association, name: '见证协会' }),
    ]);
    expect(await refused(asked(host.client, '/api/organisations?kind=nothing'))).toBe('bad-request');
  });
});

describe('who can be given a duty', () => {
  const eligible = async (query: string) => asked(host.client, `/api/people/eligible${query}`);

  it('has an open account of the role and a certificate; the answer holds no more than a form needs', async () => {
    const { people, total } = await eligible('?role=witness&pageSize=100');
    expect(total).toBe(3);
    for (const shown of people)
      expect(Object.keys(shown).toSorted()).toEqual(['certSha256', 'id', 'name', 'organisation']);
    expect(people.find((p: Json) => p.id === witnesses[0]!.id).certSha256).toBe(
      witnesses[0]!.client.session?.certSha256,
    );
    expect((await eligible(`?role=witness&q=${enc('张')}`)).people.map((p: Json) => p.id)).toEqual([witnesses[2]!.id]);
    expect(await refused(eligible('?role=bidder'))).toBe('bad-request');
    expect(await refused(eligible(''))).toBe('bad-request');
  });

  it('is nobody whose certificate was revoked', async () => {
    const certSha256 = witnesses[2]!.client.session?.certSha256;
    await city.administrator.call('POST', `/api/certificates/${certSha256}/revocation`, { reason: '遗失' });
    expect((await eligible(`?role=witness&q=${enc('张')}`)).people).toEqual([]);
    const listed = (await asked(city.administrator, `/api/people?q=${enc('张三')}`)).people[0];
    expect(listed.certificates[0].revoked).toMatchObject({ reason: '遗失' });
  });
});

describe('names for ids', () => {
  it('are given to staff, unknown ids left out', async () => {
    const ids = [witnesses[0]!.id, host.id, '01a21268-4af1-7efd-b6ec-0ba2fe565166'].join(',');
    const { people } = await asked(witnesses[0]!.client, `/api/people/names?ids=${ids}`);
    expect(people.map((p: Json) => [p.id, p.name]).toSorted()).toEqual(
      [
        [witnesses[0]!.id, '何静'],
        [host.id, '林主持'],
      ].toSorted(),
    );
    for (const bad of ['', 'a b', Array(101).fill(host.id).join(',')])
      expect(await refused(asked(host.client, `/api/people/names?ids=${enc(bad)}`)), bad.slice(0, 40)).toBe(
        'bad-request',
      );
  });

  it('are not for bidders, and the registers for nobody without a session', async () => {
    const paths = [
      '/api/people',
      '/api/organisations',
      '/api/people/eligible?role=witness',
      `/api/people/names?ids=${host.id}`,
    ];
    for (const path of paths) {
      expect(await refused(asked(bidder.client, path)), path).toBe('not-permitted');
      expect((await fetch(app.base + path)).status, path).toBe(401);
    }
    expect(await refused(asked(host.client, '/api/people'))).toBe('not-permitted');
    expect(await refused(asked(witnesses[0]!.client, '/api/people/eligible?role=witness'))).toBe('not-permitted');
  });
});
