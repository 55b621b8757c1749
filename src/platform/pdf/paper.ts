/**
 * A sheet of paper over pdfkit: a cursor, text set with our own line breaking and font choice, and the structure tree
 * that makes the document readable aloud (ISO 32000-1, 14.8). Everything drawn is either marked content of a structure
 * element or an artifact; nothing is drawn outside both.
 */
import type PDFDocument from 'pdfkit';
import { type Font, fontFor } from './fonts.ts';
import { breakLines, type Line } from './lines.ts';
import { type Colour, colour, sheet, type TextStyle } from './tokens.ts';

export type Document = InstanceType<typeof PDFDocument>;
export type Element = PDFKit.PDFStructureElement;

export type Paper = {
  readonly doc: Document;
  /** The root of the structure tree. */
  readonly root: Element;
  /** Top of the next block, in points from the upper edge; owned by the block being drawn. */
  y: number;
  readonly left: number;
  readonly width: number;
};

/** Lowest point that text may reach. */
export const floor = sheet.height - sheet.bottom;

/** Starts a new page when less than `height` is left. A block taller than a page simply starts on a fresh one. */
export function ensureRoom(paper: Paper, height: number): boolean {
  if (paper.y + height <= floor || paper.y <= sheet.top) return false;
  newPage(paper);
  return true;
}

export function newPage(paper: Paper): void {
  paper.doc.addPage();
  paper.y = sheet.top;
}

/** Adds a structure element below a parent. */
export function element(paper: Paper, parent: Element, type: string, options: Record<string, unknown> = {}): Element {
  const made = paper.doc.struct(type, options as PDFKit.Mixins.StructureElementOptions);
  parent.add(made);
  return made;
}

/** Draws as content of the element. */
export function mark(paper: Paper, owner: Element, type: string, draw: () => void): void {
  const content = paper.doc.markStructureContent(type);
  draw();
  paper.doc.endMarkedContent();
  owner.add(content);
}

/** Draws what a reading voice leaves out: lines, furniture. */
export function artifact(paper: Paper, draw: () => void, type: 'Layout' | 'Pagination' = 'Layout'): void {
  paper.doc.markContent('Artifact', { type });
  draw();
  paper.doc.endMarkedContent();
}

export function hairline(
  paper: Paper,
  y: number,
  from = paper.left,
  to = paper.left + paper.width,
  ink: Colour = 'line',
) {
  artifact(paper, () => {
    paper.doc.moveTo(from, y).lineTo(to, y).lineWidth(0.5).strokeColor(colour[ink]).stroke();
  });
}

/** The text's lines at this width. Throws PdfError `glyph-missing`. */
export function typeset(paper: Paper, content: string, style: TextStyle, width: number): Line[] {
  return breakLines(content, (part) => widthOf(paper, part, style), width, style.size * 0.16);
}

export function heightOf(lines: readonly Line[], style: TextStyle): number {
  return lines.length * style.size * style.leading;
}

export type Align = 'left' | 'center' | 'right';

/** Draws lines from `y` down; `width` only matters for alignment. The caller has opened a marked content. */
export function drawLines(
  paper: Paper,
  lines: readonly Line[],
  at: { x: number; y: number; width: number; align?: Align },
  style: TextStyle,
): void {
  const step = style.size * style.leading;
  if (style.lang) paper.doc.markContent('Span', { lang: style.lang });
  for (const [i, line] of lines.entries()) {
    const free = at.width - line.width;
    const x = at.x + (at.align === 'right' ? free : at.align === 'center' ? free / 2 : 0);
    // 0.88 em is the height of a Chinese character above the baseline; the rest of the leading is shared.
    const baseline = at.y + i * step + step / 2 + style.size * 0.36;
    for (const piece of line.pieces) drawPiece(paper, piece.text, x + piece.x, baseline, style);
  }
  if (style.lang) paper.doc.endMarkedContent();
}

function drawPiece(paper: Paper, content: string, x: number, baseline: number, style: TextStyle): void {
  const { doc } = paper;
  doc.fillColor(colour[style.colour]);
  let at = x;
  for (const run of runs(content, style)) {
    use(doc, run.font, style.size);
    doc.text(run.text, at, baseline, { lineBreak: false, baseline: 'alphabetic', ...features(style) });
    at += doc.widthOfString(run.text, features(style));
  }
}

function widthOf(paper: Paper, content: string, style: TextStyle): number {
  let width = 0;
  for (const run of runs(content, style)) {
    use(paper.doc, run.font, style.size);
    width += paper.doc.widthOfString(run.text, features(style));
  }
  return width;
}

/** fontkit asks for `{ liga: false }`; pdfkit's types know only names to switch on. */
function features(style: TextStyle): object {
  return style.ligatures === false ? { features: { liga: false } } : {};
}

/** Neighbouring characters of one font. */
function runs(content: string, style: TextStyle): { text: string; font: Font }[] {
  const out: { text: string; font: Font }[] = [];
  for (const character of content) {
    const font = fontFor(character, style.weight);
    const last = out.at(-1);
    if (last?.font === font) last.text += character;
    else out.push({ text: character, font });
  }
  return out;
}

/** pdfkit knows a font by name; the parsed font itself is registered under it once a document. */
function use(doc: Document, font: Font, size: number): void {
  doc.registerFont(font.postscriptName, font as unknown as string);
  doc.font(font.postscriptName).fontSize(size);
}
