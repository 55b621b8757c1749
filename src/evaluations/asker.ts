/** Who calls, as the room's service wants to know it. */
import { type Caller, callerOf } from '../platform/http/route.ts';
import type { Asker } from './service.ts';

/** The part of a call that says who makes it. */
export type Calling = Parameters<typeof callerOf>[0];

export const askerOf = (call: Calling): Asker => {
  const { principal, requestId, idempotencyKey }: Caller = callerOf(call);
  return { person: principal.person, requestId, idempotencyKey };
};
