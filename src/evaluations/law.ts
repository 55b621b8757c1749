/** Figures of the committee and the report with their sources; the rule table of the transaction type may tighten them. */
import type { CommitteeRule } from './state.ts';

/** TL 37: odd, at least five, experts at least two thirds. */
export const lawfulCommittee: CommitteeRule = { minimum: 5, odd: true, expertShare: [2, 3] };

/** [practice], unconfirmed: hours from the draft of the report until a silent member is held to agree (TR 53 names no time). */
export const silentHours = 24;
