import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp } from './support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const get = (path: string, init?: RequestInit) => fetch(app.base + path, init);

describe('the house over HTTP', () => {
  it('says that it is alive and ready', async () => {
    for (const path of ['/healthz', '/readyz']) expect(await (await get(path)).json()).toMatchObject({ status: 'ok' });
  });

  it('answers an unknown path with a problem document in both languages and a request id', async () => {
    const answer = await get('/nowhere');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const problem = (await answer.json()) as Record<string, string>;
    expect(problem).toMatchObject({ code: 'not-found', zh: '没有找到', en: 'Not found' });
    expect(problem.requestId).toBe(answer.headers.get('x-request-id'));
  });

  it('sends a content security policy without unsafe-inline', async () => {
    const policy = (await get('/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe-inline');
  });

  it('describes itself in OpenAPI 3.1', async () => {
    expect(await (await get('/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' });
  });

  it('counts requests for /metrics', async () => {
    expect(await (await get('/metrics')).text()).toContain('http_request_seconds_count');
  });

  it('refuses a changing request from another origin', async () => {
    const answer = await get('/api/anything', { method: 'POST', headers: { origin: 'https://evil.example' } });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([403, 'foreign-origin']);
  });
});
