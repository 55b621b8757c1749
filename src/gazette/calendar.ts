/** Openings and deadlines of published projects as a calendar to subscribe to. UIDs are made of ids, so a moved date moves the entry. */
import type { Database } from '../platform/database.ts';
import { beijingStamp, beijingZone, icsFile, icsText, utcStamp } from './calendar-text.ts';
import { dayStart, projectConditions } from './rows.ts';
import type { Language } from './wording.ts';

export type CalendarRow = {
  readonly project: string;
  readonly code: string;
  readonly name: string;
  readonly opening: string;
  readonly status: string;
  readonly deadline: string;
  readonly questionsUntil: string;
  readonly room: string;
  /** How often a notice changed the project: the SEQUENCE of its entries. */
  readonly changes: number;
  readonly changedAt: string;
};
type Query = {
  readonly q?: string | undefined;
  readonly type?: string | undefined;
  readonly project?: string | undefined;
};

const most = 1_000;
/** Days of past dates that stay in the calendar. */
const daysBack = 90;

/** Published projects whose deadline is at most 90 days past, in order of it. */
export async function calendarRows(db: Database, today: string, query: Query): Promise<CalendarRow[]> {
  const asked = projectConditions({ q: query.q, type: query.type, project: query.project });
  return db.query<CalendarRow>(
    `select p.id as project, p.code, p.name, p.opening, p.status, p.deadline,
       p.state -> 'schedule' ->> 'questionsUntil' as "questionsUntil", p.state -> 'schedule' ->> 'openingRoom' as room,
       jsonb_array_length(p.state -> 'notices') - 1 as changes, p.state -> 'notices' -> -1 ->> 'at' as "changedAt"
     from project p where ${asked.map((c) => c.sql).join(' and ')} and p.deadline >= ? order by p.deadline, p.id limit ${most}`,
    [...asked.flatMap((c) => c.values), dayStart(today, -daysBack)],
  );
}

const words = {
  name: { zh: '阳光交易：开标与截止', en: 'Yangguang: openings and deadlines' },
  opening: { zh: '投标截止并开标', en: 'Deadline and opening' },
  questions: { zh: '提问截止', en: 'Last moment for questions' },
} as const;
/** An opening is shown for this long; how long it will last nobody knows. */
const openingDuration = 'PT1H';

function event(
  row: CalendarRow,
  { uid, at, duration, title }: { uid: string; at: string; duration: string; title: string },
  origin: string,
): string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${uid}@yangguang.org`,
    // 3.8.7.2: with METHOD:PUBLISH the time at which the information was last revised; the same file for the same facts.
    `DTSTAMP:${utcStamp(row.changedAt)}`,
    `LAST-MODIFIED:${utcStamp(row.changedAt)}`,
    `SEQUENCE:${Math.max(0, row.changes)}`,
    `DTSTART;${beijingStamp(at)}`,
    `DURATION:${duration}`,
    `SUMMARY:${icsText(`${title} · ${row.name}`)}`,
    `DESCRIPTION:${icsText(row.code)}`,
    ...(row.room === '' ? [] : [`LOCATION:${icsText(row.room)}`]),
    `URL:${origin}/p/${encodeURIComponent(row.code)}`,
    `STATUS:${row.status === 'terminated' ? 'CANCELLED' : 'CONFIRMED'}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}

/** The calendar as text/calendar. */
export function calendarFile(
  rows: readonly CalendarRow[],
  { origin, lang }: { origin: string; lang: Language },
): string {
  const events = rows.flatMap((row) => [
    ...event(
      row,
      { uid: `opening-${row.opening}`, at: row.deadline, duration: openingDuration, title: words.opening[lang] },
      origin,
    ),
    ...event(
      row,
      { uid: `questions-${row.project}`, at: row.questionsUntil, duration: 'PT0S', title: words.questions[lang] },
      origin,
    ),
  ]);
  return icsFile([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Yangguang//Gazette 1//ZH',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${icsText(words.name[lang])}`,
    'X-WR-TIMEZONE:Asia/Shanghai',
    ...beijingZone,
    ...events,
    'END:VCALENDAR',
  ]);
}
