/** The figures of an award: the law's, or the stricter ones of the transaction type's rule table. */
import type { AwardDeps } from './deps.ts';
import type { AwardTerms, Term } from './state.ts';

/** [law] in calendar days; the rule table's codes stand beside them. */
const lawful = {
  publishWithin: { code: 'candidates-publish-within', days: 3, unit: 'd', article: '招标投标法实施条例 第五十四条' },
  publicityStands: { code: 'candidates-publicity', days: 3, unit: 'd', article: '招标投标法实施条例 第五十四条' },
  answerWithin: { code: 'result-objection-answer', days: 3, unit: 'd', article: '招标投标法实施条例 第五十四条' },
  contractWithin: { code: 'contract-within', days: 30, unit: 'd', article: '招标投标法 第四十六条' },
  reportWithin: { code: 'supervisor-report-within', days: 15, unit: 'd', article: '招标投标法 第四十七条' },
} as const satisfies Record<keyof AwardTerms, Term & { code: string }>;

/** The terms in force on the day of the act. */
export function termsFor(projects: Pick<AwardDeps['projects'], 'ruleFor'>, type: string, day: string): AwardTerms {
  const term = (name: keyof AwardTerms): Term => {
    const { code, ...law } = lawful[name];
    const row = projects.ruleFor(type, code, day);
    const days = Number(row?.value);
    if (!row || !Number.isInteger(days) || (row.unit !== 'd' && row.unit !== 'wd')) return law;
    return { days, unit: row.unit, article: row.article };
  };
  return {
    publishWithin: term('publishWithin'),
    publicityStands: term('publicityStands'),
    answerWithin: term('answerWithin'),
    contractWithin: term('contractWithin'),
    reportWithin: term('reportWithin'),
  };
}
