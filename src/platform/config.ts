/** Configuration comes from the environment, is checked once at start and never read elsewhere. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { Secret } from './secret.ts';

const flag = z
  .enum(['0', '1'])
  .default('0')
  .transform((v) => v === '1');

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  HOST: z.string().default('127.0.0.1'),
  ORIGIN: z.url({ protocol: /^https?$/ }).optional(),
  CITY: z
    .string()
    .regex(/^[a-z0-9.-]+$/)
    .default('yangguang.example'),
  DATA_DIR: z.string().default('data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//)
    .optional(),
  NATS_URL: z
    .string()
    .regex(/^(nats|tls):\/\/[^,]+(,(nats|tls):\/\/[^,]+)*$/)
    .optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  TRUSTED_CA_FILES: z.string().default(''),
  LOG_POLICY_FILE: z.string().optional(),
  WITNESS_URLS: z.string().default(''),
  UPLOAD_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(600 * 1024 * 1024),
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(5).default(0),
  REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).default(600),
  SHUTDOWN_DELAY_SECONDS: z.coerce.number().int().min(0).max(600).default(0),
  DEMO_CLOCK: flag,
  DEMO_CLOCK_START: z.iso.datetime().optional(),
});

export type Config = {
  readonly port: number;
  readonly host: string;
  /** The public address; bound into log-in texts and cookies. Null: taken from the listening address. */
  readonly origin: string | null;
  /** Names the log: its origin line is `log.CITY/yangguang`. */
  readonly city: string;
  readonly dataDir: string;
  /** Null: the embedded database (PGlite) in dataDir, for one process and for trial. */
  readonly databaseUrl: Secret<string> | null;
  /** Wake-ups between nodes; null: one node, or nodes that only poll. */
  readonly natsUrl: Secret<string> | null;
  readonly logLevel: string;
  readonly trustedCaFiles: readonly string[];
  /** A C2SP tlog-policy file; without it every checkpoint counts as unwitnessed. */
  readonly logPolicyFile: string | null;
  readonly witnessUrls: readonly string[];
  readonly uploadMaxBytes: number;
  /** How many reverse proxies stand before this server; X-Forwarded-For is believed that far, and not at all with 0. */
  readonly trustedProxies: number;
  /** Requests a minute that one address may make. */
  readonly requestsPerMinute: number;
  /** After SIGTERM /readyz says no for so long while requests are still answered, so that a balancer looks elsewhere in time. */
  readonly shutdownDelaySeconds: number;
  /** Lets POST /demo/clock advance the clock. For the demo and tests; refused together with DATABASE_URL of production by README. */
  readonly demoClock: boolean;
  /** Where the demo's time begins on a new database; so demo and tests do not run into a year whose rest days nobody knows yet. */
  readonly demoClockStart: string | null;
};

/** Reads the configuration; throws an Error that names the variable at fault. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const parsed = environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, v]) => v !== '')));
  if (!parsed.success) {
    throw new Error(
      `配置有误 / bad configuration:\n${parsed.error.issues.map((i) => `  ${i.path.join('.')}: ${i.message}`).join('\n')}`,
    );
  }
  const e = parsed.data;
  return {
    port: e.PORT,
    host: e.HOST,
    origin: e.ORIGIN?.replace(/\/$/, '') ?? null,
    city: e.CITY,
    dataDir: resolve(e.DATA_DIR),
    databaseUrl: e.DATABASE_URL ? new Secret(e.DATABASE_URL) : null,
    natsUrl: e.NATS_URL ? new Secret(e.NATS_URL) : null,
    logLevel: e.LOG_LEVEL,
    trustedCaFiles: list(e.TRUSTED_CA_FILES),
    logPolicyFile: e.LOG_POLICY_FILE ?? null,
    witnessUrls: list(e.WITNESS_URLS),
    uploadMaxBytes: e.UPLOAD_MAX_BYTES,
    trustedProxies: e.TRUSTED_PROXIES,
    requestsPerMinute: e.REQUESTS_PER_MINUTE,
    shutdownDelaySeconds: e.SHUTDOWN_DELAY_SECONDS,
    demoClock: e.DEMO_CLOCK,
    demoClockStart: e.DEMO_CLOCK_START ?? null,
  };
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((s) => s.trim())
    .filter((s) => s !== '');
}
