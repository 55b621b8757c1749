import { describe, expect, it } from 'vitest';
import { evaluationProcedure } from '../src/evaluations/index.ts';
import type { EvaluationCommand, EvaluationFacts, Verdict } from '../src/evaluations/rules.ts';
import { sha256Hex } from '../src/formats/bytes.ts';
import { canonicalBytes } from '../src/formats/canonical.ts';
import { expertCommitment } from '../src/formats/score-sheet.ts';
import {
  above,
  baseFacts,
  begin,
  Course,
  form,
  hash,
  lot,
  membersOf,
  offerIds,
  passAll,
  people,
  rejectFirst,
  reported,
  review,
  reviewed,
  scheme,
  seated,
  settle,
} from './support/evaluation-course.ts';

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
    ['an official of the supervising authority', membersOf('e1', 'e2', 'e3', 'e4', 'official'), 'member-unfit'],
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
      'with a parameter that was to be drawn before the prices were read',
      { place: { ...baseFacts.place!, scheme: { ...scheme, params: { discountPercent: { drawFrom: ['2', '3'] } } } } },
      'draw-missing',
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
