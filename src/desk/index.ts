/**
 * What every signed-in person sees: tasks, notices; and what watchers see: who looked at what, the trace of an entry, the health
 * of the house. Grade: reads only; its own tables hold no rights. It follows the journal by a cursor and may die without harm.
 */
import type { DeskDeps } from './subjects.ts';
import { taskRoutes } from './task-routes.ts';

export function desk(deps: DeskDeps) {
  return { routes: [...taskRoutes(deps)] };
}
