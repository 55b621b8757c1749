/**
 * The gazette 公告栏: board, course of a project, halls, statistics, feeds, calendar. Grade: reading only. It stands right of all
 * other rooms, writes nothing, and shows what is open in the log or in a published project; never a tender chain.
 */
import type { GazetteDeps } from './deps.ts';
import { feedRoutes } from './feed-routes.ts';
import { gazetteRoutes } from './routes.ts';

export function gazette(deps: GazetteDeps) {
  return { routes: [...gazetteRoutes(deps), ...feedRoutes(deps)] };
}
