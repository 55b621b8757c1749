/**
 * One value describes a route: the router entry, the row of the permission table, the OpenAPI operation, the client's types and
 * the generated test of who may not call it all come from it. A route without `who` does not compile.
 */
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Refusal } from '../refusal.ts';

/** The roles of the platform; `administrator` keeps accounts and can never act as officer, bidder or expert. */
export const roles = [
  'bidder',
  'tenderer',
  'agency',
  'host',
  'witness',
  'supervisor',
  'finance',
  'expert',
  'auditor',
  'administrator',
] as const;
export type Role = (typeof roles)[number];

/** Who may call: anybody, anybody with a session, or holders of one of the roles. */
export type Who = 'anyone' | 'signed-in' | readonly Role[];

/** The person behind a session. `person` is what the journal names; names and phone numbers never enter it. */
export type Principal = {
  readonly person: string;
  readonly organisation: string | null;
  readonly roles: readonly Role[];
  readonly certSha256: string;
  readonly session: string;
};

export type Call<P, Q, B> = {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Null only on routes for `anyone`. */
  readonly principal: Principal | null;
  readonly requestId: string;
  readonly idempotencyKey: string | undefined;
  /** The raw request of an upload route. */
  readonly stream: Readable;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  setCookie(name: string, value: string | null, maxAgeSeconds: number): void;
};

/** Who asks, as acts need it; only for routes that are not for `anyone`. */
export type Caller = {
  readonly principal: Principal;
  readonly requestId: string;
  readonly idempotencyKey: string | undefined;
};

/** The caller of a route with roles: the router has already refused calls without a session. */
export function callerOf(call: Pick<Call<never, never, never>, 'principal' | 'requestId' | 'idempotencyKey'>): Caller {
  if (!call.principal) throw new Error('a route for anyone has no caller');
  return { principal: call.principal, requestId: call.requestId, idempotencyKey: call.idempotencyKey };
}

/** An answer that is not JSON: a PDF, a tile, a checkpoint. */
export class BinaryAnswer {
  readonly body: Uint8Array | Readable;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(body: Uint8Array | Readable, contentType: string, headers: Readonly<Record<string, string>> = {}) {
    this.body = body;
    this.contentType = contentType;
    this.headers = headers;
  }
}

type Schema<T> = z.ZodType<T>;

export type RouteSpec<P, Q, B, A> = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** koa-router path: `/api/projects/:id`. */
  readonly path: string;
  /** Stable name of the operation, verb first: `sealTender`. */
  readonly name: string;
  readonly who: Who;
  readonly summary: { readonly zh: string; readonly en: string };
  readonly params?: Schema<P>;
  readonly query?: Schema<Q>;
  /** A JSON body; `stream` hands the raw request to the handler. */
  readonly body?: Schema<B> | 'stream';
  /** Upper bound of the body in bytes; 256 KiB when silent. */
  readonly maxBytes?: number;
  /** The answer's schema, or `binary`. */
  readonly answer: Schema<A> | 'binary';
  readonly status?: number;
  /** Only for GET by `anyone`: callers without a session share one JSON answer for this time; an act of this node ends it at once. */
  readonly sharedMilliseconds?: number;
  /** Only for GET by `anyone` that shows more to some: reads by those who are signed in (bidders excepted) are noted. */
  readonly notesReaders?: boolean;
  /** The refusal codes a caller must be ready for, beside the common ones. */
  readonly refusals: readonly string[];
};

export type Route = {
  readonly spec: RouteSpec<unknown, unknown, unknown, unknown>;
  readonly handle: (call: Call<unknown, unknown, unknown>) => Promise<unknown>;
};

/** Ties a handler to its description; the handler answers with the declared type or a refusal. */
export function route<P = Record<string, never>, Q = Record<string, never>, B = null, A = never>(
  spec: RouteSpec<P, Q, B, A>,
  handle: (call: Call<P, Q, B>) => Promise<A | BinaryAnswer | Refusal>,
): Route {
  return { spec: spec as RouteSpec<unknown, unknown, unknown, unknown>, handle: handle as Route['handle'] };
}

/** Whether the principal may call a route of this `who`; the deny-by-default rule in one place. */
export function mayCall(who: Who, principal: Principal | null): boolean {
  if (who === 'anyone') return true;
  if (principal === null) return false;
  return who === 'signed-in' || who.some((role) => principal.roles.includes(role));
}
