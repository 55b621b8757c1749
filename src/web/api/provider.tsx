/** The client and the query cache as hooks: `useApi` reads, `useCommand` acts. */
import {
  type QueryClient,
  QueryClientProvider,
  type UseQueryResult,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';
import {
  type Answer,
  type Api,
  type Input,
  type Operation,
  type Outcome,
  type Refusal,
  RefusedError,
} from './client.ts';

const ApiContext = createContext<Api | null>(null);

export function ApiProvider({ api, cache, children }: { api: Api; cache: QueryClient; children: ReactNode }) {
  return (
    <ApiContext value={api}>
      <QueryClientProvider client={cache}>{children}</QueryClientProvider>
    </ApiContext>
  );
}

export function useApiClient(): Api {
  const api = useContext(ApiContext);
  if (!api) throw new Error('outside ApiProvider');
  return api;
}

/** The cache's name of a read: the operation first, so that `invalidate('GET /api/projects/:id')` meets all its inputs. */
export const queryKey = (operation: Operation, input: unknown): readonly unknown[] => [operation, input];

/** Reads an operation; `enabled: false` waits. `refetchSeconds` asks again while the page is looked at. */
export function useApi<K extends Operation>(
  operation: K,
  input: Input<K>,
  options: { enabled?: boolean; refetchSeconds?: number } = {},
): UseQueryResult<Answer<K>, RefusedError> {
  const api = useApiClient();
  return useQuery<Answer<K>, RefusedError>({
    queryKey: queryKey(operation, input),
    queryFn: ({ signal }) => api.read(operation, input, { signal }),
    enabled: options.enabled ?? true,
    ...(options.refetchSeconds ? { refetchInterval: options.refetchSeconds * 1000 } : {}),
    // A refusal will be the same a moment later; a broken network may not.
    retry: (count, error) => count < 2 && error instanceof RefusedError && [0, 502, 503].includes(error.refusal.status),
  });
}

export type Command<K extends Operation> = {
  readonly busy: boolean;
  readonly refusal: Refusal | null;
  /** Acts once; a second click while the first is under way is not sent. A repetition after a broken network keeps its key. */
  send(input: Input<K>): Promise<Outcome<K> | null>;
  reset(): void;
};

/** An act; on success the reads named by `changes` are asked anew. */
export function useCommand<K extends Operation>(operation: K, changes: readonly Operation[] = []): Command<K> {
  const api = useApiClient();
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const running = useRef(false);
  const intent = useRef<{ text: string; key: string } | null>(null);
  const send = useCallback(
    async (input: Input<K>) => {
      if (running.current) return null;
      running.current = true;
      setBusy(true);
      setRefusal(null);
      const text = JSON.stringify(input);
      if (intent.current?.text !== text) intent.current = { text, key: crypto.randomUUID() };
      try {
        const outcome = await api.call(operation, input, { idempotencyKey: intent.current.key });
        if (outcome.ok) {
          intent.current = null;
          await Promise.all(changes.map((name) => cache.invalidateQueries({ queryKey: [name] })));
        } else {
          if (outcome.refusal.status !== 0) intent.current = null;
          setRefusal(outcome.refusal);
        }
        return outcome;
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
    [api, cache, operation, changes],
  );
  const reset = useCallback(() => setRefusal(null), []);
  return { busy, refusal, send, reset };
}
