/** The edge as an attacker meets it: bodies, connections, addresses; on real sockets. */
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openBody, readBytes } from '../src/platform/http/body.ts';
import { openListener } from '../src/platform/http/listen.ts';
import { networkOf } from '../src/platform/http/rate-limit.ts';
import type { RefusalError } from '../src/platform/refusal.ts';
import { codeOf, raw, request, serve } from './support/edge.ts';

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
