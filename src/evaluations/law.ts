/** Figures of the committee and the report with their sources. The rule table of the transaction type may ask for more. */
import type { EvaluationProjects } from './deps.ts';
import type { CommitteeRule } from './state.ts';

/** TL 37: odd, at least five, experts at least two thirds. */
const lawful: CommitteeRule = { minimum: 5, odd: true, expertShare: [2, 3] };

/** The committee that the type needs on the day of the act (purchase of 10 million and more asks for seven: 87: 47). */
export function committeeFor(projects: EvaluationProjects, type: string, now: string): CommitteeRule {
  const day = Temporal.Instant.from(now).toZonedDateTimeISO('Asia/Shanghai').toPlainDate().toString();
  const value = projects.ruleFor(type, 'committee-size', day)?.value;
  return typeof value === 'number' && value > lawful.minimum ? { ...lawful, minimum: value } : lawful;
}

/** [practice], unconfirmed: hours from the draft of the report until a silent member is held to agree (TR 53 names no time). */
export const silentHours = 24;
