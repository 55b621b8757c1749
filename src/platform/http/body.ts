/** Bodies of requests: read lazily, bounded, paced, and never at the price of the answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { commonRefusal, RefusalError } from '../refusal.ts';

const defaultMaxBytes = 256 * 1024;

/** The slowest sender that is still waited for: so many bytes in each window spent waiting for it. */
export type Pace = { readonly windowMilliseconds: number; readonly bytes: number };
export const slowestPace: Pace = { windowMilliseconds: 30_000, bytes: 30 * 1024 };

/** Requests that wait for `100 Continue` before they send; the answer goes out when somebody first reads. */
const awaitingContinue = new WeakSet<IncomingMessage>();
export const awaitContinue = (request: IncomingMessage): void => {
  awaitingContinue.add(request);
};

/**
 * The body as a stream of its own. Node destroys the socket with a request stream that is left half-read, and the client then
 * never sees why it was refused; leaving this one half-read keeps the socket for the answer. A sender that drips bytes to hold
 * a connection is refused with `request-too-slow`; one that sends nothing meets the socket's idle limit (listen.ts).
 */
export function openBody(
  request: IncomingMessage,
  response: ServerResponse,
  bound: { readonly maxBytes?: number | undefined; readonly pace?: Pace | undefined } = {},
): Readable {
  const { maxBytes, pace = slowestPace } = bound;
  async function* octets(): AsyncGenerator<Uint8Array> {
    refuseLength(request, maxBytes);
    if (awaitingContinue.delete(request)) {
      response.shouldKeepAlive = true;
      response.writeContinue();
    }
    let size = 0;
    let waited = 0;
    let arrived = 0;
    let since = performance.now();
    try {
      for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        waited += performance.now() - since;
        arrived += chunk.length;
        size += chunk.length;
        if (maxBytes !== undefined && size > maxBytes) throw new RefusalError(commonRefusal('too-large', { maxBytes }));
        if (waited >= pace.windowMilliseconds) {
          if (arrived < pace.bytes) throw new RefusalError(commonRefusal('request-too-slow'));
          waited = 0;
          arrived = 0;
        }
        yield chunk;
        since = performance.now();
      }
    } finally {
      // The rest of an answered request is thrown away (listen.ts), but not while this iterator holds it.
      setImmediate(() => {
        if (response.writableFinished) request.resume();
      });
    }
  }
  return Readable.from(octets(), { objectMode: false, highWaterMark: 1 << 16 });
}

/** A length that is said beforehand is refused before a byte is read. */
function refuseLength(request: IncomingMessage, maxBytes: number | undefined): void {
  const said = Number(request.headers['content-length'] ?? 0);
  if (maxBytes !== undefined && said > maxBytes) throw new RefusalError(commonRefusal('too-large', { maxBytes }));
}

/** Reads a bounded JSON body. @koa/bodyparser is not used here: the bound belongs to each route, before the bytes are read. */
export async function readJsonBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes = defaultMaxBytes,
): Promise<unknown> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new RefusalError(commonRefusal('unsupported-media-type', { expected: 'application/json' }));
  const bytes = await readBytes(openBody(request, response, { maxBytes }), maxBytes);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new RefusalError(commonRefusal('bad-request', { fields: [{ path: '', message: 'not JSON in UTF-8' }] }));
  }
}

/** Reads at most maxBytes of a stream; refuses with `too-large` beyond them. */
export async function readBytes(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw new RefusalError(commonRefusal('too-large', { maxBytes }));
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
