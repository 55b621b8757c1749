/**
 * Legal days in China: Asia/Shanghai, the State Council's rest days and worked weekends, and the counting rules of rules 8
 * (Civil Code 201 and 203, order 87 article 85). Pure. A year whose list is not known is refused, never guessed.
 */
// The package is CommonJS: Node gives its names only through the default export.
import chineseDays from 'chinese-days';

export const zone = 'Asia/Shanghai';

/** Years whose list of rest days the package holds; it answers plain weekdays for others, which would be wrong silently. */
export const knownYears: ReadonlySet<number> = new Set([2022, 2023, 2024, 2025, 2026]);

/** The calendar of a year is not published yet; clocks that reach into it are computed when it is. */
export class CalendarMissing extends Error {
  readonly year: number;

  constructor(year: number) {
    super(`calendar-missing: ${year}`);
    this.name = 'CalendarMissing';
    this.year = year;
  }
}

/** The result of a computation, or what `missing` makes of a year whose calendar is not known. */
export function withCalendar<T, U>(compute: () => T, missing: (year: number) => U): T | U {
  try {
    return compute();
  } catch (error) {
    if (error instanceof CalendarMissing) return missing(error.year);
    throw error;
  }
}

type Day = Temporal.PlainDate;
/** Calendar days (日) or working days (工作日). */
export type DayUnit = 'd' | 'wd';

/** Whether people work on this day; throws CalendarMissing for a year without a list. */
export function isWorkingDay(day: Day): boolean {
  if (!knownYears.has(day.year)) throw new CalendarMissing(day.year);
  return chineseDays.isWorkday(day.toString());
}

/** The day itself, or the next working day after a rest day. */
export function orNextWorkingDay(day: Day): Day {
  let found = day;
  while (!isWorkingDay(found)) found = found.add({ days: 1 });
  return found;
}

function workingDaysAfter(event: Day, n: number): Day {
  let day = event;
  for (let left = n; left > 0; ) {
    day = day.add({ days: 1 });
    if (isWorkingDay(day)) left -= 1;
  }
  return day;
}

/** Last day of a duty "within n days" of the event; the event's day does not count, a rest day moves the end on. */
export function withinDays(event: Day, n: number, unit: DayUnit = 'd'): Day {
  return unit === 'wd' ? workingDaysAfter(event, n) : orNextWorkingDay(event.add({ days: n }));
}

/** Earliest day that "at least n days" after the event permits; for a publicity, the day through which it lasts. */
export function atLeastDays(event: Day, n: number, unit: DayUnit = 'd'): Day {
  return withinDays(event, n, unit);
}

/** Latest day that is "n days before" a deadline; never moved for rest days. Working days are counted backwards. */
export function daysBefore(deadline: Day, n: number, unit: DayUnit = 'd'): Day {
  if (unit === 'd') return deadline.subtract({ days: n });
  let day = deadline;
  for (let left = n; left > 0; ) {
    day = day.subtract({ days: 1 });
    if (isWorkingDay(day)) left -= 1;
  }
  return day;
}

/** `withinDays` counted in working days (工作日). */
export function withinWorkingDays(event: Day, n: number): Day {
  return withinDays(event, n, 'wd');
}

/** `daysBefore` counted in working days; the deadline's day does not count. */
export function workingDaysBefore(deadline: Day, n: number): Day {
  return daysBefore(deadline, n, 'wd');
}

/** A publicity of n days: the day through which it stands, and the first on which the award is possible. */
export function publicityUntil(published: Day, n: number, unit: DayUnit = 'd'): { last: Day; awardFrom: Day } {
  const last = atLeastDays(published, n, unit);
  return { last, awardFrom: last.add({ days: 1 }) };
}

/** The last day of a complaint: n days from knowing plus the days that an objection took to be answered (TR 60). */
export function complaintUntil(known: Day, n: number, objection?: { readonly at: Day; readonly answered: Day }): Day {
  const answering = objection ? objection.at.until(objection.answered, { largestUnit: 'days' }).days : 0;
  return withinDays(known, n + answering);
}

/** The last day on which tenders bind: n days after the deadline, not moved for rest days. */
export function validUntil(deadline: Day, n: number): Day {
  return deadline.add({ days: n });
}

/** `2026-11-19（周四）`: a day as refusals and notices write it. */
export function dayInWords(day: Day): string {
  return `${day.toString()}（周${'一二三四五六日'[day.dayOfWeek - 1]}）`;
}

/** The day in Beijing of an RFC 3339 instant. */
export function dayOf(instant: string): Day {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate();
}

/** 24:00 of a day, as RFC 3339 UTC with six decimals: done before it is done on the day. */
export function endOfDay(day: Day): string {
  return day.add({ days: 1 }).toZonedDateTime(zone).toInstant().toString({ smallestUnit: 'microsecond' });
}
