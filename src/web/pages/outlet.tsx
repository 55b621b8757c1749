/** Shows the page of the present address. Pages load when they are first met; the one before stays until they are ready. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useRef } from 'react';
import { matchPath, useLocation } from 'react-router';
import type { Api } from '../api/client.ts';
import { queryKey } from '../api/provider.tsx';
import { useSession } from '../api/session.ts';
import type { Language } from '../i18n/language.ts';
import { pathIn, plainPath } from '../i18n/language.ts';
import { A, useSpeech } from '../i18n/provider.tsx';
import { Loading } from '../parts/states.tsx';
import type { LoadContext, PageModule, PageRoute } from './page.ts';

export type LoadedPage = { readonly route: PageRoute; readonly module: PageModule<never>; readonly text: never };
type Found = { readonly route: PageRoute; readonly params: Readonly<Record<string, string>> };

/** The line of the list that fits the address; the list is short, the first fit wins. */
export function findPage(routes: readonly PageRoute[], pathname: string): Found | null {
  const path = plainPath(pathname);
  for (const route of routes) {
    const match = matchPath({ path: route.path, end: true }, path);
    if (match) return { route, params: match.params as Record<string, string> };
  }
  return null;
}

const loaded = new Map<string, LoadedPage>();
const loading = new Map<string, Promise<LoadedPage>>();
const nameOf = (route: PageRoute, language: Language) => `${language} ${route.path}`;

/** Loads page and text once; later calls answer the same promise. */
export function loadPage(route: PageRoute, language: Language): Promise<LoadedPage> {
  const name = nameOf(route, language);
  let promise = loading.get(name);
  if (!promise) {
    promise = Promise.all([route.load(), route.text(language)]).then(([module, text]) => {
      const page = { route, module, text: text.default as never };
      loaded.set(name, page);
      return page;
    });
    promise.catch(() => loading.delete(name));
    loading.set(name, promise);
  }
  return promise;
}

/** What a page's `load` works with, over a query cache. */
export function loadContext(
  api: Api,
  cache: QueryClient,
  { params }: Found,
  search: string,
  language: Language,
): LoadContext {
  return {
    params,
    query: new URLSearchParams(search),
    language,
    api,
    prefetch: async (operation, input) => {
      const outcome = await cache
        .fetchQuery({ queryKey: queryKey(operation, input), queryFn: () => api.read(operation, input) })
        .catch(() => null);
      return outcome;
    },
  };
}

/** Answers of the cache by operation, for `head`. */
export const readFrom =
  (cache: QueryClient) =>
  (operation: string): unknown =>
    cache.getQueriesData({ queryKey: [operation] })[0]?.[1];

/** The list of pages of an entry. */
export const PagesContext = createContext<readonly PageRoute[]>([]);

export function PageOutlet() {
  const location = useLocation();
  const { language } = useSpeech();
  const found = findPage(use(PagesContext), location.pathname);
  if (!found) return <NotFound />;
  const page = loaded.get(nameOf(found.route, language)) ?? use(loadPage(found.route, language));
  return <Gate page={page} params={found.params} />;
}

/** Who may see the page; the server decides again for each read and act. */
function Gate({ page, params }: { page: LoadedPage; params: Readonly<Record<string, string>> }) {
  const { who } = page.route;
  if (who === 'anyone') return <Shown page={page} params={params} />;
  return <SignedIn page={page} params={params} />;
}

function SignedIn({ page, params }: { page: LoadedPage; params: Readonly<Record<string, string>> }) {
  const session = useSession();
  const { words } = useSpeech();
  const { pathname } = useLocation();
  const { who } = page.route;
  if (session === undefined) return <Loading />;
  if (session === null)
    return (
      <Plain title={words.signInFirst} help={words.signInFirstHelp}>
        <A className="yg-button primary" to={`/login?next=${encodeURIComponent(pathname)}`}>
          {words.logIn}
        </A>
      </Plain>
    );
  if (Array.isArray(who) && !who.some((role) => session.roles.includes(role)))
    return (
      <Plain
        title={words.noRole}
        help={`${words.noRoleHelp}${(who as readonly (keyof typeof words.roles)[]).map((role) => words.roles[role]).join(', ')}`}
      />
    );
  return <Shown page={page} params={params} />;
}

function Shown({ page, params }: { page: LoadedPage; params: Readonly<Record<string, string>> }) {
  const { pathname } = useLocation();
  const cache = useQueryClient();
  const { words } = useSpeech();
  const before = useRef(pathname);
  // After a navigation the heading has the focus, so that a screen reader begins with the new page.
  useEffect(() => {
    const head = page.module.head?.(page.text, readFrom(cache));
    if (head) document.title = `${head.title} · ${words.name}`;
    if (before.current === pathname) return;
    before.current = pathname;
    const heading = document.querySelector<HTMLElement>('h1');
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    window.scrollTo(0, 0);
  }, [page, pathname, cache, words]);
  const Page = page.module.default;
  return <Page key={pathname} t={page.text} params={params} />;
}

function Plain({ title, help, children }: { title: string; help: string; children?: React.ReactNode }) {
  return (
    <div className="yg-stack">
      <h1>{title}</h1>
      <p>{help}</p>
      {children ? <div className="yg-actions">{children}</div> : null}
    </div>
  );
}

export function NotFound() {
  const { words, language } = useSpeech();
  return (
    <Plain title={words.notFound} help={words.notFoundHelp}>
      <a className="yg-button" href={pathIn(language, '/')}>
        {words.home}
      </a>
    </Plain>
  );
}
