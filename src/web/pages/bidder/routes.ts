/** Work of the bidder. */
import type { PageRoute } from '../page.ts';

export const bidderPages: readonly PageRoute[] = [];
