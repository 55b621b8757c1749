/** Deny by default, generated from the routes of the running application: a new route is covered by being in the list. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, ProblemError } from '../../src/cli/client.ts';
import { type Role, type Route, roles } from '../../src/platform/http/route.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { openCity } from '../support/people.ts';

let app: TestApp;
let nobody: Client;
const callers = new Map<Role, Client>();
beforeAll(async () => {
  app = await startApp();
  const city = await openCity(app);
  nobody = await city.nobody();
  callers.set('administrator', city.administrator);
  for (const role of roles) if (role !== 'administrator') callers.set(role, (await city.person(role)).client);
});
afterAll(() => app.close());

const named = ({ spec }: Route) => `${spec.method} ${spec.path} (${spec.name})`;
const guarded = () => app.rooms.routes.filter(({ spec }) => spec.who !== 'anyone');

/** Placeholders of the right make, so that only the caller can be what is refused. */
const filled = (path: string) =>
  path
    .replace(/[{}]/g, '')
    .replace(/[:*](\w+)(\([^)]*\))?/g, (_, name: string) =>
      /sha256|hash/i.test(name) ? 'ab'.repeat(32) : '019a0000-0000-7000-8000-000000000000',
    );

/** `status code` of the refusal, `answered` where there was none. */
async function answerTo(client: Client, { spec }: Route): Promise<string> {
  const body = spec.method === 'GET' || spec.method === 'HEAD' ? undefined : {};
  try {
    await client.call(spec.method, filled(spec.path), body);
    return 'answered';
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return `${error.status} ${error.code}`;
  }
}

describe('routes', () => {
  it('name each who may call and are known once', () => {
    const routes = app.rooms.routes;
    expect(guarded().length).toBeGreaterThan(20);
    expect(routes.filter(({ spec }) => spec.who !== 'anyone' && spec.who.length === 0).map(named)).toEqual([]);
    const names = routes.map(({ spec }) => spec.name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it('for people with a session answer nobody', async () => {
    const wrong: string[] = [];
    for (const route of guarded()) {
      const answer = await answerTo(nobody, route);
      if (!['401 not-signed-in', '401 http-401'].includes(answer)) wrong.push(`${named(route)}: ${answer}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each(roles)('of other roles do not answer the %s', async (role) => {
    const wrong: string[] = [];
    const others = guarded().filter(({ spec: { who } }) => typeof who !== 'string' && !who.includes(role));
    expect(others.length).toBeGreaterThan(10);
    for (const route of others) {
      const answer = await answerTo(callers.get(role)!, route);
      if (!['403 not-permitted', '403 http-403'].includes(answer)) wrong.push(`${named(route)}: ${answer}`);
    }
    expect(wrong).toEqual([]);
  });

  it('answer the administrator only where nobody acts for a party, an officer or an expert', () => {
    const acting: readonly Role[] = [
      'bidder',
      'tenderer',
      'agency',
      'host',
      'witness',
      'supervisor',
      'finance',
      'expert',
    ];
    const mixed = app.rooms.routes.filter(
      ({ spec: { who } }) =>
        typeof who !== 'string' && who.includes('administrator') && acting.some((r) => who.includes(r)),
    );
    // Reads of registers and of who looked at what: nobody acts by them.
    expect(mixed.map(named).sort()).toEqual([
      'GET /api/access-log (readAccessLog)',
      'GET /api/organisations (listOrganisations)',
      'GET /api/people/names (listPeopleNames)',
    ]);
  });
});
