/** The legal days of an award as texts, counted by the calendar (rules 8: the day of the event does not count). */
import {
  atLeastDays,
  CalendarMissing,
  dayOf as calendarDayOf,
  endOfDay,
  withinDays,
} from '../platform/clock/calendar.ts';
import type { Term } from './state.ts';

export { CalendarMissing } from '../platform/clock/calendar.ts';

const date = (day: string) => Temporal.PlainDate.from(day);

/** The day in Beijing of an RFC 3339 instant. */
export const dayOf = (instant: string): string => calendarDayOf(instant).toString();

/**
 * Last day of a duty "within n days". Where the year's rest days are not published yet the end is not moved on: the
 * strictest reading, so nobody is told a day that turns out too late. Working days cannot be counted then: CalendarMissing.
 */
export function lastDayWithin(day: string, { days, unit }: Term): string {
  try {
    return withinDays(date(day), days, unit).toString();
  } catch (error) {
    if (error instanceof CalendarMissing && unit === 'd') return date(day).add({ days }).toString();
    throw error;
  }
}

/** Last day through which a protection of "at least n days" stands. Throws CalendarMissing: a guess could cut it short. */
export function throughDay(day: string, { days, unit }: Term): string {
  return atLeastDays(date(day), days, unit).toString();
}

/** The first instant after a day, as RFC 3339 UTC with six decimals. */
export const startOfDayAfter = (day: string): string => endOfDay(date(day));
