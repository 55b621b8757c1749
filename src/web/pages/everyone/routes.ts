/** What everyone who is signed in has: today, notices, keys. */
import type { PageRoute } from '../page.ts';

export const everyonePages: readonly PageRoute[] = [];
