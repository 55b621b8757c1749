/** The desk entry: antd in our theme over the same kit. */
import './kit/kit.css';
import './shell/shell.css';
import './desk/desk.css';
import { QueryClient } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { createApi } from './api/client.ts';
import { ApiProvider } from './api/provider.tsx';
import { App } from './app.tsx';
import { allowStyles, DeskTheme } from './desk/theme.tsx';
import { KeyProvider } from './keys/provider.tsx';
import { deskRoutes } from './pages/routes.ts';
import { DeskShell } from './shell/desk-shell.tsx';

allowStyles();
const api = createApi((url, init) => fetch(url, init));
const cache = new QueryClient({ defaultOptions: { queries: { staleTime: 5_000 } } });

createRoot(document.getElementById('root')!).render(
  <ApiProvider api={api} cache={cache}>
    <BrowserRouter>
      <DeskTheme>
        <KeyProvider>
          <App routes={deskRoutes} shell={DeskShell} />
        </KeyProvider>
      </DeskTheme>
    </BrowserRouter>
  </ApiProvider>,
);
