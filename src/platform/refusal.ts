/**
 * A refusal answers a bad request: nothing happened and nothing was written. It carries a stable code for machines and
 * its sentence in both languages for people; each room types its codes as a closed union.
 */
export type Refusal<Code extends string = string> = {
  readonly refused: true;
  readonly code: Code;
  readonly status: number;
  readonly zh: string;
  readonly en: string;
  /** Facts for the reader: the article, the figure asked for, the earliest date. */
  readonly details?: Readonly<Record<string, unknown>>;
};

/** One line of a room's table of refusals: HTTP status (RFC 9110) and the two texts. */
export type RefusalText = { readonly status: number; readonly zh: string; readonly en: string };
export type RefusalTable<Code extends string> = Readonly<Record<Code, RefusalText>>;

/** The maker of a room's refusals from its table, so that no code can lack a text. */
export function refusalsOf<Code extends string>(table: RefusalTable<Code>) {
  return (code: Code, details?: Record<string, unknown>): Refusal<Code> => ({
    refused: true,
    code,
    ...table[code],
    ...(details ? { details } : {}),
  });
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && (value as { refused?: unknown }).refused === true;
}

/** Carries a refusal through code that answers otherwise (middlewares, readers, the transaction to be rolled back). */
export class RefusalError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.code);
    this.name = 'RefusalError';
    this.refusal = refusal;
  }
}

/** Throws the refusal; for the edges, never inside rules. */
export function refuse(refusal: Refusal): never {
  throw new RefusalError(refusal);
}

/** Refusals that any room may give. */
export const commonRefusals = {
  'bad-request': { status: 400, zh: '请求内容不合要求', en: 'The request does not have the form asked for' },
  'not-signed-in': { status: 401, zh: '请先登录', en: 'Please log in first' },
  'not-permitted': { status: 403, zh: '您的角色无权进行此操作', en: 'Your role may not do this' },
  'foreign-origin': {
    status: 403,
    zh: '请求来自其他网站，已拒绝',
    en: 'The request came from another site and was refused',
  },
  'csrf-missing': {
    status: 403,
    zh: '缺少防伪令牌，请刷新后重试',
    en: 'The anti-forgery token is missing; reload and try again',
  },
  'not-found': { status: 404, zh: '没有找到', en: 'Not found' },
  'method-not-allowed': { status: 405, zh: '不支持此方法', en: 'This method is not supported here' },
  'version-conflict': {
    status: 409,
    zh: '内容已被他人更新，请刷新后重试',
    en: 'Somebody else changed this meanwhile; reload and try again',
  },
  'idempotency-mismatch': {
    status: 409,
    zh: '同一幂等键对应了不同内容',
    en: 'This idempotency key was used with other contents',
  },
  'request-too-slow': { status: 408, zh: '请求内容发送过慢', en: 'The request body came too slowly' },
  'too-large': { status: 413, zh: '内容过大', en: 'The content is too large' },
  'unsupported-media-type': { status: 415, zh: '不支持的内容类型', en: 'This content type is not supported' },
  'too-many-requests': { status: 429, zh: '请求过于频繁，请稍后再试', en: 'Too many requests; please wait a moment' },
  'internal-error': {
    status: 500,
    zh: '系统内部错误，请凭请求编号联系中心',
    en: 'Internal error; quote the request id to the centre',
  },
  'transaction-too-slow': {
    status: 503,
    zh: '处理超过两秒，未生效，请重试',
    en: 'The act took over two seconds and was not carried out; try again',
  },
  'database-unavailable': {
    status: 503,
    zh: '数据库暂时不可用，未生效，请用同一幂等键重试',
    en: 'The database is unavailable; nothing was done, retry with the same idempotency key',
  },
  'not-ready': {
    status: 503,
    zh: '本节点尚未就绪或即将停止',
    en: 'This node is not ready yet, or is about to stop',
  },
  'shutting-down': { status: 503, zh: '服务正在重启，请稍后再试', en: 'The service is restarting; try again shortly' },
} as const satisfies RefusalTable<string>;

export type CommonRefusalCode = keyof typeof commonRefusals;
export const commonRefusal = refusalsOf<CommonRefusalCode>(commonRefusals);
