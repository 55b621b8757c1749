/** The light entry: public pages and halls. It takes over what the server has drawn. */
import './kit/kit.css';
import './shell/shell.css';
import { hydrate, QueryClient } from '@tanstack/react-query';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { createApi } from './api/client.ts';
import { ApiProvider } from './api/provider.tsx';
import { App } from './app.tsx';
import { languageOf } from './i18n/language.ts';
import { KeyProvider } from './keys/provider.tsx';
import { findPage, loadPage } from './pages/outlet.tsx';
import { publicRoutes } from './pages/routes.ts';
import { PublicShell } from './shell/public-shell.tsx';

const api = createApi((url, init) => fetch(url, init));
const cache = new QueryClient({ defaultOptions: { queries: { staleTime: 5_000 } } });
const root = document.getElementById('root')!;
const state = document.getElementById('state')?.textContent;
if (state) hydrate(cache, JSON.parse(state));

const tree = (
  <ApiProvider api={api} cache={cache}>
    <BrowserRouter>
      <KeyProvider>
        <App routes={publicRoutes} shell={PublicShell} />
      </KeyProvider>
    </BrowserRouter>
  </ApiProvider>
);
const found = findPage(publicRoutes, location.pathname);
if (found) await loadPage(found.route, languageOf(location.pathname));
if (found?.route.server && root.hasChildNodes()) hydrateRoot(root, tree);
else createRoot(root).render(tree);
