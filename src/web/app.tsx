/** One page in its shell; the same tree on the server and in the browser. */
import { type ReactNode, Suspense, use } from 'react';
import { useLocation } from 'react-router';
import { SpeechProvider } from './i18n/provider.tsx';
import { findPage, PageOutlet, PagesContext } from './pages/outlet.tsx';
import type { PageRoute } from './pages/page.ts';
import { Loading } from './parts/states.tsx';

type AppProps = {
  readonly routes: readonly PageRoute[];
  readonly shell: (props: { children: ReactNode }) => ReactNode;
};

export function App({ routes, shell }: AppProps) {
  return (
    <PagesContext value={routes}>
      <SpeechProvider>
        <Framed shell={shell} />
      </SpeechProvider>
    </PagesContext>
  );
}

function Framed({ shell: Shell }: Pick<AppProps, 'shell'>) {
  const found = findPage(use(PagesContext), useLocation().pathname);
  const page = (
    <Suspense fallback={<Loading />}>
      <PageOutlet />
    </Suspense>
  );
  return found?.route.shell === 'none' ? page : <Shell>{page}</Shell>;
}
