/** The foot of a certificate: the way to check it, as a QR code and in words, and the plain mark of its electronic signature. */
import qrcode from 'qrcode';
import {
  drawLines,
  type Element,
  element,
  ensureRoom,
  hairline,
  heightOf,
  mark,
  type Paper,
  typeset,
} from './paper.ts';
import { drawMark } from './signature-mark.ts';
import { colour, text } from './tokens.ts';

export type CheckBlock = {
  /** Address of the public check page of this certificate. */
  readonly url: string;
  /** Who issues; stands in the ring of the mark. */
  readonly issuer: string;
};

const side = 84;

export function drawCheck(paper: Paper, parent: Element, block: CheckBlock): void {
  const textX = paper.left + side + 18;
  const textWidth = paper.width - 2 * side - 44;
  const parts = [
    { lines: typeset(paper, '扫码核验本文件', text.strong, textWidth), style: text.strong },
    { lines: typeset(paper, 'Scan to check this document', text.english, textWidth), style: text.english },
    { lines: typeset(paper, block.url, text.fine, textWidth), style: text.fine },
    {
      lines: typeset(paper, '电子签名覆盖全部内容。不用本站也能核验：pdfsig 文件名', text.fine, textWidth),
      style: text.fine,
    },
  ];
  ensureRoom(paper, side + 34);
  paper.y += 14;
  hairline(paper, paper.y);
  paper.y += 16;
  const figure = element(paper, parent, 'Figure', {
    alt: `二维码 QR code: ${block.url}`,
    bbox: [paper.left, paper.y, paper.left + side, paper.y + side],
  });
  mark(paper, figure, 'Figure', () => drawQr(paper, block.url, paper.left, paper.y));
  figure.end();
  const owner = element(paper, parent, 'P');
  mark(paper, owner, 'P', () => {
    let y = paper.y + 4;
    for (const { lines, style } of parts) {
      drawLines(paper, lines, { x: textX, y, width: textWidth }, style);
      y += heightOf(lines, style) + 2;
    }
  });
  owner.end();
  drawMark(paper, parent, block.issuer, paper.left + paper.width - side / 2, paper.y + side / 2, side / 2);
  paper.y += side + 6;
}

/** One path of bars, a row's neighbours joined: vector, sharp at any size, and without seams. */
function drawQr(paper: Paper, url: string, x: number, y: number): void {
  const { modules } = qrcode.create(url, { errorCorrectionLevel: 'M' });
  const unit = side / modules.size;
  for (let row = 0; row < modules.size; row++)
    for (let column = 0; column < modules.size; column++) {
      if (!modules.get(row, column)) continue;
      const start = column;
      while (column + 1 < modules.size && modules.get(row, column + 1)) column++;
      paper.doc.rect(x + start * unit, y + row * unit, (column + 1 - start) * unit, unit);
    }
  paper.doc.fill(colour.text);
}
