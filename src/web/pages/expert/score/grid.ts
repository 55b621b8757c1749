/** The sheet as values: cells by offer and criterion, moves, undo. Pure; empty is not nought. */
import { markInRange } from '../../../../../evaluation/marks.ts';
import type { Criterion } from '../../../../../evaluation/scheme.ts';

export type Cells = ReadonlyMap<string, string>;
export const cellName = (offer: string, criterion: string): string => `${offer} ${criterion}`;

/** What stands in a cell as the sheet wants it: `8.50` is `8.5`, `08` is `8`; null where it is no decimal number. */
export function markText(typed: string): string | null {
  const found = /^(\d{1,12})(?:\.(\d{0,6}))?$/.exec(typed.trim().replace('。', '.'));
  if (!found) return null;
  const whole = found[1]!.replace(/^0+(?=\d)/, '');
  const part = (found[2] ?? '').replace(/0+$/, '');
  return part === '' ? whole : `${whole}.${part}`;
}

export type Fault = 'number' | 'range' | null;

/** What is wrong with a cell; an empty one is only missing. */
export function faultOf(criterion: Criterion, typed: string): Fault {
  if (typed.trim() === '') return null;
  const mark = markText(typed);
  if (mark === null) return 'number';
  return markInRange(criterion, mark) ? null : 'range';
}

/** The marks that may be kept: written and in bounds. */
export function marksOf(cells: Cells, offers: readonly string[], criteria: readonly Criterion[]) {
  return offers.flatMap((offer) =>
    criteria.flatMap((criterion) => {
      const typed = cells.get(cellName(offer, criterion.id)) ?? '';
      const mark = faultOf(criterion, typed) === null ? markText(typed) : null;
      return mark === null ? [] : [{ offer, criterion: criterion.id, mark }];
    }),
  );
}

/** Where a key leads from row (criterion) and column (offer); null where it does not move. */
export function moved(
  key: string,
  { row, column }: { row: number; column: number },
  rows: number,
  columns: number,
): { row: number; column: number } | null {
  const held = (r: number, c: number) => ({
    row: Math.min(Math.max(r, 0), rows - 1),
    column: Math.min(Math.max(c, 0), columns - 1),
  });
  if (key === 'ArrowDown') return held(row + 1, column);
  if (key === 'ArrowUp') return held(row - 1, column);
  if (key === 'ArrowLeft' || key === '[') return held(row, column - 1);
  if (key === 'ArrowRight' || key === ']') return held(row, column + 1);
  // Enter goes down the tender, then to the top of the next.
  if (key === 'Enter') return row + 1 < rows ? held(row + 1, column) : held(column + 1 < columns ? 0 : row, column + 1);
  return null;
}
