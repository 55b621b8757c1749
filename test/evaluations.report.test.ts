import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rank } from '../evaluation/rank.ts';
import { answersHash, reportOf } from '../src/evaluations/report.ts';
import {
  type EvaluationCommand,
  type EvaluationState,
  evolveEvaluation,
  initialEvaluation,
  type MemberKind,
} from '../src/evaluations/rules.ts';
import { sha256Hex } from '../src/formats/bytes.ts';
import { canonicalBytes } from '../src/formats/canonical.ts';
import {
  type EvaluationReport,
  evaluationReport,
  rankInputOf,
  rankingFault,
  rankingHash,
} from '../src/formats/evaluation-report.ts';
import { expertCommitment, type ScoreSheet } from '../src/formats/score-sheet.ts';
import {
  above,
  baseFacts,
  begin,
  Course,
  compute,
  finish,
  form,
  hash,
  lock,
  lockedSheets,
  lot,
  people,
  ranked,
  rejectFirst,
  reported,
  review,
  reviewed,
  scoring,
  seated,
  settle,
  sheetOf,
  sheets,
  sign,
} from './support/evaluation-course.ts';

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

  it('is not made of sheets that were locked anew meanwhile', () => {
    const course = ranked();
    const old = lockedSheets(course.state);
    const { rankingSha256 } = course.state.ranked!;
    course.must({ type: 'reopenSheet', by: 'host', seat: 1, reason: '算错' });
    const changed = sheetOf(course.state, 'e1').marks.map((m) => ({ ...m, mark: '1' }));
    expect(lock(course, 'e1', { marks: changed })).toBe('done');
    const command = { type: 'computeRanking', by: 'host', tieOrder: [], drawn: {}, rankingSha256 } as const;
    expect(course.try(command, { sheets: old })).toBe('ranking-changed');
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

  it.each<[string, (report: EvaluationReport) => Partial<EvaluationReport>, string]>([
    [
      'two ranks are swapped',
      (r) => ({ ranking: [{ ...r.ranking[1]!, rank: 1 }, { ...r.ranking[0]!, rank: 2 }, ...r.ranking.slice(2)] }),
      'ranking',
    ],
    [
      'a total is raised',
      (r) => ({ ranking: r.ranking.map((row, i) => (i === 3 ? { ...row, total: '99.99' } : row)) }),
      'ranking',
    ],
    [
      'another organisation stands behind a tender',
      (r) => ({ ranking: r.ranking.map((row) => ({ ...row, organisation: 'org-friend' })) }),
      'ranking',
    ],
    ['the candidates are reordered', (r) => ({ candidates: r.candidates.toReversed() }), 'candidates'],
    ['an offer is left out', (r) => ({ offers: r.offers.slice(1) }), 'offers'],
    ['a rejection is hidden', () => ({ rejected: [] }), 'rejected'],
    ['the benchmark is rounded', () => ({ benchmark: '1' }), 'benchmark'],
    ['the trace is another', () => ({ rankingSha256: hash('x') }), 'rankingSha256'],
    ['the scheme is changed', (r) => ({ scheme: { ...r.scheme, trimMarksFrom: null } }), 'schemeSha256'],
    [
      'a member is exchanged',
      (r) => ({ committee: r.committee.map((m) => ({ ...m, expert: hash('x') })) }),
      'committee',
    ],
  ])('does not agree, though signed anew, when %s', (_, alter, fault) => {
    const { state } = reported();
    const report = reportOf(state, state.report!.draftedAt);
    const offers = baseFacts.opened!.offers;
    expect(rankingFault(report, offers, lockedSheets(state))).toBeNull();
    const altered = evaluationReport.parse({ ...report, ...alter(report) });
    expect(rankingFault(altered, offers, lockedSheets(state))).toBe(fault);
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
