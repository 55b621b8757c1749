/**
 * `npm start`: runs the platform until it is told to stop (SIGINT, SIGTERM), then finishes what is under way. On the embedded
 * database a new folder becomes a demo city (DEMO=0: an empty platform).
 */
import { start } from '../main.ts';
import { type Config, readConfig } from '../platform/config.ts';
import { createLogger } from '../platform/log.ts';
import { buildWeb } from '../web-build/build.ts';
import { cityLines, openCityFolder } from './demo/build-city.ts';
import { isCity } from './demo/folder.ts';

/** Why a start was refused says what to do; the stack would hide it. */
function explain(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

const config = configured();
const builder = config.demo ? await openCityFolder(config, say).catch(explain) : null;
const logger = createLogger(config.logLevel);
const web = await buildWeb((line) => process.stderr.write(`${line}\n`)).catch(explain);
const running = await start({ config, logger, web }).catch((error: unknown) => {
  logger.fatal({ err: error }, '未能启动 / could not start');
  return explain(error);
});
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stopping = true;
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
if (builder) {
  // Sessions are bound to the public address, so the city's people use it where there is one.
  const base = config.origin ?? running.base;
  try {
    await builder.build({ base, dataDir: config.dataDir });
    for (const line of await cityLines(config.dataDir, base, running.clock.now())) say(line);
  } catch (error) {
    if (!stopping) explain(error);
  }
}

/** The environment's configuration; a demo city is quieter and lets its builder and its visitors ask more often. */
function configured(): Config {
  try {
    const { env } = process;
    const asked = readConfig(env);
    const demo = env.DEMO === '0' || env.DEMO === '1' ? env.DEMO : undefined;
    if (!isCity({ demo, dataDir: asked.dataDir, databaseUrl: asked.databaseUrl !== null })) return asked;
    const often = env.REQUESTS_PER_MINUTE || '100000';
    return readConfig({ ...env, DEMO: '1', LOG_LEVEL: env.LOG_LEVEL || 'warn', REQUESTS_PER_MINUTE: often });
  } catch (error) {
    return explain(error);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
