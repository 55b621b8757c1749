/** The demo's log-ins; none on a platform that is no demo, where the route does not exist. */
import type { Answer } from '../api/client.ts';
import { useApi } from '../api/provider.tsx';

export type DemoAccount = Answer<'GET /demo/accounts'>['accounts'][number];

const none: readonly DemoAccount[] = [];

export function useDemoAccounts(): readonly DemoAccount[] {
  return useApi('GET /demo/accounts', {}).data?.accounts ?? none;
}
