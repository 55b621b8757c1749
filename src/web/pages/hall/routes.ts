/** The opening hall: big screen and seat. */
import type { PageRoute } from '../page.ts';

export const hallPages: readonly PageRoute[] = [];
