import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalCodes } from './style/refusal-tables.ts';
import { startApp, type TestApp } from './support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const get = (path: string, init?: RequestInit) => fetch(app.base + path, init);

type Operation = {
  operationId: string;
  summary: string;
  tags: string[];
  parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content: Record<string, { schema: object }> }>;
};
type Document = {
  openapi: string;
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: object };
};

describe('the interface describes itself', () => {
  let document: Document;
  let operations: { path: string; method: string; operation: Operation }[];
  /** The demo's own clock is no part of the interface. */
  const described = () => app.rooms.routes.filter(({ spec }) => !spec.path.startsWith('/demo/'));
  beforeAll(async () => {
    document = (await (await get('/openapi.json')).json()) as Document;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
  });

  it('in OpenAPI 3.1, with every route as an operation of its own name', () => {
    expect(document.openapi).toBe('3.1.0');
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.length - new Set(ids).size).toBe(0);
    for (const { spec } of described()) expect(ids).toContain(spec.name);
  });

  it('with exactly the parameters that the path names, each required', () => {
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(declared.map(({ name }) => name).toSorted(), path).toEqual(named.toSorted());
      expect(declared.every(({ required }) => required === true)).toBe(true);
      expect(path).toMatch(/^\/[\w./{}-]*$/);
    }
  });

  it('with declared tags, a summary in two languages, an answer and a refusal', () => {
    const tags = document.tags.map(({ name }) => name);
    for (const { operation } of operations) {
      expect(operation.tags.every((tag) => tags.includes(tag))).toBe(true);
      expect(operation.summary).toMatch(/\p{Script=Han}.* \/ .*[a-z]/u);
      expect(Object.keys(operation.responses)).toEqual([expect.stringMatching(/^2\d\d$/), 'default']);
    }
  });

  it('with schemas that JSON Schema 2020-12 accepts in strict mode, and references that lead somewhere', () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
    addFormats.default(ajv);
    for (const format of ['base64', 'base64url', 'cidrv4', 'cidrv6', 'jwt']) ajv.addFormat(format, true);
    // References of an OpenAPI document count from its root.
    const whole = (schema: object) => ({ ...schema, components: document.components });
    ajv.addVocabulary(['components']);
    for (const { path, operation } of operations) {
      const schemas = [
        ...(operation.parameters ?? []).map(({ schema }) => schema),
        ...[operation.requestBody, ...Object.values(operation.responses)].flatMap((part) =>
          Object.values(part?.content ?? {}).map(({ schema }) => schema),
        ),
      ];
      for (const schema of schemas) expect(() => ajv.compile(whole(schema)), path).not.toThrow();
    }
  });

  it('as a page that names every operation and carries no script', async () => {
    const html = await (await get('/api')).text();
    for (const { spec } of described()) expect(html).toContain(`id="${spec.name}"`);
    expect(html).not.toMatch(/<script|<style|\sstyle=/);
  });

  it('names no refusal code that no table explains', async () => {
    const known = new Set(await refusalCodes());
    for (const { spec } of app.rooms.routes)
      expect(
        spec.refusals.filter((code) => !known.has(code)),
        spec.name,
      ).toEqual([]);
  });
});

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

  it('counts requests for /metrics, by nothing that could tell an upload from a reading', async () => {
    const text = await (await get('/metrics')).text();
    expect(text).toContain('http_request_seconds_count{status="2xx"}');
    expect(text).not.toMatch(/PUT|POST|method=|path=|tender/);
  });

  it('refuses a changing request from another origin', async () => {
    const answer = await get('/api/anything', { method: 'POST', headers: { origin: 'https://evil.example' } });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([403, 'foreign-origin']);
  });
});
