/**
 * Witness records (见证): duty roster, signed records of important steps, stops. Grade: procedure. The room knows nothing of
 * openings and evaluations; they ask `stepSigned` before they go on (rooms pull).
 */
import { witnessRoutes } from './routes.ts';
import { type WitnessDeps, witnessService } from './service.ts';

export { witnessRefusal, witnessRefusals } from './refusals.ts';
export { type WitnessService, witnessProcedure } from './service.ts';
export { onDuty, type StepStatus, stepStatus, stepsOf, type WitnessState } from './state.ts';

export function witness(deps: WitnessDeps) {
  const service = witnessService(deps);
  return { ...service, routes: witnessRoutes({ ...deps, witness: service }) };
}

export type Witness = ReturnType<typeof witness>;
