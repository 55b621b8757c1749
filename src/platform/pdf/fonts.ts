/**
 * The fonts of documents, read once a process: Noto Serif SC in two weights (all of the national table of 8,105
 * characters), then Noto Serif JP, where it is installed, for rare characters of names such as U+20BB7. A character
 * that no font has is an error with a code, never an empty box.
 */
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import type { Weight } from './tokens.ts';

/** What is used of pdfkit's font object (fontkit). */
export type Font = {
  readonly postscriptName: string;
  hasGlyphForCodePoint(codePoint: number): boolean;
};

/** Why a document cannot be made; `glyph-missing` names the character, so that its owner can be asked. */
export class PdfError extends Error {
  readonly code: 'glyph-missing' | 'signature-too-large' | 'no-signature-field' | 'block-too-tall';
  readonly detail: string;

  constructor(code: PdfError['code'], detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'PdfError';
    this.code = code;
    this.detail = detail;
  }
}

const require = createRequire(import.meta.url);

const sources: Readonly<Record<Weight, readonly string[]>> = {
  regular: [
    '@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf',
    '@expo-google-fonts/noto-serif-jp/400Regular/NotoSerifJP_400Regular.ttf',
  ],
  semibold: [
    '@expo-google-fonts/noto-serif-sc/600SemiBold/NotoSerifSC_600SemiBold.ttf',
    '@expo-google-fonts/noto-serif-jp/600SemiBold/NotoSerifJP_600SemiBold.ttf',
  ],
};

let loaded: Readonly<Record<Weight, readonly Font[]>> | undefined;

/** The fonts by weight, in the order in which they are asked for a character. */
export function fonts(): Readonly<Record<Weight, readonly Font[]>> {
  loaded ??= { regular: open(sources.regular), semibold: open(sources.semibold) };
  return loaded;
}

/** The first font that has the character. Throws PdfError `glyph-missing`. */
export function fontFor(character: string, weight: Weight): Font {
  const codePoint = character.codePointAt(0)!;
  const found = fonts()[weight].find((font) => font.hasGlyphForCodePoint(codePoint));
  if (found) return found;
  const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
  throw new PdfError('glyph-missing', `no installed font has ${name} (${character})`);
}

/** Whether a second font for rare characters is installed. */
export function hasRareFont(): boolean {
  return fonts().regular.length > 1;
}

function open(paths: readonly string[]): readonly Font[] {
  const found = paths.flatMap((path) => {
    try {
      return [require.resolve(path)];
    } catch {
      return [];
    }
  });
  if (!found[0]) throw new Error(`font not installed: ${paths[0]}`);
  // pdfkit opens the file; the parsed font is kept, so that the 14 MB are read once and not for every document.
  return found.map((path) => {
    const document = new PDFDocument({ autoFirstPage: false, font: path });
    return (document as unknown as { _font: { font: Font } })._font.font;
  });
}
