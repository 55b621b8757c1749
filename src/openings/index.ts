/** Openings: barrier, close, officers' releases, opening, announcement, record. Grade: procedure. */
import type { OpeningDeps } from './context.ts';
import { openingRoutes } from './routes.ts';
import { openingService } from './service.ts';

export type { OpenedLot } from './announce.ts';
export { openingProcedure } from './context.ts';
export type { LotState, OpeningState } from './state.ts';
export { view as openingViewOf } from './view.ts';

export type Openings = ReturnType<typeof openings>;

export function openings(deps: OpeningDeps) {
  const service = openingService(deps);
  return { ...service, routes: openingRoutes({ openings: service, files: deps.files }) };
}
