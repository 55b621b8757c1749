/** One evaluation led through its rules without a database: people, offers, commands, and the sheets as a file store would keep them. */
import { expect } from 'vitest';
import { rank } from '../../evaluation/rank.ts';
import { answersHash } from '../../src/evaluations/report.ts';
import {
  decideEvaluation,
  type EvaluationCommand,
  type EvaluationEvent,
  type EvaluationFacts,
  type EvaluationState,
  evolveEvaluation,
  initialEvaluation,
  type MemberKind,
  type Verdict,
} from '../../src/evaluations/rules.ts';
import { inputOf } from '../../src/evaluations/sheets.ts';
import { sha256Hex, utf8 } from '../../src/formats/bytes.ts';
import { canonicalBytes } from '../../src/formats/canonical.ts';
import { rankingHash } from '../../src/formats/evaluation-report.ts';
import { type ScoreSheet, scoreSheet } from '../../src/formats/score-sheet.ts';
import { isRefusal } from '../../src/platform/refusal.ts';

export const lot = 'lot-1';
export const hash = (text: string): string => sha256Hex(utf8(text));
export const offerIds = ['A', 'B', 'C', 'D', 'E'].map(hash).sort();
export const scheme = {
  method: 'trimmed-average',
  params: { full: '60' },
  criteria: [
    { id: 'T1', part: 'technical', name: { zh: '施工组织', en: 'Method statement' }, max: '25', step: '0.5' },
    { id: 'C1', part: 'commercial', name: { zh: '业绩', en: 'Record' }, max: '15', step: '1' },
  ],
} as const;
export const people = ['e1', 'e2', 'e3', 'e4', 'e5', 'e6'];

export const baseFacts: EvaluationFacts = {
  now: '2026-11-24T02:00:00.000000Z',
  candidates: {
    ...Object.fromEntries(people.map((p) => [p, { roles: ['expert'], organisation: null, kinds: [] }])),
    owner: { roles: ['tenderer'], organisation: 'org-tenderer', kinds: [] },
    agent: { roles: ['agency'], organisation: 'org-agency', kinds: [] },
    insider: { roles: ['expert'], organisation: 'org-tenderer', kinds: [] },
    rival: { roles: ['expert'], organisation: 'org-bidder-1', kinds: [] },
    watcher: { roles: ['expert', 'witness'], organisation: null, kinds: [] },
    seen: { roles: ['expert'], organisation: null, kinds: [] },
    boss: { roles: ['expert', 'administrator'], organisation: null, kinds: [] },
    clerk: { roles: ['finance'], organisation: null, kinds: [] },
    official: { roles: ['expert'], organisation: 'org-authority', kinds: ['supervision', 'expertise'] },
    stranger: null,
  },
  place: {
    project: 'project-1',
    ceilingFen: '105000000',
    tenderers: ['org-tenderer', 'org-agency'],
    scheme,
    committee: { minimum: 5, odd: true, expertShare: [2, 3] },
    silentHours: 24,
  },
  witnesses: ['seen'],
  opened: {
    opening: 'opening-1',
    offers: offerIds.map((manifestSha256, i) => ({
      manifestSha256,
      organisation: `org-bidder-${i + 1}`,
      // The last one is a fen above the ceiling.
      priceFen: i === 4 ? '105000001' : `${98 + i}000000`,
    })),
    organisations: offerIds.map((_, i) => `org-bidder-${i + 1}`),
  },
  step: 'signed',
  signer: null,
  salts: Array.from({ length: 7 }, (_, i) => hash(`salt ${i}`)),
  document: null,
  sheets: [],
};
export const [above] = offerIds.slice(4);
export const reviewed = offerIds.slice(0, 4);

/** A course of events over one state; every step keeps the state the fold of its events. */
export class Course {
  state: EvaluationState = initialEvaluation(lot);
  readonly events: EvaluationEvent[] = [];

  try(command: EvaluationCommand, change: Partial<EvaluationFacts> = {}): string {
    const decided = decideEvaluation(this.state, command, { ...baseFacts, ...change });
    if (isRefusal(decided)) return decided.code;
    for (const event of decided) {
      this.state = evolveEvaluation(this.state, event);
      this.events.push(event);
    }
    return 'done';
  }

  must(command: EvaluationCommand, change: Partial<EvaluationFacts> = {}): this {
    expect([command.type, this.try(command, change)]).toEqual([command.type, 'done']);
    return this;
  }
}

export const membersOf = (...people_: readonly (string | [string, MemberKind])[]) =>
  people_.map((p) => (typeof p === 'string' ? { person: p, kind: 'expert' as const } : { person: p[0], kind: p[1] }));
export const form = (members = membersOf('e1', 'e2', 'e3', 'e4', ['owner', 'representative'])): EvaluationCommand => ({
  type: 'formCommittee',
  by: 'host',
  members,
});
export const begin: EvaluationCommand = { type: 'beginEvaluation', by: 'host' };
export const settle: EvaluationCommand = { type: 'settleReview', by: 'host' };
export const seated = ['e1', 'e2', 'e3', 'e4', 'owner'];
export const passAll: readonly Verdict[] = reviewed.map((offer) => ({ offer, verdict: 'pass' }));
export const rejectFirst = (code = 'not-responsive'): readonly Verdict[] => [
  { offer: reviewed[0]!, verdict: 'reject', code, article: '实施条例第五十一条', reason: code },
  ...passAll.slice(1),
];
export const review = (
  person: string,
  verdicts = passAll,
  competition: 'go-on' | 'reject-all' | null = null,
): EvaluationCommand => ({ type: 'reviewOffers', person, verdicts, competition });

export function sheetOf(state: EvaluationState, person: string, change: Partial<ScoreSheet> = {}): ScoreSheet {
  const seat = state.seats.find((s) => s.person === person)!;
  const former = seat.formerSheets.at(-1);
  const rejected = new Set(state.rejected.map((r) => r.manifestSha256));
  const marked = reviewed.filter((offer) => !rejected.has(offer));
  return scoreSheet.parse({
    type: 'yangguang.org/score-sheet/v1',
    suite: 'YG1',
    lot,
    schemeSha256: state.basis!.schemeSha256,
    expert: seat.expert,
    revision: (former?.revision ?? 0) + 1,
    prev: former?.sha256 ?? null,
    marks: marked.flatMap((offer, i) => [
      { offer, criterion: 'C1', mark: String(10 + i) },
      { offer, criterion: 'T1', mark: `${20 + i}.5` },
    ]),
    remarks: [],
    claimedAt: '2026-11-24T02:00:00.000000Z',
    salt: hash(`sheet of ${person}`),
    ...change,
  });
}
export function lock(course: Course, person: string, change: Partial<ScoreSheet> = {}, signer = person): string {
  const sheet = sheetOf(course.state, person, change);
  const sha256 = sha256Hex(canonicalBytes(sheet));
  const outcome = course.try(
    { type: 'lockSheet', person, sheet, sha256, signatureSha256: hash(`p7s ${sha256}`) },
    { signer: { person: signer, certSha256: hash(`cert of ${signer}`) } },
  );
  if (outcome === 'done') sheets.set(sha256, sheet);
  return outcome;
}
/** The file store of these tests. */
export const sheets = new Map<string, ScoreSheet>();
export const lockedSheets = (state: EvaluationState) =>
  state.seats.flatMap(({ sheet }) => (sheet ? [{ ...sheets.get(sheet.sha256)!, sha256: sheet.sha256 }] : []));

export function compute(course: Course, tieOrder: readonly string[] = [], claimed?: string): string {
  const locked = lockedSheets(course.state);
  const draw = { tieOrder, drawn: {} };
  const rankingSha256 = claimed ?? rankingHash(rank(inputOf(course.state, locked, draw)));
  return course.try({ type: 'computeRanking', by: 'host', ...draw, rankingSha256 }, { sheets: locked });
}
export const scoring = (verdicts = passAll): Course => {
  const course = new Course().must(form()).must(begin);
  for (const person of seated) course.must(review(person, verdicts));
  return course.must(settle);
};
export const ranked = (): Course => {
  const course = scoring();
  for (const person of seated) expect(lock(course, person)).toBe('done');
  expect(compute(course)).toBe('done');
  return course;
};
export const reported = (): Course => ranked().must({ type: 'draftReport', by: 'host' });
export function sign(course: Course, person: string, signer = person): string {
  const reportSha256 = course.state.report!.sha256;
  return course.try(
    { type: 'signReport', person, reportSha256, signatureSha256: hash(`signed by ${person}`) },
    { signer: { person: signer, certSha256: hash(`cert of ${signer}`) } },
  );
}
export const finish = (course: Course, change: Partial<EvaluationFacts> = {}): string =>
  course.try(
    { type: 'finishEvaluation', by: 'host', reportSha256: course.state.report!.sha256 },
    { document: { sha256: hash('pdf'), covers: answersHash(course.state) }, ...change },
  );
