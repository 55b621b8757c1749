/** The rule tables, public with their sources. */
import { z } from 'zod';
import { dayOf } from '../platform/clock/calendar.ts';
import { type Clock, instantText } from '../platform/clock/clock.ts';
import { type Route, route } from '../platform/http/route.ts';
import { legalDates } from './legal-dates.ts';
import { procedureOf, procedures } from './procedures/registry.ts';
import { type CentreRule, isConfirmed, type Procedure, ruleOn } from './procedures/rule-table.ts';
import { projectRefusal } from './refusals.ts';

type Deps = { readonly clock: Clock; readonly centre: readonly CentreRule[] };

const ruleView = z.object({
  code: z.string(),
  value: z.number().nullable(),
  unit: z.string(),
  kind: z.string(),
  counts: z.string(),
  mark: z.string(),
  checked: z.boolean(),
  /** False: shown as 待核实; the platform does not state it as law. */
  confirmed: z.boolean(),
  article: z.string(),
  articleEn: z.string(),
  from: z.string(),
  to: z.string().nullable(),
  zh: z.string(),
  en: z.string(),
  /** The figure that binds today: the centre's where it is stricter. Null: the row does not bind today. */
  inForce: z.number().nullable(),
  centre: z.string().nullable(),
});
const procedureView = z.object({
  type: z.string(),
  zh: z.string(),
  en: z.string(),
  letters: z.string(),
  invited: z.boolean(),
  day: z.string(),
  rules: z.array(ruleView),
  stages: z.array(
    z.object({
      id: z.string(),
      zh: z.string(),
      en: z.string(),
      who: z.array(z.string()),
      clocks: z.array(z.string()),
      article: z.string(),
      articleEn: z.string(),
      witness: z.array(z.string()),
    }),
  ),
});

const bilingual = z.object({ zh: z.string(), en: z.string() });
const legalDatesView = z.object({
  type: z.string(),
  publishedOn: z.string(),
  /** The deadline that later dates count from: the one asked for, or the earliest lawful one. */
  deadline: z.string().nullable(),
  dates: z.array(
    z.object({
      code: z.string(),
      bounds: z.enum(['documentsUntil', 'deadline']).nullable(),
      zh: z.string(),
      en: z.string(),
      value: z.number(),
      unit: z.enum(['d', 'wd']),
      kind: z.string(),
      article: z.string(),
      articleEn: z.string(),
      centre: z.string().nullable(),
      confirmed: z.boolean(),
      from: z.object({ event: z.string(), day: z.string() }),
      direction: z.enum(['earliest', 'latest']),
      day: z.string().nullable(),
      missingYear: z.number().nullable(),
      shifted: z.object({ from: z.string(), zh: z.string(), en: z.string() }).nullable(),
      arithmetic: bilingual.nullable(),
    }),
  ),
  warnings: z.array(bilingual.extend({ code: z.string() })),
});

function viewOn(procedure: Procedure, day: string, centre: readonly CentreRule[]): z.input<typeof procedureView> {
  const { rules, stages, ...head } = procedure;
  return {
    ...head,
    day,
    rules: rules.map((rule) => {
      const binds = rule.from <= day && (rule.to === null || day <= rule.to);
      const figure = binds ? ruleOn(procedure, rule.code, day, centre) : null;
      return { ...rule, confirmed: isConfirmed(rule), inForce: figure?.value ?? null, centre: figure?.centre ?? null };
    }),
    stages: stages.map((s) => ({ ...s, who: [...s.who], clocks: [...s.clocks], witness: [...s.witness] })),
  };
}

export function ruleRoutes({ clock, centre }: Deps): Route[] {
  const today = () => dayOf(instantText(clock.now())).toString();
  return [
    route(
      {
        method: 'GET',
        path: '/api/rules',
        name: 'listRules',
        who: 'anyone',
        summary: { zh: '规则表（含法条与出处）', en: 'The rule tables with their sources' },
        answer: z.array(procedureView),
        refusals: [],
        sharedMilliseconds: 60_000,
      },
      async () => procedures.map((procedure) => viewOn(procedure, today(), centre)),
    ),
    route(
      {
        method: 'GET',
        path: '/api/rules/:type',
        name: 'showRules',
        who: 'anyone',
        summary: { zh: '一种交易类型在某日的规则表', en: 'The rule table of a transaction type on a day' },
        params: z.strictObject({ type: z.string().max(60) }),
        query: z.strictObject({ day: z.iso.date().optional() }),
        answer: procedureView,
        refusals: ['type-unknown'],
      },
      async ({ params: { type }, query }) => {
        const procedure = procedureOf(type);
        return procedure ? viewOn(procedure, query.day ?? today(), centre) : projectRefusal('type-unknown', { type });
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/rules/:type/schedule',
        name: 'showLegalDates',
        who: 'anyone',
        summary: {
          zh: '某日发布时的各法定日期（含算式与法条）',
          en: 'The lawful dates of a tender published on a day, as arithmetic with articles',
        },
        params: z.strictObject({ type: z.string().max(60) }),
        query: z.strictObject({
          publishedOn: z.iso.date().optional(),
          deadline: z.iso.date().optional(),
          /** False: not of the kinds that must be tendered by law. */
          mandatory: z.enum(['true', 'false']).default('true'),
        }),
        answer: legalDatesView,
        refusals: ['type-unknown'],
      },
      async ({ params: { type }, query }) => {
        const procedure = procedureOf(type);
        if (!procedure) return projectRefusal('type-unknown', { type });
        const { publishedOn = today(), deadline = null, mandatory } = query;
        const found = legalDates(procedure, { publishedOn, deadline, mandatory: mandatory === 'true' }, centre);
        return { ...found, dates: [...found.dates], warnings: [...found.warnings] };
      },
    ),
  ];
}
