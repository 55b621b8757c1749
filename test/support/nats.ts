/** Whether a NATS server is there for the tests: NATS_URL, or the usual port of this machine. */
import { connect } from 'node:net';

const url = process.env.NATS_URL ?? 'nats://127.0.0.1:4222';

const there = await new Promise<boolean>((resolve) => {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port || 4222), timeout: 2_000 });
  const end = (answer: boolean) => {
    socket.destroy();
    resolve(answer);
  };
  socket.on('connect', () => end(true));
  socket.on('error', () => end(false));
  socket.on('timeout', () => end(false));
});

if (!there) console.warn(`no NATS server at ${url}: the tests that need one are skipped`);

/** In CI a server that is not there is a failure, not a skip; so `there` is true and `require` throws. */
export const natsServer = {
  url,
  there: there || process.env.CI === 'true',
  require: (): void => {
    if (!there) throw new Error(`these tests need a NATS server at ${url}`);
  },
};
