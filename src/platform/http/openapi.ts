/** OpenAPI 3.1 from the same route values that the router uses. */
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
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

/** The document of all routes; `version` is the product's. */
export function openApiDocument(routes: readonly Route[], version: string): unknown {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const { spec } of routes) {
    const path = spec.path.replace(/\{?\/?:(\w+)\}?/g, '/{$1}').replace('//', '/');
    paths[path] = { ...paths[path], [spec.method.toLowerCase()]: operationOf(spec) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: '阳光交易 Yangguang',
      version,
      description:
        'Every act goes through one journal; see /guide for how to check it. 每项操作都写入公开日志，可离线核验。',
    },
    paths: paths as ZodOpenApiPathsObject,
    components: {
      schemas: { Problem: problem },
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'yg_session' } },
    },
  });
}

function operationOf(spec: Route['spec']): ZodOpenApiOperationObject {
  const success =
    spec.answer === 'binary'
      ? { 'application/octet-stream': { schema: z.string() } }
      : { 'application/json': { schema: spec.answer as z.ZodType } };
  return {
    operationId: spec.name,
    summary: `${spec.summary.zh} / ${spec.summary.en}`,
    tags: [spec.path.split('/')[2] ?? 'system'],
    ...(spec.who === 'anyone' ? { security: [] } : { security: [{ session: [] }] }),
    requestParams: {
      ...(spec.params ? { path: spec.params as unknown as z.ZodObject } : {}),
      ...(spec.query ? { query: spec.query as unknown as z.ZodObject } : {}),
    },
    ...(spec.body === undefined
      ? {}
      : {
          requestBody: {
            content:
              spec.body === 'stream'
                ? { 'application/octet-stream': { schema: z.string() } }
                : { 'application/json': { schema: spec.body as z.ZodType } },
          },
        }),
    responses: {
      [String(spec.status ?? 200)]: { description: spec.summary.en, content: success },
      default: {
        description: `Refusal. Codes: ${spec.refusals.join(', ') || 'the common ones'}. Who: ${Array.isArray(spec.who) ? spec.who.join(', ') : spec.who}`,
        content: { 'application/problem+json': { schema: problem } },
      },
    },
  };
}
