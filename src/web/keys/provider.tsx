/**
 * The person's signing key on this page. `useKey()` gives the open key, and `askKey` opens one: a dialog asks for file and
 * passphrase where none is open yet. The key lives in the worker until the tab closes, is reloaded, or logs out.
 */
import { lazy, type ReactNode, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { serverNow } from '../api/clock.ts';
import { KeyContext, KeyNotGiven, type OpenKey } from './key-context.ts';
import type { KeyFacts } from './key-work.ts';
import { askWorker } from './key-worker.ts';
import { machineNow } from './time.ts';

const AskDialog = lazy(async () => ({ default: (await import('./ask-dialog.tsx')).AskDialog }));

const openKeyOf = (facts: KeyFacts): OpenKey => ({
  ...facts,
  sign: (document) => askWorker('sign', { document, epochMilliseconds: serverNow() ?? machineNow() }),
});

type Ask = { readonly reason: string; resolve(key: OpenKey): void; reject(error: KeyNotGiven): void };

export function KeyProvider({ children }: { children: ReactNode }) {
  const [key, setKey] = useState<OpenKey | null>(null);
  const [asks, setAsks] = useState<readonly Ask[]>([]);
  // A second act asks while the first one waits for its re-render: the key itself, not the drawn state, decides.
  const present = useRef<OpenKey | null>(null);
  const take = useCallback((facts: KeyFacts) => {
    present.current = openKeyOf(facts);
    setKey(present.current);
    return present.current;
  }, []);
  const openFile = useCallback(
    async (file: Uint8Array, passphrase: string) => take(await askWorker('open', { file, passphrase })),
    [take],
  );
  const askKey = useCallback((reason: string) => {
    if (present.current) return Promise.resolve(present.current);
    return new Promise<OpenKey>((resolve, reject) => setAsks((before) => [...before, { reason, resolve, reject }]));
  }, []);
  const closeKey = useCallback(async () => {
    present.current = null;
    setKey(null);
    await askWorker('close', {});
  }, []);
  const settle = (opened: OpenKey | null) => {
    for (const ask of asks) opened ? ask.resolve(opened) : ask.reject(new KeyNotGiven());
    setAsks([]);
  };
  const value = useMemo(() => ({ key, askKey, openFile, take, closeKey }), [key, askKey, openFile, take, closeKey]);
  return (
    <KeyContext value={value}>
      {children}
      {asks[0] ? (
        <Suspense>
          <AskDialog reason={asks[0].reason} onOpen={settle} onClose={() => settle(null)} />
        </Suspense>
      ) : null}
    </KeyContext>
  );
}
