/** The lawful dates of a tender before it is published, each as arithmetic with its article. Pure; figures from the rule table. */
import {
  atLeastDays,
  CalendarMissing,
  type DayUnit,
  dayInWords,
  daysBefore,
  withCalendar,
} from '../platform/clock/calendar.ts';
import { type CentreRule, type Figure, isConfirmed, type Procedure, ruleOn } from './procedures/rule-table.ts';

type Day = Temporal.PlainDate;
/** What a date counts from; `deadline` is the one asked for, or the earliest lawful one. */
type From = 'documents-from' | 'deadline';

export type LegalDate = {
  readonly code: string;
  /** The field of the registration that the date bounds; null: a later act of the procedure. */
  readonly bounds: 'documentsUntil' | 'deadline' | null;
  readonly zh: string;
  readonly en: string;
  readonly value: number;
  readonly unit: DayUnit;
  readonly kind: string;
  readonly article: string;
  readonly articleEn: string;
  readonly centre: string | null;
  /** False: shown as 待核实. */
  readonly confirmed: boolean;
  readonly from: { readonly event: From; readonly day: string };
  /** `earliest`: not before this day; `latest`: not after it. */
  readonly direction: 'earliest' | 'latest';
  /** Null: the calendar of `missingYear` is not published yet. */
  readonly day: string | null;
  readonly missingYear: number | null;
  /** Where a rest day moved the date on. */
  readonly shifted: { readonly from: string; readonly zh: string; readonly en: string } | null;
  readonly arithmetic: { readonly zh: string; readonly en: string } | null;
};

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const inEnglish = (day: Day): string => `${day.toString()} (${weekdays[day.dayOfWeek - 1]})`;
const eventNames: Readonly<Record<From, { readonly zh: string; readonly en: string }>> = {
  'documents-from': { zh: '文件发出', en: 'documents' },
  deadline: { zh: '截标', en: 'deadline' },
};

/** The rules that a registration's dates answer to, in the order of the course. */
const clocks: readonly { code: string; from: From; bounds: LegalDate['bounds'] }[] = [
  { code: 'documents-period', from: 'documents-from', bounds: 'documentsUntil' },
  { code: 'deadline-distance', from: 'documents-from', bounds: 'deadline' },
  { code: 'clarification-before', from: 'deadline', bounds: null },
  { code: 'documents-objection-before', from: 'deadline', bounds: null },
];

export type LegalDates = {
  readonly type: string;
  readonly publishedOn: string;
  /** The deadline that later dates count from. Null: the earliest one lies in a year without a calendar. */
  readonly deadline: string | null;
  readonly dates: readonly LegalDate[];
  readonly warnings: readonly { readonly code: string; readonly zh: string; readonly en: string }[];
};

/** `mandatory` false: no distance to the deadline binds (TR 24 holds for what must be tendered by law). */
export function legalDates(
  procedure: Procedure,
  asked: { readonly publishedOn: string; readonly deadline: string | null; readonly mandatory: boolean },
  centre: readonly CentreRule[],
): LegalDates {
  const start = Temporal.PlainDate.from(asked.publishedOn);
  const binding = (code: string): Figure | null =>
    code === 'deadline-distance' && !asked.mandatory ? null : ruleOn(procedure, code, asked.publishedOn, centre);
  const dateOf = ({ code, bounds, from }: (typeof clocks)[number], day: Day | null): LegalDate[] => {
    const rule = binding(code);
    return rule && day ? [dated(rule, { event: from, day }, bounds)] : [];
  };
  const ahead = clocks.filter((c) => c.from === 'documents-from').flatMap((c) => dateOf(c, start));
  const earliest =
    ahead
      .map((d) => d.day)
      .toSorted()
      .at(-1) ?? null;
  const deadline = asked.deadline ?? earliest;
  const back = clocks
    .filter((c) => c.from === 'deadline')
    .flatMap((c) => dateOf(c, deadline === null ? null : Temporal.PlainDate.from(deadline)));
  return {
    type: procedure.type,
    publishedOn: asked.publishedOn,
    deadline,
    dates: [...ahead, ...back],
    warnings: warningsOf([...ahead, ...back], asked.publishedOn, asked.deadline),
  };
}

function dated(rule: Figure, from: { event: From; day: Day }, bounds: LegalDate['bounds']): LegalDate {
  const unit: DayUnit = rule.unit === 'wd' ? 'wd' : 'd';
  const backwards = rule.kind === 'before-deadline';
  const day = withCalendar<Day | null, CalendarMissing>(
    () => (backwards ? daysBefore : atLeastDays)(from.day, rule.value, unit),
    (year) => new CalendarMissing(year),
  );
  const found = day instanceof CalendarMissing ? null : day;
  return {
    code: rule.code,
    bounds,
    zh: rule.zh,
    en: rule.en,
    value: rule.value,
    unit,
    kind: rule.kind,
    article: rule.article,
    articleEn: rule.articleEn,
    centre: rule.centre,
    confirmed: isConfirmed(rule),
    from: { event: from.event, day: from.day.toString() },
    direction: backwards ? 'latest' : 'earliest',
    day: found?.toString() ?? null,
    missingYear: day instanceof CalendarMissing ? day.year : null,
    shifted: found && !backwards && unit === 'd' ? shiftOf(from.day.add({ days: rule.value }), found) : null,
    arithmetic: found && arithmeticOf(rule, from, found, unit, backwards ? '−' : '+'),
  };
}

function shiftOf(full: Day, moved: Day): LegalDate['shifted'] {
  if (Temporal.PlainDate.compare(full, moved) === 0) return null;
  return {
    from: full.toString(),
    zh: `期满日 ${dayInWords(full)}为休息日，顺延到 ${dayInWords(moved)}`,
    en: `The term would end on ${inEnglish(full)}, a rest day, and moves on to ${inEnglish(moved)}`,
  };
}

function arithmeticOf(rule: Figure, from: { event: From; day: Day }, day: Day, unit: DayUnit, sign: string) {
  const event = eventNames[from.event];
  const [zh, en] = unit === 'wd' ? ['个工作日', 'working days'] : ['日', 'days'];
  return {
    zh: `${from.day.toString()} ${event.zh} ${sign} ${rule.value} ${zh} = ${dayInWords(day)}，${rule.article}`,
    en: `${from.day.toString()} ${event.en} ${sign} ${rule.value} ${en} = ${inEnglish(day)}, ${rule.articleEn}`,
  };
}

function warningsOf(dates: readonly LegalDate[], publishedOn: string, deadline: string | null) {
  const missing = dates.find((d) => d.missingYear !== null);
  const early =
    deadline === null ? undefined : dates.find((d) => d.direction === 'earliest' && (d.day ?? '') > deadline);
  const late = dates.find((d) => d.direction === 'latest' && d.day !== null && d.day < publishedOn);
  return [
    ...(missing
      ? [
          {
            code: 'calendar-missing',
            zh: `${missing.missingYear} 年的放假安排尚未公布，有关日期不能确定`,
            en: `The rest days of ${missing.missingYear} are not published; dates that reach into it are open`,
          },
        ]
      : []),
    ...(early
      ? [
          {
            code: 'deadline-too-early',
            zh: `截标日 ${deadline} 早于最早可行日 ${early.day}（${early.article}）`,
            en: `The deadline ${deadline} lies before the earliest lawful day ${early.day} (${early.articleEn})`,
          },
        ]
      : []),
    ...(late
      ? [
          {
            code: 'no-time-left',
            zh: `“${late.zh}”的最后一日 ${late.day} 早于公告日`,
            en: `The last day for "${late.en}", ${late.day}, lies before the notice`,
          },
        ]
      : []),
  ];
}
