/** Head and foot of every page: who issues, the number of the document, page n of m. Artifacts, so they are not read aloud. */
import { artifact, drawLines, hairline, type Paper, typeset } from './paper.ts';
import { sheet, text } from './tokens.ts';

export type Furniture = {
  readonly issuer?: string;
  /** Number of the document, for instance 果-2026-0012. */
  readonly number?: string;
};

const headY = 52;
const footY = sheet.height - 56;

/** Draws it on all pages, when their number is known. */
export function drawFurniture(paper: Paper, { issuer = '', number = '' }: Furniture): void {
  const { count } = paper.doc.bufferedPageRange();
  for (let i = 0; i < count; i++) {
    paper.doc.switchToPage(i);
    line(paper, headY, issuer, number);
    hairline(paper, headY + 18);
    hairline(paper, footY);
    line(paper, footY + 8, '本文件经电子签名，可离线核验  Electronically signed', `第 ${i + 1} 页 / 共 ${count} 页`);
  }
}

function line(paper: Paper, y: number, left: string, right: string): void {
  const at = { x: paper.left, y, width: paper.width };
  artifact(
    paper,
    () => {
      drawLines(paper, typeset(paper, left, text.furniture, paper.width), at, text.furniture);
      drawLines(paper, typeset(paper, right, text.furniture, paper.width), { ...at, align: 'right' }, text.furniture);
    },
    'Pagination',
  );
}
