import type { AddressInfo } from 'node:net';
import { createServer, connect as openSocket, type Server, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openNodes } from '../src/nodes.ts';
import { newId } from '../src/platform/ids.ts';
import { createLogger } from '../src/platform/log.ts';
import { openWakeups, type WakeTopic } from '../src/platform/nats.ts';
import { Secret } from '../src/platform/secret.ts';
import { dataFolder, freshDatabase, journalOn } from './support/journal.ts';
import { natsServer } from './support/nats.ts';

const logger = createLogger(process.env.TEST_LOG ?? 'silent');
const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Counts and waits: `reaches(n)` resolves when it was called n times. */
function counter() {
  let count = 0;
  let poke = () => {};
  return {
    call: () => {
      count += 1;
      poke();
    },
    count: () => count,
    reaches: async (wanted: number) => {
      while (count < wanted) {
        await new Promise<void>((resolve) => {
          poke = resolve;
        });
      }
    },
  };
}

/** A node that is connected, and how often it heard of a topic since. */
async function node(url: string, scope: string) {
  const connections = counter();
  const wakeups = openWakeups({ url: new Secret(url), scope, logger, connected: connections.call });
  cleanups.push(() => wakeups.close());
  await connections.reaches(1);
  const hears = (topic: WakeTopic) => {
    const heard = counter();
    wakeups.on(topic, heard.call);
    return heard;
  };
  return { ...wakeups, connections, hears };
}

/** A way to the NATS server that can be cut and opened again at the same port. */
async function line(target: string): Promise<{ url: string; cut(): Promise<void>; restore(): Promise<void> }> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const listen = (at: number) =>
    new Promise<Server>((resolve) => {
      const server = createServer((near) => {
        const far = openSocket(Number(port), hostname);
        for (const socket of [near, far]) {
          sockets.add(socket);
          socket.on('error', () => {});
        }
        near.pipe(far).pipe(near);
      });
      server.listen(at, '127.0.0.1', () => resolve(server));
    });
  let server = await listen(0);
  const { port: own } = server.address() as AddressInfo;
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await closed;
  };
  cleanups.push(() => cut());
  return {
    url: `nats://127.0.0.1:${own}`,
    cut,
    restore: async () => {
      server = await listen(own);
    },
  };
}

describe('without NATS', () => {
  it('tells nobody and closes', async () => {
    const wakeups = openWakeups({ url: null, scope: 'test', logger });
    wakeups.on('committed', () => expect.unreachable());
    wakeups.tell('committed');
    await wakeups.close();
  });

  it('goes on trying while the server cannot be reached, and closes in the middle of it', async () => {
    const far = await line('nats://127.0.0.1:1');
    await far.cut();
    const wakeups = openWakeups({ url: new Secret(far.url), scope: 'test', logger });
    wakeups.tell('committed');
    await wakeups.close();
  });
});

describe.skipIf(!natsServer.there)('over NATS', () => {
  beforeAll(() => natsServer.require());
  const url = natsServer.url;

  it('wakes the other nodes of the platform, for the topic told, and not itself', async () => {
    const scope = newId();
    const [a, b, c] = await Promise.all([node(url, scope), node(url, scope), node(url, scope)]);
    const [own, bOf, cOf, other] = [a.hears('committed'), b.hears('committed'), c.hears('committed'), b.hears('clock')];
    a.tell('committed');
    await Promise.all([bOf.reaches(1), cOf.reaches(1)]);
    // Messages of one sender keep their order: had the first been heard twice, or by others, it would be seen by now.
    a.tell('clock');
    await other.reaches(1);
    b.tell('published');
    expect([own.count(), bOf.count(), cOf.count(), other.count()]).toEqual([0, 1, 1, 1]);
  });

  it('keeps platforms apart', async () => {
    const [a, b, stranger] = await Promise.all([node(url, 'one'), node(url, 'one'), node(url, 'two')]);
    const [mine, foreign] = [b.hears('committed'), b.hears('clock')];
    stranger.tell('clock');
    await stranger.close();
    a.tell('committed');
    await mine.reaches(1);
    expect(foreign.count()).toBe(0);
  });

  it('makes few messages of many calls, and the last one is heard', async () => {
    const scope = newId();
    const [a, b] = await Promise.all([node(url, scope), node(url, scope)]);
    const heard = b.hears('committed');
    for (let i = 0; i < 10_000; i += 1) a.tell('committed');
    // The first at once, the rest together after the gap.
    await heard.reaches(2);
    expect(heard.count()).toBe(2);
  });

  it('after an outage looks at what it may have missed, and hears again', async () => {
    const scope = newId();
    const far = await line(url);
    const [a, b] = await Promise.all([node(url, scope), node(far.url, scope)]);
    const heard = b.hears('committed');
    await far.cut();
    a.tell('committed');
    await far.restore();
    await b.connections.reaches(2);
    await heard.reaches(1);
    a.tell('committed');
    await heard.reaches(2);
  });

  it('connects later where the server was not there at the start', async () => {
    const scope = newId();
    const far = await line(url);
    await far.cut();
    const late = counter();
    const b = openWakeups({ url: new Secret(far.url), scope, logger, connected: late.call });
    cleanups.push(() => b.close());
    const heard = counter();
    b.on('committed', heard.call);
    await far.restore();
    await late.reaches(1);
    // Once for what it may have missed.
    await heard.reaches(1);
    const a = await node(url, scope);
    a.tell('committed');
    await heard.reaches(2);
  });

  it.skipIf(!process.env.DATABASE_URL)('a node hears what another one commits (DATABASE_URL)', async () => {
    const data = dataFolder();
    const database = await freshDatabase();
    cleanups.push(data.remove, database.drop);
    const nodeOf = async () => {
      const db = await database.open();
      const on = await journalOn(db, data.path);
      const config = { natsUrl: new Secret(url), demoClock: false };
      const joined = counter();
      const nodes = openNodes({ journal: on.journal, clock: on.clock, config, logger, connected: joined.call });
      cleanups.push(
        () => db.close(),
        () => on.journal.stop(),
        () => nodes.close(),
      );
      await joined.reaches(1);
      const changes = counter();
      nodes.onChange(changes.call);
      return { ...on, changes };
    };
    const [first, second] = [await nodeOf(), await nodeOf()];
    await first.acted(newId(), { type: 'add', amounts: [1] });
    await second.changes.reaches(1);
    await second.acted(newId(), { type: 'add', amounts: [1] });
    await first.changes.reaches(2);
    // Each once for its own and once for the other's: what is heard is not told on.
    expect([first.changes.count(), second.changes.count()]).toEqual([2, 2]);
  });
});
