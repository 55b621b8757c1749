/** The Koa application over a list of routes: request id, errors, headers, rate limit, session, origin and CSRF, router, 404. */
import Router from '@koa/router';
import Koa from 'koa';
import compress from 'koa-compress';
import helmet from 'koa-helmet';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { newId } from '../ids.ts';
import type { Logger } from '../log.ts';
import { commonRefusal, isRefusal, type Refusal, RefusalError } from '../refusal.ts';
import { readJsonBody } from './body.ts';
import { metrics } from './metrics.ts';
import { sendProblem } from './problem.ts';
import { BinaryAnswer, type Call, mayCall, type Principal, type Route } from './route.ts';

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
};

type State = { requestId: string; principal: Principal | null; csrf: string | null };

export const sessionCookie = 'yg_session';
const unsafeMethods = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Builds the application; it listens nowhere yet. */
export function createApp(options: HttpOptions): Koa<State> {
  const app = new Koa<State>();
  app.proxy = false;
  app.on('error', (error: Error & { code?: string }) => {
    if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') options.logger.error({ err: error }, 'response failed');
  });
  app.use(observe(options));
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy },
      hsts: options.secureCookies,
    }),
  );
  app.use(compress({ threshold: 1024, br: false }));
  app.use(limitRate(options));
  app.use(guard(options));
  const router = new Router<State>();
  for (const route of options.routes) mount(router, route, options);
  app.use(router.routes());
  app.use(async (ctx) => {
    if (ctx.status === 404 && ctx.body === undefined) sendProblem(ctx, commonRefusal('not-found'), ctx.state.requestId);
  });
  return app;
}

const contentSecurityPolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  fontSrc: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
};

/** Gives the request its id, logs it once, counts it, and turns what was thrown into a problem document. */
function observe({ logger }: HttpOptions): Koa.Middleware<State> {
  return async (ctx, next) => {
    const started = performance.now();
    ctx.state.requestId = newId();
    ctx.set('X-Request-Id', ctx.state.requestId);
    try {
      await next();
    } catch (error) {
      if (error instanceof RefusalError) sendProblem(ctx, error.refusal, ctx.state.requestId);
      else {
        logger.error({ err: error, requestId: ctx.state.requestId }, 'unexpected error');
        sendProblem(ctx, commonRefusal('internal-error'), ctx.state.requestId);
      }
    }
    const milliseconds = performance.now() - started;
    metrics.requests.observe({ method: ctx.method, status: String(ctx.status) }, milliseconds / 1000);
    // The path is logged, the query is not: searches may hold names.
    logger.info(
      {
        requestId: ctx.state.requestId,
        method: ctx.method,
        path: ctx.path,
        status: ctx.status,
        ms: Math.round(milliseconds),
      },
      'request',
    );
  };
}

function limitRate({ requestsPerMinute }: HttpOptions): Koa.Middleware<State> {
  const limiter = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 });
  return async (ctx, next) => {
    try {
      await limiter.consume(ctx.ip);
    } catch {
      throw new RefusalError(commonRefusal('too-many-requests'));
    }
    await next();
  };
}

/** Session, and for requests that change something: same origin and the session's CSRF token. */
function guard({ identify, origin }: HttpOptions): Koa.Middleware<State> {
  return async (ctx, next) => {
    const found = await identify(ctx.cookies.get(sessionCookie));
    ctx.state.principal = found?.principal ?? null;
    ctx.state.csrf = found?.csrf ?? null;
    if (unsafeMethods.has(ctx.method)) {
      const from = ctx.get('Origin');
      if (from !== '' && from !== origin()) throw new RefusalError(commonRefusal('foreign-origin'));
      if (found && ctx.get('X-CSRF-Token') !== found.csrf) throw new RefusalError(commonRefusal('csrf-missing'));
    }
    await next();
  };
}

function mount(router: Router<State>, route: Route, options: HttpOptions): void {
  const { spec } = route;
  router.register(spec.path, [spec.method], async (ctx) => {
    const { principal, requestId } = ctx.state;
    if (!mayCall(spec.who, principal))
      throw new RefusalError(commonRefusal(principal ? 'not-permitted' : 'not-signed-in'));
    const call: Call<unknown, unknown, unknown> = {
      params: spec.params ? read(spec.params, ctx.params) : {},
      query: spec.query ? read(spec.query, { ...ctx.query }) : {},
      body:
        spec.body === undefined || spec.body === 'stream'
          ? null
          : read(spec.body, await readJsonBody(ctx.req, spec.maxBytes)),
      principal,
      requestId,
      idempotencyKey: ctx.get('Idempotency-Key') || undefined,
      stream: ctx.req,
      headers: ctx.req.headers,
      setCookie: (name, value, maxAgeSeconds) =>
        ctx.cookies.set(name, value, {
          httpOnly: true,
          sameSite: 'strict',
          secure: options.secureCookies,
          maxAge: maxAgeSeconds * 1000,
          overwrite: true,
        }),
    };
    answer(ctx, await route.handle(call), spec.status ?? 200);
  });
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
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = (result.error?.issues ?? []).map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  throw new RefusalError(commonRefusal('bad-request', { fields }));
}

function answer(ctx: Koa.ParameterizedContext<State>, value: unknown, status: number): void {
  if (isRefusal(value)) {
    sendProblem(ctx, value as Refusal, ctx.state.requestId);
    return;
  }
  ctx.status = status;
  if (value instanceof BinaryAnswer) {
    ctx.set(value.headers);
    ctx.type = value.contentType;
    ctx.body =
      value.body instanceof Uint8Array
        ? Buffer.from(value.body.buffer, value.body.byteOffset, value.body.byteLength)
        : value.body;
    return;
  }
  ctx.body = value ?? {};
}
