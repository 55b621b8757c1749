/**
 * The mark beside an electronic signature: two hairline rings, the issuer's name around, a sun over a line inside. It
 * imitates no seal; the signature itself is in the file.
 */
import { drawLines, type Element, element, mark, type Paper, typeset } from './paper.ts';
import { colour, type TextStyle, text } from './tokens.ts';

export function drawMark(paper: Paper, parent: Element, issuer: string, cx: number, cy: number, radius: number): void {
  const figure = element(paper, parent, 'Figure', {
    alt: `${issuer} 电子签名标记 Mark of the electronic signature`,
    bbox: [cx - radius, cy - radius, cx + radius, cy + radius],
  });
  mark(paper, figure, 'Figure', () => {
    const { doc } = paper;
    doc
      .lineWidth(0.9)
      .strokeColor(colour.accent)
      .circle(cx, cy, radius - 0.5)
      .stroke();
    doc
      .lineWidth(0.4)
      .circle(cx, cy, radius - 13.5)
      .stroke();
    sun(paper, cx, cy - 5, 7.5);
    around(paper, issuer, cx, cy, radius - 7);
    centred(paper, '电子签名', cx, cy + 6, { ...text.fine, size: 7, colour: 'accent', weight: 'semibold' });
  });
  figure.end();
}

/** A half sun with seven rays on the horizon. */
function sun(paper: Paper, cx: number, cy: number, r: number): void {
  const { doc } = paper;
  doc.lineWidth(0.8).strokeColor(colour.accent);
  doc.path(`M ${cx - r * 0.55} ${cy} a ${r * 0.55} ${r * 0.55} 0 0 1 ${r * 1.1} 0`).stroke();
  doc
    .moveTo(cx - r * 1.7, cy)
    .lineTo(cx + r * 1.7, cy)
    .stroke();
  for (let i = 0; i <= 6; i++) {
    const angle = Math.PI + (i * Math.PI) / 6;
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    if (i === 0 || i === 6) continue;
    doc
      .moveTo(cx + dx * r * 0.85, cy + dy * r * 0.85)
      .lineTo(cx + dx * r * 1.35, cy + dy * r * 1.35)
      .stroke();
  }
}

/** Characters on the upper arc, upright to the centre. */
function around(paper: Paper, words: string, cx: number, cy: number, radius: number): void {
  const characters = [...words];
  const style: TextStyle = {
    ...text.fine,
    size: characters.length > 14 ? 5.5 : 6.75,
    colour: 'accent',
    weight: 'semibold',
  };
  const step = Math.min(22, 270 / characters.length);
  for (const [i, character] of characters.entries()) {
    const degrees = (i - (characters.length - 1) / 2) * step;
    paper.doc.save().rotate(degrees, { origin: [cx, cy] });
    centred(paper, character, cx, cy - radius - (style.size * style.leading) / 2, style);
    paper.doc.restore();
  }
}

function centred(paper: Paper, words: string, cx: number, y: number, style: TextStyle): void {
  const lines = typeset(paper, words, style, 200);
  drawLines(paper, lines, { x: cx - 100, y, width: 200, align: 'center' }, style);
}
