/** Projects: registration, statutory checks by rule tables, rooms, publication, notices, answers. Grade: procedure. */
import type { Journal } from '../journal/index.ts';
import type { Parties } from '../parties/index.ts';
import type { RoomDeps } from '../platform/room.ts';
import type { Policies } from '../policies/index.ts';
import { readCentreRules } from './centre-rules.ts';
import { importRoutes } from './import-routes.ts';
import { listRoutes } from './list-routes.ts';
import { ruleFor } from './procedures/registry.ts';
import { readRoutes } from './read-routes.ts';
import { ruleRoutes } from './rule-routes.ts';
import { projectService } from './service.ts';
import { venueRoutes } from './venue-routes.ts';
import { writeRoutes } from './write-routes.ts';

export { isPaused } from './evolve.ts';
export { projectProcedure } from './procedure.ts';
export { procedureOf } from './procedures/registry.ts';
export type { LotPlace } from './reads.ts';
export { viewOf } from './schemas.ts';
export type { Lot, ProjectState } from './state.ts';

export type Projects = ReturnType<typeof projects>;

/** Opens the room; throws when the centre's own rule table would loosen the law. */
export function projects(
  deps: RoomDeps<Journal> & {
    readonly parties: Parties;
    readonly policies: Policies;
    /** The public address, for documents in OCDS releases. */
    readonly origin: () => string;
  },
) {
  const centre = readCentreRules(deps.config.dataDir);
  const service = projectService({ ...deps, centre });
  const all = { ...deps, centre, projects: service };
  return {
    ...service,
    /** The figure in force on a day (YYYY-MM-DD), the centre's own where it is stricter. */
    ruleFor: (type: string, code: string, day: string) => ruleFor(type, code, day, centre),
    routes: [
      ...listRoutes(all),
      ...readRoutes(all),
      ...ruleRoutes(all),
      ...writeRoutes(all),
      ...venueRoutes(all),
      ...importRoutes(all),
    ],
  };
}
