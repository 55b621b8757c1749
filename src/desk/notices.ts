/**
 * Notices, made by following the journal with a cursor that the database keeps: at least once, and told once, since a notice is
 * unique by recipient, source and kind. A recipient is an HMAC of the person under the master secret, so the tables alone (a
 * copy of the database) do not say who follows what; a follower's mail names no project for the same reason.
 */
import { createHmac } from 'node:crypto';
import { databaseNow, type Journal, type LogEntry, type Reader, sqlArray, utcText } from '../journal/index.ts';
import type { Parties } from '../parties/index.ts';
import type { Clock } from '../platform/clock/clock.ts';
import type { Row } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { ProjectState } from '../projects/index.ts';
import { peopleOfOpening, sideOf, type Told, toldBy } from './audience.ts';
import { wantedMail } from './mail-choice.ts';
import type { NoticeKind } from './notice-texts.ts';

export type NoticeDeps = {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly parties: Parties;
  readonly mailEnabled: boolean;
  /** Told when there may be mail to send. */
  readonly mailWaits: () => void;
};

export type Notices = ReturnType<typeof notices>;

/** Whoever takes notice of an opening hears of it so long before. */
const comingHours = 24;
/** News of entries that are older (a first start over an old journal) stands in the list, and no mail is sent for it. */
const mailHours = 48;

type Line = { readonly recipient: string; readonly private: boolean; readonly mail: boolean };

export function notices(deps: NoticeDeps) {
  const { journal, parties, clock } = deps;
  const recipientOf = (person: string): string =>
    createHmac('sha256', parties.masterSecret().reveal())
      .update(`yangguang.org/notice-recipient/v1\n${person}`)
      .digest('hex');

  /** Recipients of one piece of news, each once; who reads its own project's news is not `private`. */
  const linesOf = async (reader: Reader, told: Told, except: string): Promise<Map<string, boolean>> => {
    const lines = new Map<string, boolean>();
    const followers = told.followers && told.project ? await followersOf(reader, told.project.id) : [];
    for (const recipient of followers) lines.set(recipient, true);
    for (const { id, bidder } of await peopleOf(reader, told)) if (id !== except) lines.set(recipientOf(id), bidder);
    return lines;
  };

  const tell = async (told: Told, source: string, at: string, except = ''): Promise<void> => {
    const reader = journal.db.read();
    const lines = await linesOf(reader, told, except);
    if (lines.size === 0) return;
    const wanting = deps.mailEnabled ? await mailRecipients(reader, told.kind, recipientOf) : new Set<string>();
    const recent = await isRecent(reader, clock, at);
    const rows: Line[] = [...lines].map(([recipient, hidden]) => ({
      recipient,
      private: hidden,
      mail: recent && wanting.has(recipient),
    }));
    await store(journal, told, source, at, rows);
    if (rows.some(({ mail }) => mail)) deps.mailWaits();
  };

  const handle = async (entries: readonly LogEntry[]): Promise<void> => {
    for (const entry of entries) {
      if (entry.kind === 'person-closed' || entry.kind === 'person-erased')
        await forget(journal, entry.subject, recipientOf(entry.subject));
      for (const told of await toldBy(journal.db.read(), entry)) await tell(told, entry.entryId, entry.at, entry.actor);
    }
  };

  /** Tells of the openings of the coming day; the clock brings them, no entry does. Safe to repeat. */
  const sweep = async (): Promise<void> => {
    const reader = journal.db.read();
    const now = await databaseNow(reader, clock);
    const until = Temporal.Instant.from(now).add({ hours: comingHours }).toString({ smallestUnit: 'microsecond' });
    const rows = (await reader.execute(
      `select state from project p where status = 'published' and deadline > ? and deadline <= ?
       and not exists (select 1 from notice n where n.kind = 'opening-coming' and n.source = p.id || ' ' || p.deadline)
       order by deadline limit 500`,
      [now, until],
    )) as Row[];
    for (const row of rows) {
      const project = row.state as ProjectState;
      const persons = await peopleOfOpening(reader, project);
      const told: Told = {
        kind: 'opening-coming',
        project,
        lot: null,
        persons,
        organisations: sideOf(project),
        role: null,
        followers: true,
      };
      await tell(told, `${project.id} ${project.schedule.deadline}`, now);
    }
  };
  return { recipientOf, handle, sweep };
}

async function followersOf(reader: Reader, project: string): Promise<string[]> {
  const rows = (await reader.execute('select recipient from follow where project = ?', [project])) as Row[];
  return rows.map((row) => String(row.recipient));
}

/** Active persons that the news names, by themselves, their organisation or their role. */
async function peopleOf(
  reader: Reader,
  { persons, organisations, role }: Told,
): Promise<{ id: string; bidder: boolean }[]> {
  const rows = (await reader.execute(
    `select id, jsonb_exists(state -> 'roles', 'bidder') as bidder from person
     where active and (id = any(?::text[])
       or (organisation = any(?::text[]) and jsonb_exists_any(state -> 'roles', ?::text[]))
       or (?::text is not null and jsonb_exists(state -> 'roles', ?))) limit 2000`,
    [sqlArray(persons), sqlArray(organisations), sqlArray(['tenderer', 'agency', 'bidder']), role, role ?? ''],
  )) as Row[];
  return rows.map((row) => ({ id: String(row.id), bidder: row.bidder === true }));
}

async function mailRecipients(reader: Reader, kind: NoticeKind, recipientOf: (person: string) => string) {
  const all = await wantedMail(reader);
  const wanted = all.filter(({ choice }) => choice.kinds.length === 0 || choice.kinds.includes(kind));
  return new Set(wanted.map(({ person }) => recipientOf(person)));
}

async function isRecent(reader: Reader, clock: Clock, at: string): Promise<boolean> {
  const age = Temporal.Instant.from(await databaseNow(reader, clock)).since(Temporal.Instant.from(at));
  return age.total('hours') < mailHours;
}

async function store(journal: Journal, told: Told, source: string, at: string, lines: readonly Line[]): Promise<void> {
  await journal.keep(({ em }) =>
    em.execute(
      `insert into notice (id, recipient, source, kind, private, project, lot, opening, at, mail)
       select r.id, r.recipient, ?, ?, r.private, ?, ?, ?, ?::timestamptz, r.mail
       from unnest(?::uuid[], ?::text[], ?::boolean[], ?::text[]) as r(id, recipient, private, mail)
       on conflict (recipient, source, kind) do nothing`,
      [
        ...[source, told.kind, told.project?.id ?? null, told.lot, told.project?.opening ?? null, at],
        sqlArray(lines.map(() => newId())),
        sqlArray(lines.map(({ recipient }) => recipient)),
        sqlArray(lines.map((line) => String(line.private))),
        sqlArray(lines.map(({ mail }) => (mail ? 'waiting' : 'none'))),
      ],
    ),
  );
}

/** A closed account keeps no address, no follows and no notices. */
async function forget(journal: Journal, person: string, recipient: string): Promise<void> {
  await journal.keep(async ({ em }) => {
    await em.execute('delete from mail_choice where person = ?', [person]);
    await em.execute('delete from follow where recipient = ?', [recipient]);
    await em.execute('delete from notice where recipient = ?', [recipient]);
  });
}

/** One reader's page, unread first, newest first. `after` is the `next` of the page before. */
export async function readNotices(
  reader: Reader,
  recipient: string,
  asked: { readonly unread: '0' | '1'; readonly after?: string | undefined; readonly limit: number },
): Promise<{ rows: Row[]; unread: number; next: string | null }> {
  const [flag, id] = /^([01]):([0-9a-f-]{36})$/.exec(asked.after ?? '')?.slice(1) ?? [];
  const rows = (await reader.execute(
    `select n.id::text as id, ${utcText('n.at')} as at, n.kind, n.project, n.lot, n.opening, n.read_at is not null as read,
       p.code, p.name
     from notice n left join project p on p.id = n.project
     where n.recipient = ? and (? = '0' or n.read_at is null)
       and (?::text is null or ((n.read_at is null)::int, n.id) < (?::int, ?::uuid))
     order by (n.read_at is null)::int desc, n.id desc limit ?`,
    [recipient, asked.unread, id ?? null, flag ?? '0', id ?? null, asked.limit + 1],
  )) as Row[];
  const shown = rows.slice(0, asked.limit);
  const last = shown.at(-1);
  return {
    rows: shown,
    unread: await unreadOf(reader, recipient),
    next: rows.length > asked.limit && last ? `${last.read === true ? 0 : 1}:${String(last.id)}` : null,
  };
}

export async function unreadOf(reader: Reader, recipient: string): Promise<number> {
  const rows = (await reader.execute('select count(*)::int as n from notice where recipient = ? and read_at is null', [
    recipient,
  ])) as Row[];
  return Number(rows[0]?.n);
}
