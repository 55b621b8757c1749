/** What a layout may put on paper: a few blocks, each with its place in the structure tree. Chinese first, English under it. */

import { type CheckBlock, drawCheck } from './check-block.ts';
import { drawFactRows, type FactRow, heightOfRows } from './fact-rows.ts';
import {
  drawLines,
  type Element,
  element,
  ensureRoom,
  floor,
  hairline,
  heightOf,
  mark,
  type Paper,
  typeset,
} from './paper.ts';
import { drawPicture, type Picture } from './picture.ts';
import { drawTable, type Table } from './table.ts';
import { colour, sheet, type TextStyle, text } from './tokens.ts';

export type Words = { readonly zh: string; readonly en?: string };

export type Page = {
  /** The document's heading; once. */
  title(words: Words): void;
  section(words: Words): void;
  paragraph(words: Words): void;
  /** What the document comes to: a name or an amount, set large, with a line under it. */
  statement(label: Words, value: string, note?: string): void;
  /** Label and value, a hairline between rows. */
  facts(rows: readonly FactRow[]): void;
  table(table: Table): void;
  picture(picture: Picture): void;
  /** QR code, the address in words and the mark of the electronic signature; usually last. */
  check(block: CheckBlock): void;
  space(points: number): void;
};

/** The blocks over a sheet of paper. */
export function pageOver(paper: Paper): Page {
  const { root } = paper;
  return {
    title: (words) => {
      block(paper, root, 'H1', [
        [words.zh, text.title],
        [words.en, text.titleEnglish],
      ]);
      paper.y += 14;
      artifactBar(paper);
      paper.y += 20;
    },
    section: (words) => {
      paper.y += 12;
      // A heading never stands alone at the foot of a page.
      ensureRoom(paper, 92);
      block(paper, root, 'H2', [
        [words.zh, text.section],
        [words.en, text.sectionEnglish],
      ]);
      paper.y += 7;
    },
    paragraph: (words) => {
      keepTogether(paper, words);
      flow(paper, root, words.zh, text.body);
      if (words.en) flow(paper, root, words.en, text.english);
      paper.y += 8;
    },
    statement: (label, value, note) => {
      ensureRoom(paper, 84);
      block(paper, root, 'P', [
        [label.zh, text.label],
        [label.en, text.labelEnglish],
      ]);
      paper.y += 3;
      block(paper, root, 'P', [
        [value, text.figure],
        [note, text.label],
      ]);
      paper.y += 14;
    },
    facts: (rows) => {
      if (heightOfRows(paper, rows.slice(0, 2)) + paper.y > floor) ensureRoom(paper, floor);
      drawFactRows(paper, root, rows);
      paper.y += 10;
    },
    table: (table) => {
      drawTable(paper, root, table);
      paper.y += 12;
    },
    picture: (picture) => drawPicture(paper, root, picture),
    check: (checkBlock) => drawCheck(paper, root, checkBlock),
    space: (points) => {
      paper.y += points;
    },
  };
}

/** Texts of one element kept together on a page. */
function block(
  paper: Paper,
  parent: Element,
  type: string,
  parts: readonly (readonly [string | undefined, TextStyle])[],
) {
  const set = parts.flatMap(([content, style]) =>
    content ? [{ lines: typeset(paper, content, style, paper.width), style }] : [],
  );
  ensureRoom(
    paper,
    set.reduce((sum, { lines, style }) => sum + heightOf(lines, style), 0),
  );
  const owner = element(paper, parent, type);
  for (const { lines, style } of set) {
    mark(paper, owner, type, () => drawLines(paper, lines, { x: paper.left, y: paper.y, width: paper.width }, style));
    paper.y += heightOf(lines, style);
  }
  owner.end();
}

/** A short paragraph and its English are not torn apart by the end of a page. */
function keepTogether(paper: Paper, words: Words): void {
  const english = words.en ? heightOf(typeset(paper, words.en, text.english, paper.width), text.english) : 0;
  const height = heightOf(typeset(paper, words.zh, text.body, paper.width), text.body) + english;
  if (height < 160) ensureRoom(paper, height);
}

/** A paragraph that may run over pages, line by line. */
function flow(paper: Paper, parent: Element, content: string, style: TextStyle): void {
  const lines = typeset(paper, content, style, paper.width);
  const step = style.size * style.leading;
  const owner = element(paper, parent, 'P');
  for (let i = 0; i < lines.length; ) {
    ensureRoom(paper, step * Math.min(2, lines.length - i));
    const fit = Math.max(1, Math.min(lines.length - i, Math.floor((floor - paper.y) / step)));
    const part = lines.slice(i, i + fit);
    mark(paper, owner, 'P', () => drawLines(paper, part, { x: paper.left, y: paper.y, width: paper.width }, style));
    paper.y += fit * step;
    i += fit;
  }
  owner.end();
}

/** The one accent under the heading: a short teal bar on a hairline. */
function artifactBar(paper: Paper): void {
  hairline(paper, paper.y);
  paper.doc.markContent('Artifact', { type: 'Layout' });
  paper.doc.rect(sheet.left, paper.y - 1.5, 44, 1.75).fill(colour.accent);
  paper.doc.endMarkedContent();
}
