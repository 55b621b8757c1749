/**
 * Opening policies: whose keys can open the tenders of an opening together. Grade: procedure. Stands left of projects, which
 * publish only with a policy in force.
 */
import type { Journal } from '../journal/index.ts';
import type { Parties } from '../parties/index.ts';
import { policyRoutes } from './routes.ts';
import { policyService } from './service.ts';

export type { FormedPolicy, Policies } from './service.ts';
export { policyProcedure } from './service.ts';

export function policies(deps: { journal: Journal; parties: Parties }) {
  const service = policyService(deps);
  return { ...service, routes: policyRoutes({ journal: deps.journal, policies: service }) };
}
