/** Configuration comes from the environment, is checked once at start and never read elsewhere. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { Secret } from './secret.ts';

const flag = z
  .enum(['0', '1'])
  .default('0')
  .transform((v) => v === '1');

const port = z.coerce.number().int().min(0).max(65535);
const count = (least: number) => z.coerce.number().int().min(least);

/** The variables of the environment; docs/operations.md shows this table (a test compares). */
export const environment = z.object({
  PORT: port.default(8080).describe('监听端口 / port to listen on'),
  HOST: z.string().default('127.0.0.1').describe('监听地址 / address to listen on'),
  ORIGIN: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      '公开地址；写入登录文本和 Cookie；各节点相同 / public address, bound into log-in texts and cookies; the same on all nodes',
    ),
  CITY: z
    .string()
    .regex(/^[a-z0-9.-]+$/)
    .default('yangguang.example')
    .describe('日志名称 log.CITY/yangguang，启用后不得更改 / names the log; never changed once in use'),
  DATA_DIR: z.string().default('data').describe('文件与密钥目录，各节点共用 / files and secrets; all nodes share one'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//)
    .optional()
    .describe(
      'PostgreSQL；不设则用内嵌数据库（试用、单进程）/ without it the embedded database, for trial, one process',
    ),
  NATS_URL: z
    .string()
    .regex(/^(nats|tls):\/\/[^,]+(,(nats|tls):\/\/[^,]+)*$/)
    .optional()
    .describe('节点间唤醒；不设则只靠轮询 / wake-ups between nodes; without it they poll'),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/[^\s]+$/)
    .optional()
    .describe('邮件服务器；不设则不发邮件 / mail server; without it no mail is sent'),
  MAIL_FROM: z.email().default('noreply@yangguang.example').describe('邮件的发件地址 / address that mail comes from'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('日志级别 / least level that is logged'),
  TRUSTED_CA_FILES: z
    .string()
    .default('')
    .describe('另行信任的 CA 证书文件（PEM，逗号分隔）/ further CA certificates, PEM files parted by commas'),
  LOG_POLICY_FILE: z
    .string()
    .optional()
    .describe('C2SP tlog-policy 文件：外部见证方及门槛 / outside witnesses and their quorum'),
  WITNESS_URLS: z
    .string()
    .default('')
    .describe('另行请求签署的见证方地址 / further witnesses to ask, parted by commas'),
  UPLOAD_MAX_BYTES: count(1)
    .default(600 * 1024 * 1024)
    .describe('单个上传文件上限（字节）/ largest upload, in bytes'),
  TRUSTED_PROXIES: count(0)
    .max(5)
    .default(0)
    .describe(
      '前置反向代理层数，据此采信 X-Forwarded-For / reverse proxies in front, whose X-Forwarded-For is believed',
    ),
  REQUESTS_PER_MINUTE: count(1)
    .default(600)
    .describe('每个地址每分钟请求数（每节点）/ requests a minute for one address, on each node'),
  SHUTDOWN_DELAY_SECONDS: count(0)
    .max(600)
    .default(0)
    .describe('收到 SIGTERM 后 /readyz 先返回 503 的秒数 / seconds that /readyz says no before the node stops'),
  DEMO: z
    .enum(['0', '1'])
    .optional()
    .describe(
      '1：演示城市（含公开的登录钥匙，绝不用于正式运行）；0：空平台；不设：无 DATABASE_URL 的新目录为 1 / 1 demo city with public log-in keys, never in production; 0 empty platform; unset: 1 for a new folder without DATABASE_URL',
    ),
  DEMO_CLOCK: flag.describe('1：允许拨快时钟，仅演示与测试 / 1 lets the clock be moved; demo and tests only'),
  DEMO_CLOCK_START: z.iso.datetime().optional().describe('演示时间的起点 / where the time of a new demo begins'),
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
  /** Null: no mail. */
  readonly smtpUrl: Secret<string> | null;
  readonly mailFrom: string;
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
  /** The demo city: its log-ins are public (GET /demo/accounts), and its clock can be moved. */
  readonly demo: boolean;
  /** Lets POST /demo/clock advance the clock. For the demo and tests; refused together with DATABASE_URL of production by README. */
  readonly demoClock: boolean;
  /** Where the demo's time begins on a new database; so demo and tests do not run into a year whose rest days nobody knows yet. */
  readonly demoClockStart: string | null;
};

/** Where the demo city's time begins: 9:00 on a Monday in Beijing, in a year whose rest days are known. */
export const demoStart = '2026-03-02T01:00:00Z';

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
    smtpUrl: e.SMTP_URL ? new Secret(e.SMTP_URL) : null,
    mailFrom: e.MAIL_FROM,
    logLevel: e.LOG_LEVEL,
    trustedCaFiles: list(e.TRUSTED_CA_FILES),
    logPolicyFile: e.LOG_POLICY_FILE ?? null,
    witnessUrls: list(e.WITNESS_URLS),
    uploadMaxBytes: e.UPLOAD_MAX_BYTES,
    trustedProxies: e.TRUSTED_PROXIES,
    requestsPerMinute: e.REQUESTS_PER_MINUTE,
    shutdownDelaySeconds: e.SHUTDOWN_DELAY_SECONDS,
    demo: e.DEMO === '1',
    demoClock: e.DEMO_CLOCK || e.DEMO === '1',
    demoClockStart: e.DEMO_CLOCK_START ?? (e.DEMO === '1' ? demoStart : null),
  };
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((s) => s.trim())
    .filter((s) => s !== '');
}
