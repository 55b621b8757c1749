/** The edge as an attacker meets it: the real application and server over routes made for the test, on real sockets. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApp, type HttpOptions, sessionCookie } from '../src/platform/http/app.ts';
import { openBody, readBytes } from '../src/platform/http/body.ts';
import { type HttpLimits, openListener } from '../src/platform/http/listen.ts';
import { networkOf } from '../src/platform/http/rate-limit.ts';
import { BinaryAnswer, type Route, route } from '../src/platform/http/route.ts';
import { createLogger } from '../src/platform/log.ts';
import { commonRefusal, type RefusalError } from '../src/platform/refusal.ts';

const summary = { zh: '试', en: 'Trial' };
const open = { who: 'anyone', summary, refusals: [] } as const;
const word = z.object({ word: z.string() });

let leaked: Readable | undefined;
let counted = 0;
/** Lets a handler say that it has begun, and waits until the test lets it go on. */
const gate = () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  return { begun, begin, released, release };
};
let held = gate();

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
      held.begin();
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
      counted += 1;
      return call.query.q === 'refuse' ? commonRefusal('not-found') : { word: String(counted) };
    },
  ),
  route({ ...open, method: 'GET', path: '/stream', name: 'stream', answer: 'binary' }, async () => {
    leaked = Readable.from([Buffer.from('octets')]);
    return new BinaryAnswer(leaked, 'text/plain');
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
  held.release();
  held = gate();
  for (const edge of running.splice(0)) await edge.close(0);
});

async function serve(options: Partial<HttpOptions> = {}, limits: Partial<HttpLimits> = {}): Promise<Edge> {
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
async function raw(port: number, text: string | Buffer, enough?: RegExp): Promise<{ said: string; socket: Socket }> {
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
const request = (line: string, headers: Record<string, string> = {}, body = '') =>
  `${line} HTTP/1.1\r\nHost: test\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n${body}`;
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

describe('bodies', () => {
  it('tells why it refused while the body is still coming, chunked or with a length', async () => {
    const { port, base } = await serve();
    const lying = await raw(
      port,
      request('PUT /upload', { 'Content-Length': '5000000' }, 'x'.repeat(2_000_000)),
      /too-large/,
    );
    expect(lying.said).toContain('HTTP/1.1 413');
    lying.socket.destroy();
    const chunk = `${(1 << 16).toString(16)}\r\n${'x'.repeat(1 << 16)}\r\n`;
    const chunked = await raw(
      port,
      request('PUT /upload', { 'Transfer-Encoding': 'chunked' }, chunk.repeat(20)),
      /too-large/,
    );
    expect(chunked.said).toContain('HTTP/1.1 413');
    chunked.socket.destroy();
    expect((await fetch(`${base}/hello`)).status).toBe(200);
  });

  it('refuses a JSON body by its length before reading it', async () => {
    const { port } = await serve();
    const { said, socket } = await raw(
      port,
      request('POST /words', { 'Content-Type': 'application/json', 'Content-Length': '999999999' }),
      /too-large/,
    );
    expect(said).toContain('413');
    socket.destroy();
  });

  it('does not take the rest of an unread body for the next request of the connection', async () => {
    const { port } = await serve();
    const smuggled = request('GET /hello');
    const { said, socket } = await raw(
      port,
      request('PUT /deaf', { 'Content-Length': String(smuggled.length) }, smuggled) + request('GET /long'),
      /long long/,
    );
    expect(said.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200']);
    expect(said).not.toContain('hello');
    socket.destroy();
  });

  it('keeps a connection usable whose refused body came to its end', async () => {
    const { port } = await serve();
    const body = 'x'.repeat(3_000_000);
    const { said, socket } = await raw(
      port,
      request('PUT /upload', { 'Content-Length': String(body.length) }, body) + request('GET /hello'),
      /hello/,
    );
    expect(said.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
    socket.destroy();
  });

  it('cuts a sender that goes on after its refusal', async () => {
    const { port } = await serve({}, { lingerMilliseconds: 1 });
    const { said } = await raw(port, request('PUT /deaf', { 'Content-Length': '100000' }, 'begun'));
    expect(said).toContain('404');
  });

  it('refuses a sender that drips', async () => {
    const listener = openListener();
    const pace = { windowMilliseconds: 0, bytes: 1_000 };
    const port = await listener.listen(
      async (incoming, response) => {
        const refused = await readBytes(openBody(incoming, response, { pace }), 1 << 20).catch((error: Error) => error);
        response.end((refused as RefusalError).refusal.code);
      },
      0,
      '127.0.0.1',
    );
    const { said, socket } = await raw(port, request('PUT /', { 'Content-Length': '100' }, 'drip'), /request-too-slow/);
    expect(said).toContain('200');
    socket.destroy();
    await listener.close(0);
  });

  it('asks an uploader for the body only when somebody reads it', async () => {
    const { port } = await serve();
    const expecting = { Expect: '100-continue', 'Content-Length': '5' };
    const refused = await raw(port, request('PUT /secret', expecting));
    expect(refused.said).toContain('401');
    expect(refused.said).not.toContain('100 Continue');
    const invited = await raw(port, request('PUT /upload', expecting), /100 Continue/);
    const answered = once(invited.socket, 'data');
    invited.socket.write('12345');
    expect(String((await answered)[0])).toContain('{"bytes":5}');
    invited.socket.destroy();
  });

  it('takes no other type for JSON, no broken JSON, no field it does not know', async () => {
    const { base } = await serve();
    const post = (body: string, type = 'application/json') =>
      fetch(`${base}/words`, { method: 'POST', body, headers: { 'content-type': type } });
    expect((await post('{"word":"a"}')).status).toBe(200);
    expect((await post('{"word":"a"}', 'application/json-seq')).status).toBe(415);
    expect((await post('{"word":"a"}', 'text/plain')).status).toBe(415);
    for (const body of [
      '{',
      '"\\ud800',
      '{"word":"a","more":1}',
      '{"word":"a","__proto__":{"admin":true}}',
      '[]',
      'null',
    ])
      expect(await codeOf(await post(body)), body).toBe('bad-request');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

describe('connections', () => {
  it('refuses headers beyond the bound, and what is no HTTP, with a problem document', async () => {
    const { port } = await serve();
    const large = await raw(port, request('GET /hello', { 'X-Filler': 'x'.repeat(20_000) }));
    expect(large.said).toContain('431');
    expect(large.said).toContain('headers-too-large');
    expect((await raw(port, 'not http at all\r\n\r\n')).said).toContain('"code":"bad-request"');
    expect(
      (await raw(port, request('GET /hello', { 'Content-Length': '3', 'Transfer-Encoding': 'chunked' }))).said,
    ).toContain('400');
  });

  it('ends a connection whose headers never end', async () => {
    const { port } = await serve({}, { headersMilliseconds: 50 });
    expect((await raw(port, 'GET /hello HTTP/1.1\r\nHost: test\r\nX-Slow: ')).said).toContain('408');
  });

  it('ends a connection on which an upload says nothing more', async () => {
    const { port } = await serve({}, { idleMilliseconds: 50 });
    expect((await raw(port, request('PUT /upload', { 'Content-Length': '100' }, 'ten bytes!'))).said).toBe('');
  });
});

describe('addresses', () => {
  it('limits requests of an address and says when to come back', async () => {
    const { base } = await serve({ requestsPerMinute: 2 });
    const answers = [];
    for (let i = 0; i < 3; i++)
      answers.push(await fetch(`${base}/hello`, { headers: { 'x-forwarded-for': `10.0.0.${i}` } }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(Number(answers[2]!.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('believes X-Forwarded-For of a configured proxy only, and of it the last entry', async () => {
    const { base } = await serve({ requestsPerMinute: 1, trustedProxies: 1 });
    const from = async (header: string) =>
      (await fetch(`${base}/hello`, { headers: { 'x-forwarded-for': header } })).status;
    expect(await from('198.51.100.1')).toBe(200);
    expect(await from('203.0.113.9, 198.51.100.1')).toBe(429);
    expect(await from('198.51.100.2')).toBe(200);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:aaaa::1', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::ffff', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('counts %s as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('methods, paths and queries', () => {
  it('answers HEAD like GET without a body and closes the stream behind it', async () => {
    const { base } = await serve();
    const head = await fetch(`${base}/hello`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '16', '']);
    expect((await fetch(`${base}/stream`, { method: 'HEAD' })).status).toBe(200);
    expect(leaked!.destroyed).toBe(true);
  });

  it('names the methods of a path that is asked with another', async () => {
    const { base } = await serve();
    const answer = await fetch(`${base}/words`);
    expect([answer.status, answer.headers.get('allow'), await codeOf(answer)]).toEqual([
      405,
      'POST, OPTIONS',
      'method-not-allowed',
    ]);
    const options = await fetch(`${base}/hello`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'HEAD, GET, OPTIONS']);
    expect(options.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each(['/ask?q=a&q=b', '/ask?q=a&__proto__=b', '/ask?q[]=a', '/ask?q=12345678901', '/ask'])(
    'refuses the query of %s',
    async (path) => {
      const { base } = await serve();
      expect(await codeOf(await fetch(base + path))).toBe('bad-request');
    },
  );

  it.each(['/%', '/hello/..%2f', '//hello', '/HELLO%00', '/..;/hello'])('does not trip over %s', async (path) => {
    const { port } = await serve();
    const { said, socket } = await raw(port, request(`GET ${path}`), /\}$/);
    expect(said).toContain('HTTP/1.1 404');
    socket.destroy();
  });
});

describe('sessions', () => {
  const cookie = { cookie: `${sessionCookie}=good` };
  it('keeps answers of a session out of caches and uncompressed; public ones may be squeezed', async () => {
    const { base } = await serve();
    const mine = await fetch(`${base}/mine`, { headers: cookie });
    expect([mine.headers.get('cache-control'), mine.headers.get('content-encoding')]).toEqual(['no-store', null]);
    expect((await fetch(`${base}/hello`, { headers: cookie })).headers.get('cache-control')).toBe('no-store');
    expect((await fetch(`${base}/mine`)).headers.get('cache-control')).toBe('no-store');
    const open = await fetch(`${base}/long`);
    expect([open.headers.get('cache-control'), open.headers.get('content-encoding')]).toEqual(['no-cache', 'gzip']);
    const setting = await fetch(`${base}/cookie`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect([setting.headers.get('cache-control'), setting.headers.get('content-encoding')]).toEqual(['no-store', null]);
  });

  it('sets secure cookies behind a proxy that ends TLS', async () => {
    const { base } = await serve({ secureCookies: true });
    const answer = await fetch(`${base}/cookie`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.headers.get('set-cookie')).toMatch(/secure; httponly|httponly.*secure|secure.*httponly/i);
    expect(answer.headers.get('strict-transport-security')).toContain('max-age');
  });

  it.each([
    [{}, 'csrf-missing'],
    [{ 'x-csrf-token': 'tokem' }, 'csrf-missing'],
    [{ 'x-csrf-token': 'token', origin: 'null' }, 'foreign-origin'],
    [{ 'x-csrf-token': 'token', 'sec-fetch-site': 'cross-site' }, 'foreign-origin'],
    [{ 'x-csrf-token': 'token' }, 'not-permitted'],
  ] as [Record<string, string>, string][])('with headers %o a change is refused as %s', async (headers, code) => {
    const { port } = await serve();
    const { said, socket } = await raw(
      port,
      request('PUT /secret', { Cookie: `${sessionCookie}=good`, 'Content-Length': '0', ...headers }),
      /"code"/,
    );
    expect(said).toContain(`"code":"${code}"`);
    socket.destroy();
  });
});

describe('shared answers', () => {
  const ask = async (base: string, query = '', headers: Record<string, string> = {}) =>
    (await fetch(`${base}/count${query}`, { headers })).json();

  it('are made once for many who ask together, by address and query, and anew after a change', async () => {
    let change = () => {};
    const { base } = await serve({ onChange: (listener) => (change = listener) });
    counted = 0;
    const together = await Promise.all(Array.from({ length: 20 }, () => ask(base)));
    expect(new Set(together.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"word":"1"}']));
    expect(await ask(base, '?q=a')).toEqual({ word: '2' });
    expect(await ask(base)).toEqual({ word: '1' });
    change();
    expect(await ask(base)).toEqual({ word: '3' });
  });

  it('are not given to a session, and a refusal is never kept', async () => {
    const { base } = await serve({ onChange: () => {} });
    counted = 0;
    await ask(base);
    expect(await ask(base, '', { cookie: `${sessionCookie}=good` })).toEqual({ word: '2' });
    expect(await ask(base, '?q=refuse')).toMatchObject({ code: 'not-found' });
    expect(await ask(base, '?q=refuse')).toMatchObject({ code: 'not-found' });
    expect(counted).toBe(4);
  });
});

describe('failures', () => {
  it('breaks off an answer whose stream fails, so that nobody takes a half for the whole', async () => {
    const { base } = await serve();
    await expect(fetch(`${base}/broken`).then((answer) => answer.text())).rejects.toThrow();
  });

  it('says only a request id of an unexpected error, and logs no value of a statement', async () => {
    const { base, lines } = await serve();
    const answer = await fetch(`${base}/fault`);
    const problem = (await answer.json()) as { code: string; requestId: string };
    expect([answer.status, problem.code]).toEqual([500, 'internal-error']);
    expect(lines.join('\n')).toContain(problem.requestId);
    expect(lines.join('\n')).toContain('23502');
    expect(lines.join('\n')).not.toContain('张三');
  });

  it('logs the operation, neither path nor query', async () => {
    const { base, lines } = await serve();
    await fetch(`${base}/ask?q=lisi`);
    expect(lines.at(-1)).toContain('"operation":"ask"');
    expect(lines.join('\n')).not.toContain('lisi');
  });
});

describe('shutdown', () => {
  it('lets an upload end, refuses new requests, then closes', async () => {
    const { port, base, close } = await serve();
    const socket = connect(port, '127.0.0.1');
    socket.write(request('PUT /held', { 'Content-Length': '10' }, '12345'));
    await held.begun;
    const closed = close(60_000);
    await expect(fetch(`${base}/hello`)).rejects.toThrow();
    const answered = once(socket, 'data');
    socket.write('67890');
    expect(String((await answered)[0])).toContain('{"bytes":10}');
    await closed;
    socket.destroy();
  });

  it('cuts an upload that does not end before the deadline', async () => {
    const { port, close } = await serve();
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    const cut = once(socket, 'close');
    socket.write(request('PUT /held', { 'Content-Length': '10' }, '12345'));
    await held.begun;
    await close(1);
    await cut;
    expect(socket.destroyed).toBe(true);
  });
});
