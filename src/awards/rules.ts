/**
 * From the evaluation report to the certified result (招标投标法 45-47; 实施条例 54, 55). A duty that was missed (late
 * publicity, late answer) is recorded and shown, it does not stop the procedure; what protects others (the length of the
 * publicity, the pause until an answer, the order of candidates) does.
 */
import type { Refusal } from '../platform/refusal.ts';
import { CalendarMissing, dayOf, lastDayWithin, startOfDayAfter, throughDay } from './days.ts';
import { evolveAward } from './evolve.ts';
import { awardRefusal } from './refusals.ts';
import type { AwardCommand, AwardEvent, AwardFacts, AwardState, Candidate } from './state.ts';

export { evolveAward } from './evolve.ts';
export * from './state.ts';

/** Of one bidder in one publicity: the state is one row that every act reads and writes, so its lists are bounded. */
const mostObjections = 20;

type Command<Type extends AwardCommand['type']> = Extract<AwardCommand, { type: Type }>;
type Decision = Refusal | readonly AwardEvent[];

export function decideAward(state: AwardState, command: AwardCommand, facts: AwardFacts): Decision {
  try {
    return decideInKnownYears(state, command, facts);
  } catch (error) {
    if (error instanceof CalendarMissing) return awardRefusal('calendar-missing', { year: error.year });
    throw error;
  }
}

function decideInKnownYears(state: AwardState, command: AwardCommand, facts: AwardFacts): Decision {
  switch (command.type) {
    case 'publishCandidates':
      return facts.ofTenderer ? publishCandidates(state, command, facts) : awardRefusal('not-your-project');
    case 'fileObjection':
      return fileObjection(state, command, facts);
    case 'answerObjection':
      return facts.ofTenderer ? answerObjection(state, command, facts) : awardRefusal('not-your-project');
    case 'passOver':
      return facts.ofTenderer ? passOver(state, command, facts) : awardRefusal('not-your-project');
    case 'award':
      return facts.ofTenderer ? award(state, command, facts) : awardRefusal('not-your-project');
    case 'issueDocument':
      return issueDocument(state, command, facts);
    case 'confirmAward':
      return confirmAward(state, command, facts);
    case 'reportToSupervisor':
      return facts.ofTenderer ? reportToSupervisor(state, facts) : awardRefusal('not-your-project');
    case 'endWithoutAward':
      return facts.ofTenderer ? endWithoutAward(state, command, facts) : awardRefusal('not-your-project');
    case 'tick':
      return tick(state, command, facts);
  }
}

/** The first candidate who has not been passed over; null when none is left. */
export function nextCandidate(state: AwardState): Candidate | null {
  const gone = new Set(state.passedOver.map((passed) => passed.manifestSha256));
  return state.candidates.find((candidate) => !gone.has(candidate.manifestSha256)) ?? null;
}

export function candidateOf(state: AwardState, manifestSha256: string): Candidate | null {
  return state.candidates.find((candidate) => candidate.manifestSha256 === manifestSha256) ?? null;
}

function publishCandidates(state: AwardState, command: Command<'publishCandidates'>, facts: AwardFacts): Decision {
  const { result, terms, now } = facts;
  if (state.status === 'ended') return awardRefusal('award-ended');
  if (facts.terminated) return awardRefusal('project-terminated');
  if (!result) return awardRefusal('evaluation-not-reported');
  if (state.report?.reportSha256 === result.reportSha256) return awardRefusal('already-published');
  if (state.status !== 'waiting' && state.status !== 'publicity') return awardRefusal('already-awarded');
  if (facts.evaluationEnd === 'stopped') return awardRefusal('witness-stopped', { step: 'evaluation-end' });
  if (facts.evaluationEnd === 'open') return awardRefusal('witness-unsigned', { step: 'evaluation-end' });
  if (result.candidates.length === 0) return awardRefusal('no-candidates', { article: '招标投标法 第四十二条' });
  const { days, unit, article } = terms.publicityStands;
  if (command.days < days) return awardRefusal('publicity-too-short', { asked: command.days, atLeast: days, article });
  const today = dayOf(now);
  const publishBy = lastDayWithin(dayOf(result.signedAt), terms.publishWithin);
  return [
    {
      type: 'CandidatesPublished',
      project: facts.project,
      round: state.round + 1,
      reportSha256: result.reportSha256,
      rankingSha256: result.rankingSha256,
      signedAt: result.signedAt,
      candidates: result.candidates.slice(0, 3),
      at: now,
      lastDay: throughDay(today, { days: command.days, unit, article }),
      late: today > publishBy,
    },
  ];
}

function fileObjection(state: AwardState, command: Command<'fileObjection'>, facts: AwardFacts): Decision {
  if (state.status === 'waiting' || !state.publicity) return awardRefusal('publicity-not-started');
  if (!facts.bidders.includes(command.organisation)) return awardRefusal('not-a-bidder');
  const { lastDay } = state.publicity;
  const today = dayOf(facts.now);
  if (state.status !== 'publicity' || today > lastDay)
    return awardRefusal('publicity-over', { lastDay, article: '招标投标法实施条例 第五十四条' });
  if (command.about !== null && !candidateOf(state, command.about)) return awardRefusal('candidate-unknown');
  const { organisation, about, text } = command;
  const own = state.objections.filter((o) => o.organisation === organisation && o.at >= state.publicity!.publishedAt);
  if (own.length >= mostObjections) return awardRefusal('objections-too-many', { limit: mostObjections });
  return [
    {
      type: 'ObjectionFiled',
      ...facts.fresh,
      organisation,
      about,
      text,
      at: facts.now,
      answerBy: lastDayWithin(today, facts.terms.answerWithin),
    },
  ];
}

function answerObjection(state: AwardState, command: Command<'answerObjection'>, facts: AwardFacts): Decision {
  const objection = state.objections.find((o) => o.id === command.objection);
  if (!objection) return awardRefusal('objection-unknown');
  if (objection.answer) return awardRefusal('objection-answered');
  const { outcome, text } = command;
  const late = dayOf(facts.now) > objection.answerBy;
  return [{ type: 'ObjectionAnswered', id: objection.id, outcome, text, salt: facts.fresh.salt, at: facts.now, late }];
}

/** TR 55: gave up, cannot perform by force majeure, brought no performance bond, found in breach. */
function passOver(state: AwardState, command: Command<'passOver'>, facts: AwardFacts): Decision {
  const { manifestSha256, ground, reason } = command;
  const wrong = refuseOutsideAward(state);
  if (wrong) return wrong;
  if (!candidateOf(state, manifestSha256)) return awardRefusal('candidate-unknown');
  if (state.passedOver.some((passed) => passed.manifestSha256 === manifestSha256))
    return awardRefusal('candidate-passed-over');
  if (nextCandidate(state)?.manifestSha256 !== manifestSha256)
    return awardRefusal('not-next-candidate', { article: '招标投标法实施条例 第五十五条' });
  return [{ type: 'CandidatePassedOver', manifestSha256, ground, reason, at: facts.now }];
}

function refuseOutsideAward(state: AwardState): Refusal | null {
  if (state.status === 'waiting') return awardRefusal('publicity-not-started');
  if (state.status === 'certified') return awardRefusal('award-certified');
  if (state.status === 'ended') return awardRefusal('award-ended');
  return null;
}

function award(state: AwardState, command: Command<'award'>, facts: AwardFacts): Decision {
  const wrong = refuseOutsideAward(state);
  if (wrong) return wrong;
  if (state.status !== 'publicity') return awardRefusal('already-awarded');
  if (facts.terminated) return awardRefusal('project-terminated');
  const { lastDay } = state.publicity!;
  const article = '招标投标法实施条例 第五十四条';
  if (dayOf(facts.now) <= lastDay)
    return awardRefusal('publicity-running', { lastDay, earliest: startOfDayAfter(lastDay), article });
  const open = state.objections.find((o) => o.answer === null);
  if (open) return awardRefusal('objection-open', { objection: open.id, answerBy: open.answerBy, article });
  if (facts.result?.reportSha256 !== state.report?.reportSha256) return awardRefusal('report-changed');
  if (facts.awardStep === 'stopped') return awardRefusal('witness-stopped', { step: 'award' });
  const candidate = candidateOf(state, command.manifestSha256);
  if (!candidate) return awardRefusal('candidate-unknown');
  if (nextCandidate(state) !== candidate)
    return awardRefusal('not-next-candidate', { article: '招标投标法实施条例 第五十五条' });
  const upheld = state.objections.find((o) => o.answer?.outcome === 'upheld' && concerns(state, o, candidate));
  if (upheld) return awardRefusal('objection-upheld', { objection: upheld.id });
  const { manifestSha256, organisation, priceFen } = candidate;
  const today = dayOf(facts.now);
  return [
    {
      type: 'Awarded',
      manifestSha256,
      organisation,
      priceFen,
      at: facts.now,
      contractBy: lastDayWithin(today, facts.terms.contractWithin),
      reportBy: lastDayWithin(today, facts.terms.reportWithin),
    },
  ];
}

/** An upheld objection to the result as a whole falls with the report that it was about. */
function concerns(state: AwardState, objection: AwardState['objections'][number], candidate: Candidate): boolean {
  if (objection.at < state.publicity!.publishedAt) return false;
  return objection.about === null || objection.about === candidate.manifestSha256;
}

function issueDocument(state: AwardState, command: Command<'issueDocument'>, facts: AwardFacts): Decision {
  const { document, number, pdfSha256, factsSha256 } = command;
  if (!command.byCentre && !facts.ofTenderer) return awardRefusal('not-your-project');
  if (!state.award) return awardRefusal('not-awarded');
  if (state.award.at !== command.awardedAt) return awardRefusal('award-changed');
  if (issued(state, document)) return awardRefusal('document-issued');
  if (facts.awardStep === 'stopped') return awardRefusal('witness-stopped', { step: 'award' });
  if (facts.awardStep === 'open') return awardRefusal('witness-unsigned', { step: 'award' });
  if (document === 'result-certificate') {
    if (!issued(state, 'award-notice')) return awardRefusal('notice-not-issued');
    if (state.status !== 'confirmed') return awardRefusal('not-confirmed');
  }
  return [{ type: 'DocumentIssued', kind: document, number, pdfSha256, factsSha256, at: facts.now }];
}

/** The document of this kind made for the present award; null before. */
export function issued(state: AwardState, kind: 'award-notice' | 'result-certificate') {
  const { award } = state;
  return award ? (state.documents.find((d) => d.kind === kind && d.at >= award.at) ?? null) : null;
}

/** The winner confirms that the notice arrived; the tenderer may record its delivery instead. */
function confirmAward(state: AwardState, command: Command<'confirmAward'>, facts: AwardFacts): Decision {
  if (!state.award) return awardRefusal('not-awarded');
  const winner = candidateOf(state, state.award.manifestSha256)!;
  const byWinner = command.organisation === winner.organisation;
  if (!byWinner && !facts.ofTenderer) return awardRefusal('not-the-winner');
  if (!issued(state, 'award-notice')) return awardRefusal('notice-not-issued');
  if (state.confirmation) return awardRefusal('already-confirmed');
  return [{ type: 'AwardConfirmed', by: byWinner ? 'winner' : 'tenderer', at: facts.now }];
}

/** TL 47: a written report to the supervisor within 15 days of the award. */
function reportToSupervisor(state: AwardState, facts: AwardFacts): Decision {
  if (!state.award) return awardRefusal('not-awarded');
  if (state.supervisor) return awardRefusal('already-reported');
  return [{ type: 'SupervisorReported', at: facts.now, late: dayOf(facts.now) > state.award.reportBy }];
}

/** TR 55: with no candidate left the lot is tendered again; also where the result as a whole cannot stand. */
function endWithoutAward(state: AwardState, command: Command<'endWithoutAward'>, facts: AwardFacts): Decision {
  const wrong = refuseOutsideAward(state);
  if (wrong) return wrong;
  if (state.award) return awardRefusal('already-awarded');
  const { publishedAt } = state.publicity!;
  const fallen = state.objections.some(
    (o) => o.about === null && o.answer?.outcome === 'upheld' && o.at >= publishedAt,
  );
  if (nextCandidate(state) && !fallen) return awardRefusal('candidates-left');
  return [{ type: 'AwardEnded', reason: command.reason, at: facts.now }];
}

/** What time alone does: a lost tick only delays the entry, since every command judges the days again. */
function tick(state: AwardState, command: Command<'tick'>, facts: AwardFacts): Decision {
  const due = dueAwardTicks(state).find(({ tick, at }) => tick === command.tick && at <= facts.now);
  if (!due) return [];
  if (due.tick === 'publicity-end') return [{ type: 'PublicityEnded', lastDay: state.publicity!.lastDay }];
  if (due.tick === 'supervisor-report') return [{ type: 'SupervisorReportOverdue', reportBy: state.award!.reportBy }];
  const objection = state.objections.find((o) => due.tick === `answer:${o.id}`)!;
  return [{ type: 'AnswerOverdue', id: objection.id, answerBy: objection.answerBy }];
}

/** When time itself will act on the lot. */
export function dueAwardTicks(state: AwardState): { tick: string; at: string }[] {
  const { publicity, award, supervisor, objections } = state;
  return [
    ...(publicity && !publicity.ended ? [{ tick: 'publicity-end', at: startOfDayAfter(publicity.lastDay) }] : []),
    ...objections
      .filter((o) => o.answer === null && !o.overdue)
      .map((o) => ({ tick: `answer:${o.id}`, at: startOfDayAfter(o.answerBy) })),
    ...(award && !supervisor && !award.reportOverdue
      ? [{ tick: 'supervisor-report', at: startOfDayAfter(award.reportBy) }]
      : []),
  ];
}

/** The state after the events: for tests and the offline audit. */
export function replayAward(state: AwardState, events: readonly AwardEvent[]): AwardState {
  return events.reduce(evolveAward, state);
}
