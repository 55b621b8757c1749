/** Who is signed in on this browser, from the session cookie; the private key is not part of it (seal/keys). */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Answer } from './client.ts';
import { queryKey, useApi, useApiClient } from './provider.tsx';

export type Session = Answer<'GET /api/session'>;
export type Role = Session['roles'][number];

/** Null while nobody is signed in, undefined while it is not known yet. */
export function useSession(): Session | null | undefined {
  const api = useApiClient();
  const { data, isPending } = useApi('GET /api/session', {});
  useEffect(() => api.setCsrf(data?.csrf ?? null), [api, data]);
  return data ?? (isPending ? undefined : null);
}

/** Takes over the session that a log-in has answered, or forgets all that the last one could read. */
export function useTakeSession(): (session: Session | null) => void {
  const api = useApiClient();
  const cache = useQueryClient();
  return (session) => {
    api.setCsrf(session?.csrf ?? null);
    cache.clear();
    if (session) cache.setQueryData(queryKey('GET /api/session', {}), session);
  };
}
