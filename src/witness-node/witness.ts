/**
 * `yangguang witness`: an outside cosigner of the log (c2sp.org/tlog-witness), for the supervisor, a bidders' association or a
 * newspaper. It knows one log, needs no database, and keeps one small file: never two histories under its key.
 */

import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sizeMediaType } from '../formats/log/add-checkpoint.ts';
import { cosign } from '../formats/log/cosignature.ts';
import { formatVkey, parseVkey, type Signer, type VerifierKey, witnessKeyType } from '../formats/log/note.ts';
import { replaceFile } from '../platform/durable-file.ts';
import { createSigner, readSigner } from '../platform/signer-file.ts';
import { judge, type Verdict } from './decide.ts';
import { nothingSeen, readState, type WitnessState, writeState } from './state.ts';

export type WitnessOptions = {
  /** What the witness last cosigned; made at the first run. */
  readonly stateFile: string;
  /** Its own Ed25519 key; made at the first run, and useless to anyone but it. */
  readonly keyFile: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** The log's public key, from a source other than the log's own server if possible. */
  readonly logVkey: string;
  /** The log's origin; must be the name in the key. */
  readonly origin?: string;
  /** The witness's name in its key: a schema-less URL by custom, `witness.example/w1`. */
  readonly name: string;
  readonly log?: (event: string, details: Readonly<Record<string, unknown>>) => void;
  /** POSIX seconds; the clock of this machine when silent. */
  readonly seconds?: () => bigint;
};

export type RunningWitness = {
  /** To be put into the log policy: `witness <name> <vkey> <url>`. */
  readonly vkey: string;
  /** The submission prefix. */
  readonly url: string;
  close(): Promise<void>;
};

const maxBodyBytes = 256 * 1024;
const systemSeconds = (): bigint => BigInt(Math.floor(Temporal.Now.instant().epochMilliseconds / 1_000));

/** Starts the witness; resolves when it listens. Throws in both languages where its files do not fit. */
export async function runWitness(options: WitnessOptions): Promise<RunningWitness> {
  const logKey = parseVkey(options.logVkey);
  if (options.origin !== undefined && options.origin !== logKey.name)
    throw new Error(`日志名称与公钥不符 / the origin ${options.origin} is not the name of the key (${logKey.name})`);
  const { signer, state } = await openFiles(options, logKey);
  const witness = openWitness(options, logKey, signer, state);
  const server = createServer((request, response) => {
    respond(request, response, witness).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.listen.port, options.listen.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    vkey: formatVkey(signer.key),
    url: `http://${options.listen.host}:${port}`,
    close: () => closeServer(server),
  };
}

/** The key may be made only together with a fresh state: a known key that forgot what it cosigned could cosign a fork. */
async function openFiles(options: WitnessOptions, log: VerifierKey): Promise<{ signer: Signer; state: WitnessState }> {
  const { stateFile, keyFile, name } = options;
  const state = await readState(stateFile, log.name);
  if (existsSync(keyFile)) {
    if (!state)
      throw new Error(
        `见证状态文件 ${stateFile} 不存在，但密钥已使用过。请恢复状态文件；如已丢失，请换用新的密钥和名称。/ The state ${stateFile} is missing but its key has been used. Restore it, or retire this key for a new one.`,
      );
    return { signer: readSigner(keyFile, name, witnessKeyType)!, state };
  }
  const fresh = state ?? nothingSeen(log.name);
  if (!state) await writeState(stateFile, fresh);
  return { signer: createSigner(keyFile, name, witnessKeyType), state: fresh };
}

type Answer = { readonly status: number; readonly type: string; readonly body: string };
type Witness = { describe(): string; addCheckpoint(body: string): Promise<Answer> };

function openWitness(options: WitnessOptions, log: VerifierKey, signer: Signer, start: WitnessState): Witness {
  const seconds = options.seconds ?? systemSeconds;
  /** Owned by `take`, one request after the other: check, persist and answer are one step. */
  let state = start;
  let turn: Promise<unknown> = Promise.resolve();

  const take = async (body: string): Promise<Answer> => {
    const verdict = judge(body, log, state);
    switch (verdict.status) {
      case 200: {
        const { origin, size, root, note } = verdict.checkpoint;
        await writeState(options.stateFile, { origin, size, root });
        state = { origin, size, root };
        options.log?.('cosigned', { size: size.toString() });
        return { status: 200, type: 'text/plain; charset=utf-8', body: `${cosign(note.text, signer, seconds())}\n` };
      }
      case 409:
      case 422:
        if (verdict.evidence) await keepEvidence(options, verdict, body);
        return { status: verdict.status, type: sizeMediaType, body: `${verdict.size}\n` };
      default:
        options.log?.('refused', { status: verdict.status, reason: verdict.reason });
        return { status: verdict.status, type: 'text/plain; charset=utf-8', body: `${verdict.reason}\n` };
    }
  };
  return {
    describe: () =>
      `${formatVkey(signer.key)}\n${log.name}\n${state.size}\n本程序为上述日志的外部见证方。/ An outside witness of the log above.\n`,
    addCheckpoint: (body) => {
      const answer = turn.then(() => take(body));
      turn = answer.catch(() => {});
      return answer;
    },
  };
}

/**
 * The log signed what does not fit. The first request that proves a fork is kept for good; of those without a proof the newest
 * is kept apart, since a stranger can send them too and must not push the proof out.
 */
async function keepEvidence(
  { stateFile, log }: WitnessOptions,
  { evidence, size, status }: Extract<Verdict, { evidence: unknown }>,
  body: string,
): Promise<void> {
  log?.(evidence === 'fork' ? 'conflict' : 'unproved', { cosigned: size.toString(), status });
  if (evidence === 'fork' && existsSync(`${stateFile}.conflict`)) return;
  await replaceFile(`${stateFile}.${evidence === 'fork' ? 'conflict' : 'unproved'}`, body);
}

async function respond(request: IncomingMessage, response: ServerResponse, witness: Witness): Promise<void> {
  const send = (status: number, type: string, body: string) => {
    response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body);
  };
  const plain = 'text/plain; charset=utf-8';
  if (request.method === 'GET' && request.url === '/') return send(200, plain, witness.describe());
  if (request.url !== '/add-checkpoint') return send(404, plain, 'not found\n');
  if (request.method !== 'POST') return send(405, plain, 'POST only\n');
  const body = await readText(request);
  if (body === null) return send(413, plain, 'too large\n');
  const { status, type, body: answer } = await witness.addCheckpoint(body);
  send(status, type, answer);
}

/** The body as text; null beyond the limit. Bytes that are not UTF-8 become marks that no checkpoint has. */
async function readText(request: IncomingMessage): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function closeServer(server: Server): Promise<void> {
  server.closeIdleConnections();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    setTimeout(() => server.closeAllConnections(), 1_000).unref();
  });
}
