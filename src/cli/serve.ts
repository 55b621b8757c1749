/** `npm start`: runs the platform until it is told to stop (SIGINT, SIGTERM), then finishes what is under way. */
import { start } from '../main.ts';
import { readConfig } from '../platform/config.ts';
import { createLogger } from '../platform/log.ts';

const config = readConfig(process.env);
const logger = createLogger(config.logLevel);
const running = await start({ config, logger });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    logger.info({ signal }, '正在停止 / stopping');
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'shutdown failed');
        process.exit(1);
      },
    );
  });
}
