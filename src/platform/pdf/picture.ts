/** A photograph with its caption: a Figure with a text alternative. */
import {
  type Document,
  drawLines,
  type Element,
  element,
  ensureRoom,
  heightOf,
  mark,
  type Paper,
  typeset,
} from './paper.ts';
import { text } from './tokens.ts';

export type Picture = {
  /** JPEG or PNG. Transparency is not allowed in what is archived (PDF/A-3b asks for no blending). */
  readonly bytes: Uint8Array;
  /** What the picture shows, for who cannot see it. */
  readonly alt: string;
  readonly caption: string;
  /** Points; the full width when silent. */
  readonly width?: number;
};

const maxHeight = 300;

export function drawPicture(paper: Paper, parent: Element, picture: Picture): void {
  const { doc } = paper;
  const image = open(doc, picture.bytes);
  const scale = Math.min((picture.width ?? paper.width) / image.width, maxHeight / image.height, 1);
  const [width, height] = [image.width * scale, image.height * scale];
  const caption = typeset(paper, picture.caption, text.fine, paper.width);
  const captionHeight = heightOf(caption, text.fine);
  ensureRoom(paper, height + captionHeight + 14);
  const bbox = [paper.left, paper.y, paper.left + width, paper.y + height];
  const figure = element(paper, parent, 'Figure', { alt: picture.alt, bbox });
  mark(paper, figure, 'Figure', () => doc.image(image as never, paper.left, paper.y, { width, height }));
  figure.end();
  paper.y += height + 4;
  const owner = element(paper, parent, 'Caption');
  mark(paper, owner, 'Caption', () =>
    drawLines(paper, caption, { x: paper.left, y: paper.y, width: paper.width }, text.fine),
  );
  owner.end();
  paper.y += captionHeight + 12;
}

function open(doc: Document, bytes: Uint8Array): { width: number; height: number } {
  // Public in pdfkit, absent from its types.
  const opener = doc as unknown as { openImage(source: Uint8Array): { width: number; height: number } };
  return opener.openImage(Buffer.from(bytes));
}
