/** Rows of label and value, as a table with row heads, so that a reading voice says which value belongs to which label. */
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
import { type TextStyle, text } from './tokens.ts';

export type FactRow = {
  readonly label: { readonly zh: string; readonly en?: string };
  readonly value: string;
  /** A second, smaller line: an English name, an amount in words. */
  readonly note?: string;
  readonly strong?: boolean;
  /** A hash: set small. */
  readonly code?: boolean;
};

const labelWidth = 128;
const padding = 5;

type Part = { readonly lines: ReturnType<typeof typeset>; readonly style: TextStyle };
type Set = { readonly label: readonly Part[]; readonly value: readonly Part[]; readonly height: number };

/** Draws the rows; a row is never split, the table runs on over pages. */
export function drawFactRows(paper: Paper, parent: Element, rows: readonly FactRow[]): void {
  const table = element(paper, parent, 'Table');
  hairline(paper, paper.y);
  for (const row of rows) {
    const set = setRow(paper, row);
    if (ensureRoom(paper, set.height)) hairline(paper, paper.y);
    const tr = element(paper, table, 'TR');
    const head = element(paper, tr, 'TH', { scope: 'Row' });
    const cell = element(paper, tr, 'TD');
    drawParts(paper, head, 'TH', set.label, paper.left, labelWidth);
    drawParts(paper, cell, 'TD', set.value, paper.left + labelWidth, paper.width - labelWidth);
    tr.end();
    paper.y += set.height;
    hairline(paper, paper.y);
  }
  table.end();
}

export function heightOfRows(paper: Paper, rows: readonly FactRow[]): number {
  return rows.reduce((sum, row) => sum + setRow(paper, row).height, 0);
}

function setRow(paper: Paper, row: FactRow): Set {
  const valueWidth = paper.width - labelWidth;
  const label = parts(paper, labelWidth - 12, [
    [row.label.zh, text.label],
    [row.label.en, text.labelEnglish],
  ]);
  const value = parts(paper, valueWidth, [
    [row.value, row.code ? text.code : row.strong ? text.strong : text.value],
    [row.note, text.note],
  ]);
  return { label, value, height: Math.max(heightOfParts(label), heightOfParts(value)) + 2 * padding };
}

function parts(paper: Paper, width: number, list: readonly (readonly [string | undefined, TextStyle])[]): Part[] {
  return list.flatMap(([content, style]) => (content ? [{ lines: typeset(paper, content, style, width), style }] : []));
}

const heightOfParts = (list: readonly Part[]) =>
  list.reduce((sum, { lines, style }) => sum + heightOf(lines, style), 0);

function drawParts(paper: Paper, owner: Element, type: string, list: readonly Part[], x: number, width: number): void {
  mark(paper, owner, type, () => {
    let y = paper.y + padding;
    for (const { lines, style } of list) {
      drawLines(paper, lines, { x, y, width }, style);
      y += heightOf(lines, style);
    }
  });
}
