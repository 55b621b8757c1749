import type { Clock } from './clock/clock.ts';
import type { Config } from './config.ts';
import type { FileStore } from './files.ts';
import type { Route } from './http/route.ts';
import type { Logger } from './log.ts';

/** What a room is made of; main is the container. `J` is the journal, which stands to the right of the platform. */
export type RoomDeps<J> = {
  readonly journal: J;
  readonly clock: Clock;
  readonly config: Config;
  readonly logger: Logger;
  readonly files: FileStore;
};

/** What every room offers the server. */
export type Room = { readonly routes: readonly Route[] };
