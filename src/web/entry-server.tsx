/**
 * Draws a page on the server: the same components over the same reads, which `transport` answers inside the process as nobody, so
 * that nothing but public data can come into a page.
 */
import { dehydrate, QueryClient } from '@tanstack/react-query';
import { renderToString } from 'react-dom/server';
import { StaticRouter } from 'react-router';
import { createApi, type Transport } from './api/client.ts';
import { ApiProvider } from './api/provider.tsx';
import { App } from './app.tsx';
import { type Assets, htmlDocument } from './html.ts';
import { languageOf } from './i18n/language.ts';
import { words } from './i18n/words.ts';
import { KeyProvider } from './keys/provider.tsx';
import { findPage, loadContext, loadPage, readFrom } from './pages/outlet.tsx';
import type { Head } from './pages/page.ts';
import { deskRoutes, publicRoutes } from './pages/routes.ts';
import { PublicShell } from './shell/public-shell.tsx';
import { themeOf } from './shell/theme.ts';
import { tokensCss } from './tokens.ts';

export { tokensCss };

export type Asked = {
  /** Path and query. */
  readonly url: string;
  readonly origin: string;
  readonly cookies: string | undefined;
  readonly transport: Transport;
  /** Scripts and styles of an entry, and of the page's own chunks. */
  readonly assets: (entry: 'public' | 'desk', page: string | null) => Assets;
  readonly nonce: () => string;
};
export type Drawn = { readonly status: number; readonly html: string; readonly nonce: string | null };

/** Null where the path is no page of the desk and reads nothing: the caller then answers as it likes. */
export async function draw(asked: Asked): Promise<Drawn> {
  const { pathname, search } = new URL(asked.url, asked.origin);
  const language = languageOf(pathname);
  const desk = findPage(deskRoutes, pathname);
  const found = findPage(publicRoutes, pathname);
  const common = {
    language,
    origin: asked.origin,
    pathname,
    siteName: words[language].name,
    theme: themeOf(asked.cookies),
  };
  if (!found && desk) {
    const page = await loadPage(desk.route, language);
    const nonce = asked.nonce();
    const head = {
      ...(page.module.head?.(page.text, () => undefined) ?? { title: words[language].name }),
      noindex: true,
    };
    const html = htmlDocument({ ...common, head, assets: asked.assets('desk', null), body: '', state: null, nonce });
    return { status: 200, html, nonce };
  }
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } });
  const api = createApi(asked.transport);
  let status = found ? 200 : 404;
  let head: Head = { title: words[language].notFound, noindex: true };
  if (found) {
    const page = await loadPage(found.route, language);
    const answer = await page.module.load?.(loadContext(api, cache, found, search, language));
    if (answer === 'not-found') status = 404;
    head = page.module.head?.(page.text, readFrom(cache)) ?? { title: words[language].name };
  }
  const body =
    found && !found.route.server
      ? ''
      : renderToString(
          <ApiProvider api={api} cache={cache}>
            <StaticRouter location={asked.url}>
              <KeyProvider>
                <App routes={publicRoutes} shell={PublicShell} />
              </KeyProvider>
            </StaticRouter>
          </ApiProvider>,
        );
  const html = htmlDocument({
    ...common,
    head,
    assets: asked.assets('public', found?.route.path ?? null),
    body,
    state: dehydrate(cache),
  });
  return { status, html, nonce: null };
}
