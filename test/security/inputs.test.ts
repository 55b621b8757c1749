/** Input that no schema names: what a database or a canonical document cannot hold is a clear refusal, never an internal error. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { base64Text, instantUtc } from '../../src/formats/primitives.ts';
import { isStorable } from '../../src/platform/http/storable.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { type City, openCity, type TestPerson } from '../support/people.ts';

let app: TestApp;
let city: City;
let tenderer: TestPerson;
beforeAll(async () => {
  app = await startApp();
  city = await openCity(app);
  tenderer = await city.person('tenderer');
});
afterAll(() => app.close());

const refused = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing refused',
    (error: { status?: number; code?: string }) => `${error.status} ${error.code}`,
  );

describe('texts with NUL or half a character', () => {
  it.each([
    '/api/certificates?number=%00',
    '/api/projects?type=%00',
    '/api/projects?after=%00',
    '/api/venue/calendar?from=2026-01-01&to=2026-02-01&room=%00',
  ])('are refused in %s', async (path) => {
    expect((await fetch(app.base + path)).status).toBe(400);
  });

  it.each(['甲\u0000乙', '甲\ud800乙'])('are refused in a body', async (name) => {
    const body = { name, uscc: '91440300708461136T', kinds: ['bidder'] };
    expect(await refused(city.administrator.call('POST', '/api/organisations', body))).toBe('400 bad-request');
  });

  it('are found in keys and at any depth, and a deep value is no burden', () => {
    expect([isStorable({ a: [{ 'b\0': 1 }] }), isStorable([['\udc00']]), isStorable({ 中: ['😀', 1, null] })]).toEqual([
      false,
      false,
      true,
    ]);
    expect(isStorable(JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`))).toBe(true);
  });
});

describe('other words for the same thing', () => {
  it('are refused: base64 with bits left over', async () => {
    expect([base64Text.safeParse('AA==').success, base64Text.safeParse('AB==').success]).toEqual([true, false]);
    expect([base64Text.safeParse('AAA=').success, base64Text.safeParse('AAB=').success]).toEqual([true, false]);
    const answer = await fetch(`${app.base}/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'AB==', signature: 'AB==' }),
    });
    expect(answer.status).toBe(400);
  });
});

describe('moments and days that do not exist', () => {
  it.each(['2026-99-99T99:99:99.000000Z', '2026-02-30T10:00:00.000000Z', '2026-03-28T24:00:00.000000Z'])(
    '%s is no deadline',
    async (deadline) => {
      expect(instantUtc.safeParse(deadline).success).toBe(false);
      const schedule = {
        ...{ documentsFrom: '2026-03-02', documentsUntil: '2026-03-12' },
        ...{ questionsUntil: '2026-03-10T00:00:00.000000Z', deadline },
      };
      const project = {
        ...{ name: '第二水厂', type: 'construction-open-works', tenderer: tenderer.organisation, schedule },
        ...{ lots: [{ name: '第一标段', estimateFen: '1050000000' }], evaluation: { method: 'trimmed-average' } },
      };
      expect(await refused(tenderer.client.call('POST', '/api/projects', project))).toBe('400 bad-request');
    },
  );

  it('the year 0 is no year of the calendar of rooms', async () => {
    expect((await fetch(`${app.base}/api/venue/calendar?from=0000-01-01&to=0000-02-01`)).status).toBe(400);
  });
});
