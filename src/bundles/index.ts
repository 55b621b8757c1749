/** Bundles that anyone checks offline. Grade: reads only. */
import type { Logger } from '../platform/log.ts';
import type { BundleDeps } from './collect.ts';
import { bundleRoutes } from './routes.ts';

export function bundles(deps: BundleDeps & { readonly logger: Logger }) {
  return { routes: bundleRoutes(deps) };
}
