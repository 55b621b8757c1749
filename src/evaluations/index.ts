/**
 * Evaluation of lots: committee, review, signed score sheets, ranking with its trace, report (评标). Grade: procedure, one
 * subject a lot. Rooms to the right pull `result`; nothing of it is known before the report is complete.
 */
import type { EvaluationDeps } from './deps.ts';
import { committeeRoutes, hostRoutes } from './host-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { readRoutes } from './read-routes.ts';
import { evaluationService } from './service.ts';

export type { EvaluationDeps } from './deps.ts';
export { evaluationProcedure } from './procedure.ts';

export function evaluations(deps: EvaluationDeps) {
  const service = evaluationService(deps);
  const all = { ...deps, evaluations: service };
  return {
    ...service,
    routes: [...committeeRoutes(all), ...hostRoutes(all), ...memberRoutes(all), ...readRoutes(all)],
  };
}

export type Evaluations = ReturnType<typeof evaluations>;
