import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rank } from '../evaluation/rank.ts';
import { evaluationProcedure } from '../src/evaluations/index.ts';
import { answersHash, reportOf } from '../src/evaluations/report.ts';
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
} from '../src/evaluations/rules.ts';
import { inputOf, rankingHash } from '../src/evaluations/sheets.ts';
import { sha256Hex, utf8 } from '../src/formats/bytes.ts';
import { canonicalBytes } from '../src/formats/canonical.ts';
import { evaluationReport, rankInputOf } from '../src/formats/evaluation-report.ts';
import { expertCommitment, type ScoreSheet, scoreSheet } from '../src/formats/score-sheet.ts';
import { isRefusal } from '../src/platform/refusal.ts';

const lot = 'lot-1';
const hash = (text: string): string => sha256Hex(utf8(text));
const offerIds = ['A', 'B', 'C', 'D', 'E'].map(hash).sort();
const scheme = {
  method: 'trimmed-average',
  params: { full: '60' },
  criteria: [
    { id: 'T1', part: 'technical', name: { zh: '施工组织', en: 'Method statement' }, max: '25', step: '0.5' },
    { id: 'C1', part: 'commercial', name: { zh: '业绩', en: 'Record' }, max: '15', step: '1' },
  ],
} as const;
const people = ['e1', 'e2', 'e3', 'e4', 'e5', 'e6'];

const baseFacts: EvaluationFacts = {
  now: '2026-11-24T02:00:00.000000Z',
  candidates: {
    ...Object.fromEntries(people.map((p) => [p, { roles: ['expert'], organisation: null }])),
    owner: { roles: ['tenderer'], organisation: 'org-tenderer' },
    agent: { roles: ['agency'], organisation: 'org-agency' },
    insider: { roles: ['expert'], organisation: 'org-tenderer' },
    rival: { roles: ['expert'], organisation: 'org-bidder-1' },
    watcher: { roles: ['expert', 'witness'], organisation: null },
    seen: { roles: ['expert'], organisation: null },
    boss: { roles: ['expert', 'administrator'], organisation: null },
    clerk: { roles: ['finance'], organisation: null },
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
const [above] = offerIds.slice(4);
const reviewed = offerIds.slice(0, 4);

/** A course of events over one state; every step keeps the state the fold of its events. */
class Course {
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

const membersOf = (...people_: readonly (string | [string, MemberKind])[]) =>
  people_.map((p) => (typeof p === 'string' ? { person: p, kind: 'expert' as const } : { person: p[0], kind: p[1] }));
const form = (members = membersOf('e1', 'e2', 'e3', 'e4', ['owner', 'representative'])): EvaluationCommand => ({
  type: 'formCommittee',
  by: 'host',
  members,
});
const begin: EvaluationCommand = { type: 'beginEvaluation', by: 'host' };
const settle: EvaluationCommand = { type: 'settleReview', by: 'host' };
const seated = ['e1', 'e2', 'e3', 'e4', 'owner'];
const passAll: readonly Verdict[] = reviewed.map((offer) => ({ offer, verdict: 'pass' }));
const rejectFirst = (code = 'not-responsive'): readonly Verdict[] => [
  { offer: reviewed[0]!, verdict: 'reject', code, article: '实施条例第五十一条', reason: code },
  ...passAll.slice(1),
];
const review = (
  person: string,
  verdicts = passAll,
  competition: 'go-on' | 'reject-all' | null = null,
): EvaluationCommand => ({ type: 'reviewOffers', person, verdicts, competition });

function sheetOf(state: EvaluationState, person: string, change: Partial<ScoreSheet> = {}): ScoreSheet {
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
function lock(course: Course, person: string, change: Partial<ScoreSheet> = {}, signer = person): string {
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
const sheets = new Map<string, ScoreSheet>();
const lockedSheets = (state: EvaluationState) =>
  state.seats.flatMap((s) => (s.sheet ? [sheets.get(s.sheet.sha256)!] : []));

function compute(course: Course, tieOrder: readonly string[] = [], claimed?: string): string {
  const locked = lockedSheets(course.state);
  const draw = { tieOrder, drawn: {} };
  const rankingSha256 = claimed ?? rankingHash(rank(inputOf(course.state, locked, draw)));
  return course.try({ type: 'computeRanking', by: 'host', ...draw, rankingSha256 }, { sheets: locked });
}
const scoring = (verdicts = passAll): Course => {
  const course = new Course().must(form()).must(begin);
  for (const person of seated) course.must(review(person, verdicts));
  return course.must(settle);
};
const ranked = (): Course => {
  const course = scoring();
  for (const person of seated) expect(lock(course, person)).toBe('done');
  expect(compute(course)).toBe('done');
  return course;
};
const reported = (): Course => ranked().must({ type: 'draftReport', by: 'host' });
function sign(course: Course, person: string, signer = person): string {
  const reportSha256 = course.state.report!.sha256;
  return course.try(
    { type: 'signReport', person, reportSha256, signatureSha256: hash(`signed by ${person}`) },
    { signer: { person: signer, certSha256: hash(`cert of ${signer}`) } },
  );
}
const finish = (course: Course, change: Partial<EvaluationFacts> = {}): string =>
  course.try(
    { type: 'finishEvaluation', by: 'host', reportSha256: course.state.report!.sha256 },
    { document: { sha256: hash('pdf'), covers: answersHash(course.state) }, ...change },
  );

describe('committee (TL 37, TR 46-48, EC 9-12)', () => {
  it.each([
    ['four members', membersOf('e1', 'e2', 'e3', 'e4'), 'committee-too-small'],
    ['six members', membersOf(...people), 'committee-even'],
    [
      'three experts of five',
      membersOf('e1', 'e2', 'e3', ['owner', 'representative'], ['agent', 'representative']),
      'experts-too-few',
    ],
    ['one person in two seats', membersOf('e1', 'e2', 'e3', 'e4', 'e4'), 'member-duplicate'],
    ['an unknown person', membersOf('e1', 'e2', 'e3', 'e4', 'stranger'), 'person-unknown'],
    ['an expert employed by the tenderer', membersOf('e1', 'e2', 'e3', 'e4', 'insider'), 'member-unfit'],
    ['a representative who is a stranger', membersOf('e1', 'e2', 'e3', 'e4', ['e5', 'representative']), 'member-unfit'],
    ['an expert who is a witness by role', membersOf('e1', 'e2', 'e3', 'e4', 'watcher'), 'member-unfit'],
    ['an expert who stands duty as witness', membersOf('e1', 'e2', 'e3', 'e4', 'seen'), 'member-unfit'],
    ['an administrator', membersOf('e1', 'e2', 'e3', 'e4', 'boss'), 'member-unfit'],
    ['a clerk without the role of expert', membersOf('e1', 'e2', 'e3', 'e4', 'clerk'), 'member-unfit'],
    ["a bidder's own man once the bidders are known", membersOf('e1', 'e2', 'e3', 'e4', 'rival'), 'member-must-recuse'],
  ])('refuses %s', (_, members, code) => {
    expect(new Course().try(form(members))).toBe(code);
  });

  it('takes five with one representative, once', () => {
    const course = new Course().must(form());
    expect(course.state.seats.map((s) => [s.seat, s.person, s.kind])).toEqual([
      [1, 'e1', 'expert'],
      [2, 'e2', 'expert'],
      [3, 'e3', 'expert'],
      [4, 'e4', 'expert'],
      [5, 'owner', 'representative'],
    ]);
    expect(course.state.seats[0]!.expert).toBe(expertCommitment('e1', hash('salt 0')));
    expect(course.try(form())).toBe('committee-exists');
  });

  it("stops the beginning when a member turns out to be a bidder's man", () => {
    const members = membersOf('e1', 'e2', 'e3', 'e4', 'rival');
    const course = new Course().must(form(members), { opened: null });
    expect(course.try(begin)).toBe('member-must-recuse');
    const replace: EvaluationCommand = {
      type: 'replaceMember',
      by: 'host',
      seat: 5,
      member: { person: 'e5', kind: 'expert' },
      reason: '与投标人有利害关系',
    };
    course.must(replace).must(begin);
  });

  it('publishes commitments and never a person or a reason', () => {
    const course = reported();
    course.must({
      type: 'replaceMember',
      by: 'host',
      seat: 2,
      member: { person: 'e5', kind: 'expert' },
      reason: '突发疾病',
    });
    for (const event of course.events) {
      const published = JSON.stringify(evaluationProcedure.publish(event, { subject: lot, now: baseFacts.now }));
      for (const secret of [
        '"e1"',
        '"e2"',
        '"e5"',
        '"owner"',
        '突发疾病',
        hash('salt 0'),
        hash('cert of e1'),
        '"mark"',
      ])
        expect(published).not.toContain(secret);
    }
  });
});

describe('beginning', () => {
  const formed = () => new Course().must(form());
  it.each<[string, Partial<EvaluationFacts>, string]>([
    ['before the announcement', { opened: null }, 'not-opened'],
    ['without the witness at the entry', { step: 'open' }, 'step-unwitnessed'],
    ['while the witness has stopped it', { step: 'stopped' }, 'step-stopped'],
    ['without a scheme', { place: { ...baseFacts.place!, scheme: null } }, 'scheme-missing'],
    [
      'with a scheme of an unknown method',
      { place: { ...baseFacts.place!, scheme: { ...scheme, method: 'magic' } } },
      'scheme-invalid',
    ],
    [
      'with an unknown field in the scheme',
      { place: { ...baseFacts.place!, scheme: { ...scheme, more: 1 } } },
      'scheme-invalid',
    ],
    [
      'with a formula that needs a ceiling where there is none',
      { place: { ...baseFacts.place!, ceilingFen: null, scheme: { ...scheme, method: 'composite' } } },
      'scheme-invalid',
    ],
  ])('refuses %s', (_, change, code) => {
    expect(formed().try(begin, change)).toBe(code);
  });

  it('refuses without a committee, and a second time', () => {
    expect(new Course().try(begin)).toBe('committee-missing');
    expect(formed().must(begin).try(begin)).toBe('wrong-phase');
  });

  it('fixes offers, ceiling and the scheme with its defaults', () => {
    const { basis } = formed().must(begin).state;
    expect(basis!.scheme).toMatchObject({
      basis: 'valid',
      trimMarksFrom: 5,
      candidates: 3,
      ties: ['price', 'technical'],
    });
    expect(basis!.schemeSha256).toBe(sha256Hex(canonicalBytes(basis!.scheme)));
    expect(basis!.offers.map((o) => o.manifestSha256)).toEqual(offerIds);
  });
});

describe('review (TR 51, EC 20-27)', () => {
  const begun = () => new Course().must(form()).must(begin);

  it('rejects by more than half of the members, with the ground that most of them gave', () => {
    const course = begun();
    for (const [i, person] of seated.entries())
      course.must(review(person, i < 2 ? rejectFirst() : i === 2 ? rejectFirst('unqualified') : passAll));
    course.must(settle);
    expect(course.state.rejected).toEqual([
      { manifestSha256: reviewed[0], code: 'not-responsive', article: '实施条例第五十一条', reason: 'not-responsive' },
    ]);
  });

  it('waits for a majority on every offer', () => {
    const course = begun().must(review('e1')).must(review('e2'));
    expect(course.try(settle)).toBe('review-undecided');
    expect(course.must(review('e3')).try(settle)).toBe('done');
  });

  it('lets a member change his verdicts until the review is settled', () => {
    const course = begun()
      .must(review('e1', rejectFirst()))
      .must(review('e1', passAll.slice(0, 1)));
    expect(course.state.reviews[0]!.verdicts).toEqual(passAll);
  });

  it.each([
    ['of a stranger', review('e6'), 'not-a-member'],
    [
      'on an offer that is above the ceiling anyway',
      review('e1', [{ offer: above!, verdict: 'pass' }]),
      'offer-unknown',
    ],
    ['twice on one offer', review('e1', [...passAll, ...passAll]), 'verdict-duplicate'],
  ])('refuses a verdict %s', (_, command, code) => {
    expect(begun().try(command)).toBe(code);
  });

  it('asks the members when fewer than three are left: go on, or reject all (EC 27)', () => {
    const two: readonly Verdict[] = [
      ...rejectFirst().slice(0, 1),
      { offer: reviewed[1]!, verdict: 'reject', code: 'unqualified', article: 'TR 51', reason: 'x' },
      ...passAll.slice(2),
    ];
    const course = begun();
    for (const person of seated) course.must(review(person, two));
    expect(course.try(settle)).toBe('competition-undecided');
    for (const person of ['e1', 'e2']) course.must(review(person, [], 'reject-all'));
    expect(course.try(settle)).toBe('competition-undecided');
    for (const person of ['e3', 'e4', 'owner']) course.must(review(person, [], 'go-on'));
    expect(course.must(settle).state.phase).toBe('scoring');

    const other = begun();
    for (const person of seated) other.must(review(person, two, 'reject-all'));
    expect(other.must(settle).state.failure).toMatchObject({ reason: 'competition-lacking' });
  });

  it('fails the lot when all are rejected (TL 42)', () => {
    const none: readonly Verdict[] = reviewed.map((offer) => ({
      offer,
      verdict: 'reject',
      code: 'unqualified',
      article: 'TR 51',
      reason: 'x',
    }));
    const course = begun();
    for (const person of seated) course.must(review(person, none));
    expect(course.must(settle).state).toMatchObject({ phase: 'failed', failure: { reason: 'all-rejected' } });
  });
});

describe('score sheets', () => {
  it('locks a signed sheet once', () => {
    const course = scoring();
    expect(lock(course, 'e1')).toBe('done');
    expect(lock(course, 'e1')).toBe('sheet-locked');
  });

  it.each<[string, Partial<ScoreSheet>, string]>([
    ['of another lot', { lot: 'lot-2' }, 'sheet-context'],
    ['for another scheme', { schemeSha256: hash('other') }, 'sheet-context'],
    ["under another member's commitment", { expert: expertCommitment('e2', hash('salt 1')) }, 'sheet-context'],
    ['of a later revision', { revision: 2 }, 'sheet-context'],
    ['that follows another sheet', { prev: hash('other') }, 'sheet-context'],
    ['without marks', { marks: [] }, 'marks-invalid'],
  ])('refuses a sheet %s', (_, change, code) => {
    expect(lock(scoring(), 'e1', change)).toBe(code);
  });

  it.each([
    ['a mark above the maximum', { criterion: 'T1', mark: '25.5' }, 'marks-invalid'],
    ['a mark between two steps', { criterion: 'C1', mark: '10.5' }, 'marks-invalid'],
    ['an unknown criterion', { criterion: 'X', mark: '1' }, 'marks-invalid'],
  ])('refuses %s', (_, changed, code) => {
    const course = scoring();
    const { marks } = sheetOf(course.state, 'e1');
    const at = changed.criterion === 'C1' ? 0 : 1;
    expect(lock(course, 'e1', { marks: marks.map((m, i) => (i === at ? { ...m, ...changed } : m)) })).toBe(code);
  });

  it('refuses marks out of order, a foreign signature, a stranger, and any other phase', () => {
    const course = scoring();
    expect(lock(course, 'e1', { marks: sheetOf(course.state, 'e1').marks.toReversed() })).toBe('marks-unordered');
    expect(lock(course, 'e1', {}, 'e2')).toBe('signer-not-member');
    const sheet = sheetOf(course.state, 'e1');
    const foreign = { type: 'lockSheet', person: 'e6', sheet, sha256: hash('x'), signatureSha256: hash('y') } as const;
    expect(course.try(foreign)).toBe('not-a-member');
    expect(lock(reported(), 'e1')).toBe('wrong-phase');
  });

  it('needs no marks for a rejected offer', () => {
    const course = scoring(rejectFirst());
    expect(sheetOf(course.state, 'e1').marks).toHaveLength(6);
    expect(lock(course, 'e1')).toBe('done');
  });

  it('reopens only before the report, with the reason, and chains the next revision', () => {
    const reopen: EvaluationCommand = { type: 'reopenSheet', by: 'host', seat: 1, reason: '客观分计算错误' };
    const course = scoring();
    expect(course.try(reopen)).toBe('sheet-not-locked');
    lock(course, 'e1');
    const first = course.state.seats[0]!.sheet!.sha256;
    course.must(reopen);
    expect(lock(course, 'e1', { revision: 1, prev: null })).toBe('sheet-context');
    expect(lock(course, 'e1')).toBe('done');
    expect(sheets.get(course.state.seats[0]!.sheet!.sha256)).toMatchObject({ revision: 2, prev: first });
    expect(reported().try(reopen)).toBe('wrong-phase');
    const after = ranked().must(reopen);
    expect([after.state.phase, after.state.ranked]).toEqual(['scoring', null]);
  });
});

describe('ranking', () => {
  it('waits for all sheets', () => {
    const course = scoring();
    lock(course, 'e1');
    expect(course.try({ type: 'computeRanking', by: 'host', tieOrder: [], drawn: {}, rankingSha256: hash('x') })).toBe(
      'sheets-open',
    );
  });

  it('commits to the whole result by its hash, and to no other', () => {
    const course = ranked();
    expect(course.state.ranked!.ranking.map((r) => r.rank)).toEqual([1, 2, 3, 4]);
    expect(course.state.ranked!.rejected).toMatchObject([{ manifestSha256: above, code: 'above-ceiling' }]);
    expect(course.state.ranked!.candidates).toHaveLength(3);
    expect(compute(course, [], hash('another result'))).toBe('ranking-changed');
  });

  it('refuses the report while a tie among the candidates needs a draw', () => {
    const equal = {
      ...baseFacts.opened!,
      offers: baseFacts.opened!.offers.map((o) => ({ ...o, priceFen: '100000000' })),
    };
    const course = new Course().must(form()).must(begin, { opened: { ...equal, offers: equal.offers.slice(0, 4) } });
    for (const person of seated) course.must(review(person));
    course.must(settle);
    for (const person of seated) {
      const marks = sheetOf(course.state, person).marks.map((m) => ({ ...m, mark: '10' }));
      expect(lock(course, person, { marks })).toBe('done');
    }
    expect(compute(course)).toBe('done');
    expect(course.state.ranked!.undecided).toEqual([reviewed]);
    expect(course.try({ type: 'draftReport', by: 'host' })).toBe('tie-undecided');
    const drawn = reviewed.toReversed();
    expect(compute(course, drawn)).toBe('done');
    expect(course.must({ type: 'draftReport', by: 'host' }).state.ranked!.candidates).toEqual(drawn.slice(0, 3));
  });
});

describe('report (TR 53)', () => {
  it('is a document of its schema from which anybody recomputes the ranking', () => {
    const { state } = reported();
    const report = evaluationReport.parse(reportOf(state, state.report!.draftedAt));
    expect(sha256Hex(canonicalBytes(report))).toBe(state.report!.sha256);
    const offers = baseFacts.opened!.offers;
    const again = rank(rankInputOf(report, offers, lockedSheets(state).toReversed()));
    expect(rankingHash(again)).toBe(report.rankingSha256);
    expect(again.candidates).toEqual(report.candidates);
  });

  it('does not survive an altered mark, price or rejection (ranking-recompute)', () => {
    const { state } = reported();
    const report = reportOf(state, state.report!.draftedAt);
    const locked = lockedSheets(state);
    const offers = baseFacts.opened!.offers;
    const raised = locked.map((s, i) =>
      i === 0 ? { ...s, marks: s.marks.map((m, j) => (j === 0 ? { ...m, mark: '15' } : m)) } : s,
    );
    const cheaper = offers.map((o, i) => (i === 0 ? { ...o, priceFen: '97999999' } : o));
    const out = { manifestSha256: reviewed[0]!, code: 'x-y', article: 'TR 51', reason: '' };
    for (const altered of [
      rankInputOf(report, offers, raised),
      rankInputOf(report, cheaper, locked),
      rankInputOf({ ...report, reviewed: [out] }, offers, locked),
    ])
      expect(rankingHash(rank(altered))).not.toBe(report.rankingSha256);
  });

  it('takes one answer of each member, under his own certificate, to the present report', () => {
    const course = reported();
    expect(sign(course, 'e1')).toBe('done');
    expect(sign(course, 'e1')).toBe('already-signed');
    expect(sign(course, 'e2', 'e1')).toBe('signer-not-member');
    const stale = { type: 'signReport', person: 'e2', reportSha256: hash('old'), signatureSha256: hash('x') } as const;
    expect(course.try(stale)).toBe('report-changed');
    expect(sign(course, 'e6')).toBe('not-a-member');
  });

  it('keeps a dissent with its text', () => {
    const course = reported();
    const { expert } = course.state.seats[1]!;
    const dissent = {
      type: 'yangguang.org/report-dissent/v1',
      suite: 'YG1',
      lot,
      reportSha256: course.state.report!.sha256,
      expert,
      text: '不同意第一候选人的业绩得分',
      claimedAt: baseFacts.now,
    } as const;
    const signer = { signer: { person: 'e2', certSha256: hash('cert of e2') } };
    const command = {
      type: 'dissentFromReport',
      person: 'e2',
      dissent,
      sha256: hash('d'),
      signatureSha256: hash('s'),
    } as const;
    const others = { ...command, dissent: { ...dissent, expert: course.state.seats[0]!.expert } };
    expect(course.try(others, signer)).toBe('dissent-malformed');
    expect(course.must(command, signer).state.seats[1]!.answer).toMatchObject({ kind: 'dissent', text: dissent.text });
  });

  it('waits for the silent until the time of deemed agreement, and names them', () => {
    const course = reported();
    for (const person of ['e1', 'e2', 'e3', 'e4']) expect(sign(course, person)).toBe('done');
    expect(finish(course)).toBe('signatures-open');
    expect(finish(course, { now: '2026-11-25T01:59:59.999999Z' })).toBe('signatures-open');
    expect(finish(course, { now: '2026-11-25T02:00:00.000000Z' })).toBe('done');
    expect(course.state.finished).toMatchObject({ silent: [5], pdfSha256: hash('pdf') });
  });

  it('finishes once, after the witness of the end, with a document of all answers', () => {
    const course = reported();
    for (const person of seated) expect(sign(course, person)).toBe('done');
    expect(finish(course, { step: 'open' })).toBe('step-unwitnessed');
    expect(finish(course, { step: 'stopped' })).toBe('step-stopped');
    expect(finish(course, { document: { sha256: hash('pdf'), covers: hash('earlier answers') } })).toBe(
      'report-changed',
    );
    expect(finish(course)).toBe('done');
    expect(finish(course)).toBe('report-signed');
    expect(sign(course, 'e1')).toBe('report-signed');
  });
});

describe('replacement of a member (TR 48)', () => {
  const replace = (seat: number, person: string, kind: MemberKind = 'expert'): EvaluationCommand => ({
    type: 'replaceMember',
    by: 'host',
    seat,
    member: { person, kind },
    reason: '突发疾病不能继续评标',
  });

  it('voids his verdicts, sheet and signature and what was built on them, and keeps the others', () => {
    const course = reported();
    sign(course, 'e2');
    sign(course, 'e3');
    course.must(replace(2, 'e5'));
    const { state } = course;
    expect([state.phase, state.ranked, state.report]).toEqual(['reviewing', null, null]);
    expect(state.seats[1]).toMatchObject({ person: 'e5', sheet: null, answer: null });
    expect(state.reviews.map((r) => r.seat)).toEqual([1, 3, 4, 5]);
    expect(state.seats[0]!.sheet).not.toBeNull();
    expect(state.seats[2]!.answer).toBeNull();
    course.must(review('e5')).must(settle);
    expect(lock(course, 'e5')).toBe('done');
    expect(compute(course)).toBe('done');
    expect(course.state.ranked!.ranking).toHaveLength(4);
  });

  it('keeps the composition and lets nobody come back', () => {
    const course = new Course().must(form());
    expect(course.try(replace(1, 'agent', 'representative'))).toBe('experts-too-few');
    expect(course.try(replace(1, 'e2'))).toBe('member-duplicate');
    expect(course.try(replace(9, 'e5'))).toBe('seat-unknown');
    course.must(replace(1, 'e5'));
    expect(course.try(replace(2, 'e1'))).toBe('member-duplicate');
  });

  it('ends with the report', () => {
    const course = reported();
    for (const person of seated) sign(course, person);
    finish(course);
    expect(course.try(replace(1, 'e5'))).toBe('report-signed');
  });
});

describe('any course of events', () => {
  const someCommand = (state: EvaluationState, n: number): EvaluationCommand => {
    const person = seated[n % 5]!;
    const all: EvaluationCommand[] = [
      form(),
      begin,
      settle,
      review(person),
      {
        type: 'replaceMember',
        by: 'host',
        seat: 1 + (n % 5),
        member: { person: people[n % 6]!, kind: 'expert' },
        reason: 'x',
      },
      { type: 'reopenSheet', by: 'host', seat: 1 + (n % 5), reason: 'x' },
      { type: 'draftReport', by: 'host' },
      { type: 'signReport', person, reportSha256: state.report?.sha256 ?? '', signatureSha256: hash('s') },
      { type: 'finishEvaluation', by: 'host', reportSha256: state.report?.sha256 ?? '' },
    ];
    return all[Math.floor(n / 5) % all.length]!;
  };

  it('keeps the state the fold of its events, odd in members and JSON', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 60 }), (steps) => {
        const course = new Course().must(form());
        for (const n of steps) {
          const person = course.state.seats[n % 5]!.person;
          if (n % 7 === 0 && course.state.phase === 'scoring') lock(course, person);
          else if (n % 11 === 0 && course.state.phase === 'scoring') {
            if (lockedSheets(course.state).length === 5) compute(course);
          } else
            course.try(someCommand(course.state, n), {
              signer: { person, certSha256: hash(person) },
              document: { sha256: hash('pdf'), covers: answersHash(course.state) },
            });
        }
        expect(course.events.reduce(evolveEvaluation, initialEvaluation(lot))).toEqual(course.state);
        expect(JSON.parse(JSON.stringify(course.state))).toEqual(course.state);
        expect(course.state.seats).toHaveLength(5);
        expect(new Set(course.state.seats.map((s) => s.person)).size).toBe(5);
      }),
      { numRuns: 60 },
    );
  });
});
