/**
 * Witness records (见证): duty roster, signed records of important steps, stops. Grade: procedure. The room knows nothing of
 * openings and evaluations; they ask `stepSigned` before they go on (rooms pull).
 */
import type { Journal } from '../journal/index.ts';
import type { RoomDeps } from '../platform/room.ts';
import { witnessRoutes } from './routes.ts';
import { type WitnessParties, type WitnessProjects, witnessService } from './service.ts';

export { witnessRefusal, witnessRefusals } from './refusals.ts';
export type { StepStatus, WitnessState } from './rules.ts';
export { type WitnessService, witnessProcedure } from './service.ts';

export function witness(
  deps: Pick<RoomDeps<Journal>, 'journal' | 'files'> & {
    readonly parties: WitnessParties;
    readonly projects: WitnessProjects;
  },
) {
  const service = witnessService(deps);
  return { ...service, routes: witnessRoutes({ ...deps, witness: service }) };
}

export type Witness = ReturnType<typeof witness>;
