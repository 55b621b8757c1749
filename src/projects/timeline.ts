/** The stages of a project with their dates as far as they are fixed, and the figures that clock them. Pure. */
import { dayOf, daysBefore, endOfDay, zone } from '../platform/clock/calendar.ts';
import { procedureOf } from './procedures/registry.ts';
import { type CentreRule, isConfirmed, ruleOn, type Stage } from './procedures/rule-table.ts';
import type { ProjectState } from './state.ts';

/** `later`: a stage that the rooms of opening, evaluation and award know of. */
type Phase = 'done' | 'current' | 'ahead' | 'later' | 'stopped';

export type TimelineStage = Pick<Stage, 'id' | 'zh' | 'en' | 'article' | 'articleEn'> & {
  readonly who: string[];
  readonly phase: Phase;
  /** RFC 3339 UTC; `until` is half open. Null: not fixed. */
  readonly from: string | null;
  readonly until: string | null;
  readonly witness: string[];
  readonly figures: {
    readonly code: string;
    readonly value: number;
    readonly unit: string;
    readonly kind: string;
    readonly counts: string;
    readonly article: string;
    readonly articleEn: string;
    readonly zh: string;
    readonly en: string;
    readonly confirmed: boolean;
    readonly centre: string | null;
  }[];
};

const startOf = (day: string): string =>
  Temporal.PlainDate.from(day).toZonedDateTime(zone).toInstant().toString({ smallestUnit: 'microsecond' });

type Span = { readonly from: string | null; readonly until: string | null };

/** When a stage runs; null for those that the rooms to the right know of. */
function spanOf(state: ProjectState, stage: string, centre: readonly CentreRule[]): Span | null {
  const { schedule, publishedAt, type } = state;
  const procedure = procedureOf(type);
  switch (stage) {
    case 'registration':
      return { from: null, until: publishedAt };
    case 'notice':
    case 'invitation':
      return {
        from: publishedAt ?? startOf(schedule.documentsFrom),
        until: endOfDay(Temporal.PlainDate.from(schedule.documentsUntil)),
      };
    case 'questions':
      return { from: publishedAt, until: schedule.questionsUntil };
    case 'documents-objection': {
      const deadline = dayOf(schedule.deadline);
      const rule = procedure && ruleOn(procedure, 'documents-objection-before', deadline.toString(), centre);
      const last = rule && daysBefore(deadline, rule.value, rule.unit === 'wd' ? 'wd' : 'd');
      return { from: publishedAt, until: last && endOfDay(last) };
    }
    case 'tenders':
      return { from: publishedAt, until: schedule.deadline };
    default:
      return null;
  }
}

function phaseOf(state: ProjectState, span: Span | null, now: string): Phase {
  if (state.status === 'terminated') return 'stopped';
  if (span === null) return 'later';
  if (span.until !== null && span.until <= now) return 'done';
  return state.status === 'published' || span.from === null ? 'current' : 'ahead';
}

/** Every stage of the project's type at a moment; figures are those in force on that day. */
export function timelineOf(state: ProjectState, now: string, centre: readonly CentreRule[]): TimelineStage[] {
  const procedure = procedureOf(state.type);
  if (!procedure) return [];
  const day = dayOf(now).toString();
  return procedure.stages.map((stage) => {
    const span = spanOf(state, stage.id, centre);
    const opening = stage.id === 'opening' ? state.schedule.deadline : null;
    return {
      id: stage.id,
      zh: stage.zh,
      en: stage.en,
      article: stage.article,
      articleEn: stage.articleEn,
      who: [...stage.who],
      witness: [...stage.witness],
      from: span?.from ?? opening,
      until: span?.until ?? null,
      phase: phaseOf(state, span, now),
      figures: stage.clocks.flatMap((code) => {
        const rule = ruleOn(procedure, code, day, centre);
        if (!rule) return [];
        const { mark: _mark, checked: _checked, from: _from, to: _to, ...shown } = rule;
        return [{ ...shown, confirmed: isConfirmed(rule) }];
      }),
    };
  });
}
