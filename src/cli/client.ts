/** A client of the platform's HTTP interface: logs in with a signed challenge, keeps cookie and CSRF token, names refusals. */
import { ReadableStream } from 'node:stream/web';
import { toBase64, utf8 } from '../formats/bytes.ts';
import { type SigningKey, signDetached } from '../formats/cms.ts';
import { newId } from '../platform/ids.ts';

/** A refusal of the server (RFC 9457 problem), for programs and people. */
export class ProblemError extends Error {
  readonly code: string;
  readonly status: number;
  readonly zh: string;
  readonly en: string;
  readonly requestId: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    problem: Partial<Record<'code' | 'zh' | 'en' | 'requestId', string>> & { details?: Record<string, unknown> },
  ) {
    super(
      `${problem.code ?? `http-${status}`}: ${problem.zh ?? ''} / ${problem.en ?? ''}${problem.details ? ` ${JSON.stringify(problem.details)}` : ''}`,
    );
    this.name = 'ProblemError';
    this.code = problem.code ?? `http-${status}`;
    this.status = status;
    this.zh = problem.zh ?? '';
    this.en = problem.en ?? '';
    this.requestId = problem.requestId ?? '';
    this.details = problem.details ?? {};
  }
}

export type Session = {
  readonly person: string;
  readonly organisation: string | null;
  readonly roles: readonly string[];
  readonly certSha256: string;
};

export type Client = {
  readonly base: string;
  /** Null for a client without log-in. */
  readonly session: Session | null;
  readonly key: SigningKey | null;
  /** Answers the JSON of a success; throws ProblemError for a refusal. A command gets an idempotency key of its own unless one is given. */
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    options?: { idempotencyKey?: string },
  ): Promise<T>;
  /** Sends a stream; for resumable uploads, from an offset. */
  upload<T = Record<string, unknown>>(
    method: 'POST' | 'PATCH' | 'PUT',
    path: string,
    stream: AsyncIterable<Uint8Array>,
    headers?: Record<string, string>,
  ): Promise<T>;
  download(path: string): Promise<Uint8Array>;
  /** The body piece by piece, for what may be large. */
  stream(path: string): AsyncIterable<Uint8Array>;
  /** Detached signature of a document by the client's key, base64. */
  sign(document: Uint8Array): string;
  /** Another client of the same server, logged in with this key. */
  as(key: SigningKey): Promise<Client>;
};

export type ConnectOptions = {
  readonly base: string;
  readonly key?: SigningKey | undefined;
  /** The signer's clock; demo and tests lend the moved one. */
  readonly now?: () => Temporal.Instant;
};

/**
 * Connects, and logs in where a key is given. A session that has ended while the program ran (an officer's program waits for
 * hours) is opened anew once; a stream cannot be sent twice, so its caller sees the refusal.
 */
export async function connect({
  base: address,
  key,
  now = () => Temporal.Now.instant(),
}: ConnectOptions): Promise<Client> {
  // The origin that is signed has no slash at its end.
  const base = address.replace(/\/+$/, '');
  const headers: Record<string, string> = {};
  const sign = (document: Uint8Array): string => {
    if (!key) throw new Error('this client has no key');
    return toBase64(signDetached(key, document, now()));
  };
  const request = async (
    method: string,
    path: string,
    init: Init = {},
    again = key !== undefined,
  ): Promise<Response> => {
    const response = await reach(base, path, { ...init, method, headers: { ...headers, ...init.headers } });
    if (response.ok) return response;
    if (response.status !== 401 || !again) throw await problemOf(response);
    await response.body?.cancel();
    await logIn(base, sign, now(), headers);
    return request(method, path, init, false);
  };
  const session = key ? await logIn(base, sign, now(), headers) : null;
  return {
    base,
    session,
    key: key ?? null,
    sign,
    as: (other) => connect({ base, key: other, now }),
    call: async <T>(method: string, path: string, body?: unknown, options: { idempotencyKey?: string } = {}) => {
      const response = await request(method, path, {
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(method === 'GET' ? {} : { 'idempotency-key': options.idempotencyKey ?? newId() }),
        },
      });
      return (await response.json()) as T;
    },
    upload: async <T>(
      method: string,
      path: string,
      stream: AsyncIterable<Uint8Array>,
      more: Record<string, string> = {},
    ) => {
      const body = ReadableStream.from(stream) as unknown as globalThis.ReadableStream;
      const kind = { 'content-type': 'application/octet-stream', 'idempotency-key': newId() };
      const response = await request(method, path, { body, duplex: 'half', headers: { ...kind, ...more } }, false);
      return (await response.json()) as T;
    },
    stream: async function* (path) {
      const { body } = await request('GET', path);
      if (body) yield* body as unknown as AsyncIterable<Uint8Array>;
    },
    download: async (path) => new Uint8Array(await (await request('GET', path)).arrayBuffer()),
  };
}

type Init = RequestInit & { readonly duplex?: 'half'; readonly headers?: Record<string, string> };

/**
 * A server that does not answer is a problem like any other, for whoever reads the message. A kept connection that the server
 * closed while this program was busy is opened anew once: a command carries its idempotency key, so it is done once at most.
 */
async function reach(base: string, path: string, init: Init, again = typeof init.body !== 'object'): Promise<Response> {
  try {
    return await fetch(base + path, init);
  } catch (error) {
    const { cause } = error as { cause?: { code?: string; message?: string } };
    if (again && (cause?.code === 'ECONNRESET' || cause?.code === 'UND_ERR_SOCKET' || cause?.code === 'EPIPE'))
      return reach(base, path, init, false);
    throw new ProblemError(0, {
      code: 'server-unreachable',
      zh: `无法连接 ${base}（${cause?.code ?? '网络错误'}）`,
      en: `${base} does not answer (${cause?.message ?? String(error)}); check the address and that the server runs`,
    });
  }
}

/** Logs in and puts cookie and CSRF token into `headers`, for whoever sends his requests himself. */
export async function logIn(
  base: string,
  sign: (text: Uint8Array) => string,
  now: Temporal.Instant,
  headers: Record<string, string>,
): Promise<Session> {
  const asked = await reach(base, '/api/login/nonce', {});
  if (!asked.ok) throw await problemOf(asked);
  const { nonce } = (await asked.json()) as { nonce: string };
  const text = utf8(`yangguang login v1\n${base}\n${nonce}\n${now.toString({ smallestUnit: 'second' })}\n`);
  const response = await reach(base, '/api/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: toBase64(text), signature: sign(text) }),
  });
  if (!response.ok) throw await problemOf(response);
  const { csrf, ...session } = (await response.json()) as Session & { csrf: string };
  headers.cookie = response.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ');
  headers['x-csrf-token'] = csrf;
  return session;
}

async function problemOf(response: Response): Promise<ProblemError> {
  const text = await response.text();
  try {
    return new ProblemError(response.status, JSON.parse(text) as Record<string, string>);
  } catch {
    return new ProblemError(response.status, { zh: text.slice(0, 200) });
  }
}
