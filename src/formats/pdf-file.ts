/** A PDF file of one revision as a table of objects: the only shape in which this platform issues certificates. */
import { PdfReader, PdfSyntax, type PdfValue } from './pdf-objects.ts';

/** Larger than any certificate with photographs; more is refused unread. */
const maxPdfBytes = 64 * 1024 * 1024;
const maxObjects = 200_000;

export type PdfDictionary = ReadonlyMap<string, PdfValue>;

/** Why a file is not of this shape. `appended`: bytes or a revision stand after the first end of file. */
export class PdfShape extends Error {
  readonly appended: boolean;

  constructor(detail: string, appended = false) {
    super(detail);
    this.name = 'PdfShape';
    this.appended = appended;
  }
}

export type PdfFile = {
  readonly bytes: Uint8Array;
  readonly trailer: PdfDictionary;
  /** The object that the value refers to, or the value itself. */
  resolve(value: PdfValue | undefined): PdfValue;
  /** Content of a stream object kept without a filter. */
  plainStream(value: PdfValue | undefined): Uint8Array;
};

/** Reads the table. Throws PdfShape or PdfSyntax, nothing else. */
export function readPdf(bytes: Uint8Array): PdfFile {
  if (bytes.length > maxPdfBytes) throw new PdfShape('file too large');
  new PdfReader(bytes).expect('%PDF-1.');
  const reader = new PdfReader(bytes, lastTableOffset(bytes));
  const offsets = readTable(reader);
  reader.expect('trailer\n');
  const trailer = asDictionary(reader.value());
  if (trailer.has('Prev') || trailer.has('XRefStm')) throw new PdfShape('more than one revision', true);
  if (trailer.has('Encrypt')) throw new PdfShape('encrypted');
  const load = (value: PdfValue | undefined): { value: PdfValue; reader: PdfReader } => {
    if (!isReference(value)) throw new PdfSyntax('reference expected', reader.at);
    const at = offsets[value.object];
    if (at === undefined) throw new PdfShape(`no object ${value.object}`);
    const inner = new PdfReader(bytes, at);
    inner.expect(`${value.object} 0 obj\n`);
    return { value: inner.value(), reader: inner };
  };
  return {
    bytes,
    trailer,
    resolve: (value) => (isReference(value) ? load(value).value : (value ?? null)),
    plainStream: (value) => {
      const loaded = load(value);
      const dictionary = asDictionary(loaded.value);
      const length = dictionary.get('Length');
      if (dictionary.has('Filter') || typeof length !== 'number' || !Number.isInteger(length) || length < 0)
        throw new PdfShape('attachment is not kept plain');
      loaded.reader.expect('\nstream\n');
      const start = loaded.reader.at;
      loaded.reader.at = start + length;
      loaded.reader.expect('\nendstream\nendobj\n');
      return bytes.slice(start, start + length);
    },
  };
}

export function isReference(value: PdfValue | undefined): value is { kind: 'reference'; object: number } {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'reference';
}

export function asDictionary(value: PdfValue): PdfDictionary {
  if (!(value instanceof Map)) throw new PdfShape('dictionary expected');
  return value;
}

const tableMark = '\nstartxref\n';

/** The file must end with `startxref N %%EOF`, and hold one such end only: what stands behind an earlier one was added. */
function lastTableOffset(bytes: Uint8Array): number {
  const tail = String.fromCharCode(...bytes.subarray(-40));
  const found = /\nstartxref\n(\d{1,10})\n%%EOF\n$/.exec(tail);
  const last = lastMark(bytes, bytes.length);
  if (!found) throw new PdfShape('the file does not end where its table says', last >= 0);
  if (lastMark(bytes, last - 1) >= 0) throw new PdfShape('more than one revision', true);
  return Number(found[1]);
}

/** Offset of the last mark of a table before `end`; -1 where there is none. A mark holds line breaks, JSON texts cannot. */
function lastMark(bytes: Uint8Array, end: number): number {
  for (let at = end; at > 0; ) {
    at = bytes.lastIndexOf(0x0a, at - 1);
    if (at < 0) break;
    if (new PdfReader(bytes, at).take(tableMark)) return at;
  }
  return -1;
}

/** One section `0 n` of entries of exactly 20 bytes (7.5.4). */
function readTable(reader: PdfReader): (number | undefined)[] {
  reader.expect('xref\n');
  reader.expect('0 ');
  const count = reader.integer();
  reader.expect('\n');
  if (count > maxObjects) reader.fail('too many objects');
  reader.expect('0000000000 65535 f \n');
  const offsets: (number | undefined)[] = [undefined];
  for (let i = 1; i < count; i++) {
    offsets.push(reader.integer());
    reader.expect(' 00000 n \n');
  }
  return offsets;
}
