/** Tender documents as they come in: bounded, named safely, and of a type that their first bytes prove. */
import type { FileStore } from '../platform/files.ts';
import type { Document } from './state.ts';

/** Bytes that decide the type; the attacker controls all of them and the name. */
const headBytes = 8;

const ooxml: Readonly<Record<string, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};
const ole: Readonly<Record<string, string>> = {
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint',
};

/** The media type by the first bytes; the ending only tells apart what one container may hold. Null for what is not taken. */
export function mediaTypeOf(head: Uint8Array, name: string): string | null {
  const magic = [...head].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const ending = name.toLowerCase().split('.').at(-1) ?? '';
  if (magic.startsWith('255044462d')) return 'application/pdf';
  if (magic.startsWith('504b0304')) return ooxml[ending] ?? 'application/zip';
  if (magic.startsWith('d0cf11e0a1b11ae1')) return ole[ending] ?? null;
  return null;
}

/** A file name for display and download: no path, no control or direction characters, at most 150 characters, never empty. */
export function cleanName(name: string): string {
  const base = name.toWellFormed().split(/[\\/]/).at(-1) ?? '';
  const clean = [...base.replace(/[\p{C}\p{Zl}\p{Zp}<>:"|?*\uFFFD]/gu, '').trim()].slice(-150).join('');
  return /^\.*$/.test(clean) ? 'document' : clean;
}

/** Stores a document of at most maxBytes; null when its first bytes are of no type that is taken, and then nothing is kept. */
export async function storeDocument(
  files: FileStore,
  name: string,
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Document | null> {
  const clean = cleanName(name);
  const { head, whole } = await peek(stream);
  const mediaType = mediaTypeOf(head, clean);
  if (mediaType === null) return null;
  return { ...(await files.put(whole, maxBytes)), name: clean, mediaType };
}

/** Reads the first bytes and gives the stream back whole. */
async function peek(
  stream: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; whole: AsyncIterable<Uint8Array> }> {
  const source = stream[Symbol.asyncIterator]();
  let head = new Uint8Array();
  while (head.length < headBytes) {
    const next = await source.next();
    if (next.done) break;
    head = concat(head, next.value);
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head;
    for (;;) {
      const next = await source.next();
      if (next.done) return;
      yield next.value;
    }
  }
  return { head: head.subarray(0, headBytes), whole: whole() };
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
