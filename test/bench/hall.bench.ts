/** Two hundred screens of one hall: how long after the first one the last one gets the same event. */
import { WebSocket } from 'ws';
import { until } from '../../src/cli/demo/stage.ts';
import { pastDeadline, publish, startCourse } from '../support/opening-course.ts';
import type { BenchRow } from './row.ts';

const watchers = 200;
const goalMilliseconds = 500;

export async function hallBench(): Promise<BenchRow[]> {
  const course = await startCourse(0);
  const tendered = await publish(course);
  const known = () => fetch(`${course.app.base}/api/openings/${tendered.opening}`);
  await until(known, ({ status }) => status === 200, 'the opening');
  const heard = new Map<number, number[]>();
  let ready = 0;
  const sockets = Array.from({ length: watchers }, () => {
    const socket = new WebSocket(`${course.app.base.replace('http', 'ws')}/ws/hall/${tendered.opening}`);
    socket.on('message', (text) => {
      const { type, seq } = JSON.parse(String(text)) as { type: string; seq: number };
      if (type === 'snapshot') ready += 1;
      if (type === 'event') heard.set(seq, [...(heard.get(seq) ?? []), performance.now()]);
    });
    return socket;
  });
  await until(
    async () => ready,
    (n) => n === watchers,
    'every snapshot',
  );
  await pastDeadline(course, tendered);
  await until(
    async () => [...heard.values()],
    (all) => all.length > 0 && all.every((t) => t.length === watchers),
    'every event',
  );
  for (const socket of sockets) socket.terminate();
  await course.close();
  const worst = Math.max(...[...heard.values()].map((times) => Math.max(...times) - Math.min(...times)));
  return [
    {
      name: `hall, ${watchers} screens: last after first, worst of ${heard.size} events`,
      value: worst,
      unit: 'ms',
      goal: { atMost: goalMilliseconds },
    },
  ];
}
