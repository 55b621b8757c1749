/** The score sheet as a table: rows are criteria, columns tenders; keys alone suffice. Own marks only. */
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import type { Criterion } from '../../../../../evaluation/scheme.ts';
import { clockTime, epochOf } from '../../../i18n/format.ts';
import { useSaid } from '../../../i18n/provider.tsx';
import { Dialog } from '../../../kit/dialog.tsx';
import { Button, Card, classes } from '../../../kit/elements.tsx';
import { Money } from '../../../parts/money.tsx';
import { RefusalNote } from '../../../parts/states.tsx';
import { Organisation } from '../organisation.tsx';
import type { Desk } from './desk.ts';
import { cellName, faultOf, moved } from './grid.ts';
import { LockSheet } from './lock.tsx';
import type { Text } from './page.zh.ts';
import { useSheet } from './use-sheet.ts';

type SheetProps = {
  readonly t: Text;
  readonly desk: Desk;
  readonly criteria: readonly Criterion[];
  readonly code: string;
};

export function Sheet({ t, desk, criteria, code }: SheetProps) {
  const sheet = useSheet(desk, criteria);
  const table = useRef<HTMLTableElement>(null);
  const [help, setHelp] = useState(false);
  const state = sheet.dirty ? t.saving : sheet.savedAt ? t.saved(clockTime(epochOf(sheet.savedAt))) : t.notSaved;
  const onKey = (event: KeyboardEvent<HTMLTableElement>) => {
    const { row, column } = (event.target as HTMLElement).dataset;
    if (row === undefined || column === undefined) return;
    const undone = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey);
    const to = moved(event.key, { row: Number(row), column: Number(column) }, criteria.length, desk.toMark.length);
    if (undone) sheet.undo();
    else if (event.key === '?') setHelp(true);
    else if (to) focusCell(table.current, to.row, to.column);
    else return;
    event.preventDefault();
  };
  return (
    <Card
      title={t.sheetTitle}
      side={
        <Button size="small" onClick={() => setHelp(true)}>
          {t.keys} ?
        </Button>
      }
      flush
      footer={
        <span role="status" className={classes('small', sheet.dirty && 'muted')}>
          {desk.draft && !sheet.savedAt && !sheet.dirty ? t.restored : state}
        </span>
      }
    >
      <div className="yg-scroll">
        <table className="yg-table score-table" ref={table} onKeyDown={onKey}>
          <Heads t={t} desk={desk} />
          <tbody>
            {criteria.map((criterion, row) => (
              <Row key={criterion.id} t={t} desk={desk} criterion={criterion} row={row} sheet={sheet} />
            ))}
          </tbody>
        </table>
      </div>
      <div className="body yg-form">
        {sheet.refusal ? <RefusalNote refusal={sheet.refusal} /> : null}
        <LockSheet t={t} desk={desk} criteria={criteria} body={sheet.body} code={code} />
      </div>
      <Dialog open={help} title={t.keys} onClose={() => setHelp(false)}>
        <ul>
          {t.keysList.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </Dialog>
    </Card>
  );
}

function focusCell(table: HTMLTableElement | null, row: number, column: number): void {
  table?.querySelector<HTMLInputElement>(`input[data-row="${row}"][data-column="${column}"]`)?.focus();
}

function Heads({ t, desk }: { t: Text; desk: Desk }) {
  return (
    <thead>
      <tr>
        <th scope="col">{t.criterion}</th>
        {desk.toMark.map((offer) => {
          const at = desk.offers.findIndex(({ manifestSha256 }) => manifestSha256 === offer);
          const { organisation = '', priceFen = '0' } = desk.offers[at] ?? {};
          return (
            <th key={offer} scope="col">
              {t.offer(at + 1)}
              <br />
              <Organisation id={organisation} />
              <br />
              <Money fen={priceFen} />
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

type RowProps = { t: Text; desk: Desk; criterion: Criterion; row: number; sheet: ReturnType<typeof useSheet> };

function Row({ t, desk, criterion, row, sheet }: RowProps) {
  const said = useSaid();
  return (
    <tr>
      <th scope="row">
        {said(criterion.name)}
        <br />
        <span className="small muted">{t.bounds(criterion.max, criterion.step)}</span>
      </th>
      {desk.toMark.map((offer, column) => {
        const name = cellName(offer, criterion.id);
        const at = desk.offers.findIndex(({ manifestSha256 }) => manifestSha256 === offer);
        return (
          <Cell
            key={offer}
            t={t}
            criterion={criterion}
            label={`${said(criterion.name)} · ${t.offer(at + 1)}`}
            place={{ row, column }}
            typed={sheet.cells.get(name) ?? ''}
            onType={(typed) => sheet.write(name, typed)}
          />
        );
      })}
    </tr>
  );
}

type CellProps = {
  t: Text;
  criterion: Criterion;
  label: string;
  place: { row: number; column: number };
  typed: string;
  onType: (typed: string) => void;
};

function Cell({ t, criterion, label, place, typed, onType }: CellProps) {
  const wrong = useId();
  const fault = faultOf(criterion, typed);
  return (
    <td className={classes(fault && 'wrong')}>
      <input
        className="yg-input"
        inputMode="decimal"
        autoComplete="off"
        aria-label={label}
        aria-invalid={fault !== null || undefined}
        aria-describedby={fault ? wrong : undefined}
        data-row={place.row}
        data-column={place.column}
        value={typed}
        onFocus={(event) => event.target.select()}
        onChange={(event) => onType(event.target.value)}
      />
      {fault ? (
        <span className="wrong-text" id={wrong}>
          {fault === 'number' ? t.notNumber : t.outOfRange(criterion.max, criterion.step)}
        </span>
      ) : null}
    </td>
  );
}
