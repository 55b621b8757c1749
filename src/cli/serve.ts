/** `npm start`: runs the platform until it is told to stop (SIGINT, SIGTERM), then finishes what is under way. */
import { start } from '../main.ts';
import { type Config, readConfig } from '../platform/config.ts';
import { createLogger } from '../platform/log.ts';
import { buildWeb } from '../web-build/build.ts';

/** Why a start was refused says what to do; the stack would hide it. */
function explain(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

const config = configured();
const logger = createLogger(config.logLevel);
const web = await buildWeb((line) => process.stderr.write(`${line}\n`));
const running = await start({ config, logger, web }).catch((error: unknown) => {
  logger.fatal({ err: error }, '未能启动 / could not start');
  return explain(error);
});
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

function configured(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    return explain(error);
  }
}
