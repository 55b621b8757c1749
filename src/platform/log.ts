import { type Logger, pino } from 'pino';

export type { Logger };

/** Structured logs on standard output; what could hold a secret is struck out by name as a second line of defence. */
export function createLogger(level: string): Logger {
  return pino({
    level,
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
  });
}
