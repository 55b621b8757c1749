/** Statutory checks of a registration and its dates: every figure comes from the rule table of the type. Pure. */
import { checkParameters } from '../../evaluation/registry.ts';
import { evaluationScheme } from '../../evaluation/scheme.ts';
import { atLeastDays, CalendarMissing, type DayUnit, dayOf, daysBefore } from '../platform/clock/calendar.ts';
import type { Refusal } from '../platform/refusal.ts';
import { procedureOf, ruleFor } from './procedures/registry.ts';
import type { Rule } from './procedures/rule-table.ts';
import { type ProjectRefusal, projectRefusal } from './refusals.ts';
import type { Lot, Registration } from './state.ts';

/** The rule behind a refusal, for its details. */
const cite = (rule: Rule) => ({
  rule: rule.code,
  figure: rule.value,
  unit: rule.unit,
  article: rule.article,
  articleEn: rule.articleEn,
});

const week = ['一', '二', '三', '四', '五', '六', '日'];
const inWords = (day: Temporal.PlainDate) => `${day.toString()}（周${week[day.dayOfWeek - 1]}）`;

/** Everything but the dates: lots, bonds, invitation, evaluation scheme. Null when all is well. */
export function checkRegistration(registration: Registration, today: string): Refusal | null {
  const procedure = procedureOf(registration.type);
  if (!procedure) return projectRefusal('type-unknown', { type: registration.type });
  if (!procedure.invited && registration.invited !== null) return projectRefusal('invited-not-allowed');
  const fewest = ruleFor(registration.type, 'fewest-invited', today);
  if (fewest && (registration.invited?.length ?? 0) < fewest.value)
    return projectRefusal('invited-too-few', cite(fewest));
  for (const lot of registration.lots) {
    const refused = checkLot(registration.type, lot, today);
    if (refused) return refused;
  }
  if (registration.schedule.questionsUntil >= registration.schedule.deadline)
    return projectRefusal('questions-after-deadline');
  return checkEvaluation(registration.evaluation);
}

/** The bond is at most 2 % of the estimate, cut down to the fen, and at most the absolute cap (TR 26, CW 37). */
function checkLot(type: string, lot: Lot, today: string): Refusal | null {
  const estimate = BigInt(lot.estimateFen);
  if (estimate <= 0n) return projectRefusal('estimate-zero', { lot: lot.name });
  const percent = ruleFor(type, 'bond-percent', today);
  const cap = ruleFor(type, 'bond-cap', today);
  const caps = [
    ...(percent ? [{ rule: percent, fen: (estimate * BigInt(percent.value)) / 100n }] : []),
    ...(cap ? [{ rule: cap, fen: BigInt(cap.value) }] : []),
  ];
  const broken = caps.toSorted((a, b) => (a.fen < b.fen ? -1 : 1)).find((c) => BigInt(lot.bondFen) > c.fen);
  return broken
    ? projectRefusal('bond-too-high', { ...cite(broken.rule), lot: lot.name, highestFen: broken.fen.toString() })
    : null;
}

function checkEvaluation(evaluation: unknown): Refusal | null {
  const scheme = evaluationScheme.safeParse(evaluation);
  if (!scheme.success) {
    const issue = scheme.error.issues[0];
    return projectRefusal('evaluation-invalid', { path: issue?.path.join('.'), message: issue?.message });
  }
  try {
    checkParameters(scheme.data.method, scheme.data.params);
    return null;
  } catch (error) {
    return projectRefusal('evaluation-invalid', { message: error instanceof Error ? error.message : String(error) });
  }
}

/** The dates at the moment of publication; the day of the first documents is at the earliest today. */
export function checkSchedule(registration: Registration, now: string): Refusal | null {
  return withCalendar(() => {
    const { type, schedule, mandatory } = registration;
    const today = dayOf(now).toString();
    const from = Temporal.PlainDate.from([schedule.documentsFrom, today].toSorted().at(-1) ?? today);
    const period = ruleFor(type, 'documents-period', today);
    if (period) {
      const earliest = atLeastDays(from, period.value, unitOf(period));
      if (Temporal.PlainDate.compare(Temporal.PlainDate.from(schedule.documentsUntil), earliest) < 0)
        return earliestRefusal('documents-period-short', period, from, earliest);
    }
    const distance = mandatory ? ruleFor(type, 'deadline-distance', today) : null;
    if (distance) {
      const earliest = atLeastDays(from, distance.value, unitOf(distance));
      if (Temporal.PlainDate.compare(dayOf(schedule.deadline), earliest) < 0)
        return earliestRefusal('deadline-too-early', distance, from, earliest);
    }
    return schedule.deadline <= now ? projectRefusal('deadline-passed', { deadline: schedule.deadline }) : null;
  });
}

/** Whether a change that may affect tenders comes in time, and a moved deadline lies far enough from it (TR 21). */
export function checkChange(
  type: string,
  deadline: string,
  moved: string | null,
  affects: boolean,
  now: string,
): Refusal | null {
  return withCalendar(() => {
    if (moved !== null && moved <= deadline) return projectRefusal('deadline-not-later', { deadline });
    const today = dayOf(now);
    const rule = ruleFor(type, 'clarification-before', today.toString());
    if (!affects || !rule) return null;
    if (Temporal.PlainDate.compare(today, daysBefore(dayOf(deadline), rule.value, unitOf(rule))) <= 0) return null;
    const earliest = atLeastDays(today, rule.value, unitOf(rule));
    if (moved === null) return earliestRefusal('clarification-moves-deadline', rule, today, earliest);
    return Temporal.PlainDate.compare(dayOf(moved), earliest) < 0
      ? earliestRefusal('deadline-too-early', rule, today, earliest)
      : null;
  });
}

/** Latest day for an objection to the documents, and the last day for its answer. */
export function objectionDays(
  type: string,
  deadline: string,
  now: string,
): { readonly latest: string; readonly answerBy: string } {
  const today = dayOf(now);
  const before = ruleFor(type, 'documents-objection-before', today.toString());
  const answer = ruleFor(type, 'documents-objection-answer', today.toString());
  return {
    latest: daysBefore(dayOf(deadline), before?.value ?? 0).toString(),
    answerBy: atLeastDays(today, answer?.value ?? 0).toString(),
  };
}

function earliestRefusal(
  code: ProjectRefusal,
  rule: Rule,
  from: Temporal.PlainDate,
  earliest: Temporal.PlainDate,
): Refusal {
  const unit = rule.unit === 'wd' ? '个工作日' : '日';
  const arithmetic = `${from.toString()} + ${rule.value} ${unit} = ${inWords(earliest)}，${rule.article}`;
  return projectRefusal(code, { ...cite(rule), earliest: earliest.toString(), arithmetic });
}

const unitOf = (rule: Rule): DayUnit => (rule.unit === 'wd' ? 'wd' : 'd');

/** A term that reaches into a year without a calendar is refused, not guessed. */
function withCalendar(check: () => Refusal | null): Refusal | null {
  try {
    return check();
  } catch (error) {
    if (error instanceof CalendarMissing) return projectRefusal('calendar-missing', { year: error.year });
    throw error;
  }
}
