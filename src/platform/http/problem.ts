import type Koa from 'koa';
import type { Refusal } from '../refusal.ts';

/** Writes a refusal as an RFC 9457 problem document: stable code, both languages, request id. */
export function sendProblem(
  ctx: Pick<Koa.Context, 'status' | 'body' | 'set'>,
  refusal: Refusal,
  requestId: string,
): void {
  ctx.status = refusal.status;
  ctx.body = JSON.stringify({
    type: `urn:yangguang:refusal:${refusal.code}`,
    title: `${refusal.zh} / ${refusal.en}`,
    status: refusal.status,
    code: refusal.code,
    zh: refusal.zh,
    en: refusal.en,
    requestId,
    ...(refusal.details ? { details: refusal.details } : {}),
  });
  ctx.set('Content-Type', 'application/problem+json; charset=utf-8');
}
