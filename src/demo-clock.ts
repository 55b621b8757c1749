/**
 * The demo's clock: POST /demo/clock moves time forward, on all nodes. Mounted only where DEMO_CLOCK=1, that is for the demo and
 * tests; otherwise it is no route at all.
 */
import { z } from 'zod';
import type { Journal } from './journal/index.ts';
import type { Clock } from './platform/clock/clock.ts';
import type { Row } from './platform/database.ts';
import { type Route, route } from './platform/http/route.ts';
import type { Logger } from './platform/log.ts';

type Deps = { readonly journal: Journal; readonly clock: Clock; readonly enabled: boolean; readonly moved: () => void };

export function demoClockRoutes({ journal, clock, enabled, moved }: Deps): Route[] {
  if (!enabled) return [];
  return [
    route(
      {
        method: 'POST',
        path: '/demo/clock',
        name: 'advanceDemoClock',
        who: 'anyone',
        summary: { zh: '拨快演示时钟（仅演示与测试）', en: 'Advance the demo clock; demo and tests only' },
        body: z.strictObject({
          seconds: z
            .number()
            .int()
            .min(1)
            .max(366 * 86_400),
        }),
        answer: z.object({ now: z.string() }),
        refusals: [],
      },
      async ({ body }) => {
        // Added in the database, not in memory: another node may have moved the clock a moment ago.
        const rows = await journal.keep((tx) =>
          tx.em.execute(
            `update demo_clock set offset_us = greatest(offset_us, ?::bigint) + ?::bigint where id = 1
             returning offset_us::text as offset_us`,
            [clock.offsetMicroseconds().toString(), String(body.seconds * 1_000_000)],
          ),
        );
        reach(clock, rows as Row[]);
        moved();
        return { now: clock.now().toString() };
      },
    ),
  ];
}

export type DemoClockFollower = {
  /** Looks at once. */
  look(): void;
  /** Resolves when it looks no more. */
  stop(): Promise<void>;
};

/** So often a node looks whether another one has moved the clock. */
const lookMilliseconds = 1_000;

/** Follows the offset that the nodes of one demo share; `moved` is called when another node has moved it. */
export function followDemoClock({
  journal,
  clock,
  logger,
  moved,
}: Omit<Deps, 'enabled'> & { readonly logger: Logger }): DemoClockFollower {
  let looking: Promise<void> = Promise.resolve();
  const lookNow = async () => {
    if (reach(clock, await journal.db.query('select offset_us::text as offset_us from demo_clock where id = 1')))
      moved();
  };
  const look = () => {
    looking = looking.then(lookNow).catch((error: unknown) => {
      logger.warn({ err: error }, '读取演示时钟失败 / the demo clock could not be read');
    });
  };
  const timer = setInterval(look, lookMilliseconds);
  return {
    look,
    stop: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}

/** Moves the clock forward to the stored offset; false where it is there already. Time never runs backwards. */
function reach(clock: Clock, [row]: readonly Row[]): boolean {
  const ahead = BigInt(String(row?.offset_us ?? '0')) - clock.offsetMicroseconds();
  if (ahead <= 0n) return false;
  clock.advance(Temporal.Duration.from({ microseconds: Number(ahead) }));
  return true;
}
