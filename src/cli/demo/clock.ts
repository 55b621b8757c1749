/** The demo clock of a server, read and moved over HTTP as any visitor of a demo may. */
import { connect } from '../client.ts';
import type { MovableClock } from './schedule.ts';

/** Takes the server's time by moving it on by a second, and follows it from there with this machine's clock. */
export async function serverClock(base: string): Promise<MovableClock> {
  const visitor = await connect({ base });
  let offset = Temporal.Duration.from({ seconds: 0 });
  const now = () => Temporal.Now.instant().add(offset);
  const move = async (seconds: number) => {
    const answer = await visitor.call<{ now: string }>('POST', '/demo/clock', { seconds });
    offset = Temporal.Instant.from(answer.now).since(Temporal.Now.instant());
  };
  await move(1);
  return {
    now,
    moveTo: async (instant) => {
      const ahead = Math.ceil(instant.since(now()).total('seconds'));
      if (ahead >= 1) await move(ahead);
    },
  };
}
