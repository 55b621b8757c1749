/**
 * Awards: publicity of the candidates, objections, award, notice, certificate. Grade: procedure; subject is the lot. Stands
 * right of evaluations; `due` is for the timer of due instants.
 */
import type { DueHandler } from '../journal/index.ts';
import { certificateRoutes } from './certificate-routes.ts';
import type { AwardDeps } from './deps.ts';
import { awardRoutes } from './routes.ts';
import { awardService } from './service.ts';

export { awardProcedure } from './procedure.ts';

export function awards(deps: AwardDeps) {
  const service = awardService(deps);
  const due: DueHandler = service.tick;
  return {
    ...service,
    due,
    routes: [...awardRoutes(deps, service), ...certificateRoutes(deps, service)],
  };
}

export type Awards = ReturnType<typeof awards>;
