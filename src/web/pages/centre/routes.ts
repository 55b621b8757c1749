/** Work of the trading centre, the tenderer and the agency. */
import type { PageRoute } from '../page.ts';

export const centrePages: readonly PageRoute[] = [];
