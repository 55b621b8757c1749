/** Projects: registration, statutory checks by rule tables, rooms, publication, notices, answers. Grade: procedure. */
import type { Journal } from '../journal/index.ts';
import type { Parties } from '../parties/index.ts';
import type { RoomDeps } from '../platform/room.ts';
import type { Policies } from '../policies/index.ts';
import { importRoutes } from './import-routes.ts';
import { ruleFor } from './procedures/registry.ts';
import { readRoutes } from './read-routes.ts';
import { projectService } from './service.ts';
import { writeRoutes } from './write-routes.ts';

export { projectProcedure } from './service.ts';
export type { Lot, ProjectState } from './state.ts';

export type Projects = ReturnType<typeof projects>;

export function projects(deps: RoomDeps<Journal> & { readonly parties: Parties; readonly policies: Policies }) {
  const service = projectService(deps);
  const all = { ...deps, projects: service };
  return {
    ...service,
    ruleFor,
    routes: [...readRoutes(all), ...writeRoutes(all), ...importRoutes(all)],
  };
}
