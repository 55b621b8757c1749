/** A member's desk as the server gives it. */
import type { Answer } from '../../../api/client.ts';

export type Desk = Answer<'GET /api/evaluations/:lot/mine'>;
