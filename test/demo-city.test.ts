/** The demo city as `npm start` builds it: ten projects, each where it should stand, and log-ins of every role. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, connect } from '../src/cli/client.ts';
import { cityLines, openCityFolder } from '../src/cli/demo/build-city.ts';
import { folderKind } from '../src/cli/demo/folder.ts';
import { lockSheet } from '../src/cli/demo/judging.ts';
import { nameOf, type StoryId, storyIds } from '../src/cli/demo/plans.ts';
import type { DemoAccount } from '../src/demo-accounts.ts';
import { openPkcs12 } from '../src/formats/cms.ts';
import { roles } from '../src/platform/http/route.ts';
import { identityToRecipient } from '../src/sealing/index.ts';
import { startApp, type TestApp } from './support/app.ts';

let app: TestApp;
let visitor: Client;
let accounts: readonly DemoAccount[];
const said: string[] = [];
const clients = new Map<string, Client>();
const codes = new Map<StoryId, Listed>();

type Listed = {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly status: string;
  readonly deadline: string;
};
type Project = Omit<Listed, 'deadline'> & {
  readonly schedule: { readonly deadline: string };
  readonly opening: string;
  readonly lots: readonly { readonly id: string }[];
  readonly notices: readonly { readonly kind: string; readonly duties: readonly string[] }[];
  readonly answers: readonly unknown[];
  readonly isInvited: boolean;
  readonly firstDeadline: string | null;
  readonly follows: string | null;
  readonly review: unknown;
};

type Desk = {
  readonly toMark: readonly string[];
  readonly draft: { readonly marks: readonly unknown[] } | null;
  readonly locked: boolean;
};

/** Logs in as the web does: fetches the key file, opens it with its passphrase, signs the challenge. */
async function as(id: string): Promise<Client> {
  const known = clients.get(id);
  if (known) return known;
  const account = accounts.find((a) => a.id === id);
  if (!account) throw new Error(`no log-in ${id}`);
  const key = openPkcs12(await visitor.download(account.p12), account.passphrase);
  const client = await connect({ base: app.base, key, now: () => app.clock.now() });
  clients.set(id, client);
  return client;
}

async function project(id: StoryId): Promise<Project & { lot: string }> {
  const found = await (await as('host-1')).call<Project>('GET', `/api/projects/${codes.get(id)?.id}`);
  return { ...found, lot: found.lots[0]?.id ?? '' };
}

const opening = async (id: StoryId) => {
  const { opening: of } = await project(id);
  return visitor.call<{
    lots: readonly { status: string; standing: number | null; opened: number }[];
    record: { signedBy: readonly string[]; pdf: unknown } | null;
  }>('GET', `/api/openings/${of}`);
};

beforeAll(async () => {
  app = await startApp({ DEMO: '1' });
  const builder = await openCityFolder({ dataDir: app.dataDir, databaseUrl: null }, (line) => said.push(line));
  expect(folderKind(app.dataDir)).toBe('building');
  await builder.build({ base: app.base, dataDir: app.dataDir });
  visitor = await connect({ base: app.base });
  accounts = (await visitor.call<{ accounts: DemoAccount[] }>('GET', '/demo/accounts')).accounts;
  const { projects } = await (await as('host-1')).call<{ projects: Listed[] }>('GET', '/api/own-projects?limit=100');
  for (const id of storyIds) codes.set(id, projects.find((p) => p.name === nameOf(id))!);
}, 240_000);
afterAll(() => app.close());

describe('the city', () => {
  it('has ten projects, says a line for each, and marks its folder', () => {
    expect(codes.size).toBe(10);
    for (const { code, name } of codes.values())
      expect(said.filter((line) => line.includes(code) && line.includes(`${name}：`))).toHaveLength(1);
    expect(folderKind(app.dataDir)).toBe('built');
  });

  it('stands half an hour before the next deadline', async () => {
    const left = Temporal.Instant.from(codes.get('bidding')!.deadline).since(app.clock.now()).total('minutes');
    expect(left).toBeGreaterThan(20);
    expect(left).toBeLessThanOrEqual(30);
  });

  it('is not built a second time', async () => {
    const lines: string[] = [];
    const again = await openCityFolder({ dataDir: app.dataDir, databaseUrl: null }, (line) => lines.push(line));
    await again.build({ base: app.base, dataDir: app.dataDir });
    expect(lines).toEqual([]);
  });

  it('ends its start with the address and a line for every role', async () => {
    const lines = await cityLines(app.dataDir, app.base, app.clock.now());
    expect(lines.join('\n')).toContain(app.base);
    for (const role of roles) expect(lines.filter((line) => line.includes(` ${role}: `))).toHaveLength(1);
  });
});

describe('its log-ins', () => {
  it('are there for every role, three bidders and more than one expert', () => {
    expect(new Set(accounts.map((a) => a.role))).toEqual(new Set(roles));
    expect(accounts.filter((a) => a.role === 'bidder')).toHaveLength(3);
    expect(accounts.filter((a) => a.role === 'expert').length).toBeGreaterThan(1);
    expect(new Set(accounts.map((a) => a.person)).size).toBe(accounts.length);
  });

  it('log in with their key files', async () => {
    for (const { id, role, person } of accounts) {
      const { session } = await as(id);
      expect([id, session?.person, session?.roles]).toEqual([id, person, [role]]);
    }
  });

  it('hold the opening keys that the policies name', async () => {
    for (const { id, person, identities } of accounts)
      for (const { opening: of, file } of identities) {
        const identity = new TextDecoder().decode(await visitor.download(file)).trim();
        const { officers } = await (await as(id)).call<{ officers: { person: string; recipient: string }[] }>(
          'GET',
          `/api/openings/${of}/policy`,
        );
        expect(officers.find((o) => o.person === person)?.recipient).toBe(await identityToRecipient(identity));
      }
    expect(accounts.find((a) => a.id === 'host-1')?.identities).toHaveLength(10);
  });

  it.each([
    '/demo/accounts/bidder-9/key.p12',
    '/demo/accounts/..%2f..%2fsecrets/key.p12',
    '/demo/accounts/host-1/openings/00000000-0000-7000-8000-000000000001/identity.txt',
  ])('answer nothing for %s', async (path) => {
    const { status } = await fetch(app.base + path);
    expect([400, 404]).toContain(status);
  });

  it('are no routes outside a demo', async () => {
    const plain = await startApp();
    try {
      for (const path of ['/demo/accounts', '/demo/accounts/host-1/key.p12'])
        expect((await fetch(plain.base + path)).status).toBe(404);
    } finally {
      await plain.close();
    }
  });
});

describe('its projects', () => {
  it('one is registered, follows the failed one and awaits review', async () => {
    const { status, review, follows } = await project('registered');
    expect([status, review, follows]).toEqual(['registered', null, codes.get('failed')?.id]);
  });

  it('one is open for weeks, with answers and a question that waits', async () => {
    const { answers, schedule, lot } = await project('questions');
    expect(answers).toHaveLength(2);
    expect(Temporal.Instant.from(schedule.deadline).since(app.clock.now()).total('hours')).toBeGreaterThan(14 * 24);
    const asked = await (await as('tenderer-1')).call<unknown[]>('GET', `/api/lots/${lot}/questions`);
    expect(asked).toHaveLength(3);
  });

  it('one closes in half an hour: others have filed, the default bidder has not', async () => {
    const { lot } = await project('bidding');
    const acts = async (id: string) =>
      (await (await as(id)).call<{ acts: unknown[] }>('GET', `/api/lots/${lot}/tenders/mine`)).acts.length;
    expect([await acts('bidder-1'), await acts('bidder-2'), await acts('bidder-3')]).toEqual([0, 1, 1]);
    expect((await opening('bidding')).lots[0]?.status).toBe('waiting');
  });

  it('one was changed and postponed', async () => {
    const { notices, firstDeadline, schedule } = await project('changed');
    expect(notices.map((n) => n.kind)).toEqual(['notice', 'postponement']);
    const later = Temporal.Instant.from(schedule.deadline).since(Temporal.Instant.from(firstDeadline ?? ''));
    expect(later.total('days')).toBe(9);
  });

  it('one is by invitation, and a guest sees it', async () => {
    const { id, isInvited } = await project('invited');
    expect(isInvited).toBe(true);
    const invited = async (who: string) =>
      (await (await as(who)).call<{ projects: Listed[] }>('GET', '/api/invitations')).projects.map((p) => p.id);
    expect(await invited('bidder-3')).toContain(id);
    expect(await invited('bidder-2')).not.toContain(id);
  });

  it('one is opened, its record waits for the witness', async () => {
    const { lots, record } = await opening('record');
    expect(lots[0]).toMatchObject({ status: 'announced', standing: 3 });
    expect(record).toMatchObject({ signedBy: ['host'], pdf: null });
  });

  it('one is failed and ended, with what its end asks for', async () => {
    expect((await opening('failed')).lots[0]).toMatchObject({ status: 'failed', standing: 2, opened: 0 });
    const { status, notices } = await project('failed');
    expect([status, notices.at(-1)]).toEqual([
      'terminated',
      expect.objectContaining({ kind: 'termination', duties: ['termination-return'] }),
    ]);
  });

  it('one has its candidates in publicity', async () => {
    const { lot } = await project('publicity');
    const award = await visitor.call<{ status: string; candidates: unknown[]; publicity: { ended: boolean } }>(
      'GET',
      `/api/awards/${lot}`,
    );
    expect(award).toMatchObject({ status: 'publicity', publicity: { ended: false } });
    expect(award.candidates).toHaveLength(3);
  });

  it('one is awarded, its notice and certificate can be checked by anybody', async () => {
    const { lot } = await project('awarded');
    const { status, documents } = await visitor.call<{ status: string; documents: { kind: string; number: string }[] }>(
      'GET',
      `/api/awards/${lot}`,
    );
    expect([status, documents.map((d) => d.kind).toSorted()]).toEqual([
      'certified',
      ['award-notice', 'result-certificate'],
    ]);
    const page = await fetch(`${app.base}/api/certificates?number=${documents[0]!.number}`);
    expect(page.status).toBe(200);
  });

  it('one is under evaluation: a visitor finishes the begun sheet', async () => {
    const { lot } = await project('evaluation');
    const desk = async (id: string) => (await as(id)).call<Desk>('GET', `/api/evaluations/${lot}/mine`);
    const begun = await desk('expert-1');
    expect([begun.toMark.length, begun.draft?.marks.length, begun.locked]).toEqual([4, 4, false]);
    expect(await desk('expert-2')).toMatchObject({ draft: null, locked: false });
    expect(await desk('expert-3')).toMatchObject({ locked: true });
    const expert = accounts.find((a) => a.id === 'expert-1')!;
    const person = { id: expert.person, organisation: '', client: await as('expert-1') };
    await lockSheet(person, { lot } as Parameters<typeof lockSheet>[1], 0);
    expect(await desk('expert-1')).toMatchObject({ locked: true });
  });
});
