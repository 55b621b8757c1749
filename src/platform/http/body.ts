import type { IncomingMessage } from 'node:http';
import { commonRefusal, RefusalError } from '../refusal.ts';

const defaultMaxBytes = 256 * 1024;

/** Reads a bounded JSON body. @koa/bodyparser is not used here: the bound belongs to each route, before the bytes are read. */
export async function readJsonBody(request: IncomingMessage, maxBytes = defaultMaxBytes): Promise<unknown> {
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
    throw new RefusalError(commonRefusal('unsupported-media-type', { expected: 'application/json' }));
  const bytes = await readBytes(request, maxBytes);
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
