/** Work of the witness. */
import type { PageRoute } from '../page.ts';

export const witnessPages: readonly PageRoute[] = [];
