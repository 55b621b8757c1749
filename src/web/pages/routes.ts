/** The list of all pages, in the order in which addresses are tried. A room adds a folder and its lines. */
import type { PageRoute } from './page.ts';
import { publicPages } from './public/routes.ts';

/** Served by the light entry. */
export const publicRoutes: readonly PageRoute[] = [...publicPages];

/** Served by the desk entry; the order is that of the side list. */
export const deskRoutes: readonly PageRoute[] = [];
