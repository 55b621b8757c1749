/** What others may read of awards, and every document that any room has issued. */
import type { Row } from '../platform/database.ts';
import type { Reader } from './deps.ts';
import type { AwardState } from './state.ts';

/** A signed document by its hash, as the journal holds it. */
export type DocumentEntry = {
  readonly pdfSha256: string;
  readonly kind: string;
  readonly number: string | null;
  readonly subject: string;
  readonly at: string;
  readonly entry: string;
};

/** Rooms issue documents under these kinds of entries; the event names the file's hash. */
const issuing = `kind in ('certificate-issued-document', 'evaluation-finished')`;
const hash = `coalesce(event->>'pdfSha256', event->>'sha256')`;

export async function awardState(reader: Reader, lot: string): Promise<AwardState | null> {
  const rows = (await reader.execute('select state from award where id = ?', [lot])) as Row[];
  return rows[0] ? (rows[0].state as AwardState) : null;
}

export async function documentBySha256(reader: Reader, sha256: string): Promise<DocumentEntry | null> {
  const [found] = await documents(reader, `${hash} = ?`, sha256);
  return found ?? null;
}

export async function documentsByNumber(reader: Reader, number: string): Promise<DocumentEntry[]> {
  return documents(reader, `event->>'number' = ?`, number);
}

async function documents(reader: Reader, condition: string, value: string): Promise<DocumentEntry[]> {
  const rows = (await reader.execute(
    `select id::text as id, subject, subject_kind, ${hash} as sha256, event->>'kind' as kind, event->>'number' as number,
       to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
     from journal_entry where ${issuing} and ${condition} order by ordinal desc limit 20`,
    [value],
  )) as Row[];
  return rows.map((row) => ({
    pdfSha256: String(row.sha256),
    kind: row.kind === null ? (byRoom[String(row.subject_kind)] ?? String(row.subject_kind)) : String(row.kind),
    number: row.number === null ? null : String(row.number),
    subject: String(row.subject),
    at: String(row.at),
    entry: String(row.id),
  }));
}

/** Rooms with one kind of document do not name it in their event. */
const byRoom: Readonly<Record<string, string>> = {
  opening: 'opening-record',
  witness_record: 'witness-record',
  evaluation: 'evaluation-report',
};
