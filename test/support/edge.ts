/** The real application and server over routes made for the edge's tests, and octets written by hand. */
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach } from 'vitest';
import { z } from 'zod';
import { createApp, type HttpOptions } from '../../src/platform/http/app.ts';
import { readBytes } from '../../src/platform/http/body.ts';
import { type HttpLimits, openListener } from '../../src/platform/http/listen.ts';
import { BinaryAnswer, type Route, route } from '../../src/platform/http/route.ts';
import { createLogger } from '../../src/platform/log.ts';
import { commonRefusal } from '../../src/platform/refusal.ts';

const summary = { zh: '试', en: 'Trial' };
const open = { who: 'anyone', summary, refusals: [] } as const;
const word = z.object({ word: z.string() });

/** What handlers leave for the test to look at; `held` says when an upload has begun. */
export const traces = {
  leaked: undefined as Readable | undefined,
  counted: 0,
  begun: Promise.withResolvers<void>(),
};

const routes: readonly Route[] = [
  route({ ...open, method: 'GET', path: '/hello', name: 'hello', answer: word }, async () => ({ word: 'hello' })),
  route({ ...open, method: 'GET', path: '/long', name: 'long', answer: word }, async () => ({
    word: 'long '.repeat(1000),
  })),
  route(
    {
      ...open,
      method: 'GET',
      path: '/ask',
      name: 'ask',
      query: z.strictObject({ q: z.string().max(10) }),
      answer: word,
    },
    async (call) => ({ word: call.query.q }),
  ),
  route(
    { ...open, method: 'POST', path: '/words', name: 'post', body: z.strictObject({ word: z.string() }), answer: word },
    async (call) => ({ word: call.body.word }),
  ),
  route(
    {
      ...open,
      method: 'PUT',
      path: '/upload',
      name: 'upload',
      body: 'stream',
      answer: z.object({ bytes: z.number() }),
    },
    async (call) => {
      try {
        return { bytes: (await readBytes(call.stream, 1 << 20)).length };
      } finally {
        // As a room does that clears up before it refuses: the body's reader is gone by then, the answer still to come.
        for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      }
    },
  ),
  route({ ...open, method: 'PUT', path: '/deaf', name: 'deaf', body: 'stream', answer: word }, async () =>
    commonRefusal('not-found'),
  ),
  route(
    { ...open, method: 'PUT', path: '/held', name: 'held', body: 'stream', answer: z.object({ bytes: z.number() }) },
    async (call) => {
      traces.begun.resolve();
      return { bytes: (await readBytes(call.stream, 1 << 20)).length };
    },
  ),
  route(
    { ...open, method: 'PUT', path: '/secret', name: 'secret', who: ['host'], body: 'stream', answer: word },
    async () => ({ word: 'in' }),
  ),
  route({ ...open, method: 'GET', path: '/mine', name: 'mine', who: 'signed-in', answer: word }, async () => ({
    word: 'mine '.repeat(1000),
  })),
  route(
    { ...open, method: 'POST', path: '/cookie', name: 'cookie', body: z.strictObject({}), answer: word },
    async (call) => {
      call.setCookie('yg_other', 'v', 60);
      return { word: 'set '.repeat(1000) };
    },
  ),
  route(
    {
      ...open,
      method: 'GET',
      path: '/count',
      name: 'count',
      query: z.strictObject({ q: z.string().optional() }),
      answer: word,
      sharedMilliseconds: 3_600_000,
    },
    async (call) => {
      traces.counted += 1;
      return call.query.q === 'refuse' ? commonRefusal('not-found') : { word: String(traces.counted) };
    },
  ),
  route({ ...open, method: 'GET', path: '/stream', name: 'stream', answer: 'binary' }, async () => {
    traces.leaked = Readable.from([Buffer.from('octets')]);
    return new BinaryAnswer(traces.leaked, 'text/plain');
  }),
  route({ ...open, method: 'GET', path: '/broken', name: 'broken', answer: 'binary' }, async () => {
    async function* halves() {
      yield Buffer.from('the first half');
      throw new Error('disk gone');
    }
    return new BinaryAnswer(Readable.from(halves()), 'text/csv');
  }),
  route({ ...open, method: 'GET', path: '/fault', name: 'fault', answer: word }, async () => {
    throw Object.assign(new Error("insert into person values ('张三')"), {
      code: '23502',
      detail: 'Failing row contains (张三)',
      query: "insert into person values ('张三')",
    });
  }),
];

type Edge = {
  readonly base: string;
  readonly port: number;
  readonly lines: string[];
  close(ms?: number): Promise<void>;
};
const running: Edge[] = [];
afterEach(async () => {
  traces.begun = Promise.withResolvers<void>();
  for (const edge of running.splice(0)) await edge.close(0);
});

/** Starts it on a free port; it is closed after the test. */
export async function serve(options: Partial<HttpOptions> = {}, limits: Partial<HttpLimits> = {}): Promise<Edge> {
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line) => lines.push(line) });
  const listener = openListener(limits);
  let base = '';
  const app = createApp({
    routes,
    logger,
    identify: async (cookie) =>
      cookie === 'good'
        ? {
            principal: { person: 'p', organisation: null, roles: ['witness'], certSha256: '', session: 's' },
            csrf: 'token',
          }
        : null,
    origin: () => base,
    secureCookies: false,
    requestsPerMinute: 1_000,
    closing: listener.closing,
    ...options,
  });
  const port = await listener.listen(app.callback(), 0, '127.0.0.1');
  base = `http://127.0.0.1:${port}`;
  const edge = { base, port, lines, close: (ms = 0) => listener.close(ms) };
  running.push(edge);
  return edge;
}

/** Writes raw octets and gathers everything until the server ends the connection or `enough` is seen. */
export async function raw(
  port: number,
  text: string | Buffer,
  enough?: RegExp,
): Promise<{ said: string; socket: Socket }> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  let said = '';
  const done = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (enough?.test(said)) resolve();
    });
    socket.on('close', () => resolve());
  });
  socket.write(text);
  await done;
  return { said, socket };
}
/** The head of a request by hand. */
export const request = (line: string, headers: Record<string, string> = {}, body = '') =>
  `${line} HTTP/1.1\r\nHost: test\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n${body}`;
export const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;
