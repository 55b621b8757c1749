/** Statutory checks of a registration and its dates: every figure comes from the rule table of the type. Pure. */
import { schemeFault } from '../../evaluation/registry.ts';
import { evaluationScheme } from '../../evaluation/scheme.ts';
import { atLeastDays, type DayUnit, dayInWords, dayOf, daysBefore, withCalendar } from '../platform/clock/calendar.ts';
import type { Refusal } from '../platform/refusal.ts';
import { procedureOf, ruleFor } from './procedures/registry.ts';
import type { CentreRule, Figure } from './procedures/rule-table.ts';
import { type ProjectRefusal, projectRefusal } from './refusals.ts';
import type { Lot, Registration } from './state.ts';

/** What a check goes by: the moment of the act and the centre's own figures. */
export type Law = { readonly now: string; readonly centre: readonly CentreRule[] };

const figure = (type: string, code: string, { now, centre }: Law): Figure | null =>
  ruleFor(type, code, dayOf(now).toString(), centre);

/** The rule behind a refusal, for its details. */
const cite = (rule: Figure) => ({
  rule: rule.code,
  figure: rule.value,
  unit: rule.unit,
  article: rule.article,
  articleEn: rule.articleEn,
  ...(rule.centre === null ? {} : { centre: rule.centre }),
});

/** Everything but the dates: lots, bonds, invitation, evaluation scheme. Null when all is well. */
export function checkRegistration(registration: Registration, law: Law): Refusal | null {
  if (!procedureOf(registration.type)) return projectRefusal('type-unknown', { type: registration.type });
  for (const lot of registration.lots) {
    const refused = checkBond(registration.type, lot, law);
    if (refused) return refused;
  }
  return checkInvitation(registration, law) ?? checkEvaluation(registration);
}

/** At least three are invited (TL 17), on a lawful ground and with leave where the tender is mandatory (TR 8). */
function checkInvitation({ type, invited, invitationGround, mandatory, approval }: Registration, law: Law) {
  if (!procedureOf(type)?.invited) return invited === null ? null : projectRefusal('invited-not-allowed');
  const fewest = figure(type, 'fewest-invited', law);
  if (fewest && new Set(invited).size < fewest.value) return projectRefusal('invited-too-few', cite(fewest));
  const ground = figure(type, 'invitation-ground', law);
  const missing = mandatory && (invitationGround === null || approval === null);
  return ground && missing ? projectRefusal('invitation-ground-missing', cite(ground)) : null;
}

/** The bond is at most 2 % of the estimate, cut down to the fen, and at most the absolute cap (TR 26, CW 37). */
function checkBond(type: string, lot: Lot, law: Law): Refusal | null {
  const estimate = BigInt(lot.estimateFen);
  if (estimate <= 0n) return projectRefusal('estimate-zero', { lot: lot.name });
  if (lot.ceilingFen === '0') return projectRefusal('ceiling-zero', { lot: lot.name });
  const percent = figure(type, 'bond-percent', law);
  const cap = figure(type, 'bond-cap', law);
  const caps = [
    ...(percent ? [{ rule: percent, fen: (estimate * BigInt(percent.value)) / 100n }] : []),
    ...(cap ? [{ rule: cap, fen: BigInt(cap.value) }] : []),
  ];
  const broken = caps.toSorted((a, b) => (a.fen < b.fen ? -1 : 1)).find((c) => BigInt(lot.bondFen) > c.fen);
  return broken
    ? projectRefusal('bond-too-high', { ...cite(broken.rule), lot: lot.name, highestFen: broken.fen.toString() })
    : null;
}

/** The scheme is fixed with the documents (TL 40), so what would stop the ranking later is refused now. */
function checkEvaluation({ evaluation, lots }: Registration): Refusal | null {
  const scheme = evaluationScheme.safeParse(evaluation);
  if (!scheme.success) {
    const issue = scheme.error.issues[0];
    return projectRefusal('evaluation-invalid', { path: issue?.path.join('.'), message: issue?.message });
  }
  for (const { name, ceilingFen } of lots) {
    const fault = schemeFault(scheme.data, ceilingFen);
    if (fault) return projectRefusal('evaluation-invalid', { lot: name, fault: fault.code, message: fault.detail });
  }
  return null;
}

/** The dates as they would be published now; the day of the first documents is at the earliest today. */
export function checkSchedule(registration: Registration, law: Law): Refusal | null {
  const { type, schedule, mandatory } = registration;
  if (schedule.deadline <= law.now) return projectRefusal('deadline-passed', { deadline: schedule.deadline });
  if (schedule.questionsUntil >= schedule.deadline) return projectRefusal('questions-after-deadline');
  return withKnownCalendar(() => {
    const deadline = dayOf(schedule.deadline);
    const today = dayOf(law.now).toString();
    const from = Temporal.PlainDate.from([schedule.documentsFrom, today].toSorted().at(-1) ?? today);
    const until = Temporal.PlainDate.from(schedule.documentsUntil);
    if (isBefore(deadline, until))
      return projectRefusal('documents-after-deadline', { documentsUntil: until.toString() });
    const period = figure(type, 'documents-period', law);
    const distance = mandatory ? figure(type, 'deadline-distance', law) : null;
    return (
      (period && earliest('documents-period-short', until, period, from, '文件发出')) ??
      (distance && earliest('deadline-too-early', deadline, distance, from, '文件发出'))
    );
  });
}

/** Whether a change that may affect tenders comes in time, and a moved deadline lies far enough from it (TR 21). */
export function checkChange(
  { type, deadline, moved, affects }: { type: string; deadline: string; moved: string | null; affects: boolean },
  law: Law,
): Refusal | null {
  if (moved !== null && moved <= deadline) return projectRefusal('deadline-not-later', { deadline });
  return withKnownCalendar(() => {
    const today = dayOf(law.now);
    const rule = figure(type, 'clarification-before', law);
    if (!affects || !rule) return null;
    const latest = daysBefore(dayOf(deadline), rule.value, unitOf(rule));
    if (!isBefore(latest, today)) return null;
    if (moved !== null) return earliest('deadline-too-early', dayOf(moved), rule, today, '澄清');
    return earliest('clarification-moves-deadline', null, rule, today, '澄清', { latest: latest.toString() });
  });
}

/** Latest day for an objection to the documents, and the last day for its answer (TR 22). */
export function checkObjection(type: string, deadline: string, law: Law): Refusal | { readonly answerBy: string } {
  const today = dayOf(law.now);
  const before = figure(type, 'documents-objection-before', law);
  const answer = figure(type, 'documents-objection-answer', law);
  const latest = before && daysBefore(dayOf(deadline), before.value, unitOf(before));
  if (before && latest && isBefore(latest, today)) {
    const arithmetic = `${dayOf(deadline).toString()} 截标 − ${before.value} ${words(before)} = ${dayInWords(latest)}，${before.article}`;
    return projectRefusal('objection-too-late', { ...cite(before), latest: latest.toString(), arithmetic });
  }
  const by = withKnownCalendar(() => ({ day: atLeastDays(today, answer?.value ?? 0, answer ? unitOf(answer) : 'd') }));
  return 'refused' in by ? by : { answerBy: by.day.toString() };
}

const isBefore = (a: Temporal.PlainDate, b: Temporal.PlainDate) => Temporal.PlainDate.compare(a, b) < 0;
const unitOf = (rule: Figure): DayUnit => (rule.unit === 'wd' ? 'wd' : 'd');
const words = (rule: Figure) => (rule.unit === 'wd' ? '个工作日' : '日');

/** The refusal of a day that lies before the earliest lawful one (always, when no day was given); its details show the sum. */
function earliest(
  code: ProjectRefusal,
  day: Temporal.PlainDate | null,
  rule: Figure,
  from: Temporal.PlainDate,
  event: string,
  more: Record<string, unknown> = {},
): Refusal | null {
  const permitted = atLeastDays(from, rule.value, unitOf(rule));
  if (day && !isBefore(day, permitted)) return null;
  const arithmetic = `${from.toString()} ${event} + ${rule.value} ${words(rule)} = ${dayInWords(permitted)}，${rule.article}`;
  return projectRefusal(code, {
    ...cite(rule),
    ...(day ? { asked: day.toString() } : {}),
    earliest: permitted.toString(),
    arithmetic,
    ...more,
  });
}

/** A term that reaches into a year without a calendar is refused, not guessed. */
function withKnownCalendar<T>(check: () => T): T | Refusal {
  return withCalendar(check, (year) => projectRefusal('calendar-missing', { year }));
}
