/**
 * The one client of the platform's interface. A route is named as it is written (`GET /api/projects/:id`); its input, answer and
 * refusal codes are the types of contracts.gen.ts. A refusal is a value, not an exception; only reads through `useApi` throw it,
 * for the error state of the page.
 */
import type { Contracts } from './contracts.gen.ts';

export type Operation = keyof Contracts & string;
export type Answer<K extends Operation> = Contracts[K]['answer'];
type Part<K extends Operation, P extends 'params' | 'query' | 'body'> = Contracts[K][P] extends undefined
  ? { readonly [key in P]?: undefined }
  : Partial<Contracts[K][P]> extends Contracts[K][P]
    ? { readonly [key in P]?: Contracts[K][P] }
    : { readonly [key in P]: Contracts[K][P] };
export type Input<K extends Operation> = Part<K, 'params'> & Part<K, 'query'> & Part<K, 'body'>;

/** RFC 9457 problem of the server; `network` and `not-understood` are this client's own. */
export type Refusal<Code extends string = string> = {
  readonly code: Code;
  readonly status: number;
  readonly zh: string;
  readonly en: string;
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
};
export type Outcome<K extends Operation> =
  | { readonly ok: true; readonly value: Answer<K> }
  | { readonly ok: false; readonly refusal: Refusal<Contracts[K]['refusal'] & string> };

export class RefusedError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`${refusal.code}: ${refusal.en}`);
    this.name = 'RefusedError';
    this.refusal = refusal;
  }
}

export type CallOptions = {
  /** One per intent: made when the person decides, kept for every repetition of the same request. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What carries a request: `fetch` in a browser, the application itself while a page is rendered on the server. */
export type Transport = (url: string, init: RequestInit) => Promise<Response>;

export type Api = {
  call<K extends Operation>(operation: K, input: Input<K>, options?: CallOptions): Promise<Outcome<K>>;
  /** As `call`, throwing RefusedError; for queries. */
  read<K extends Operation>(operation: K, input: Input<K>, options?: CallOptions): Promise<Answer<K>>;
  /** The session's CSRF token; sent with everything that changes something. Null without a session. */
  setCsrf(token: string | null): void;
};

const networkRefusal = (): Refusal => ({
  code: 'network',
  status: 0,
  zh: '网络不通，请求没有送到。请检查网络后再试；重复提交不会办两次。',
  en: 'The network is down; the request did not arrive. Check it and try again: nothing is done twice.',
  requestId: null,
  details: {},
});

/** The address of an operation with its parameters filled in: `/api/projects/0197...?page=2`. */
export function urlOf(
  operation: string,
  input: { readonly params?: unknown; readonly query?: unknown } = {},
): { method: string; url: string } {
  const [method = 'GET', path = ''] = operation.split(' ');
  const params = (input.params ?? {}) as Record<string, string>;
  const filled = path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(String(params[name] ?? '')));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries((input.query ?? {}) as Record<string, unknown>))
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  const text = query.toString();
  return { method, url: text === '' ? filled : `${filled}?${text}` };
}

/** A client over a transport. */
export function createApi(transport: Transport): Api {
  let csrf: string | null = null;
  const call = async <K extends Operation>(operation: K, input: Input<K>, options: CallOptions = {}) => {
    const { method, url } = urlOf(operation, input);
    const { body } = input as { body?: unknown };
    const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
    if (method !== 'GET') {
      headers['Idempotency-Key'] = options.idempotencyKey ?? crypto.randomUUID();
      if (csrf) headers['X-CSRF-Token'] = csrf;
    }
    if (body !== undefined && !(body instanceof Blob)) headers['Content-Type'] = 'application/json';
    const response = await transport(url, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    }).catch((error: unknown) => {
      if (options.signal?.aborted) throw error;
      return null;
    });
    if (response === null) return { ok: false, refusal: networkRefusal() } as Outcome<K>;
    if (!response.ok) return { ok: false, refusal: await refusalOf(response) } as Outcome<K>;
    const json = /json/.test(response.headers.get('Content-Type') ?? '');
    return { ok: true, value: (json ? await response.json() : await response.blob()) as Answer<K> } as Outcome<K>;
  };
  return {
    call,
    read: async (operation, input, options) => {
      const outcome = await call(operation, input, options);
      if (!outcome.ok) throw new RefusedError(outcome.refusal);
      return outcome.value;
    },
    setCsrf: (token) => {
      csrf = token;
    },
  };
}

/** The problem document of an answer; anything else (a proxy's page) becomes a refusal that says so. */
export async function refusalOf(response: Response): Promise<Refusal> {
  const problem = (await response.json().catch(() => null)) as Partial<Refusal> | null;
  return {
    code: problem?.code ?? 'not-understood',
    status: response.status,
    zh: problem?.zh ?? '服务器的答复无法识别，请稍后再试。',
    en: problem?.en ?? 'The answer of the server was not understood; try again later.',
    requestId: problem?.requestId ?? response.headers.get('X-Request-Id'),
    details: problem?.details ?? {},
  };
}
