/** What a command of `yangguang` is. */
import { readFileSync } from 'node:fs';
import type { ParseArgsOptionDescriptor } from 'node:util';
import { certificatesFromPem, openPkcs12, type SigningKey } from '../formats/cms.ts';
import { type TrustFile, trustFile } from '../formats/trust.ts';
import { type Client, connect } from './client.ts';

export const exitCodes =
  '0 成功 done · 1 失败 failed · 2 用法 usage · 3 核验不通过 invalid · 4 服务器拒绝 refused by the server';

export type Invocation = {
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
  /** One JSON document on standard output, no progress. */
  readonly json: boolean;
};

export type Command = {
  readonly name: string;
  readonly zh: string;
  readonly en: string;
  readonly usage: string;
  readonly options: Readonly<Record<string, ParseArgsOptionDescriptor>>;
  run(invocation: Invocation): Promise<number>;
};

/** An error that ends the command with its own exit code. */
export class CommandError extends Error {
  readonly exit: number;
  readonly code: string;

  constructor(code: string, message: string, exit = 2) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.exit = exit;
  }
}

/** The text of an option; an error that names it where it is missing. */
export function needed({ values }: Invocation, name: string): string {
  const value = values[name];
  if (typeof value !== 'string' || value === '')
    throw new CommandError('option-missing', `缺少选项 / missing option: --${name}`);
  return value;
}

export const optional = ({ values }: Invocation, name: string): string | undefined =>
  typeof values[name] === 'string' ? values[name] : undefined;

/** The signing key of --key FILE; the passphrase comes from YANGGUANG_PASSPHRASE, so that it stands in no process list. */
export function signingKey(invocation: Invocation): SigningKey {
  const passphrase = process.env.YANGGUANG_PASSPHRASE;
  if (passphrase === undefined)
    throw new CommandError(
      'passphrase-missing',
      '请用环境变量 YANGGUANG_PASSPHRASE 提供证书口令 / give the passphrase in YANGGUANG_PASSPHRASE',
    );
  return openPkcs12(new Uint8Array(readFileSync(needed(invocation, 'key'))), passphrase);
}

/** The trust file of --trust FILE. */
export function trustOf(invocation: Invocation): {
  readonly trust: TrustFile;
  readonly roots: ReturnType<typeof certificatesFromPem>;
} {
  const parsed = trustFile.safeParse(JSON.parse(readFileSync(needed(invocation, 'trust'), 'utf8')));
  if (!parsed.success)
    throw new CommandError(
      'trust-invalid',
      `信任文件有误 / bad trust file: ${parsed.error.issues[0]?.path.join('.')} ${parsed.error.issues[0]?.message}`,
    );
  return { trust: parsed.data, roots: parsed.data.caRoots.flatMap((pem) => certificatesFromPem(pem)) };
}

/** Prints the answer: a sentence for people, one JSON document with --json. */
export function say(invocation: Invocation, sentence: string, document: Record<string, unknown>): void {
  process.stdout.write(invocation.json ? `${JSON.stringify({ ok: true, ...document })}\n` : `✓ ${sentence}\n`);
}

/**
 * This machine's time. YANGGUANG_CLOCK_OFFSET (seconds) moves it for trying the commands against a server whose demo clock runs
 * ahead or behind; an officer who sets it only fools the own check, the server and the verifier judge by the log.
 */
export function now(): Temporal.Instant {
  const offset = Number(process.env.YANGGUANG_CLOCK_OFFSET ?? '0');
  if (!Number.isSafeInteger(offset))
    throw new CommandError('clock-offset', 'YANGGUANG_CLOCK_OFFSET 须为整秒数 / must be whole seconds');
  return Temporal.Now.instant().add({ seconds: offset });
}

/** A client for --server, logged in where a key is given. */
export const connected = (invocation: Invocation, key?: SigningKey): Promise<Client> =>
  connect({ base: needed(invocation, 'server').replace(/\/$/, ''), key, now });
