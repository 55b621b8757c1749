import { describe, expect, it } from 'vitest';
import { sha256Hex, utf8 } from '../src/formats/bytes.ts';
import { canonicalJson } from '../src/formats/canonical.ts';
import { isRefusal, type Refusal } from '../src/platform/refusal.ts';
import { evolveProject } from '../src/projects/evolve.ts';
import { projectProcedure } from '../src/projects/procedure.ts';
import { decideProject } from '../src/projects/rules.ts';
import type {
  Lot,
  ProjectCommand,
  ProjectEvent,
  ProjectFacts,
  ProjectState,
  Registration,
} from '../src/projects/state.ts';
import { timelineOf } from '../src/projects/timeline.ts';
import { factsAt, lawful, noticeDay, published, registered, scheme } from './support/registration.ts';

const decide = (state: ProjectState, command: ProjectCommand, facts: ProjectFacts) => {
  const decided = decideProject(state, command, facts);
  return isRefusal(decided) ? decided : decided.reduce(evolveProject, state);
};
const refusal = (decided: Refusal | ProjectState): Refusal => {
  if (!isRefusal(decided)) throw new Error('nothing was refused');
  return decided;
};
const state = (decided: Refusal | ProjectState): ProjectState => {
  if (isRefusal(decided)) throw new Error(`${decided.code} ${JSON.stringify(decided.details)}`);
  return decided;
};
const withLot = (lot: Partial<Lot>, more: Partial<Registration> = {}): Registration => ({
  ...lawful,
  ...more,
  lots: [{ ...lawful.lots[0]!, ...lot }],
});
const dates = (schedule: Partial<Registration['schedule']>, more: Partial<Registration> = {}): Registration => ({
  ...lawful,
  ...more,
  schedule: { ...lawful.schedule, ...schedule },
});
const register = (registration: Registration, facts: Partial<ProjectFacts> = {}, now = noticeDay) =>
  decide({ ...registered(), status: 'none' }, { type: 'registerProject', registration }, factsAt(now, facts));
const publish = (of: ProjectState, facts: Partial<ProjectFacts> = {}, now = noticeDay) =>
  decide(of, { type: 'publishProject', text: '公告', notice: 'n1' }, factsAt(now, facts));

describe('dates of a mandatory tender', () => {
  it('names figure, article, earliest day and its arithmetic when the deadline is too early', () => {
    const refused = refusal(publish(registered(dates({ deadline: '2026-11-18T02:00:00.000000Z' }))));
    expect(refused).toMatchObject({
      code: 'deadline-too-early',
      details: {
        rule: 'deadline-distance',
        figure: 20,
        unit: 'd',
        article: '招标投标法第二十四条',
        asked: '2026-11-18',
        earliest: '2026-11-19',
        arithmetic: '2026-10-30 文件发出 + 20 日 = 2026-11-19（周四），招标投标法第二十四条',
      },
    });
  });

  it.each([
    ['the day before the earliest', '2026-11-18T15:59:59.999999Z', 'deadline-too-early'],
    ['the earliest day, from its first moment', '2026-11-18T16:00:00.000000Z', null],
  ])('%s', (_name, deadline, code) => {
    const decided = register(dates({ deadline }));
    expect(isRefusal(decided) ? decided.code : null).toBe(code);
  });

  it('moves an earliest day that falls on a rest day to the next working day', () => {
    const september = '2026-09-11T02:00:00.000000Z';
    const schedule = {
      documentsFrom: '2026-09-11',
      documentsUntil: '2026-09-16',
      questionsUntil: '2026-09-15T00:00:00.000000Z',
      deadline: '2026-10-07T02:00:00.000000Z',
    };
    expect(refusal(register(dates(schedule), {}, september)).details).toMatchObject({ earliest: '2026-10-08' });
  });

  it('does not bind a tender that is not mandatory', () => {
    expect(state(register(dates({ deadline: '2026-11-10T02:00:00.000000Z' }, { mandatory: false }))).status).toBe(
      'registered',
    );
  });

  it('counts from the day of publication when the documents were promised earlier', () => {
    const late = '2026-11-02T02:00:00.000000Z';
    expect(refusal(publish(registered(), {}, late)).details).toMatchObject({ earliest: '2026-11-23' });
  });

  it.each([
    ['documents-period-short', { documentsUntil: '2026-11-03' }],
    ['documents-after-deadline', { documentsUntil: '2026-11-21' }],
    ['questions-after-deadline', { questionsUntil: lawful.schedule.deadline }],
    ['deadline-passed', { deadline: noticeDay, questionsUntil: '2026-10-01T00:00:00.000000Z' }],
  ] as const)('refuses %s', (code, schedule) => {
    expect(refusal(register(dates(schedule))).code).toBe(code);
  });

  it('refuses a term that ends in a year without a calendar', () => {
    const december = '2026-12-20T02:00:00.000000Z';
    const schedule = { documentsUntil: '2026-12-28', deadline: '2027-01-29T02:00:00.000000Z' };
    expect(refusal(register(dates(schedule), {}, december))).toMatchObject({
      code: 'calendar-missing',
      details: { year: 2027 },
    });
  });

  it("follows the centre's stricter figure and names its source", () => {
    const source = '某市公共资源交易规则第九条';
    const centre = [{ type: '*', code: 'deadline-distance', value: 25, source, from: '2026-01-01', to: null }];
    expect(refusal(register(lawful, { centre })).details).toMatchObject({
      figure: 25,
      centre: source,
      earliest: '2026-11-24',
    });
  });
});

describe('bond', () => {
  it.each([
    ['works, 2 %, to the fen', 'works', '1000000049', '20000000', null],
    ['one fen above 2 %', 'works', '1000000049', '20000001', '20000000'],
    ['works capped at 800,000 yuan', 'works', '900000000000', '80000000', null],
    ['above that cap', 'works', '900000000000', '80000001', '80000000'],
    ['goods have the same cap', 'goods', '900000000000', '80000001', '80000000'],
    ['survey and design capped at 100,000 yuan', 'design', '900000000000', '10000001', '10000000'],
    ['supervision has the percentage only', 'services', '900000000000', '18000000000', null],
    ['supervision above it', 'services', '900000000000', '18000000001', '18000000000'],
  ])('%s', (_name, subject, estimateFen, bondFen, highest) => {
    const decided = register(withLot({ estimateFen, bondFen }, { type: `construction-open-${subject}` }));
    expect(isRefusal(decided) ? [decided.code, decided.details?.highestFen] : null).toEqual(
      highest === null ? null : ['bond-too-high', highest],
    );
  });

  it('refuses an estimate or a ceiling of nothing', () => {
    expect(refusal(register(withLot({ estimateFen: '0', bondFen: '0' }))).code).toBe('estimate-zero');
    expect(refusal(register(withLot({ ceilingFen: '0' }))).code).toBe('ceiling-zero');
  });
});

describe('invitation', () => {
  const invited = (names: readonly string[], more: Partial<Registration> = {}): Registration => ({
    ...lawful,
    type: 'construction-invited-works',
    invited: names,
    invitationGround: 'few-able',
    ...more,
  });

  it.each([
    ['two', invited(['a', 'b']), 'invited-too-few'],
    ['the same one three times', invited(['a', 'a', 'a']), 'invited-too-few'],
    ['no ground', invited(['a', 'b', 'c'], { invitationGround: null }), 'invitation-ground-missing'],
    ['no approval', invited(['a', 'b', 'c'], { approval: null }), 'invitation-ground-missing'],
    ['a list in an open tender', { ...lawful, invited: ['a', 'b', 'c'] }, 'invited-not-allowed'],
  ])('refuses %s', (_name, registration, code) => {
    expect(refusal(register(registration)).code).toBe(code);
  });

  it('takes three, and publishes neither their names nor their number', () => {
    const command = { type: 'registerProject', registration: invited(['firm-a', 'firm-b', 'firm-c']) } as const;
    const events = decideProject({ ...registered(), status: 'none' }, command, factsAt(noticeDay));
    if (isRefusal(events)) throw new Error(events.code);
    const leafOf = (event: ProjectEvent) =>
      JSON.stringify(projectProcedure.publish(event, { subject: 'project-1', now: noticeDay }));
    // A registered project is nobody's business yet: the leaf commits to it and the publication opens the commitment.
    const [hidden, shown] = [leafOf(events[0]!), leafOf(publicationOf(events[0]!))];
    expect(hidden).not.toContain(command.registration.name);
    expect(shown).toContain(`"name":"${command.registration.name}"`);
    expect(shown).toContain('"invited":true');
    expect(hidden + shown).not.toMatch(/firm-/);
    const { body } = JSON.parse(shown) as { body: { registration: unknown; salt: string } };
    const opened = `yangguang.org/registration/v1\n${body.salt}\n${canonicalJson(body.registration)}`;
    expect(JSON.parse(hidden)).toMatchObject({ body: { registrationSha256: sha256Hex(utf8(opened)) } });
  });
});

/** The publication of what was registered. */
function publicationOf(event: ProjectEvent): ProjectEvent {
  if (event.type !== 'ProjectRegistered') throw new Error(event.type);
  const { registration, salt } = event;
  const notice = { id: 'notice-1', kind: 'notice', at: noticeDay, text: '公告', duties: [] } as const;
  return { type: 'ProjectPublished', at: noticeDay, notice, policySha256: 'a'.repeat(64), registration, salt };
}

describe('registration', () => {
  it.each([
    ['party-unfit', lawful, { unfitParties: ['tenderer-1'] }],
    ['type-unknown', { ...lawful, type: 'barter' }, {}],
    ['follows-invalid', { ...lawful, follows: 'project-0' }, {}],
    [
      'follows-invalid',
      { ...lawful, follows: 'project-0' },
      { followed: { tenderer: 'somebody-else', status: 'terminated', deadline: noticeDay } },
    ],
    [
      'follows-invalid',
      { ...lawful, follows: 'project-0' },
      { followed: { tenderer: 'tenderer-1', status: 'published', deadline: '2026-12-01T00:00:00.000000Z' } },
    ],
    ['evaluation-invalid', { ...lawful, evaluation: { ...scheme, method: 'astrology' } }, {}],
    ['evaluation-invalid', { ...lawful, evaluation: { ...scheme, surprise: 1 } }, {}],
    [
      'evaluation-invalid',
      withLot({ ceilingFen: null }, { evaluation: { method: 'composite', params: { full: '100' }, criteria: [] } }),
      {},
    ],
    [
      'evaluation-invalid',
      { ...lawful, evaluation: { ...scheme, criteria: [scheme.criteria[0], scheme.criteria[0]] } },
      {},
    ],
  ] as const)('refuses %s', (code, registration, facts) => {
    expect(refusal(register(registration as Registration, facts as Partial<ProjectFacts>)).code).toBe(code);
  });

  it('takes a repeated tender of the same tenderer whose first one is over', () => {
    const followed = { tenderer: 'tenderer-1', status: 'published', deadline: noticeDay } as const;
    expect(state(register({ ...lawful, follows: 'project-0' }, { followed })).follows).toBe('project-0');
  });

  it('keeps type and tenderer when it is changed, and asks for a new review', () => {
    const change = (registration: Registration) =>
      decide(reviewed, { type: 'changeRegistration', registration }, factsAt(noticeDay));
    const reviewed = state(
      decide(registered(), { type: 'reviewRegistration', accepted: true, text: '齐全' }, factsAt(noticeDay)),
    );
    expect(reviewed.review).toEqual({ accepted: true, text: '齐全', at: noticeDay });
    expect(state(change({ ...lawful, name: '改名工程' }))).toMatchObject({ name: '改名工程', review: null });
    expect(refusal(change({ ...lawful, type: 'construction-open-goods' })).code).toBe('registration-fixed');
    expect(refusal(change({ ...lawful, tenderer: 'tenderer-2' })).code).toBe('registration-fixed');
  });
});

describe('publication', () => {
  it.each([
    ['documents-missing', { documents: [] }, {}],
    ['room-taken', {}, { roomsTaken: ['第一开标厅'] }],
    ['policy-missing', {}, { policy: null }],
    ['policy-differs', {}, { policy: { lots: ['lot-2'], deadline: lawful.schedule.deadline, sha256: 'c' } }],
    ['policy-differs', {}, { policy: { lots: ['lot-1'], deadline: '2026-11-21T02:00:00.000000Z', sha256: 'c' } }],
    ['review-missing', { review: { accepted: false, text: '缺批文', at: noticeDay } }, {}],
    [
      'review-missing',
      {},
      { centre: [{ type: '*', code: 'host-review', value: 1, source: '中心规则', from: '2026-01-01', to: null }] },
    ],
    ['status-wrong', { status: 'published' }, {}],
    ['project-unknown', { status: 'none' }, {}],
  ] as const)('refuses %s', (code, of, facts) => {
    const decided = publish({ ...registered(), ...(of as Partial<ProjectState>) }, facts as Partial<ProjectFacts>);
    expect(refusal(decided).code).toBe(code);
  });

  it('keeps the first deadline beside one that moves', () => {
    const moved = state(
      decide(
        state(publish(registered())),
        {
          type: 'changeNotice',
          notice: 'n2',
          kind: 'postponement',
          text: '延期',
          affectsTenders: true,
          deadline: '2026-11-27T02:00:00.000000Z',
        },
        factsAt('2026-11-12T02:00:00.000000Z'),
      ),
    );
    expect([moved.firstDeadline, moved.schedule.deadline]).toEqual([
      lawful.schedule.deadline,
      '2026-11-27T02:00:00.000000Z',
    ]);
    expect(moved.notices.map((n) => n.kind)).toEqual(['notice', 'postponement']);
  });
});

describe('clarification (Implementing Regulation 21)', () => {
  const change = (now: string, deadline: string | null, affectsTenders = true, kind = 'clarification' as const) =>
    decide(
      published(),
      { type: 'changeNotice', notice: 'n2', kind, text: '澄清', affectsTenders, deadline },
      factsAt(now),
    );

  it.each([
    ['on the last day for it', '2026-11-05T15:59:59.000000Z', null, null],
    ['one moment later', '2026-11-05T16:00:00.000000Z', null, 'clarification-moves-deadline'],
    ['later, but of no effect on tenders', '2026-11-15T02:00:00.000000Z', null, null],
    ['later, with a deadline 15 d away', '2026-11-06T02:00:00.000000Z', '2026-11-23T02:00:00.000000Z', null],
    [
      'later, with one on the rest day',
      '2026-11-06T02:00:00.000000Z',
      '2026-11-21T02:00:00.000000Z',
      'deadline-too-early',
    ],
    ['with an earlier deadline', '2026-11-02T02:00:00.000000Z', '2026-11-19T02:00:00.000000Z', 'deadline-not-later'],
    ['after the deadline', '2026-11-20T02:00:00.000000Z', '2026-12-20T02:00:00.000000Z', 'deadline-passed'],
  ])('%s', (name, now, deadline, code) => {
    const decided = change(now, deadline, !name.includes('no effect'));
    expect(isRefusal(decided) ? decided.code : null).toBe(code);
  });

  it('says by when it had to come and how far the deadline must move', () => {
    expect(refusal(change('2026-11-06T02:00:00.000000Z', null)).details).toMatchObject({
      latest: '2026-11-05',
      earliest: '2026-11-23',
      arithmetic: '2026-11-06 澄清 + 15 日 = 2026-11-23（周一），招标投标法实施条例第二十一条',
    });
  });

  it('refuses a postponement without a date, and a room that is taken at the new time', () => {
    const at = '2026-11-02T02:00:00.000000Z';
    const postpone = {
      type: 'changeNotice',
      notice: 'n',
      kind: 'postponement',
      text: '延期',
      affectsTenders: false,
    } as const;
    expect(refusal(decide(published(), { ...postpone, deadline: null }, factsAt(at))).code).toBe(
      'postponement-without-deadline',
    );
    const taken = factsAt(at, { roomsTaken: ['第一开标厅'] });
    const later = { ...postpone, deadline: '2026-11-25T02:00:00.000000Z' };
    expect(refusal(decide(published(), later, taken)).code).toBe('room-taken');
  });

  it('binds an answer that affects tenders too', () => {
    const answer = { type: 'answerQuestion', id: 'q', question: '问', answer: '答' } as const;
    const late = factsAt('2026-11-15T02:00:00.000000Z');
    expect(refusal(decide(published(), { ...answer, affectsTenders: true }, late)).code).toBe(
      'clarification-moves-deadline',
    );
    expect(state(decide(published(), { ...answer, affectsTenders: false }, late)).answers).toHaveLength(1);
    const over = factsAt(lawful.schedule.deadline);
    expect(refusal(decide(published(), { ...answer, affectsTenders: false }, over)).code).toBe('deadline-passed');
  });
});

describe('a document added after the publication', () => {
  const document = { sha256: 'e'.repeat(64), name: '补充图纸.pdf', bytes: 1, mediaType: 'application/pdf' };
  it.each([
    ['fifteen days before the deadline', '2026-11-05T02:00:00.000000Z', null],
    ['later than that', '2026-11-06T02:00:00.000000Z', 'clarification-moves-deadline'],
    ['after the deadline', '2026-11-20T02:00:00.000000Z', 'deadline-passed'],
  ])('%s', (_name, now, code) => {
    const decided = decide(published(), { type: 'attachDocument', document }, factsAt(now));
    expect(isRefusal(decided) ? decided.code : null).toBe(code);
  });

  it('that is there already changes nothing, whenever it comes again', () => {
    const of = published();
    const again = { type: 'attachDocument', document: of.documents[0]! } as const;
    expect(decideProject(of, again, factsAt('2026-12-01T02:00:00.000000Z'))).toEqual([]);
  });
});

describe('objection to the documents (Implementing Regulation 22)', () => {
  const object = (of: ProjectState, now: string, by = 'h1') =>
    decide(of, { type: 'objectToDocuments', id: `o${of.objections.length}`, by, text: '限定品牌' }, factsAt(now));
  const inTime = '2026-11-06T02:00:00.000000Z';

  it('is taken through the tenth day before the deadline, and not after', () => {
    expect(state(object(published(), '2026-11-10T15:59:59.999999Z')).objections).toHaveLength(1);
    expect(refusal(object(published(), '2026-11-10T16:00:00.000000Z'))).toMatchObject({
      code: 'objection-too-late',
      details: {
        latest: '2026-11-10',
        arithmetic: '2026-11-20 截标 − 10 日 = 2026-11-10（周二），招标投标法实施条例第二十二条',
      },
    });
  });

  it('pauses the procedure until it is answered, once', () => {
    const raised = state(object(published(), inTime));
    expect(raised.objections[0]).toMatchObject({ answerBy: '2026-11-09', answer: null });
    const answer = { type: 'answerObjection', id: 'o0', text: '已修改' } as const;
    const answered = state(decide(raised, answer, factsAt(inTime)));
    expect(answered.objections[0]?.answer).toEqual({ text: '已修改', at: inTime });
    expect(refusal(decide(answered, answer, factsAt(inTime))).code).toBe('question-unknown');
  });

  it('of one objector are ten at most, and the log does not show the pseudonym', () => {
    let of = published();
    for (let i = 0; i < 10; i++) of = state(object(of, inTime));
    expect(refusal(object(of, inTime)).code).toBe('list-full');
    expect(state(object(of, inTime, 'h2')).objections).toHaveLength(11);
    const event = { type: 'DocumentsObjectionRaised', objection: { ...of.objections[0]!, by: 'pseudonym' } } as const;
    expect(JSON.stringify(projectProcedure.publish(event, { subject: 'p', now: inTime }))).not.toContain('pseudonym');
  });
});

describe('termination', () => {
  const terminate = (of: ProjectState) =>
    decide(of, { type: 'terminateProject', notice: 'n9', text: '资金未落实' }, factsAt(noticeDay));
  it('of a published project returns bonds and fees with interest; of a registered one nothing is due', () => {
    expect(state(terminate(published())).notices.at(-1)?.duties).toEqual(['termination-return']);
    expect(state(terminate(registered())).notices.at(-1)?.duties).toEqual([]);
    expect(refusal(terminate({ ...published(), status: 'terminated' })).code).toBe('status-wrong');
  });
});

describe('timeline', () => {
  it('shows dates, phases and figures with their articles; unconfirmed ones as such', () => {
    const stages = timelineOf(published(), '2026-11-12T02:00:00.000000Z', []);
    expect(stages.map((s) => [s.id, s.phase])).toEqual([
      ['registration', 'done'],
      ['notice', 'done'],
      ['questions', 'done'],
      ['documents-objection', 'done'],
      ['tenders', 'current'],
      ['opening', 'later'],
      ['evaluation', 'later'],
      ['publicity', 'later'],
      ['award', 'later'],
      ['report', 'later'],
      ['contract', 'later'],
      ['bonds-back', 'later'],
    ]);
    expect(stages.find((s) => s.id === 'documents-objection')?.until).toBe('2026-11-10T16:00:00.000000Z');
    expect(stages.find((s) => s.id === 'opening')?.from).toBe(lawful.schedule.deadline);
    const figures = stages.flatMap((s) => s.figures);
    expect(figures.find((f) => f.code === 'expert-draw-before')?.confirmed).toBe(false);
    expect(figures.find((f) => f.code === 'deadline-distance')?.confirmed).toBe(true);
    const stopped = timelineOf({ ...published(), status: 'terminated' }, noticeDay, []);
    expect(new Set(stopped.map((s) => s.phase))).toEqual(new Set(['stopped']));
  });
});
