/** Work of supervisor, auditor and administrator. */
import type { PageRoute } from '../page.ts';

export const supervisorPages: readonly PageRoute[] = [];
