/** What the layers of the application tell each other about one request. */
import type { Read } from './access-log.ts';
import type { Principal } from './route.ts';

export type HttpState = {
  requestId: string;
  principal: Principal | null;
  csrf: string | null;
  /** Name of the route that answers; unset when none matched. */
  operation?: string;
  /** Set where who reads is noted. */
  noted?: Omit<Read, 'id' | 'waited' | 'status' | 'requestId'>;
};
