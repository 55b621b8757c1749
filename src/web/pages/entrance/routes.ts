/** The way in: log-in, certificate request, registration. */
import type { PageRoute } from '../page.ts';

export const entrancePages: readonly PageRoute[] = [];
