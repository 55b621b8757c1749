/** A table that runs over pages: whole rows, its head repeated, tagged as Table, TR, TH and TD. */
import { PdfError } from './fonts.ts';
import {
  type Align,
  artifact,
  drawLines,
  type Element,
  element,
  ensureRoom,
  floor,
  hairline,
  heightOf,
  mark,
  newPage,
  type Paper,
  typeset,
} from './paper.ts';
import { colour, sheet, type TextStyle, text } from './tokens.ts';

export type Column = {
  readonly head: { readonly zh: string; readonly en?: string };
  /** Share of the width, relative to the other columns. */
  readonly share: number;
  readonly align?: Align;
};

/** A cell is a text; a second text is set small and grey under it; a code (a hash) is set small. */
export type CellText = string | readonly [main: string, under: string] | { readonly code: string };

export type Table = {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly CellText[])[];
  /** Said by reading voices before the table. */
  readonly summary: string;
};

type Cell = readonly { readonly lines: ReturnType<typeof typeset>; readonly style: TextStyle }[];
const padding = { x: 6, y: 5 };

/** Draws the table. Throws PdfError `block-too-tall` when one row is taller than a page. */
export function drawTable(paper: Paper, parent: Element, table: Table): void {
  const total = table.columns.reduce((sum, column) => sum + column.share, 0);
  let x = paper.left;
  const places = table.columns.map(({ share, align }) => {
    const width = (share / total) * paper.width;
    x += width;
    return { x: x - width, width, align: align ?? 'left' };
  });
  const heads = table.columns.map(({ head }, i) =>
    setCell(paper, places[i]!.width, [
      [head.zh, text.cellHead],
      [head.en, text.cellHeadEnglish],
    ]),
  );
  const headHeight = heightOfCells(heads);
  const bodies = table.rows.map((row) => row.map((value, i) => setCell(paper, places[i]!.width, partsOf(value))));
  const owner = element(paper, parent, 'Table', { alt: table.summary });
  ensureRoom(paper, headHeight + (bodies[0] ? heightOfCells(bodies[0]) : 0));
  drawHead(paper, owner, places, heads, headHeight);
  for (const cells of bodies) {
    const height = heightOfCells(cells);
    if (height > floor - sheet.top - headHeight) throw new PdfError('block-too-tall', 'a row is taller than a page');
    if (paper.y + height > floor) {
      newPage(paper);
      repeatHead(paper, places, heads, headHeight);
    }
    const tr = element(paper, owner, 'TR');
    for (const [i, content] of cells.entries()) drawCell(paper, element(paper, tr, 'TD'), 'TD', places[i]!, content);
    tr.end();
    paper.y += height;
    hairline(paper, paper.y);
  }
  owner.end();
}

type Place = { readonly x: number; readonly width: number; readonly align: Align };

function drawHead(
  paper: Paper,
  owner: Element,
  places: readonly Place[],
  heads: readonly Cell[],
  height: number,
): void {
  ground(paper, height);
  const tr = element(paper, owner, 'TR');
  for (const [i, content] of heads.entries())
    drawCell(paper, element(paper, tr, 'TH', { scope: 'Column' }), 'TH', places[i]!, content);
  tr.end();
  paper.y += height;
  hairline(paper, paper.y, undefined, undefined, 'edge');
}

/** On further pages the head is furniture: the tree has it once. */
function repeatHead(paper: Paper, places: readonly Place[], heads: readonly Cell[], height: number): void {
  ground(paper, height);
  artifact(
    paper,
    () => {
      for (const [i, content] of heads.entries()) drawContent(paper, places[i]!, content);
    },
    'Pagination',
  );
  paper.y += height;
  hairline(paper, paper.y, undefined, undefined, 'edge');
}

function ground(paper: Paper, height: number): void {
  artifact(paper, () => {
    paper.doc.rect(paper.left, paper.y, paper.width, height).fill(colour.accentSoft);
  });
}

function drawCell(paper: Paper, owner: Element, type: string, place: Place, content: Cell): void {
  mark(paper, owner, type, () => drawContent(paper, place, content));
  owner.end();
}

function drawContent(paper: Paper, { x, width, align }: Place, content: Cell): void {
  let y = paper.y + padding.y;
  for (const { lines, style } of content) {
    drawLines(paper, lines, { x: x + padding.x, y, width: width - 2 * padding.x, align }, style);
    y += heightOf(lines, style);
  }
}

type Part = readonly [string | undefined, TextStyle];

function partsOf(value: CellText): readonly Part[] {
  if (typeof value === 'string') return [[value, text.cell]];
  if ('code' in value) return [[value.code, text.codeCell]];
  return [
    [value[0], text.cell],
    [value[1], text.fine],
  ];
}

function setCell(paper: Paper, width: number, parts: readonly Part[]): Cell {
  return parts.flatMap(([content, style]) =>
    content ? [{ lines: typeset(paper, content, style, width - 2 * padding.x), style }] : [],
  );
}

function heightOfCells(cells: readonly Cell[]): number {
  const heights = cells.map((parts) => parts.reduce((sum, { lines, style }) => sum + heightOf(lines, style), 0));
  return Math.max(...heights) + 2 * padding.y;
}
