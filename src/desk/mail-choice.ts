/** The address that a person gave for mail, and the kinds that it wants there. Nobody else is shown it. */
import type { z } from 'zod';
import type { Journal, Reader } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import type { mailChoice } from './contracts.ts';
import { type NoticeKind, noticeKinds } from './notice-texts.ts';

export type MailChoice = Required<z.infer<typeof mailChoice>>;

const known = new Set<string>(noticeKinds);
const ofRow = (row: Row): MailChoice => ({
  address: row.address == null ? null : String(row.address),
  wanted: row.wanted === true,
  // A kind that a later version no longer has is not asked for any more.
  kinds: (row.kinds as string[]).filter((kind): kind is NoticeKind => known.has(kind)),
});

export async function choiceOf(reader: Reader, person: string): Promise<MailChoice> {
  const [row] = (await reader.execute('select address, wanted, kinds from mail_choice where person = ?', [
    person,
  ])) as Row[];
  return row ? ofRow(row) : { address: null, wanted: false, kinds: [] };
}

export async function keepChoice(
  journal: Journal,
  person: string,
  { address, wanted, kinds }: MailChoice,
): Promise<void> {
  await journal.keep(({ em }) =>
    em.execute(
      `insert into mail_choice (person, address, wanted, kinds) values (?, ?, ?, ?::jsonb)
       on conflict (person) do update set address = excluded.address, wanted = excluded.wanted, kinds = excluded.kinds`,
      [person, address, wanted, JSON.stringify(kinds)],
    ),
  );
}

/** Everybody who wants mail, with the address. */
export async function wantedMail(reader: Reader): Promise<{ person: string; choice: MailChoice }[]> {
  const rows = (await reader.execute(
    'select person, address, wanted, kinds from mail_choice where wanted and address is not null',
  )) as Row[];
  return rows.map((row) => ({ person: String(row.person), choice: ofRow(row) }));
}
