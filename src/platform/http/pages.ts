/** Pages and their files for browsers: what no route answers, a page may. Built files are kept in memory; their names never change meaning. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type Koa from 'koa';
import { isRefusal } from '../refusal.ts';
import type { HttpState } from './request-state.ts';
import type { Call, Route } from './route.ts';
import { isStorable } from './storable.ts';

export type PageAnswer = {
  readonly status: number;
  readonly html: string;
  /** Styles made in the browser carry it; null where there are none. */
  readonly nonce: string | null;
};
export type PageAsked = { readonly url: string; readonly origin: string; readonly cookies: string | undefined };
export type Pages = {
  /** Built files by path (`/assets/...`). */
  readonly files: StaticFiles;
  draw(asked: PageAsked): Promise<PageAnswer>;
};

type StaticFile = { readonly type: string; readonly body: Buffer; readonly brotli: Buffer | null };
export type StaticFiles = ReadonlyMap<string, StaticFile>;

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  wasm: 'application/wasm',
  png: 'image/png',
  bcmap: 'application/octet-stream',
  ttf: 'font/ttf',
  pfb: 'application/octet-stream',
};

/** Reads a folder of built files, some MB; `.br` neighbours are their compressed form, `.vite` is the builder's. */
export function readStaticFiles(folder: string): StaticFiles {
  const files = new Map<string, StaticFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length).replaceAll('\\', '/');
    if (!entry.isFile() || name.endsWith('.br') || name.startsWith('/.')) continue;
    const type = types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
    const small = statSync(`${path}.br`, { throwIfNoEntry: false });
    files.set(name, { type, body: readFileSync(path), brotli: small ? readFileSync(`${path}.br`) : null });
  }
  return files;
}

const immutable = /-[\w-]{8}\.\w+$/;

function sendFile(ctx: Koa.ParameterizedContext<HttpState>, file: StaticFile): void {
  ctx.set('Cache-Control', immutable.test(ctx.path) ? 'public, max-age=31536000, immutable' : 'public, max-age=3600');
  ctx.vary('Accept-Encoding');
  ctx.compress = false;
  ctx.type = file.type;
  if (file.brotli && ctx.acceptsEncodings('br', 'identity') === 'br') {
    ctx.set('Content-Encoding', 'br');
    ctx.body = file.brotli;
  } else ctx.body = file.body;
}

const asks = (ctx: Koa.ParameterizedContext<HttpState>) =>
  (ctx.method === 'GET' || ctx.method === 'HEAD') &&
  !/^\/(api|log|ws|demo)\//.test(ctx.path) &&
  ctx.accepts('html') === 'html';

/** Answers files and pages that no route has answered. */
export function servePages(pages: Pages, origin: () => string): Koa.Middleware<HttpState> {
  return async (ctx, next) => {
    if (ctx.method === 'GET' || ctx.method === 'HEAD') {
      const file = pages.files.get(ctx.path);
      if (file) return sendFile(ctx, file);
    }
    if (!asks(ctx)) return next();
    const drawn = await pages.draw({ url: ctx.url, origin: origin(), cookies: ctx.get('Cookie') || undefined });
    ctx.status = drawn.status;
    ctx.state.operation = 'page';
    ctx.set('Cache-Control', 'no-cache');
    ctx.vary('Cookie');
    if (drawn.nonce) {
      const policy = String(ctx.response.get('Content-Security-Policy'));
      ctx.set('Content-Security-Policy', policy.replace("style-src 'self'", `style-src 'self' 'nonce-${drawn.nonce}'`));
    }
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = drawn.html;
  };
}

/**
 * Answers reads of the application from inside the process, as nobody: what a page drawn on the server may know is what anybody may
 * read. Knows GET routes for anyone only.
 */
export function insideTransport(routes: readonly Route[]): (url: string) => Promise<Response> {
  const open = routes.filter(({ spec }) => spec.method === 'GET' && spec.who === 'anyone' && spec.answer !== 'binary');
  const patterns = open.map((route) => ({ route, pattern: patternOf(route.spec.path) }));
  return async (url) => {
    const { pathname, searchParams } = new URL(url, 'http://inside');
    for (const { route, pattern } of patterns) {
      const found = pattern.exec(pathname);
      if (!found) continue;
      const { spec } = route;
      const params = spec.params?.safeParse(decoded(found.groups ?? {}));
      const query = spec.query?.safeParse(Object.fromEntries(searchParams));
      if (
        !isStorable(params?.data) ||
        !isStorable(query?.data) ||
        params?.success === false ||
        query?.success === false
      )
        return Response.json({ code: 'bad-request' }, { status: 400 });
      const call: Call<unknown, unknown, unknown> = {
        params: params?.data ?? {},
        query: query?.data ?? {},
        body: null,
        principal: null,
        requestId: 'page',
        idempotencyKey: undefined,
        get stream(): never {
          throw new Error('a page reads no stream');
        },
        headers: {},
        setCookie: () => {},
      };
      const value = await route.handle(call);
      return isRefusal(value) ? Response.json(value, { status: value.status }) : Response.json(value ?? {});
    }
    return Response.json({ code: 'not-found' }, { status: 404 });
  };
}

/** Plain parameters only; a path with optional ends is no page's business. */
const patternOf = (path: string) =>
  new RegExp(`^${path.replace(/[.{}]/g, '\\$&').replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);

const decoded = (groups: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value ?? '')]));
