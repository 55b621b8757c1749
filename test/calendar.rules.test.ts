import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  atLeastDays,
  CalendarMissing,
  complaintUntil,
  dayInWords,
  dayOf,
  daysBefore,
  endOfDay,
  isWorkingDay,
  knownYears,
  orNextWorkingDay,
  publicityUntil,
  validUntil,
  withinDays,
  withinWorkingDays,
  workingDaysBefore,
} from '../src/platform/clock/calendar.ts';

const day = (text: string) => Temporal.PlainDate.from(text.length === 5 ? `2026-${text}` : text);
const { compare } = Temporal.PlainDate;
const daysBetween = (from: string, to: string): string[] => {
  const days: string[] = [];
  for (let d = day(from); compare(d, day(to)) <= 0; d = d.add({ days: 1 })) days.push(d.toString());
  return days;
};

/** State Council list of 2026 as the rules page gives it. */
const rest2026 = [
  ...daysBetween('01-01', '01-03'),
  ...daysBetween('02-15', '02-23'),
  ...daysBetween('04-04', '04-06'),
  ...daysBetween('05-01', '05-05'),
  ...daysBetween('06-19', '06-21'),
  ...daysBetween('09-25', '09-27'),
  ...daysBetween('10-01', '10-07'),
];
const worked2026 = ['01-04', '02-14', '02-28', '05-09', '09-20', '10-10'].map((d) => `2026-${d}`);

describe('working days of 2026', () => {
  it('are the weekdays without the rest days, with the worked weekends: day by day', () => {
    for (const text of daysBetween('01-01', '12-31')) {
      const weekend = day(text).dayOfWeek >= 6;
      const expected = worked2026.includes(text) || (!weekend && !rest2026.includes(text));
      expect([text, isWorkingDay(day(text))]).toEqual([text, expected]);
    }
  });

  it('holds rest days and worked weekends of every year it says it knows', () => {
    for (const year of knownYears) {
      const all = daysBetween(`${year}-01-01`, `${year}-12-31`).map(day);
      expect(all.some((d) => d.dayOfWeek >= 6 && isWorkingDay(d))).toBe(true);
      expect(all.filter((d) => d.dayOfWeek < 6 && !isWorkingDay(d)).length).toBeGreaterThan(10);
    }
  });

  it.each(['2027-01-01', '2021-06-01', '2031-05-01'])('refuses %s, a year without a list, instead of guessing', (d) => {
    expect(() => isWorkingDay(day(d))).toThrow(CalendarMissing);
  });

  it('refuses a term that ends in a year without a list, and counts one that ends before it', () => {
    expect(() => withinDays(day('12-31'), 3)).toThrow(CalendarMissing);
    expect(() => withinWorkingDays(day('12-30'), 3)).toThrow(CalendarMissing);
    expect(withinDays(day('12-28'), 3).toString()).toBe('2026-12-31');
    expect(daysBefore(day('2027-03-01'), 15).toString()).toBe('2027-02-14');
    expect(validUntil(day('12-01'), 90).toString()).toBe('2027-03-01');
  });
});

describe('terms (rules 8)', () => {
  it.each([
    ['Friday + 5 d', () => withinDays(day('09-18'), 5), '09-23'],
    ['Friday + 5 wd, Sunday 09-20 is worked', () => withinWorkingDays(day('09-18'), 5), '09-24'],
    ['Friday + 20 d falls on National Day', () => withinDays(day('09-11'), 20), '10-08'],
    ['Thursday + 2 wd ends on a worked Saturday', () => withinWorkingDays(day('02-12'), 2), '02-14'],
    ['Thursday + 3 d falls on Spring Festival', () => withinDays(day('02-12'), 3), '02-24'],
    ['15 d before a deadline stays on a rest day', () => daysBefore(day('05-20'), 15), '05-05'],
    ['a purchase result stands one wd', () => withinWorkingDays(day('09-23'), 1), '09-24'],
    ['a challenge within 7 wd of its end', () => withinWorkingDays(day('09-24'), 7), '10-12'],
    ['at least 20 d from the notice: earliest day', () => atLeastDays(day('10-30'), 20), '11-19'],
    ['at least 20 d that end on a rest day move on', () => atLeastDays(day('09-11'), 20), '10-08'],
    ['3 wd before a deadline', () => workingDaysBefore(day('10-08'), 3), '09-28'],
    ['a complaint adds the days of answering', () => complaintDays(), '11-16'],
    ['a complaint without an objection', () => complaintUntil(day('11-02'), 10), '11-12'],
    ['validity is not moved', () => validUntil(day('07-05'), 90), '10-03'],
  ])('%s', (_name, compute, expected) => {
    expect(compute().toString()).toBe(`2026-${expected}`);
  });
  const complaintDays = () => complaintUntil(day('11-02'), 10, { at: day('11-03'), answered: day('11-06') });

  it('a publicity lasts through its last day; the award is possible from the next', () => {
    const { last, awardFrom } = publicityUntil(day('09-22'), 3);
    expect([last.toString(), awardFrom.toString()]).toEqual(['2026-09-28', '2026-09-29']);
  });

  it('days are those of Beijing, and end at 24:00 there', () => {
    expect(dayOf('2026-09-23T15:59:59.999999Z').toString()).toBe('2026-09-23');
    expect(dayOf('2026-09-23T16:00:00.000000Z').toString()).toBe('2026-09-24');
    expect(endOfDay(day('09-23'))).toBe('2026-09-23T16:00:00.000000Z');
  });

  it('words name the weekday', () => {
    expect(dayInWords(day('11-19'))).toBe('2026-11-19（周四）');
    expect(dayInWords(day('11-22'))).toBe('2026-11-22（周日）');
  });
});

describe('properties', () => {
  const event = fc.integer({ min: 0, max: 330 }).map((n) => day('01-01').add({ days: n }));
  const count = fc.integer({ min: 1, max: 15 });

  it('a duty and a working day term never end on a rest day, nor before its n days', () => {
    fc.assert(
      fc.property(event, count, (from, n) => {
        for (const end of [withinDays(from, n), withinWorkingDays(from, n)]) {
          expect(isWorkingDay(end)).toBe(true);
          expect(compare(end, from.add({ days: n }))).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('exactly n working days lie in a term of n wd, forwards and backwards', () => {
    fc.assert(
      fc.property(event, count, (from, n) => {
        const worked = (a: Temporal.PlainDate, b: Temporal.PlainDate) =>
          daysBetween(a.toString(), b.toString()).filter((d) => isWorkingDay(day(d))).length;
        expect(worked(from.add({ days: 1 }), withinWorkingDays(from, n))).toBe(n);
        fc.pre(from.dayOfYear > 40);
        expect(worked(workingDaysBefore(from, n), from.subtract({ days: 1 }))).toBe(n);
      }),
    );
  });

  it('only a rest day moves an end, and by no more than it must', () => {
    fc.assert(
      fc.property(event, count, (from, n) => {
        const plain = from.add({ days: n });
        const end = withinDays(from, n);
        for (const d of daysBetween(plain.toString(), end.toString()).slice(0, -1))
          expect(isWorkingDay(day(d))).toBe(false);
        expect(orNextWorkingDay(end).equals(end)).toBe(true);
      }),
    );
  });

  it('a later event or a longer term never ends earlier', () => {
    fc.assert(
      fc.property(event, count, fc.nat(5), (from, n, more) => {
        for (const term of [withinDays, atLeastDays, withinWorkingDays]) {
          expect(compare(term(from.add({ days: more }), n), term(from, n))).toBeGreaterThanOrEqual(0);
          expect(compare(term(from, n + more), term(from, n))).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('every instant lies before the end of its day and not before the end of the day before', () => {
    const moment = fc
      .integer({ min: 0, max: 360 * 86_400 })
      .map((s) =>
        Temporal.Instant.from('2026-01-02T00:00:00Z').add({ seconds: s }).toString({ smallestUnit: 'microsecond' }),
      );
    fc.assert(
      fc.property(moment, (at) => {
        expect(at < endOfDay(dayOf(at))).toBe(true);
        expect(at >= endOfDay(dayOf(at).subtract({ days: 1 }))).toBe(true);
      }),
    );
  });
});
