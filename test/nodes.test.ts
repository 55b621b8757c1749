import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { migrations } from '../migrations/list.ts';
import { openCity } from '../src/cli/demo/city.ts';
import { type Cast, castOf, type Published, prepare } from '../src/cli/demo/prepare.ts';
import { readTrust, until, type World } from '../src/cli/demo/stage.ts';
import { silent } from '../src/cli/progress.ts';
import { utf8 } from '../src/formats/bytes.ts';
import { parseCheckpoint } from '../src/formats/log/checkpoint.ts';
import { parseTlogProof } from '../src/formats/log/tlog-proof.ts';
import type { Running } from '../src/main.ts';
import { openFiles } from '../src/platform/files.ts';
import { auditOf, expectWhole } from './support/audit.ts';
import { isReady, openPlatform, type Platform } from './support/nodes.ts';
import { file, filingOf, once, refusalOf, sealParts, upload } from './support/stage.ts';

const server = process.env.DATABASE_URL ?? '';
let platform: Platform;
let a: Running;
let b: Running;
let world: World;
let cast: Cast;
let published: Published;
const folder = mkdtempSync(join(tmpdir(), 'yangguang-nodes-world-'));

const through = (...nodes: Running[]) => platform.balancer.use(...nodes.map(({ base }) => base));
const leader = () => (a.journal.leads() ? a : b);
const follower = () => (a.journal.leads() ? b : a);

async function openWorld(): Promise<World> {
  const { base } = platform.balancer;
  const { trust, roots } = await readTrust(base, null);
  return {
    base,
    folder,
    city: await openCity({ base, dataDir: platform.dataDir, clock: a.clock }),
    now: () => a.clock.now(),
    advanceTo: async () => {},
    trust,
    roots,
    progress: silent,
    tell: () => {},
    megabytes: 0.01,
  };
}

/** The entry of the last act on a subject. */
async function entryOf(node: Running, subject: string): Promise<string> {
  const rows = await node.journal.db.query(
    'select id::text as id from journal_entry where subject = ? order by version desc limit 1',
    [subject],
  );
  return String(rows[0]?.id);
}

/** A stream that gives one piece, then the next only when it is told to. */
function gated(first: Uint8Array, rest: Uint8Array) {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  return {
    open: gate.resolve,
    begun: begun.promise,
    stream: (async function* () {
      yield first;
      begun.resolve();
      await gate.promise;
      yield rest;
    })(),
  };
}

describe.skipIf(server === '')('two nodes on one PostgreSQL database (DATABASE_URL)', () => {
  beforeAll(async () => {
    platform = await openPlatform(server);
    [a, b] = await Promise.all([platform.node(), platform.node()]);
    await until(async () => a.journal.leads() || b.journal.leads(), Boolean, 'a node that sequences');
    through(a, b);
    world = await openWorld();
    cast = await castOf(world, 2, 0);
    published = await prepare(world, cast);
  }, 120_000);
  afterAll(async () => {
    try {
      const [node] = [a, b].filter(({ journal }) => journal.leads());
      await node?.rooms.stop();
      if (node) expectWhole(await auditOf(node.journal));
    } finally {
      await platform.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('that started together: both answer, with one root, one log key, each migration done once', async () => {
    expect(await Promise.all([isReady(a.base), isReady(b.base)])).toEqual([true, true]);
    const text = async (node: Running, path: string) => (await fetch(node.base + path)).text();
    for (const path of ['/api/trust/roots', '/log/vkey']) expect(await text(a, path)).toBe(await text(b, path));
    const done = await a.journal.db.query<{ name: string }>('select name from schema_migration order by name');
    expect(done.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));
    expect(await a.journal.db.query('select 1 from person where id like ?', ['00000000-%'])).toHaveLength(1);
  });

  it('of which one sequences; an act on the other one gets its receipt there', async () => {
    expect(leader()).not.toBe(follower());
    const metric = async (node: Running) =>
      /^journal_node_leads (\d)$/m.exec(await (await fetch(`${node.base}/metrics`)).text())?.[1];
    expect([await metric(leader()), await metric(follower())]).toEqual(['1', '0']);
    through(follower());
    const organisation = await world.city.organisation('bidder', '另一节点登记的公司');
    const { index, text } = await follower().journal.receipt(await entryOf(follower(), organisation));
    expect(parseCheckpoint(parseTlogProof(text).checkpoint).size).toBeGreaterThan(index);
    expect(await leader().journal.indexOf(leader().journal.db.read(), await entryOf(leader(), organisation))).toEqual(
      expect.objectContaining({ index }),
    );
  });

  it('where a watcher on one sees what is done on the other, both ways', async () => {
    for (const [watched, acting] of [
      [a, b],
      [b, a],
    ] as const) {
      through(acting);
      const socket = new WebSocket(`${watched.base.replace('http', 'ws')}/ws/log`);
      const seen: { seq: number; type: string }[] = [];
      let poke = () => {};
      socket.on('message', (bytes) => {
        seen.push(JSON.parse(String(bytes)) as (typeof seen)[number]);
        poke();
      });
      const sees = async (test: (one: (typeof seen)[number]) => boolean) => {
        while (!seen.some(test)) {
          await new Promise<void>((resolve) => {
            poke = resolve;
          });
        }
      };
      await sees(({ type }) => type === 'snapshot');
      const organisation = await world.city.organisation('bidder', `由另一节点登记 ${acting.base}`);
      const index = await acting.journal.whenSequenced(await entryOf(acting, organisation));
      await sees(({ type, seq }) => type === 'event' && seq === Number(index) + 1);
      socket.close();
    }
  });

  it('with one session: who logged in on one is known on the other, and who logged out is not', async () => {
    const { client } = cast.witness;
    through(a);
    const again = await client.as(client.key!);
    through(b);
    expect(await again.call('GET', '/api/session')).toMatchObject({ person: cast.witness.id });
    await again.call('POST', '/api/logout', {});
    through(a);
    // The client of a signed-out person would log in anew; a bare request shows what the node thinks.
    expect(await a.journal.db.query('select 1 from session where person = ?', [cast.witness.id])).toHaveLength(1);
  });

  it('with one demo clock', async () => {
    const before = b.clock.now();
    const answer = await fetch(`${a.base}/demo/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ seconds: 3_600 }),
    });
    expect(answer.ok).toBe(true);
    await until(
      async () => b.clock.now().since(before).total('minutes'),
      (minutes) => minutes >= 60,
      'the other clock',
    );
    expect(b.clock.offsetMicroseconds()).toBe(a.clock.offsetMicroseconds());
  });

  it('take an upload begun on one and continued on the other, and the tender filed there', async () => {
    const [bidder] = cast.bidders;
    const parts = await sealParts({ world }, bidder!, published.lot);
    const half = Math.floor(parts.tenderBytes.length / 2);
    through(a);
    const { id } = await bidder!.client.call<{ id: string }>('POST', `/api/lots/${published.lot}/uploads`, {
      bytes: parts.tenderBytes.length,
    });
    const send = (bytes: Uint8Array, offset: number) =>
      bidder!.client.upload<{ received: number }>('PATCH', `/api/lots/${published.lot}/uploads/${id}`, once(bytes), {
        'upload-offset': String(offset),
      });
    expect(await send(parts.tenderBytes.subarray(0, half), 0)).toMatchObject({ received: half });
    through(b);
    expect(await bidder!.client.call('GET', `/api/lots/${published.lot}/uploads/${id}`)).toMatchObject({
      received: half,
    });
    await send(parts.tenderBytes.subarray(half), half);
    expect(await file(bidder!, published.lot, filingOf(parts, id))).toMatchObject({ refusal: null });
  });

  describe('where two connections on two nodes write one upload', () => {
    const begin = async (bytes: number) => {
      const { client } = cast.bidders[1]!;
      through(a);
      const { id } = await client.call<{ id: string }>('POST', `/api/lots/${published.lot}/uploads`, { bytes });
      const path = `/api/lots/${published.lot}/uploads/${id}`;
      return {
        id,
        path,
        append: (node: Running, stream: AsyncIterable<Uint8Array>, offset: number) => {
          through(node);
          return client.upload<{ received: number }>('PATCH', path, stream, { 'upload-offset': String(offset) });
        },
        received: async () => (await client.call<{ received: number }>('GET', path)).received,
        drop: () => client.call('DELETE', path),
      };
    };
    const stored = async (id: string) => {
      const [row] = await a.journal.db.query('select generation from tender_upload where id = ?', [id]);
      return readFileSync(join(platform.dataDir, 'files', 'incoming', `${id}-${row?.generation}.upload`), 'utf8');
    };
    const leaseEnds = (id: string, after: string) =>
      a.journal.keep((tx) =>
        tx.em.execute('update tender_upload set writer_until = clock_timestamp() + ?::interval where id = ?', [
          after,
          id,
        ]),
      );
    const writing = (id: string) =>
      until(
        () => a.journal.db.query('select 1 from tender_upload where id = ? and writer is not null', [id]),
        (rows) => rows.length === 1,
        'a writer',
      );

    it('the second is refused while the first writes, and goes on afterwards', async () => {
      const one = await begin(8);
      const slow = gated(utf8('aa'), utf8('aa'));
      const first = one.append(a, slow.stream, 0);
      await writing(one.id);
      // However slow this machine is, the lease does not run out meanwhile.
      await leaseEnds(one.id, '1 hour');
      expect(await refusalOf(one.append(b, once(utf8('bbbb')), 0))).toBe('upload-busy');
      slow.open();
      expect(await first).toMatchObject({ received: 4 });
      expect(await one.append(b, once(utf8('cccc')), 4)).toMatchObject({ received: 8 });
      expect(await stored(one.id)).toBe('aaaacccc');
      await one.drop();
    });

    it('one that was taken for dead and comes back to life changes nothing', async () => {
      const one = await begin(8);
      const stalled = gated(utf8('aa'), utf8('aaaa'));
      const first = refusalOf(one.append(a, stalled.stream, 0));
      await until(one.received, (received) => received === 2, 'the first bytes');
      // As if nothing had come for longer than the lease lasts.
      await leaseEnds(one.id, '-1 second');
      expect(await one.append(b, once(utf8('bbb')), 2)).toMatchObject({ received: 5 });
      stalled.open();
      expect(await first).toBe('upload-busy');
      expect(await stored(one.id)).toBe('aabbb');
      expect(await one.append(a, once(utf8('ccc')), 5)).toMatchObject({ received: 8 });
      expect(await stored(one.id)).toBe('aabbbccc');
      await one.drop();
    });
  });

  it('a node that starts later leaves alone what another is writing', async () => {
    const files = openFiles(join(platform.dataDir, 'files'), { sweep: false });
    const slow = gated(utf8('half '), utf8('and half'));
    const put = files.put(slow.stream, 100);
    await slow.begun;
    const [bidder] = cast.bidders;
    through(a);
    const kept = await upload(bidder!, published.lot, utf8('kept'));
    const c = await platform.node();
    slow.open();
    expect(await put).toMatchObject({ bytes: 13 });
    through(c);
    expect(await bidder!.client.call('GET', `/api/lots/${published.lot}/uploads/${kept}`)).toMatchObject({
      received: 4,
    });
    await bidder!.client.call('DELETE', `/api/lots/${published.lot}/uploads/${kept}`);
    await c.close();
  });

  it('pass the lease on: when the one that sequences stops, the other one does, and nothing is lost', async () => {
    const [stopping, staying] = [leader(), follower()];
    through(stopping);
    const before = await world.city.organisation('bidder', '停机前登记的公司');
    await stopping.close();
    await until(async () => staying.journal.leads(), Boolean, 'the lease');
    through(staying);
    const after = await world.city.organisation('bidder', '停机后登记的公司');
    const index = async (id: string) => staying.journal.whenSequenced(await entryOf(staying, id));
    expect(await index(after)).toBeGreaterThan(await index(before));
    expect(await isReady(stopping.base)).toBe(false);
  });
});
