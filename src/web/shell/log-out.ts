/** Ends the session on the server and forgets what this page knew of it. */
import { useApiClient } from '../api/provider.tsx';
import { useTakeSession } from '../api/session.ts';

export const signedInMark = 'yg-signed-in';

export function useLogOut(): () => Promise<void> {
  const api = useApiClient();
  const take = useTakeSession();
  return async () => {
    await api.call('POST /api/logout', { body: {} });
    localStorage.removeItem(signedInMark);
    take(null);
    location.assign('/login');
  };
}
