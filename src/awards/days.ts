/** The legal days of an award, counted by the calendar of platform/clock (rules: day of the event does not count). */
import { isWorkday } from 'chinese-days';
import type { Term } from './state.ts';

const zone = 'Asia/Shanghai';

/** The day in Beijing of an RFC 3339 instant. */
export function dayOf(instant: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** Last day of a duty "within n days". */
export function lastDayWithin(day: string, term: Term): string {
  return count(day, term);
}

/** Last day through which a protection of "at least n days" stands. */
export function throughDay(day: string, term: Term): string {
  return count(day, term);
}

/** The first instant after a day, as RFC 3339 UTC with six decimals. */
export function startOfDayAfter(day: string): string {
  const next = Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(zone);
  return next.toInstant().toString({ smallestUnit: 'microsecond' });
}

function count(day: string, { days, unit }: Term): string {
  let date = Temporal.PlainDate.from(day);
  if (unit === 'd') date = date.add({ days });
  else
    for (let left = days; left > 0; ) {
      date = date.add({ days: 1 });
      if (isWorkday(date.toString())) left--;
    }
  while (!isWorkday(date.toString())) date = date.add({ days: 1 });
  return date.toString();
}
