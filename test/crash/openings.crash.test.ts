import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/cli/client.ts';
import { openCity, type TestPerson } from '../../src/cli/demo/city.ts';
import { later, type OpeningView, roster, witnessStep } from '../../src/cli/demo/hall.ts';
import { type Cast, castOf, type Published, prepare } from '../../src/cli/demo/prepare.ts';
import { type Officer, readTrust, until, type World } from '../../src/cli/demo/stage.ts';
import { releaseLot } from '../../src/cli/programs/release-keys.ts';
import { silent } from '../../src/cli/progress.ts';
import { sha256Hex } from '../../src/formats/bytes.ts';
import { newId } from '../../src/platform/ids.ts';
import { type Audit, expectWhole } from '../support/audit.ts';
import { adminQuery } from '../support/journal.ts';
import { sealParts, submit } from '../support/stage.ts';

const serverUrl = process.env.DATABASE_URL;
const folder = mkdtempSync(join(tmpdir(), 'yangguang-crash-'));
const dataDir = join(folder, 'data');
const database = `yg_crash_${newId().replaceAll('-', '')}`;
const databases = [database, `${database}_old`];
const urlOf = (name: string) => serverUrl && Object.assign(new URL(serverUrl), { pathname: `/${name}` }).toString();

type Server = {
  readonly base: string;
  ask<T>(word: string): Promise<T>;
  kill(): Promise<void>;
  readonly gone: Promise<number | null>;
  readonly said: () => string;
};
const servers: Server[] = [];
let port = '0';

/** Starts the server; with a kill point such as `TenderOpened 3` it dies inside the transaction of that event. */
async function startServer(killPoint = '', name = database): Promise<Server> {
  const script = fileURLToPath(new URL('server-child.ts', import.meta.url));
  const env = {
    ...process.env,
    DATABASE_URL: urlOf(name) ?? '',
    DATA_DIR: dataDir,
    PORT: port,
    DEMO_CLOCK: '1',
    DEMO_CLOCK_START: '2026-03-02T01:00:00Z',
  };
  const child: ChildProcess = spawn(process.execPath, [script, ...killPoint.split(' ')], { env });
  let errors = '';
  child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const lines: Record<string, unknown>[] = [];
  let poke = () => {};
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
    poke();
  });
  const gone = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const next = async <T>(): Promise<T> => {
    const ended = gone.then((code) => Promise.reject(new Error(`the server ended (${code}): ${errors}`)));
    while (lines.length === 0) await Promise.race([new Promise<void>((resolve) => (poke = resolve)), ended]);
    return lines.shift() as T;
  };
  const server: Server = {
    base: (await next<{ base: string }>()).base,
    ask: async (word) => {
      child.stdin!.write(`${word}\n`);
      return next();
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    gone,
    said: () => errors,
  };
  servers.push(server);
  port = new URL(server.base).port;
  return server;
}

afterAll(async () => {
  for (const server of servers) await server.kill();
  for (const name of serverUrl ? databases : [])
    await adminQuery(serverUrl!, `drop database if exists ${name} with (force)`);
  rmSync(folder, { recursive: true, force: true });
});

/** The parties' side: it lives on while the server dies and comes back at the same address. */
type Parties = { readonly world: World; readonly cast: Cast; readonly published: Published };

async function gather(base: string, bidders: number): Promise<Parties> {
  const visitor = await connect({ base });
  const { now: start } = await visitor.call<{ now: string }>('POST', '/demo/clock', { seconds: 1 });
  let offset = Temporal.Instant.from(start).since(Temporal.Now.instant());
  const now = () => Temporal.Now.instant().add(offset);
  const { trust, roots } = await readTrust(base, null);
  const world: World = {
    base,
    folder,
    city: await openCity({ base, dataDir, clock: { now } }),
    now,
    advanceTo: async (instant) => {
      const seconds = Math.ceil(Temporal.Instant.from(instant).since(now()).total('seconds'));
      if (seconds < 1) return;
      await visitor.call('POST', '/demo/clock', { seconds });
      offset = offset.add({ seconds });
    },
    trust,
    roots,
    progress: silent,
    tell: () => {},
    megabytes: 0.01,
  };
  const cast = await castOf(world, bidders, 0);
  const published = await prepare(world, cast);
  await roster(cast, published);
  return { world, cast, published };
}

describe('a server that is killed at every stage of an opening', () => {
  const prices = ['910000001', '920000002', '930000003', '940000004'];
  let parties: Parties;
  const path = () => `/api/openings/${parties.published.opening}`;
  const lotPath = () => `${path()}/lots/${parties.published.lot}`;
  const host = () => parties.cast.host.client;
  const view = () => host().call<OpeningView>('GET', path());
  const lot = async () => (await view()).lots[0] as OpeningView['lots'][number];
  const reaches = async (status: string) => {
    await until(lot, (seen) => seen.status === status, status);
  };
  const release = (role: Officer['role']) => {
    const { published, world } = parties;
    const { client, identity } = published.officers.find((o) => o.role === role)!;
    const { opening } = published;
    return releaseLot({
      client,
      opening,
      lot: published.lot,
      identity,
      roots: world.roots,
      trust: world.trust,
      now: world.now(),
    });
  };
  const sign = (step: string) =>
    witnessStep(parties.world, parties.cast.witness, parties.published.opening, step, ['核对']);
  const signRecord = async ({ client }: TestPerson) =>
    client.call<OpeningView>('POST', `${path()}/record/signatures`, {
      signature: client.sign(await client.download(`${path()}/record/facts`)),
    });
  const announce = () => host().call('POST', `${lotPath()}/announcement`, {});
  /** The command dies with the server: the caller only sees the line cut. */
  const diesWith = async (server: Server, command: Promise<unknown>) => {
    await expect(command).rejects.toThrow(/server-unreachable|fetch failed|terminated/);
    await server.gone;
  };

  it('goes on where it was: nothing is lost, nothing opened twice, and the record is valid', async () => {
    if (serverUrl) await adminQuery(serverUrl, `create database ${database}`);
    let server = await startServer('LotClosed');
    parties = await gather(server.base, prices.length);
    const { world, cast, published } = parties;
    for (const [i, bidder] of cast.bidders.entries()) {
      const readOut = { priceFen: prices[i]!, durationDays: 300, quality: '合格', manager: '张三' };
      await submit(bidder, published.lot, await sealParts(parties, bidder, published.lot, { readOut }));
    }
    // Between barrier and close.
    await world.advanceTo(later(published.deadline, 6));
    await server.gone;
    await keepOldDump();

    // After the close, inside the first release.
    server = await startServer('KeyReleased 1');
    await reaches('closed');
    await sign('close');
    await diesWith(server, release('host'));

    // After one release, inside the second.
    server = await startServer('KeyReleased 2');
    expect((await lot()).released).toEqual([]);
    await release('host');
    await diesWith(server, release('witness'));

    // After two, inside the third, which makes the quorum.
    server = await startServer('LotReleased');
    expect((await lot()).released).toHaveLength(1);
    await release('witness');
    await diesWith(server, release('supervisor'));

    // In the middle of the opening: two of four tenders have their result.
    server = await startServer('TenderOpened 3');
    expect((await lot()).released).toHaveLength(2);
    await release('supervisor').catch(() => {});
    await server.gone;

    // All opened, inside the announcement.
    server = await startServer('OffersAnnounced');
    await reaches('opened');
    await sign('release');
    await sign('opening');
    await world.advanceTo(later(published.deadline, 60));
    await diesWith(server, announce());

    // Announced, inside the record.
    server = await startServer('RecordDrawnUp');
    await announce();
    for (const { client } of cast.bidders) await client.call('POST', `${lotPath()}/confirmation`, {});
    await sign('announcement');
    await diesWith(server, host().call('POST', `${path()}/record`, {}));

    // Signed by both, before the PDF.
    server = await startServer('RecordIssued');
    await host().call('POST', `${path()}/record`, {});
    await signRecord(cast.host);
    await diesWith(server, signRecord(cast.witness));

    server = await startServer();
    const { record } = await until(view, (seen) => seen.record?.pdf != null, 'the PDF of the record');
    const pdf = await host().download(`/api/certificates/${record!.pdf!.sha256}`);
    expect(sha256Hex(pdf)).toBe(record!.pdf!.sha256);
    const lines = await host().call<{ organisation: string; offer: { priceFen: string } }[]>(
      'GET',
      `${lotPath()}/offers`,
    );
    expect(lines.map((l) => [l.organisation, l.offer.priceFen]).toSorted()).toEqual(
      cast.bidders.map((b, i) => [b.organisation, prices[i]]).toSorted(),
    );
    expect(await eventsOf(server)).toEqual({
      OpeningScheduled: 1,
      BarrierRaised: 1,
      LotClosed: 1,
      KeyReleased: 3,
      LotReleased: 1,
      TenderOpened: 4,
      OffersAnnounced: 1,
      OfferConfirmed: 4,
      RecordDrawnUp: 1,
      RecordSigned: 2,
      RecordIssued: 1,
    });
    expectWhole((await server.ask<{ audit: Audit }>('audit')).audit);
    await server.kill();
  }, 180_000);

  /** How often each event stands in the log of the opening. */
  async function eventsOf(server: Server): Promise<Record<string, number>> {
    return (await server.ask<{ events: Record<string, number> }>('events')).events;
  }

  /** A copy of the database as it is now, with no server at work. */
  async function keepOldDump(): Promise<void> {
    if (serverUrl) await adminQuery(serverUrl, `create database ${database}_old template ${database}`);
    else cpSync(join(dataDir, 'pglite'), join(folder, 'old'), { recursive: true });
  }

  it('refuses to start on a dump from before, in words that say what to do', async () => {
    if (!serverUrl) {
      rmSync(join(dataDir, 'pglite'), { recursive: true });
      cpSync(join(folder, 'old'), join(dataDir, 'pglite'), { recursive: true });
    }
    const again = startServer('', serverUrl ? `${database}_old` : database);
    await expect(again).rejects.toThrow(/拒绝启动[\s\S]*Restore a newer one/);
  });
});
