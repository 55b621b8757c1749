/** Parties over HTTP: trust roots, log-in, enrolment, registrations, the administrator's registers. */
import type { Route } from '../platform/http/route.ts';
import { certificateRoutes } from './certificate-routes.ts';
import type { RouteDeps } from './deps.ts';
import { directoryRoutes } from './directory-routes.ts';
import { loginRoutes } from './login-routes.ts';
import { organisationRoutes, personRoutes } from './register-routes.ts';
import { registrationRoutes } from './registration-routes.ts';
import { trustRoutes } from './trust-routes.ts';

export function partyRoutes(deps: RouteDeps): Route[] {
  return [
    ...trustRoutes(deps),
    ...loginRoutes(deps),
    ...certificateRoutes(deps),
    ...organisationRoutes(deps),
    ...personRoutes(deps),
    ...directoryRoutes(deps),
    ...registrationRoutes(deps),
  ];
}
