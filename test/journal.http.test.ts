import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { fromBase64, utf8 } from '../src/formats/bytes.ts';
import { openCheckpoint } from '../src/formats/log/checkpoint.ts';
import { leafHash, treeRoot, verifyConsistency, verifyInclusion } from '../src/formats/log/merkle.ts';
import { parseVkey } from '../src/formats/log/note.ts';
import { decodeEntries, tilePath } from '../src/formats/log/tiles.ts';
import { openWitnessedCheckpoint, parsePolicy } from '../src/formats/log/tlog-policy.ts';
import { parseTlogProof, verifyTlogProof } from '../src/formats/log/tlog-proof.ts';
import { logChannel } from '../src/journal/channel.ts';
import { journalRoutes } from '../src/journal/routes.ts';
import { createApp } from '../src/platform/http/app.ts';
import { attachSockets, channel } from '../src/platform/http/sockets.ts';
import { newId } from '../src/platform/ids.ts';
import { createLogger } from '../src/platform/log.ts';
import { startJournal, type TestJournal } from './support/journal.ts';

let test: TestJournal;
let server: Server;
let sockets: { close(): void };
let base: string;
const logger = createLogger('silent');

beforeAll(async () => {
  test = await startJournal();
  const app = createApp({
    routes: journalRoutes(test.journal),
    logger,
    identify: async () => null,
    origin: () => base,
    secureCookies: false,
    requestsPerMinute: 1_000_000,
  });
  server = createServer(app.callback());
  sockets = attachSockets(server, {
    channels: [
      logChannel(test.journal),
      channel({ ...logChannel(test.journal), name: 'staff', path: '/ws/staff/:room', who: ['host'] }),
      channel({ ...logChannel(test.journal), name: 'hidden', path: '/ws/hidden', may: async () => false }),
    ],
    logger,
    identify: async () => null,
    origin: () => base,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (let i = 0; i < 3; i += 1)
    await test.acted(newId(), { type: 'add', amounts: Array.from({ length: 100 }, () => i) });
  const { entryIds } = await test.acted(newId(), { type: 'addSecretly', amount: 5 });
  await test.journal.whenSequenced(entryIds[0]!);
});
afterAll(async () => {
  sockets.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await test.close();
});

const get = (path: string) => fetch(base + path);
const text = async (path: string) => (await get(path)).text();
const bytes = async (path: string) => new Uint8Array(await (await get(path)).arrayBuffer());
const key = async () => parseVkey((await text('/log/vkey')).trimEnd());
const pathOf = async (path: string) => ((await (await get(path)).json()) as { path: string[] }).path.map(fromBase64);

describe('the log over HTTP', () => {
  it('lets a stranger rebuild the root from tiles and entry bundles', async () => {
    const { size, root } = openCheckpoint(await text('/log/checkpoint'), await key());
    expect(size).toBe(301n);
    const leaves: Uint8Array[] = [];
    for (const [n, width] of [
      [0n, 256],
      [1n, 45],
    ] as const) {
      const bundle = decodeEntries(await bytes(`/log/${tilePath({ level: 'entries', n, width })}`));
      const tile = await bytes(`/log/${tilePath({ level: 0, n, width })}`);
      expect(Buffer.concat(bundle.map(leafHash)).equals(Buffer.from(tile))).toBe(true);
      leaves.push(...bundle);
    }
    expect(treeRoot(leaves.map(leafHash))).toEqual(root);
    expect(await bytes('/log/tile/1/000.p/1')).toEqual(treeRoot(leaves.slice(0, 256).map(leafHash)));
  });

  it.each([
    '/log/tile/0/001',
    '/log/tile/0/001.p/46',
    '/log/tile/0/001.p/0',
    '/log/tile/0/1.p/45',
    '/log/tile/0/x000/000',
    '/log/tile/9/000',
    '/log/tile/entries/002',
    '/log/tile/0/000.p/256',
    '/log/tile/0/..%2f',
  ])('has no tile at %s', async (path) => expect((await get(path)).status).toBe(404));

  it('proves inclusion and consistency', async () => {
    const { size, root } = openCheckpoint(await text('/log/checkpoint'), await key());
    const leaf = decodeEntries(await bytes('/log/tile/entries/000'))[100]!;
    const path = await pathOf(`/log/proof/inclusion?index=100&size=${size}`);
    verifyInclusion({ leafHash: leafHash(leaf), index: 100n, size, path, root });
    const fromRoot = await test.journal.tree.root(77n);
    const consistency = await pathOf(`/log/proof/consistency?from=77&to=${size}`);
    verifyConsistency({ from: 77n, to: size, fromRoot, toRoot: root, path: consistency });
  });

  it.each([
    ['/log/proof/inclusion?index=301&size=301', 404],
    ['/log/proof/inclusion?index=0&size=302', 404],
    ['/log/proof/inclusion?index=-1&size=5', 400],
    ['/log/proof/inclusion?index=01&size=5', 400],
    ['/log/proof/consistency?from=9&to=3', 404],
    ['/log/proof/consistency?from=1&to=2&more=1', 400],
    ['/log/entries?limit=1000', 400],
  ])('answers %s with %i', async (path, status) => expect((await get(path)).status).toBe(status));

  it('lists leaves as JSON, and of a sealed act only its commitment', async () => {
    const answer = (await (await get('/log/entries?from=299&limit=5')).json()) as {
      size: string;
      entries: { index: string; leaf: Record<string, unknown> }[];
    };
    expect([answer.size, answer.entries.map(({ index }) => index)]).toEqual(['301', ['299', '300']]);
    expect(Object.keys(answer.entries[1]!)).toEqual(['index', 'leafSha256', 'leaf']);
    expect(Object.keys(answer.entries[1]!.leaf)).toEqual(['commitment', 'type', 'v']);
  });

  it('says plainly that the log is unwitnessed where no policy asks for witnesses', async () => {
    const policy = parsePolicy(await text('/log/policy'));
    expect(openWitnessedCheckpoint(await text('/log/checkpoint'), policy).witnessed).toBe(false);
    const answer = await get('/log/checkpoint/cosigned');
    expect([answer.status, JSON.stringify(await answer.json())]).toEqual([404, expect.stringContaining('unwitnessed')]);
  });

  it('gives the receipt of an open entry to anyone and of a sealed one to nobody', async () => {
    const open = await test.acted(newId(), { type: 'add', amounts: [3] });
    const sealed = await test.acted(newId(), { type: 'addSecretly', amount: 3 });
    const proof = parseTlogProof(await text(`/api/receipts/${open.entryIds[0]}`));
    const leaf = decodeEntries(await bytes('/log/tile/entries/001.p/46'))[45]!;
    expect(verifyTlogProof(proof, leaf, parsePolicy(await text('/log/policy'))).size).toBeGreaterThan(301n);
    const refused = await get(`/api/receipts/${sealed.entryIds[0]}`);
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([403, 'receipt-sealed']);
    expect((await get(`/api/receipts/${newId()}`)).status).toBe(404);
  });

  it('keeps a large body beside the log under its hash', async () => {
    const { entryIds } = await test.acted(newId(), { type: 'add', amounts: [1], text: '阳光'.repeat(20_000) });
    const index = await test.journal.whenSequenced(entryIds[0]!);
    const { entries } = (await (await get(`/log/entries?from=${index}&limit=1`)).json()) as {
      entries: { leaf: { bodySha256: string } }[];
    };
    const body = await bytes(`/log/entries/${index}/body`);
    const { sha256Hex } = await import('../src/formats/bytes.ts');
    expect([body.length > 100_000, sha256Hex(body)]).toEqual([true, entries[0]!.leaf.bodySha256]);
    expect((await get('/log/entries/300/body')).status).toBe(404);
  });
});

type Frame = { type: string; channel: string; seq: number; data: { index: string } };

/** Connects and collects frames; `until` waits for one that fits. */
async function connect(path: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(base.replace('http', 'ws') + path, { headers });
  const frames: Frame[] = [];
  let poke = () => {};
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)) as Frame);
    poke();
  });
  const until = async (fits: (frame: Frame) => boolean): Promise<Frame> => {
    for (;;) {
      const found = frames.find(fits);
      if (found) return found;
      await new Promise<void>((resolve) => {
        poke = resolve;
      });
    }
  };
  await once(socket, 'open');
  return { socket, frames, until };
}
const statusOf = async (path: string, headers: Record<string, string> = {}): Promise<number> => {
  const socket = new WebSocket(base.replace('http', 'ws') + path, { headers });
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  return response.statusCode;
};

describe('the live channel of the log', () => {
  it('greets with the size, gives a snapshot, then every new leaf', async () => {
    const { socket, frames, until } = await connect('/ws/log', { origin: base });
    const snapshot = await until(({ type }) => type === 'snapshot');
    await test.acted(newId(), { type: 'add', amounts: [1, 2] });
    await until(({ type, seq }) => type === 'event' && seq === snapshot.seq + 2);
    expect(frames.map(({ type }) => type)).toEqual(['hello', 'snapshot', 'event', 'event']);
    expect(frames[2]!.data.index).toBe(String(snapshot.seq));
    socket.close();
  });

  it('fills the gap of a client that comes back', async () => {
    const size = Number(test.journal.size());
    const { socket, frames, until } = await connect(`/ws/log?after=${size - 3}`);
    await until(({ seq, type }) => type === 'event' && seq === size);
    expect(frames.map(({ seq }) => seq)).toEqual([size, size - 2, size - 1, size]);
    socket.close();
  });

  it('gives a snapshot where the gap is too wide or from the future', async () => {
    await test
      .acted(newId(), { type: 'add', amounts: Array.from({ length: 520 }, () => 1) })
      .then(({ entryIds }) => test.journal.whenSequenced(entryIds[519]!));
    for (const after of [0, 10_000_000]) {
      const { socket, until } = await connect(`/ws/log?after=${after}`);
      expect((await until(({ type }) => type !== 'hello')).type).toBe('snapshot');
      socket.close();
    }
  });

  it('answers a ping and closes on anything else', async () => {
    const { socket, until } = await connect('/ws/log');
    socket.send('{"type":"ping"}');
    await until(({ type }) => type === 'pong');
    socket.send('{"type":"ping","more":1}');
    expect((await once(socket, 'close'))[0]).toBe(1008);
  });

  it('closes on a frame above its cap', async () => {
    const { socket } = await connect('/ws/log');
    socket.send(Buffer.from(utf8('x'.repeat(5_000))));
    expect((await once(socket, 'close'))[0]).toBe(1009);
  });

  it.each([
    ['another origin', '/ws/log', { origin: 'https://evil.example' }, 403],
    ['an unknown channel', '/ws/nothing', {}, 404],
    ['a channel for staff', '/ws/staff/a', {}, 401],
    ['a channel that hides itself', '/ws/hidden', {}, 404],
    ['a sequence that is no number', '/ws/log?after=x', {}, 400],
    ['a path trick', '/ws/staff/..', {}, 404],
  ])('refuses %s before the upgrade', async (_, path, headers, status) =>
    expect(await statusOf(path, headers as Record<string, string>)).toBe(status),
  );
});
