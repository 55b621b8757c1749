/** A photograph with its caption: a Figure with a text alternative. What cannot be drawn safely is named by its caption only. */
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
  /** JPEG or PNG, from anybody. */
  readonly bytes: Uint8Array;
  /** What the picture shows, for who cannot see it. */
  readonly alt: string;
  readonly caption: string;
  /** Points; the full width when silent. */
  readonly width?: number;
};

const maxHeight = 300;
const maxPixels = 20_000;

export function drawPicture(paper: Paper, parent: Element, picture: Picture): void {
  const image = openImage(paper.doc, picture.bytes);
  const words = image ? picture.caption : `${picture.caption}（无法显示，原件另存）`;
  const caption = typeset(paper, words, text.fine, paper.width);
  const captionHeight = heightOf(caption, text.fine);
  if (image) {
    const scale = Math.min((picture.width ?? paper.width) / image.shownWidth, maxHeight / image.shownHeight, 1);
    const [width, height] = [image.shownWidth * scale, image.shownHeight * scale];
    ensureRoom(paper, height + captionHeight + 14);
    const bbox = [paper.left, paper.y, paper.left + width, paper.y + height];
    const figure = element(paper, parent, 'Figure', { alt: picture.alt, bbox });
    mark(paper, figure, 'Figure', () => paper.doc.image(image.source, paper.left, paper.y, { width, height }));
    figure.end();
    paper.y += height + 4;
  }
  ensureRoom(paper, captionHeight);
  const owner = element(paper, parent, 'Caption');
  mark(paper, owner, 'Caption', () =>
    drawLines(paper, caption, { x: paper.left, y: paper.y, width: paper.width }, text.fine),
  );
  owner.end();
  paper.y += captionHeight + 12;
}

type Opened = { readonly source: never; readonly shownWidth: number; readonly shownHeight: number };

/** Null for what is no picture, or one whose pixels would have to be unpacked (a small file may hold a giant). */
function openImage(doc: Document, bytes: Uint8Array): Opened | null {
  if (!isPlainPng(bytes) && !isJpeg(bytes)) return null;
  // Public in pdfkit, absent from its types; its readers throw texts as well as errors.
  const opener = doc as unknown as {
    openImage(source: Uint8Array): { width: number; height: number; orientation?: number; colorSpace?: string };
  };
  try {
    const image = opener.openImage(Buffer.from(bytes));
    const { width, height, orientation = 1, colorSpace } = image;
    const measured = [width, height].every((n) => Number.isInteger(n) && n > 0 && n <= maxPixels);
    // Printers' colours (CMYK) have no place in a file whose colours are sRGB (ISO 19005-3, 6.2.4).
    if (!measured || (isJpeg(bytes) && colorSpace !== 'DeviceRGB' && colorSpace !== 'DeviceGray')) return null;
    // A camera held upright writes its pixels lying down and says so (EXIF 5 to 8).
    const turned = orientation > 4;
    return { source: image as never, shownWidth: turned ? height : width, shownHeight: turned ? width : height };
  } catch {
    return null;
  }
}

const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

/** A PNG without alpha, transparent colours or interlacing (PNG 11.2.2, 11.3.2): its data go into the file as they are. */
function isPlainPng(bytes: Uint8Array): boolean {
  const begins = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a].every((octet, i) => bytes[i] === octet);
  if (!begins || bytes.length < 33) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (![0, 2, 3].includes(bytes[25]!) || bytes[28] !== 0) return false;
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === 'tRNS') return false;
    if (type === 'IEND') return true;
  }
  return false;
}
