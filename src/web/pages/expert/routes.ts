/** Work of the expert. */
import type { PageRoute } from '../page.ts';

export const expertPages: readonly PageRoute[] = [];
