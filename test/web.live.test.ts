/** The live channel's client: the fold over frames, and a line that is cut in the middle of the real server's events. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { attachSockets, type ChannelEvent, channel } from '../src/platform/http/sockets.ts';
import { createLogger } from '../src/platform/log.ts';
import {
  caughtUp,
  channelUrl,
  type Frame,
  frameOf,
  nowhere,
  pauseBefore,
  takeFrame,
} from '../src/web/api/live-frames.ts';
import { follow, type LiveState } from '../src/web/api/socket.ts';

const event = (seq: number): Frame => ({ type: 'event', seq, data: seq });
const seqs = (frames: readonly Frame[]) => {
  let place = nowhere;
  const given: number[] = [];
  for (const frame of frames) {
    const taken = takeFrame(place, frame);
    place = taken.place;
    if (taken.given) given.push(taken.given.seq);
    if (taken.broken) return { given, broken: true, place };
  }
  return { given, broken: false, place };
};
const snapshot = (seq: number): Frame => ({ type: 'snapshot', seq, data: null });

describe('the fold over frames', () => {
  it('gives the snapshot and each event after it once', () => {
    const { given, broken } = seqs([{ type: 'hello', seq: 4 }, snapshot(4), event(4), event(5), event(5), event(6)]);
    expect([given, broken]).toEqual([[4, 5, 6], false]);
  });
  it('does not pass over a hole: it asks for a snapshot', () => {
    const { given, broken, place } = seqs([{ type: 'hello', seq: 4 }, snapshot(4), event(6)]);
    expect([given, broken, place]).toEqual([[4], true, nowhere]);
  });
  it('takes no event before it knows where it stands', () => {
    expect(seqs([event(1)]).broken).toBe(true);
  });
  it('is caught up only when the promised sequence has come', () => {
    expect(caughtUp(seqs([{ type: 'hello', seq: 5 }, snapshot(4)]).place)).toBe(false);
    expect(caughtUp(seqs([{ type: 'hello', seq: 5 }, snapshot(4), event(5)]).place)).toBe(true);
  });
  it('takes no frame for what is none', () => {
    for (const text of ['', '[]', 'null', '{"type":"event"}', '{"type":"event","seq":1.5}', '{"type":"other","seq":1}'])
      expect(frameOf(text)).toBeNull();
  });
  it('asks behind the last sequence, and pauses longer each time', () => {
    expect(channelUrl('https://x', '/ws/log', { seq: 7, newest: null })).toBe('wss://x/ws/log?after=7');
    expect([pauseBefore(0, 0), pauseBefore(1, 1), pauseBefore(20, 1)]).toEqual([250, 1000, 15_000]);
  });
});

describe('a line that is cut', () => {
  const events: ChannelEvent[] = [{ seq: 1, data: 'e1' }];
  const watchers = new Set<(one: ChannelEvent) => void>();
  const add = () => {
    const one = { seq: events.length + 1, data: `e${events.length + 1}` };
    events.push(one);
    for (const send of watchers) send(one);
  };
  const source = channel({
    name: 'test',
    path: '/ws/test',
    who: 'anyone',
    newest: async () => events.length,
    since: async (_, seq) => events.slice(seq),
    snapshot: async () => events.at(-1)!,
    subscribe: (_, send) => {
      watchers.add(send);
      return () => void watchers.delete(send);
    },
  });
  const server = createServer();
  let attached: { close(): void };
  let base = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    attached = attachSockets(server, {
      channels: [source],
      logger: createLogger('silent'),
      identify: async () => null,
      origin: () => base,
    });
  });
  afterAll(() => {
    attached.close();
    server.close();
  });

  it('goes on without loss or repetition', async () => {
    const given: number[] = [];
    const states: LiveState[] = [];
    const opened: WebSocket[] = [];
    const leave = follow(
      '/ws/test',
      { give: ({ seq }) => void given.push(seq), say: (state) => void states.push(state) },
      base,
      (url) => {
        const socket = new WebSocket(url);
        opened.push(socket);
        return socket as unknown as globalThis.WebSocket;
      },
    );
    const reach = (n: number) => expect.poll(() => given.at(-1), { timeout: 10_000 }).toBe(n);
    await reach(1);
    add();
    await reach(2);
    opened.at(-1)!.terminate();
    add();
    add();
    await expect.poll(() => states.at(-1)).toBe('reconnecting');
    await reach(4);
    add();
    await reach(5);
    leave();
    expect(given).toEqual([1, 2, 3, 4, 5]);
    expect([opened.length, states.at(-1)]).toEqual([2, 'live']);
    expect(opened[1]!.url).toBe(`${base.replace('http', 'ws')}/ws/test?after=2`);
  });
});
