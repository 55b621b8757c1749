/** The Koa application over a list of routes: request id, errors, headers, rate limit, session, origin and CSRF, router, 404. */
import { timingSafeEqual } from 'node:crypto';
import type { Readable } from 'node:stream';
import Router, { type RouterContext } from '@koa/router';
import Koa from 'koa';
import compress from 'koa-compress';
import helmet from 'koa-helmet';
import type { Logger } from '../log.ts';
import { commonRefusal, isRefusal, type Refusal, RefusalError } from '../refusal.ts';
import { type AccessLog, isNoted } from './access-log.ts';
import { openBody, readJsonBody } from './body.ts';
import { observe } from './observe.ts';
import { type Pages, servePages } from './pages.ts';
import { sendProblem } from './problem.ts';
import { limitRate } from './rate-limit.ts';
import type { HttpState } from './request-state.ts';
import { BinaryAnswer, type Call, mayCall, type Principal, type Route } from './route.ts';
import { type SharedAnswers, sharedAnswers } from './shared-answers.ts';
import { isStorable } from './storable.ts';

export type HttpOptions = {
  readonly routes: readonly Route[];
  readonly logger: Logger;
  /** Finds the session of a request; null when there is none or it has ended. */
  readonly identify: (cookie: string | undefined) => Promise<{ principal: Principal; csrf: string } | null>;
  /** The public origin; requests that change something must come from it. */
  readonly origin: () => string;
  readonly secureCookies: boolean;
  /** Requests a minute for one address. */
  readonly requestsPerMinute: number;
  /** Reverse proxies before this server whose X-Forwarded-For is believed; 0: the header is the client's own claim. */
  readonly trustedProxies?: number;
  /** What browsers see where no route answers; without it there is only the interface. */
  readonly pages?: Pages | undefined;
  /** True once shutdown has begun. */
  readonly closing?: () => boolean;
  /** Calls the listener after each change of what public answers show; without it no answer is shared. */
  readonly onChange?: (listener: () => void) => void;
  /** Told of each read that is noted, after its answer. */
  readonly accessLog?: Pick<AccessLog, 'record'>;
};

export const sessionCookie = 'yg_session';
const unsafeMethods = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Builds the application; it listens nowhere yet. */
export function createApp(options: HttpOptions): Koa<HttpState> {
  const { logger, routes, trustedProxies = 0 } = options;
  const app = new Koa<HttpState>({ proxy: trustedProxies > 0, maxIpsCount: trustedProxies });
  app.on('error', (error: Error & { code?: string }) => {
    if (!/^(EPIPE|ECONNRESET|ERR_STREAM_PREMATURE_CLOSE)$/.test(error.code ?? ''))
      logger.error({ err: error }, 'response failed');
  });
  if (options.accessLog) app.use(noteReads(options.accessLog));
  app.use(observe(logger));
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy },
      hsts: options.secureCookies,
      // For browsers that are gone, or said by the policy above.
      xDnsPrefetchControl: false,
      xDownloadOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
      originAgentCluster: false,
    }),
  );
  app.use(refuseWhenClosing(options));
  app.use(squeeze());
  app.use(limitRate(options.requestsPerMinute));
  app.use(guard(options));
  const router = new Router<HttpState>();
  const shared = sharedAnswers();
  options.onChange?.(shared.clear);
  // A path without parameters is found by name; the router tries its patterns one by one.
  const plain = new Map<string, Handler>();
  for (const route of routes) {
    const handler = handlerOf(route, options, shared);
    const { method, path } = route.spec;
    router.register(path, [method], handler);
    if (/^[\w/.-]+$/.test(path)) plain.set(`${method} ${path}`, handler);
  }
  const patterns = router.routes();
  app.use((ctx, next) => {
    const handler = plain.get(`${ctx.method} ${ctx.path}`);
    return handler ? handler(ctx as RouterContext<HttpState>) : patterns(ctx as RouterContext<HttpState>, next);
  });
  if (options.pages) app.use(servePages(options.pages, options.origin));
  app.use(unmatched);
  return app;
}

const contentSecurityPolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  fontSrc: ["'self'"],
  workerSrc: ["'self'"],
  manifestSrc: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
};

/** Outermost, so that the status is the one that was answered. */
function noteReads(log: Pick<AccessLog, 'record'>): Koa.Middleware<HttpState> {
  return async (ctx, next) => {
    await next();
    const { noted, requestId } = ctx.state;
    if (noted) log.record({ ...noted, status: ctx.status, requestId });
  };
}

/** The path's parameters as they came, cut: a caller chooses them, and their schema has not seen them yet. */
function textParams(params: Record<string, unknown>): Record<string, string> {
  const texts = Object.entries(params).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value.slice(0, 200).replaceAll('\0', '').toWellFormed()]] : [],
  );
  return Object.fromEntries(texts) as Record<string, string>;
}

/** Compression for those who ask for it. */
function squeeze(): Koa.Middleware<HttpState> {
  const middleware = compress({ threshold: 1024, br: false, filter: (type) => /^text\/|[/+]json\b/.test(type) });
  return (ctx, next) => {
    if (ctx.get('Accept-Encoding') !== '') return middleware(ctx, next);
    ctx.vary('Accept-Encoding');
    return next();
  };
}

function refuseWhenClosing({ closing }: HttpOptions): Koa.Middleware<HttpState> {
  return async (ctx, next) => {
    if (!closing?.()) return next();
    ctx.set('Connection', 'close');
    throw new RefusalError(commonRefusal('shutting-down'));
  };
}

/** Session, and for requests that change something: same origin and the session's CSRF token. */
function guard({ identify, origin, secureCookies }: HttpOptions): Koa.Middleware<HttpState> {
  return async (ctx, next) => {
    // Behind a proxy that ends TLS the line to us is plain; whether cookies are secure follows the public origin.
    ctx.cookies.secure = secureCookies;
    const cookie = ctx.cookies.get(sessionCookie);
    const found = await identify(cookie);
    ctx.state.principal = found?.principal ?? null;
    ctx.state.csrf = found?.csrf ?? null;
    // An answer that mixes a secret (CSRF token) with the caller's words must not be compressed: its length tells (BREACH).
    if (cookie !== undefined) ctx.compress = false;
    if (unsafeMethods.has(ctx.method)) {
      const from = ctx.get('Origin');
      if ((from !== '' && from !== origin()) || ctx.get('Sec-Fetch-Site') === 'cross-site')
        throw new RefusalError(commonRefusal('foreign-origin'));
      if (found && !sameText(ctx.get('X-CSRF-Token'), found.csrf))
        throw new RefusalError(commonRefusal('csrf-missing'));
    }
    await next();
  };
}

function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

type Handler = (ctx: RouterContext<HttpState>) => Promise<void>;

/** The route as a handler: permission, input, the room's work, the answer. */
function handlerOf(route: Route, options: HttpOptions, shared: SharedAnswers): Handler {
  const { spec } = route;
  const share = options.onChange && spec.method === 'GET' && spec.who === 'anyone' ? (spec.sharedMilliseconds ?? 0) : 0;
  return async (ctx) => {
    const { principal } = ctx.state;
    ctx.state.operation = spec.name;
    if (principal && isNoted(spec, principal))
      ctx.state.noted = {
        person: principal.person,
        roles: principal.roles,
        operation: spec.name,
        params: textParams(ctx.params ?? {}),
      };
    // Set before anything can refuse; a handler of a public, immutable answer sets its own.
    ctx.set('Cache-Control', principal || spec.who !== 'anyone' ? 'no-store' : 'no-cache');
    if (!mayCall(spec.who, principal))
      throw new RefusalError(commonRefusal(principal ? 'not-permitted' : 'not-signed-in'));
    const make = async () => route.handle(await callOf(ctx, route, options));
    const status = spec.status ?? 200;
    if (share === 0 || principal) return answer(ctx, await make(), status);
    const found = await shared.get(`${spec.name} ${ctx.url}`, share, async () => {
      const value = await make();
      return isRefusal(value) || value instanceof BinaryAnswer
        ? { other: value }
        : { json: Buffer.from(JSON.stringify(value ?? {})) };
    });
    if ('json' in found) sendJson(ctx, found.json, status);
    else answer(ctx, found.other, status);
  };
}

/** What a handler is given: input that its schemas accept, or a refusal is thrown. */
async function callOf(
  ctx: RouterContext<HttpState>,
  { spec }: Route,
  options: HttpOptions,
): Promise<Call<unknown, unknown, unknown>> {
  const { principal, requestId } = ctx.state;
  let stream: Readable | undefined;
  return {
    params: spec.params ? read(spec.params, ctx.params) : {},
    query: spec.query ? read(spec.query, { ...ctx.query }) : {},
    body:
      spec.body === undefined || spec.body === 'stream'
        ? null
        : read(spec.body, await readJsonBody(ctx.req, ctx.res, spec.maxBytes)),
    principal,
    requestId,
    idempotencyKey: ctx.get('Idempotency-Key') || undefined,
    get stream() {
      stream ??= openBody(ctx.req, ctx.res, { maxBytes: spec.maxBytes });
      return stream;
    },
    headers: ctx.req.headers,
    setCookie: (name, value, maxAgeSeconds) => {
      ctx.compress = false;
      ctx.set('Cache-Control', 'no-store');
      ctx.cookies.set(name, value, {
        httpOnly: true,
        sameSite: 'strict',
        secure: options.secureCookies,
        maxAge: maxAgeSeconds * 1000,
        overwrite: true,
      });
    },
  };
}

function read(
  schema: {
    safeParse(value: unknown): {
      success: boolean;
      data?: unknown;
      error?: { issues: { path: PropertyKey[]; message: string }[] };
    };
  },
  value: unknown,
): unknown {
  if (!isStorable(value))
    throw new RefusalError(
      commonRefusal('bad-request', { fields: [{ path: '', message: 'a text with NUL or half a character' }] }),
    );
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = (result.error?.issues ?? []).slice(0, 50).map((issue) => ({
    path: issue.path.map(String).join('.').slice(0, 200),
    message: issue.message.slice(0, 300),
  }));
  throw new RefusalError(commonRefusal('bad-request', { fields }));
}

/** As text or octets: left as a value, Koa would make text of it for the length and again for the contents. */
function sendJson(ctx: Koa.ParameterizedContext<HttpState>, json: string | Buffer, status: number): void {
  ctx.status = status;
  ctx.type = 'application/json; charset=utf-8';
  ctx.body = json;
}

function answer(ctx: Koa.ParameterizedContext<HttpState>, value: unknown, status: number): void {
  if (isRefusal(value)) {
    sendProblem(ctx, value as Refusal, ctx.state.requestId);
    return;
  }
  if (!(value instanceof BinaryAnswer)) {
    sendJson(ctx, JSON.stringify(value ?? {}), status);
    return;
  }
  ctx.status = status;
  ctx.set(value.headers);
  ctx.type = value.contentType;
  const { body } = value;
  if (body instanceof Uint8Array) ctx.body = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  else {
    // Squeezed, a stream that fails would leave the answer hanging: the compressor does not hear of it.
    ctx.compress = false;
    ctx.body = body;
  }
}

/** No route: a path that others can use says which methods it knows, any other is not found. */
const unmatched: Koa.Middleware<HttpState> = async (ctx) => {
  if (ctx.body !== undefined) return;
  const matched = (ctx as { matched?: readonly { methods: readonly string[] }[] }).matched ?? [];
  const allowed = [...new Set(matched.flatMap(({ methods }) => methods))];
  if (allowed.length === 0) return sendProblem(ctx, commonRefusal('not-found'), ctx.state.requestId);
  ctx.set('Allow', [...allowed, 'OPTIONS'].join(', '));
  if (ctx.method === 'OPTIONS') ctx.status = 204;
  else sendProblem(ctx, commonRefusal('method-not-allowed', { allowed }), ctx.state.requestId);
};
