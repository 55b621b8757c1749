/**
 * The small part of PDF (ISO 32000-1, 7.3 and 7.5) that a check of our own certificates needs: one revision with a
 * classic cross-reference table, objects read by their offsets. Nothing is searched for by text, so words inside an
 * attachment or a title can never pose as structure. Every byte is an attacker's: anything unexpected throws PdfSyntax.
 */

export type PdfValue =
  | null
  | boolean
  | number
  | PdfName
  | PdfText
  | PdfReference
  | readonly PdfValue[]
  | ReadonlyMap<string, PdfValue>;
export type PdfName = { readonly kind: 'name'; readonly name: string };
/** `start` and `end` are the offsets of the token with its brackets: a signature's gap is judged by them. */
export type PdfText = {
  readonly kind: 'text';
  readonly hex: boolean;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
};
export type PdfReference = { readonly kind: 'reference'; readonly object: number };

export class PdfSyntax extends Error {
  constructor(detail: string, at: number) {
    super(`${detail} at byte ${at}`);
    this.name = 'PdfSyntax';
  }
}

/** Deeper nesting than any writer makes; keeps a hostile file from exhausting the stack. */
const maxDepth = 32;

const isSpace = (b: number | undefined) =>
  b === 0x20 || b === 0x0a || b === 0x0d || b === 0x09 || b === 0x0c || b === 0x00;
const isDelimiter = (b: number | undefined) => b !== undefined && '()<>[]{}/%'.includes(String.fromCharCode(b));
const ends = (b: number | undefined) => b === undefined || isSpace(b) || isDelimiter(b);

/** A reader over the bytes; `at` is the offset of the next byte. */
export class PdfReader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  fail(detail: string): never {
    throw new PdfSyntax(detail, this.at);
  }

  skipSpace(): void {
    while (isSpace(this.bytes[this.at])) this.at++;
  }

  /** Whether the bytes here are this ASCII text; steps over it when they are. */
  take(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.bytes[this.at + i] !== text.charCodeAt(i)) return false;
    this.at += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail(`"${text.trim()}" expected`);
  }

  /** A non-negative whole number of at most ten digits. */
  integer(): number {
    const word = this.word();
    if (!/^\d{1,10}$/.test(word)) this.fail('whole number expected');
    return Number(word);
  }

  private word(): string {
    let text = '';
    while (!ends(this.bytes[this.at]) && text.length < 32) text += String.fromCharCode(this.bytes[this.at++]!);
    return text;
  }

  /** One object (7.3); streams are the caller's. */
  value(depth = 0): PdfValue {
    if (depth > maxDepth) this.fail('nested too deeply');
    this.skipSpace();
    if (this.take('<<')) return this.dictionary(depth);
    switch (String.fromCharCode(this.bytes[this.at] ?? 0)) {
      case '/':
        return this.name();
      case '(':
        return this.literal();
      case '<':
        return this.hexadecimal();
      case '[':
        return this.array(depth);
      default:
        return this.plain();
    }
  }

  private dictionary(depth: number): ReadonlyMap<string, PdfValue> {
    const entries = new Map<string, PdfValue>();
    for (;;) {
      this.skipSpace();
      if (this.take('>>')) return entries;
      const { name } = this.name();
      // Two values for one key mean different things to different readers.
      if (entries.has(name)) this.fail(`/${name} stands twice`);
      entries.set(name, this.value(depth + 1));
    }
  }

  private array(depth: number): readonly PdfValue[] {
    this.at++;
    const values: PdfValue[] = [];
    for (;;) {
      this.skipSpace();
      if (this.take(']')) return values;
      values.push(this.value(depth + 1));
    }
  }

  private name(): PdfName {
    this.expect('/');
    let name = '';
    while (!ends(this.bytes[this.at])) {
      if (name.length > 127) this.fail('name too long');
      name += String.fromCharCode(this.bytes[this.at++]!);
    }
    return { kind: 'name', name };
  }

  private literal(): PdfText {
    const start = this.at++;
    const out: number[] = [];
    for (let open = 1; ; ) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) this.fail('string without end');
      if (byte === 0x5c) {
        out.push(this.escaped());
        continue;
      }
      if (byte === 0x28) open++;
      if (byte === 0x29 && --open === 0) break;
      out.push(byte);
    }
    return { kind: 'text', hex: false, bytes: Uint8Array.from(out), start, end: this.at };
  }

  private escaped(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) this.fail('string without end');
    const known: Record<string, number> = { n: 10, r: 13, t: 9, b: 8, f: 12 };
    return known[String.fromCharCode(byte)] ?? byte;
  }

  private hexadecimal(): PdfText {
    const start = this.at++;
    const close = this.bytes.indexOf(0x3e, this.at);
    if (close < 0 || (close - this.at) % 2 !== 0) this.fail('hex string without end');
    const bytes = new Uint8Array((close - this.at) / 2);
    for (let i = 0; i < bytes.length; i++) {
      const high = hexDigit(this.bytes[this.at++]!);
      const low = hexDigit(this.bytes[this.at++]!);
      if (high < 0 || low < 0) this.fail('not a hex digit');
      bytes[i] = high * 16 + low;
    }
    this.at = close + 1;
    return { kind: 'text', hex: true, bytes, start, end: this.at };
  }

  private plain(): PdfValue {
    const word = this.word();
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) this.fail('object expected');
    const before = this.at;
    if (/^\d+$/.test(word) && this.take(' 0 R') && ends(this.bytes[this.at]))
      return { kind: 'reference', object: Number(word) };
    this.at = before;
    return Number(word);
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
