import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayOf, lastDayWithin, startOfDayAfter, throughDay } from '../src/awards/days.ts';
import {
  type AwardCommand,
  type AwardEvent,
  type AwardFacts,
  type AwardState,
  decideAward,
  dueAwardTicks,
  evolveAward,
  initialAward,
  nextCandidate,
  passOverGrounds,
  replayAward,
} from '../src/awards/rules.ts';
import { termsFor } from '../src/awards/terms.ts';
import { isRefusal } from '../src/platform/refusal.ts';

const hash = (letter: string) => letter.repeat(64);
const candidates = ['a', 'b', 'c'].map((letter, i) => ({
  rank: i + 1,
  organisation: `org-${letter}`,
  manifestSha256: hash(letter),
  priceFen: `${4_860_000_000 + i}`,
  total: '93.42',
}));
const noRules = { ruleFor: () => null };

const facts = (now: string, more: Partial<AwardFacts> = {}): AwardFacts => ({
  now,
  terms: termsFor(noRules, 'construction-open-works', dayOf(now)),
  project: 'project-1',
  terminated: false,
  ofTenderer: true,
  result: {
    reportSha256: hash('1'),
    rankingSha256: hash('2'),
    signedAt: '2026-11-24T08:00:00.000000Z',
    candidates,
  },
  bidders: ['org-a', 'org-b', 'org-c', 'org-d'],
  evaluationEnd: 'signed',
  awardStep: 'not-asked',
  fresh: { id: `objection-${now}`, salt: hash('5') },
  ...more,
});

/** Beijing wall time on a day, as the state holds it. */
const at = (day: string, time = '10:00:00.000000') =>
  Temporal.ZonedDateTime.from(`${day}T${time}[Asia/Shanghai]`).toInstant().toString({ smallestUnit: 'microsecond' });

function run(state: AwardState, command: AwardCommand, given: AwardFacts): AwardState {
  const decided = decideAward(state, command, given);
  if (isRefusal(decided)) throw new Error(`refused: ${decided.code}`);
  return replayAward(state, decided);
}
const code = (state: AwardState, command: AwardCommand, given: AwardFacts) => {
  const decided = decideAward(state, command, given);
  return isRefusal(decided) ? decided.code : decided.map((event) => event.type);
};

const publish: AwardCommand = { type: 'publishCandidates', days: 3 };
const awardTo = (letter: string): AwardCommand => ({ type: 'award', manifestSha256: hash(letter) });
const object = (organisation = 'org-b', about: string | null = hash('a')): AwardCommand => ({
  type: 'fileObjection',
  organisation,
  about,
  text: '业绩证明与公示不符',
});
/** Published on Wednesday 2026-11-25; three days end on a Saturday, so the publicity stands through Monday 11-30. */
const inPublicity = run(initialAward('lot-1'), publish, facts(at('2026-11-25')));
const awarded = run(inPublicity, awardTo('a'), facts(at('2026-12-01')));

describe('objections of one bidder', () => {
  it('are bounded in one publicity, whoever else objects', () => {
    let state = inPublicity;
    for (let n = 10; n < 30; n++) state = run(state, object(), facts(at('2026-11-26', `10:${n}:00.000000`)));
    const next = facts(at('2026-11-26', '11:00:00.000000'));
    expect(code(state, object(), next)).toBe('objections-too-many');
    expect(code(state, object('org-c'), next)).toEqual(['ObjectionFiled']);
  });
});

describe('days', () => {
  it.each([
    ['2026-09-18', 5, 'd', '2026-09-23'],
    ['2026-09-18', 5, 'wd', '2026-09-24'], // Sunday 09-20 is worked
    ['2026-09-11', 20, 'd', '2026-10-08'], // ends in the National Day holiday
    ['2026-02-12', 2, 'wd', '2026-02-14'], // a worked Saturday
    ['2026-02-12', 3, 'd', '2026-02-24'], // Spring Festival
    ['2026-11-25', 3, 'd', '2026-11-30'],
  ] as const)('%s and %i %s end on %s', (day, days, unit, end) => {
    expect(lastDayWithin(day, { days, unit, article: '' })).toBe(end);
    expect(throughDay(day, { days, unit, article: '' })).toBe(end);
  });

  it('a day ends at midnight in Beijing', () => {
    expect(dayOf('2026-11-24T15:59:59.999999Z')).toBe('2026-11-24');
    expect(dayOf('2026-11-24T16:00:00.000000Z')).toBe('2026-11-25');
    expect(startOfDayAfter('2026-11-30')).toBe('2026-11-30T16:00:00.000000Z');
  });
});

describe('publicity of the candidates (TR 54)', () => {
  it('names the candidates in order and stands through a working day', () => {
    expect(inPublicity.publicity).toMatchObject({ lastDay: '2026-11-30', late: false });
    expect(inPublicity.candidates.map((c) => c.rank)).toEqual([1, 2, 3]);
  });

  it.each([
    ['2026-11-27', false],
    ['2026-11-28', true], // three days after the report of 11-24 have passed
  ])('published on %s: late %s', (day, late) => {
    expect(run(initialAward('lot-1'), publish, facts(at(day))).publicity?.late).toBe(late);
  });

  it.each<[string, AwardCommand, Partial<AwardFacts>]>([
    ['evaluation-not-reported', publish, { result: null }],
    ['publicity-too-short', { type: 'publishCandidates', days: 2 }, {}],
    ['witness-unsigned', publish, { evaluationEnd: 'open' }],
    ['witness-stopped', publish, { evaluationEnd: 'stopped' }],
    ['not-your-project', publish, { ofTenderer: false }],
    ['no-candidates', publish, { result: { ...facts(at('2026-11-25')).result!, candidates: [] } }],
  ])('refuses %s', (expected, command, more) => {
    expect(code(initialAward('lot-1'), command, facts(at('2026-11-25'), more))).toBe(expected);
  });

  it('is not counted into a year whose rest days are unknown', () => {
    expect(code(initialAward('lot-1'), publish, facts(at('2026-12-30')))).toBe('calendar-missing');
  });

  it('names at most three candidates', () => {
    const result = { ...facts(at('2026-11-25')).result!, candidates: [...candidates, { ...candidates[0]!, rank: 4 }] };
    expect(run(initialAward('lot-1'), publish, facts(at('2026-11-25'), { result })).candidates).toHaveLength(3);
  });

  it('is repeated only for a corrected report, and then begins anew', () => {
    expect(code(inPublicity, publish, facts(at('2026-11-26')))).toBe('already-published');
    const corrected = { ...facts(at('2026-11-26')).result!, reportSha256: hash('9') };
    const again = run(inPublicity, publish, facts(at('2026-11-26'), { result: corrected }));
    expect([again.round, again.publicity?.lastDay]).toEqual([2, '2026-11-30']);
  });
});

describe('objection to the result', () => {
  it.each([
    ['2026-11-30', '23:59:59.999999', ['ObjectionFiled']],
    ['2026-12-01', '00:00:00.000000', 'publicity-over'],
  ])('on %s at %s: %s', (day, time, expected) => {
    expect(code(inPublicity, object(), facts(at(day, time)))).toEqual(expected);
  });

  it.each<[string, AwardCommand]>([
    ['not-a-bidder', object('org-x')],
    ['candidate-unknown', object('org-b', hash('d'))],
  ])('refuses %s', (expected, command) => {
    expect(code(inPublicity, command, facts(at('2026-11-26')))).toBe(expected);
  });

  it('pauses the award until it is answered', () => {
    const objected = run(inPublicity, object(), facts(at('2026-11-30')));
    const [objection] = objected.objections;
    expect(objection?.answerBy).toBe('2026-12-03');
    expect(code(objected, awardTo('a'), facts(at('2026-12-01')))).toBe('objection-open');
    const answer: AwardCommand = {
      type: 'answerObjection',
      objection: objection!.id,
      outcome: 'rejected',
      text: '经核实，业绩真实',
    };
    const answered = run(objected, answer, facts(at('2026-12-04')));
    expect(answered.objections[0]?.answer?.late).toBe(true);
    expect(code(answered, awardTo('a'), facts(at('2026-12-04')))).toEqual(['Awarded']);
    expect(code(answered, answer, facts(at('2026-12-04')))).toBe('objection-answered');
  });

  it('that is upheld keeps its candidate from the award until he is passed over', () => {
    const objected = run(inPublicity, object(), facts(at('2026-11-26')));
    const upheld = run(
      objected,
      { type: 'answerObjection', objection: objected.objections[0]!.id, outcome: 'upheld', text: '业绩不实' },
      facts(at('2026-11-27')),
    );
    expect(code(upheld, awardTo('a'), facts(at('2026-12-01')))).toBe('objection-upheld');
    const passed = run(
      upheld,
      { type: 'passOver', manifestSha256: hash('a'), ground: 'found-in-breach', reason: '业绩不实' },
      facts(at('2026-12-01')),
    );
    expect(run(passed, awardTo('b'), facts(at('2026-12-01'))).award?.manifestSha256).toBe(hash('b'));
  });

  it('that is upheld against the whole result lets the lot end', () => {
    const objected = run(inPublicity, object('org-b', null), facts(at('2026-11-26')));
    const end: AwardCommand = { type: 'endWithoutAward', reason: '评标结果无效' };
    expect(code(objected, end, facts(at('2026-12-01')))).toBe('candidates-left');
    const upheld = run(
      objected,
      { type: 'answerObjection', objection: objected.objections[0]!.id, outcome: 'upheld', text: '成立' },
      facts(at('2026-11-27')),
    );
    expect(code(upheld, awardTo('a'), facts(at('2026-12-01')))).toBe('objection-upheld');
    expect(run(upheld, end, facts(at('2026-12-01'))).status).toBe('ended');
  });
});

describe('award (TR 55, TL 45-47)', () => {
  it.each([
    ['2026-11-30', '23:59:59.999999', 'publicity-running'],
    ['2026-12-01', '00:00:00.000000', ['Awarded']],
  ])('on %s at %s: %s', (day, time, expected) => {
    expect(code(inPublicity, awardTo('a'), facts(at(day, time)))).toEqual(expected);
  });

  it('counts the days for contract and report', () => {
    // 30 days from 12-01 are 12-31; 15 days are 12-16.
    expect(awarded.award).toMatchObject({ contractBy: '2026-12-31', reportBy: '2026-12-16' });
  });

  it('tells the strictest day for the contract where the next year is unknown', () => {
    // 30 days from 12-04 are 2027-01-03, a Sunday; it is not moved on by guess.
    expect(run(inPublicity, awardTo('a'), facts(at('2026-12-04'))).award?.contractBy).toBe('2027-01-03');
  });

  it.each<[string, AwardState, AwardCommand, Partial<AwardFacts>]>([
    ['not-next-candidate', inPublicity, awardTo('b'), {}],
    ['candidate-unknown', inPublicity, awardTo('d'), {}],
    ['publicity-not-started', initialAward('lot-1'), awardTo('a'), {}],
    ['already-awarded', awarded, awardTo('a'), {}],
    ['report-changed', inPublicity, awardTo('a'), { result: null }],
    ['witness-stopped', inPublicity, awardTo('a'), { awardStep: 'stopped' }],
    ['not-your-project', inPublicity, awardTo('a'), { ofTenderer: false }],
  ])('refuses %s', (expected, state, command, more) => {
    expect(code(state, command, facts(at('2026-12-01'), more))).toBe(expected);
  });

  it.each(passOverGrounds)('goes to the next candidate when the first %s', (ground) => {
    const passed = run(
      awarded,
      { type: 'passOver', manifestSha256: hash('a'), ground, reason: '见附件' },
      facts(at('2026-12-05')),
    );
    expect([passed.status, passed.award]).toEqual(['publicity', null]);
    expect(run(passed, awardTo('b'), facts(at('2026-12-05'))).award?.manifestSha256).toBe(hash('b'));
  });

  it('passes candidates over only in their order, and ends when none is left', () => {
    const pass = (letter: string): AwardCommand => ({
      type: 'passOver',
      manifestSha256: hash(letter),
      ground: 'gave-up',
      reason: '书面放弃',
    });
    const now = facts(at('2026-12-01'));
    expect(code(inPublicity, pass('b'), now)).toBe('not-next-candidate');
    const none = ['a', 'b', 'c'].reduce((state, letter) => run(state, pass(letter), now), inPublicity);
    expect(code(none, awardTo('a'), now)).toBe('not-next-candidate');
    expect(run(none, { type: 'endWithoutAward', reason: '候选人均放弃' }, now).status).toBe('ended');
  });
});

describe('documents', () => {
  const issue = (document: 'award-notice' | 'result-certificate', awardedAt = awarded.award!.at): AwardCommand => ({
    type: 'issueDocument',
    document,
    number: 'N-1',
    pdfSha256: hash('7'),
    factsSha256: hash('8'),
    awardedAt,
    byCentre: false,
  });
  const now = facts(at('2026-12-02'));
  const noticed = run(awarded, issue('award-notice'), now);
  const confirm = (organisation: string): AwardCommand => ({ type: 'confirmAward', organisation });

  it('follow one another: notice, confirmation, certificate', () => {
    expect(code(awarded, issue('result-certificate'), now)).toBe('notice-not-issued');
    expect(code(awarded, confirm('org-a'), now)).toBe('notice-not-issued');
    expect(code(noticed, issue('result-certificate'), now)).toBe('not-confirmed');
    const confirmed = run(noticed, confirm('org-a'), now);
    expect(confirmed.confirmation?.by).toBe('winner');
    expect(run(confirmed, issue('result-certificate'), now).status).toBe('certified');
  });

  it.each<[string, AwardState, AwardCommand, Partial<AwardFacts>]>([
    ['witness-unsigned', awarded, issue('award-notice'), { awardStep: 'open' }],
    ['witness-stopped', awarded, issue('award-notice'), { awardStep: 'stopped' }],
    ['award-changed', awarded, issue('award-notice', at('2026-11-01')), {}],
    ['document-issued', noticed, issue('award-notice'), {}],
    ['not-awarded', inPublicity, issue('award-notice'), {}],
    ['not-your-project', awarded, issue('award-notice'), { ofTenderer: false }],
    ['not-the-winner', noticed, confirm('org-b'), { ofTenderer: false }],
  ])('refuse %s', (expected, state, command, more) => {
    expect(code(state, command, facts(at('2026-12-02'), more))).toBe(expected);
  });

  it('are issued by the centre for every project', () => {
    const byCentre = { ...issue('award-notice'), byCentre: true } as AwardCommand;
    expect(code(awarded, byCentre, facts(at('2026-12-02'), { ofTenderer: false }))).toEqual(['DocumentIssued']);
  });

  it('a new winner gets a notice of his own', () => {
    const passed = run(
      noticed,
      { type: 'passOver', manifestSha256: hash('a'), ground: 'gave-up', reason: '放弃' },
      facts(at('2026-12-03')),
    );
    const next = run(passed, awardTo('b'), facts(at('2026-12-04')));
    expect(code(next, confirm('org-b'), facts(at('2026-12-04')))).toBe('notice-not-issued');
    expect(code(next, issue('award-notice', next.award!.at), facts(at('2026-12-04')))).toEqual(['DocumentIssued']);
  });
});

describe('time alone', () => {
  it('ends the publicity, marks an answer and a report overdue, each once', () => {
    const objected = run(inPublicity, object(), facts(at('2026-11-30')));
    const id = objected.objections[0]!.id;
    expect(dueAwardTicks(objected)).toEqual([
      { tick: 'publicity-end', at: '2026-11-30T16:00:00.000000Z' },
      { tick: `answer:${id}`, at: '2026-12-03T16:00:00.000000Z' },
    ]);
    const tick = (name: string): AwardCommand => ({ type: 'tick', tick: name });
    expect(code(objected, tick('publicity-end'), facts(at('2026-11-30')))).toEqual([]);
    expect(code(objected, tick('publicity-end'), facts(at('2026-12-01')))).toEqual(['PublicityEnded']);
    const overdue = run(objected, tick(`answer:${id}`), facts(at('2026-12-04')));
    expect(code(overdue, tick(`answer:${id}`), facts(at('2026-12-05')))).toEqual([]);
    expect(code(awarded, tick('supervisor-report'), facts(at('2026-12-17')))).toEqual(['SupervisorReportOverdue']);
  });

  it('a report on the last day is in time', () => {
    const report: AwardCommand = { type: 'reportToSupervisor' };
    expect(run(awarded, report, facts(at('2026-12-16', '23:59:59.999999'))).supervisor?.late).toBe(false);
    expect(run(awarded, report, facts(at('2026-12-17', '00:00:00.000000'))).supervisor?.late).toBe(true);
    expect(code(run(awarded, report, facts(at('2026-12-16'))), report, facts(at('2026-12-16')))).toBe(
      'already-reported',
    );
  });
});

describe('any course of events', () => {
  const letter = fc.constantFrom('a', 'b', 'c', 'd');
  const command: fc.Arbitrary<AwardCommand> = fc.oneof(
    fc.record({ type: fc.constant('publishCandidates' as const), days: fc.integer({ min: 1, max: 6 }) }),
    letter.map(awardTo),
    fc
      .tuple(fc.constantFrom('org-a', 'org-b', 'org-x'), fc.option(letter.map(hash)))
      .map(([o, about]) => object(o, about)),
    fc.record({
      type: fc.constant('answerObjection' as const),
      objection: fc.integer({ min: 0, max: 20 }).map((n) => `objection-${n}`),
      outcome: fc.constantFrom('rejected' as const, 'upheld' as const),
      text: fc.constant('答复'),
    }),
    fc.record({
      type: fc.constant('passOver' as const),
      manifestSha256: letter.map(hash),
      ground: fc.constantFrom(...passOverGrounds),
      reason: fc.constant('理由'),
    }),
    fc.constantFrom<AwardCommand>(
      { type: 'tick', tick: 'publicity-end' },
      { type: 'tick', tick: 'supervisor-report' },
      { type: 'reportToSupervisor' },
      { type: 'confirmAward', organisation: 'org-a' },
      { type: 'endWithoutAward', reason: '理由' },
    ),
  );
  const step = fc.record({ command, hours: fc.integer({ min: 0, max: 40 }) });

  it('awards only the first candidate left, after the publicity, with every objection answered', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let state = initialAward('lot-1');
        let now = Temporal.Instant.from('2026-11-25T01:00:00Z');
        const events: AwardEvent[] = [];
        for (const [n, { command: asked, hours }] of steps.entries()) {
          now = now.add({ hours });
          const given = facts(now.toString({ smallestUnit: 'microsecond' }), {
            fresh: { id: `objection-${n}`, salt: hash('5') },
          });
          const decided = decideAward(state, asked, given);
          if (isRefusal(decided)) continue;
          for (const event of decided) {
            if (event.type === 'Awarded') {
              expect(event.manifestSha256).toBe(nextCandidate(state)?.manifestSha256);
              expect(dayOf(given.now) > state.publicity!.lastDay).toBe(true);
              expect(state.objections.every((o) => o.answer !== null)).toBe(true);
            }
            state = evolveAward(state, event);
            events.push(event);
          }
        }
        expect(replayAward(initialAward('lot-1'), JSON.parse(JSON.stringify(events)))).toEqual(state);
      }),
      { numRuns: 500 },
    );
  });
});
