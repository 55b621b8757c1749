/** OpenAPI 3.1 from the same route values that the router uses. */
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { type ApiGroups, groupOf } from './api-page.ts';
import type { Route } from './route.ts';

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    code: z.string(),
    zh: z.string(),
    en: z.string(),
    requestId: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem document; `code` is stable' });

const octets = { type: 'string' as const, contentMediaType: 'application/octet-stream' };
const changing = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** The document of all routes; `version` is the product's, `groups` name the tags. */
export function openApiDocument(routes: readonly Route[], version: string, groups: ApiGroups): unknown {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const { spec } of routes) {
    for (const [i, path] of openApiPaths(spec.path).entries())
      paths[path] = {
        ...paths[path],
        [spec.method.toLowerCase()]: operationOf(spec, path, i, groupOf(spec.path, groups)),
      };
  }
  const used = new Set(routes.map(({ spec }) => groupOf(spec.path, groups)));
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: '阳光交易 Yangguang',
      version,
      description:
        'Every act goes through one journal that anyone can check offline. 每项操作都写入公开日志，可离线核验。',
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    servers: [{ url: '/' }],
    tags: [...used].map((name) => ({
      name,
      description: groups[name] ? `${groups[name].zh} / ${groups[name].en}` : name,
    })),
    paths: paths as ZodOpenApiPathsObject,
    components: {
      schemas: { Problem: problem },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'yg_session' },
        csrf: { type: 'apiKey', in: 'header', name: 'X-CSRF-Token' },
      },
    },
  });
}

/** A router path as OpenAPI writes it; one with optional ends (`/tile/:a{/:b}`) is several paths, shortest first. */
export function openApiPaths(path: string): string[] {
  const [fixed = '', ...optional] = path.split(/\{(?=\/)/).map((part) => part.replace('}', ''));
  const named = (text: string) => text.replace(/[:*](\w+)/g, '{$1}');
  return [fixed, ...optional].map((_part, i) => named(fixed + optional.slice(0, i).join('')));
}

/** The path parameters of one variant of a path, all of them required. */
function pathParameters(params: unknown, path: string): z.ZodObject | undefined {
  if (!(params instanceof z.ZodObject)) return undefined;
  const there = Object.keys(params.shape).filter((name) => path.includes(`{${name}}`));
  return z.object(
    Object.fromEntries(
      there.map((name) => {
        const piece = params.shape[name] as z.ZodType;
        return [name, piece instanceof z.ZodOptional ? (piece.unwrap() as z.ZodType) : piece];
      }),
    ),
  );
}

function operationOf(spec: Route['spec'], path: string, variant: number, group: string): ZodOpenApiOperationObject {
  const success =
    spec.answer === 'binary'
      ? { 'application/octet-stream': { schema: octets } }
      : { 'application/json': { schema: spec.answer as z.ZodType } };
  const changes = changing.has(spec.method);
  const parameters = pathParameters(spec.params, path);
  const who = Array.isArray(spec.who) ? spec.who.join(', ') : spec.who;
  return {
    operationId: variant === 0 ? spec.name : `${spec.name}${variant + 1}`,
    summary: `${spec.summary.zh} / ${spec.summary.en}`,
    description: `Who: ${who}.`,
    tags: [group],
    security: spec.who === 'anyone' ? [] : [changes ? { session: [], csrf: [] } : { session: [] }],
    requestParams: {
      ...(parameters ? { path: parameters } : {}),
      ...(spec.query ? { query: spec.query as unknown as z.ZodObject } : {}),
      ...(changes ? { header: idempotency } : {}),
    },
    ...(spec.body === undefined ? {} : { requestBody: requestBody(spec.body) }),
    responses: {
      [String(spec.status ?? 200)]: { description: spec.summary.en, content: success },
      default: {
        description: `Refusal. Codes: ${spec.refusals.join(', ') || 'the common ones'}`,
        content: { 'application/problem+json': { schema: problem } },
      },
    },
  };
}

const idempotency = z.object({
  'Idempotency-Key': z
    .string()
    .optional()
    .meta({ description: 'Repeating a key with the same input gives the first answer' }),
});

const requestBody = (body: NonNullable<Route['spec']['body']>) => ({
  required: true,
  content:
    body === 'stream'
      ? { 'application/octet-stream': { schema: octets } }
      : { 'application/json': { schema: body as z.ZodType } },
});
