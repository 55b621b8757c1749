/** Lawful dates before a publication: they agree with what the publication itself would refuse. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorkingDay } from '../src/platform/clock/calendar.ts';
import { checkSchedule } from '../src/projects/checks.ts';
import { legalDates } from '../src/projects/legal-dates.ts';
import { procedureOf, procedures } from '../src/projects/procedures/registry.ts';
import type { Registration } from '../src/projects/state.ts';

const works = procedureOf('construction-open-works')!;
const dates = (publishedOn: string, deadline: string | null = null, mandatory = true) =>
  legalDates(works, { publishedOn, deadline, mandatory }, []);
const byCode = (found: ReturnType<typeof dates>, code: string) => found.dates.find((d) => d.code === code);

describe('lawful dates', () => {
  it('are arithmetic with the article, and say why a rest day moves them', () => {
    // 20 days after 2026-04-11 is 2026-05-01, Labour Day; the rest days last through 05-05.
    const found = dates('2026-04-11');
    expect(byCode(found, 'deadline-distance')).toMatchObject({
      bounds: 'deadline',
      direction: 'earliest',
      day: '2026-05-06',
      article: '招标投标法第二十四条',
      confirmed: true,
      shifted: { from: '2026-05-01', zh: '期满日 2026-05-01（周五）为休息日，顺延到 2026-05-06（周三）' },
      arithmetic: { zh: '2026-04-11 文件发出 + 20 日 = 2026-05-06（周三），招标投标法第二十四条' },
    });
    expect(found.deadline).toBe('2026-05-06');
    expect(byCode(found, 'clarification-before')).toMatchObject({
      direction: 'latest',
      day: '2026-04-21',
      shifted: null,
    });
    expect(found.warnings).toEqual([]);
  });

  it('warn of a deadline too early, of no time left, and of a year without a calendar', () => {
    expect(dates('2026-04-03', '2026-04-10').warnings.map((w) => w.code)).toEqual([
      'deadline-too-early',
      'no-time-left',
    ]);
    const late = dates('2026-12-20');
    expect(byCode(late, 'deadline-distance')).toMatchObject({ day: null, missingYear: 2027, arithmetic: null });
    expect(late.warnings.map((w) => w.code)).toEqual(['calendar-missing']);
    expect(byCode(dates('2026-04-03', null, false), 'deadline-distance')).toBeUndefined();
  });

  it('hold for every type, and agree with the check of the publication to the day', () => {
    const day = fc.integer({ min: 0, max: 320 }).map((n) => Temporal.PlainDate.from('2026-01-01').add({ days: n }));
    fc.assert(
      fc.property(day, fc.constantFrom(...procedures), fc.integer({ min: -3, max: 3 }), (from, procedure, off) => {
        const found = legalDates(procedure, { publishedOn: from.toString(), deadline: null, mandatory: true }, []);
        const earliest = Temporal.PlainDate.from(found.deadline!);
        expect(isWorkingDay(earliest)).toBe(true);
        const deadline = earliest.add({ days: off });
        const beijing = (date: Temporal.PlainDate, hour: number) =>
          date
            .toZonedDateTime({ timeZone: 'Asia/Shanghai', plainTime: { hour } })
            .toInstant()
            .toString({ smallestUnit: 'microsecond' });
        const until = found.dates.find((d) => d.bounds === 'documentsUntil')?.day ?? from.toString();
        const registration = {
          type: procedure.type,
          mandatory: true,
          schedule: {
            documentsFrom: from.toString(),
            documentsUntil: until,
            questionsUntil: beijing(from, 23),
            deadline: beijing(deadline, 10),
            openingRoom: '',
            evaluationRoom: '',
          },
        } as unknown as Registration;
        const refused = checkSchedule(registration, { now: beijing(from, 9), centre: [] });
        expect(refused?.code ?? 'lawful').toBe(off < 0 ? 'deadline-too-early' : 'lawful');
      }),
    );
  });
});
