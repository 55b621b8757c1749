/** POST /demo/clock: moves time forward. Mounted only where DEMO_CLOCK=1, that is for the demo and tests; otherwise it is no route at all. */
import { z } from 'zod';
import type { Journal } from './journal/index.ts';
import type { Clock } from './platform/clock/clock.ts';
import { type Route, route } from './platform/http/route.ts';

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
        clock.advance(Temporal.Duration.from({ seconds: body.seconds }));
        const offset = clock.offsetMicroseconds().toString();
        await journal.keep((tx) => tx.em.execute('update demo_clock set offset_us = ?::bigint where id = 1', [offset]));
        moved();
        return { now: clock.now().toString() };
      },
    ),
  ];
}
