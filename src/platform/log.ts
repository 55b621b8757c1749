import { type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger };

/** Structured logs on standard output; what could hold a secret is struck out by name as a second line of defence. Lines go elsewhere when asked. */
export function createLogger(level: string, destination?: { write(line: string): void }): Logger {
  const options: LoggerOptions = {
    level,
    serializers: { err: errorFacts },
    redact: {
      paths: [
        'req.headers.cookie',
        'req.headers.authorization',
        'password',
        'passphrase',
        'privateKey',
        'signature',
        '*.password',
        '*.passphrase',
        '*.privateKey',
      ],
      censor: '[secret]',
    },
    base: null,
  };
  // Written while the next line is made; what is still waiting is written when the process ends.
  return pino(options, destination ?? pino.destination({ sync: false }));
}

/**
 * What of an error may be logged. A database error repeats the statement with its values (query, detail, message), and those are
 * names and bids; so its code, its kind and where it came from must do.
 */
export function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code } = error as { code?: unknown };
  const fromDatabase = typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code);
  return {
    name: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(fromDatabase ? {} : { message: error.message.slice(0, 500) }),
    stack: (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)),
  };
}
