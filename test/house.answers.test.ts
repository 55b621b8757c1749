/** What the edge answers: methods, sessions, shared answers, failures, shutdown; over real HTTP. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { sessionCookie } from '../src/platform/http/app.ts';
import { codeOf, raw, request, serve, traces } from './support/edge.ts';

describe('methods, paths and queries', () => {
  it('answers HEAD like GET without a body and closes the stream behind it', async () => {
    const { base } = await serve();
    const head = await fetch(`${base}/hello`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '16', '']);
    expect((await fetch(`${base}/stream`, { method: 'HEAD' })).status).toBe(200);
    expect(traces.leaked!.destroyed).toBe(true);
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
    traces.counted = 0;
    const together = await Promise.all(Array.from({ length: 20 }, () => ask(base)));
    expect(new Set(together.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"word":"1"}']));
    expect(await ask(base, '?q=a')).toEqual({ word: '2' });
    expect(await ask(base)).toEqual({ word: '1' });
    change();
    expect(await ask(base)).toEqual({ word: '3' });
  });

  it('are not given to a session, and a refusal is never kept', async () => {
    const { base } = await serve({ onChange: () => {} });
    traces.counted = 0;
    await ask(base);
    expect(await ask(base, '', { cookie: `${sessionCookie}=good` })).toEqual({ word: '2' });
    expect(await ask(base, '?q=refuse')).toMatchObject({ code: 'not-found' });
    expect(await ask(base, '?q=refuse')).toMatchObject({ code: 'not-found' });
    expect(traces.counted).toBe(4);
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
    await traces.begun.promise;
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
    await traces.begun.promise;
    await close(1);
    await cut;
    expect(socket.destroyed).toBe(true);
  });
});
