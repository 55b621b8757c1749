/** What the gazette is made of. */
import type { Journal } from '../journal/index.ts';
import type { Parties } from '../parties/index.ts';
import type { Clock } from '../platform/clock/clock.ts';

export type GazetteDeps = {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly parties: Pick<Parties, 'organisationsByIds' | 'centreName'>;
  /** The public address, for links in feeds and calendars. */
  readonly origin: () => string;
};
