/**
 * Several nodes over one database: what each tells the others (over NATS, where there is one) and does when it hears. Without
 * NATS everything here comes later, by the polling of the sequencer, the due timer and the demo clock.
 */
import { type DemoClockFollower, followDemoClock } from './demo-clock.ts';
import { sha256Hex, utf8 } from './formats/bytes.ts';
import type { Journal } from './journal/act.ts';
import type { DueTimer } from './journal/due.ts';
import type { Clock } from './platform/clock/clock.ts';
import type { Config } from './platform/config.ts';
import type { Logger } from './platform/log.ts';
import { openWakeups } from './platform/nats.ts';

export type Nodes = {
  /** Calls the listener after each commit, of this node at once, of others when they tell. */
  onChange(listener: () => void): void;
  /** To be called after the demo clock was moved on this node. */
  clockMoved(): void;
  /** Lets the rooms' timers hear from now on. */
  join(due: Pick<DueTimer, 'wake'>): void;
  /** Whether the nodes hear each other over NATS. */
  natsState(): 'off' | 'connected' | 'disconnected';
  close(): Promise<void>;
};

type Deps = {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly config: Pick<Config, 'natsUrl' | 'demoClock'>;
  readonly logger: Logger;
  /** Told of each connection to NATS; for tests. */
  readonly connected?: () => void;
};

/** The due table is asked at most so often on account of what others commit. */
const dueGapMilliseconds = 50;

/** Begins to tell and to hear; the journal has been started. */
export function openNodes({ journal, clock, config, logger, connected = () => {} }: Deps): Nodes {
  // Nodes of one platform share the log's key, so its name parts them from others on the same NATS server.
  const scope = sha256Hex(utf8(journal.vkey())).slice(0, 16);
  const wakeups = openWakeups({ url: config.natsUrl, scope, logger, connected });
  let demoClock: DemoClockFollower | null = null;
  journal.onCommit(() => wakeups.tell('committed'));
  journal.onCheckpoint(() => {
    // A node that hears of a checkpoint must not tell it on.
    if (journal.leads()) wakeups.tell('published');
  });
  wakeups.on('committed', journal.wake);
  wakeups.on('published', journal.wake);
  return {
    onChange: (listener) => {
      journal.onCommit(listener);
      wakeups.on('committed', listener);
    },
    clockMoved: () => wakeups.tell('clock'),
    natsState: wakeups.state,
    join: (due) => {
      wakeups.on('committed', due.wake, dueGapMilliseconds);
      if (!config.demoClock) return;
      demoClock = followDemoClock({ journal, clock, logger, moved: due.wake });
      wakeups.on('clock', demoClock.look);
    },
    close: async () => {
      await wakeups.close();
      await demoClock?.stop();
    },
  };
}
