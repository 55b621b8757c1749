/** The list of all pages, in the order in which addresses are tried. A room adds a folder and its lines. */
import { bidderPages } from './bidder/routes.ts';
import { centrePages } from './centre/routes.ts';
import { entrancePages } from './entrance/routes.ts';
import { everyonePages } from './everyone/routes.ts';
import { expertPages } from './expert/routes.ts';
import { hallPages } from './hall/routes.ts';
import type { PageRoute } from './page.ts';
import { publicPages } from './public/routes.ts';
import { supervisorPages } from './supervisor/routes.ts';
import { witnessPages } from './witness/routes.ts';

/** Served by the light entry. */
export const publicRoutes: readonly PageRoute[] = [...publicPages, ...hallPages];

/** Served by the desk entry; the order is that of the side list. */
export const deskRoutes: readonly PageRoute[] = [
  ...entrancePages,
  ...everyonePages,
  ...bidderPages,
  ...centrePages,
  ...witnessPages,
  ...expertPages,
  ...supervisorPages,
];
