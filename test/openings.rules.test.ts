/** The course of an opening without I/O: what time, termination, few officers and held-up tenders may and may not do. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evolveOpening, initialOpening } from '../src/openings/evolve.ts';
import { decideOpening, dueOfOpening } from '../src/openings/rules.ts';
import type { OpeningCommand, OpeningFacts, OpeningState, TenderResult } from '../src/openings/state.ts';
import { isRefusal } from '../src/platform/refusal.ts';

const deadline = '2026-11-24T01:00:00.000000Z';
const past = (seconds: number) =>
  Temporal.Instant.from(deadline).add({ seconds }).toString({ smallestUnit: 'microsecond' });
const facts = (seconds: number, more: Partial<OpeningFacts> = {}): OpeningFacts => ({
  now: past(seconds),
  deadline,
  ended: false,
  paused: false,
  barrierSeconds: 5,
  closeCosigned: true,
  witness: 'signed',
  keyMinutes: 10,
  confirmMinutes: 10,
  ...more,
});
const hex = (n: number) => String(n).padStart(64, '0');
const present = hex(900);
const earlier = hex(901);

function run(state: OpeningState, command: OpeningCommand, given: OpeningFacts): OpeningState | string {
  const events = decideOpening(state, command, given);
  return isRefusal(events) ? events.code : events.reduce(evolveOpening, state);
}
function must(state: OpeningState, command: OpeningCommand, given: OpeningFacts): OpeningState {
  const next = run(state, command, given);
  if (typeof next === 'string') throw new Error(next);
  return next;
}
const scheduled = (mode: OpeningState['mode'] = 'quorum') =>
  must(
    initialOpening('opening-1'),
    { type: 'schedule', project: 'project-1', lots: ['lot-1'], deadline, mode, k: 3, n: 4 },
    facts(-60),
  );
/** Closed with so many standing tenders; those of `old` were sealed under the earlier policy. */
function closed(
  standing: number,
  { mode = 'quorum' as OpeningState['mode'], old = [] as number[] } = {},
): OpeningState {
  return must(
    must(scheduled(mode), { type: 'raiseBarrier' }, facts(5)),
    {
      type: 'closeLot',
      lot: 'lot-1',
      setSha256: hex(1),
      policy: present,
      k: 3,
      n: 4,
      barrier: 7,
      acts: standing,
      standing: Array.from({ length: standing }, (_, i) => ({
        manifestSha256: hex(10 + i),
        policy: old.includes(i) ? earlier : present,
        handle: hex(50 + i),
      })),
    },
    facts(6),
  );
}
const release = (x: number, covers: number[]): OpeningCommand => ({
  type: 'releaseKeys',
  lot: 'lot-1',
  release: { x, releaseSha256: hex(x), signatureSha256: hex(x), faults: [] },
  covers: covers.map((i) => hex(10 + i)),
});
const released = (state: OpeningState, positions = [1, 2, 3], covers = [0, 1, 2]) =>
  positions.reduce((s, x) => must(s, release(x, covers), facts(20)), state);
const shut = (i: number): TenderResult => ({
  manifestSha256: hex(10 + i),
  result: 'invalid',
  code: 'x',
  bidder: null,
  certSha256: null,
  offerSha256: hex(1),
  offer: null,
  signatureSha256: null,
  files: [],
});
const lotOf = (state: OpeningState) => state.lots[0]!;
const ticks = (state: OpeningState) => dueOfOpening(state, 5).map((t) => t.tick);

describe('sealed leaves of lots that are never announced', () => {
  it('a failed lot opens them some seconds after the barrier, once', () => {
    const failed = closed(2);
    expect(lotOf(failed).status).toBe('failed');
    expect(dueOfOpening(failed, 5)).toEqual([{ tick: 'open-commitments lot-1', at: past(8) }]);
    const open: OpeningCommand = { type: 'openCommitments', lot: 'lot-1', setSha256: hex(2) };
    expect(run(failed, open, facts(7))).toBe('acts-under-way');
    const done = must(failed, open, facts(8));
    expect(lotOf(done).commitmentsSha256).toBe(hex(2));
    expect(ticks(done)).toEqual([]);
    expect(run(done, open, facts(9))).toBe(done);
  });

  it('a terminated project raises no barrier and opens them at once', () => {
    const ended = must(scheduled(), { type: 'terminate' }, facts(-30));
    expect(lotOf(ended).status).toBe('terminated');
    expect(dueOfOpening(ended, 5)).toEqual([{ tick: 'open-commitments lot-1', at: past(-30) }]);
    expect(run(ended, { type: 'raiseBarrier' }, facts(6))).toBe(ended);
    expect(run(ended, release(1, [0]), facts(20))).toBe('lot-terminated');
  });

  it('what enough officers have released goes on to its announcement', () => {
    const open = released(closed(3));
    expect(lotOf(must(open, { type: 'terminate' }, facts(30))).status).toBe('released');
  });

  it('a project that has just ended lets no release or key begin', () => {
    expect(run(closed(3), release(1, [0, 1, 2]), facts(20, { ended: true }))).toBe('lot-terminated');
    const key: OpeningCommand = { type: 'giveKey', lot: 'lot-1', manifestSha256: hex(10), keySha256: hex(3) };
    expect(run(closed(3, { mode: 'bidder' }), key, facts(20, { ended: true }))).toBe('lot-terminated');
  });
});

describe('a release', () => {
  it.each<[string, number[], string]>([
    ['all standing tenders', [0, 1, 2], 'done'],
    ['all but one of the earlier policy', [1, 2], 'done'],
    ['all but one of the present policy', [0, 1], 'release-incomplete'],
    ['one tender twice', [1, 2, 2], 'release-incomplete'],
    ['a tender that does not stand', [0, 1, 2, 9], 'release-incomplete'],
  ])('that covers %s', (_name, covers, answer) => {
    const next = run(closed(3, { old: [0] }), release(1, covers), facts(20));
    expect(typeof next === 'string' ? next : 'done').toBe(answer);
  });
});

describe('a tender that is held up', () => {
  const stall = (owner: 'centre' | 'officer', releases = 3): OpeningCommand => ({
    type: 'stall',
    lot: 'lot-1',
    manifestSha256: hex(10),
    code: owner === 'centre' ? 'tender-hash' : 'quorum-missing',
    owner,
    releases,
  });
  const aside: OpeningCommand = { type: 'setAside', lot: 'lot-1', result: shut(0), reason: '无法恢复' };
  it.each<[string, OpeningState, OpeningFacts, string]>([
    ['is not held up', released(closed(3)), facts(9000), 'tender-not-stalled'],
    [
      'was held up a moment ago',
      must(released(closed(3)), stall('centre'), facts(30)),
      facts(1829),
      'repair-time-running',
    ],
    ['waits for an officer', must(released(closed(3)), stall('officer'), facts(30)), facts(9000), 'officers-not-heard'],
    [
      'has no witness for it',
      must(released(closed(3)), stall('centre'), facts(30)),
      facts(9000, { witness: 'open' }),
      'witness-missing',
    ],
    [
      'was heard by every officer',
      must(released(closed(3), [1, 2, 3, 4]), stall('officer', 4), facts(30)),
      facts(9000),
      'set aside',
    ],
    ['cannot be read by the centre', must(released(closed(3)), stall('centre'), facts(30)), facts(1830), 'set aside'],
  ])('is set aside or not when it %s', (_name, state, given, answer) => {
    const next = run(state, aside, given);
    expect(typeof next === 'string' ? next : 'set aside').toBe(answer);
    if (typeof next !== 'string') expect(lotOf(next).results[0]).toMatchObject({ result: 'invalid' });
  });

  it('is tried again on the host’s word, and after another release', () => {
    const held = must(released(closed(3)), stall('centre'), facts(30));
    const others = [1, 2].reduce(
      (s, i) => must(s, { type: 'recordResult', lot: 'lot-1', result: shut(i) }, facts(31)),
      held,
    );
    expect(ticks(others)).toEqual([]);
    const again = must(others, { type: 'retry', lot: 'lot-1', manifestSha256: hex(10) }, facts(40));
    expect(ticks(again)).toEqual(['open lot-1']);
    expect(ticks(must(others, release(4, [0, 1, 2]), facts(40)))).toEqual(['open lot-1']);
  });
});

describe('disclosed opening identities', () => {
  const announced = (() => {
    const open = [0, 1, 2].reduce(
      (s, i) => must(s, { type: 'recordResult', lot: 'lot-1', result: shut(i) }, facts(30)),
      released(closed(3)),
    );
    return must(open, { type: 'announce', lot: 'lot-1', lotKey: hex(4), commitmentsSha256: hex(5) }, facts(40));
  })();
  it('never make a quorum, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 12 }), (positions) => {
        const end = positions.reduce((s, x) => {
          const next = run(
            s,
            { type: 'discloseIdentity', x, policy: present, most: 2, identitySha256: hex(x) },
            facts(50),
          );
          return typeof next === 'string' ? s : next;
        }, announced);
        expect(end.disclosed.length).toBe(Math.min(2, new Set(positions).size));
      }),
    );
  });

  it('stay secret before the announcement', () => {
    const early: OpeningCommand = { type: 'discloseIdentity', x: 1, policy: present, most: 2, identitySha256: hex(1) };
    expect(run(released(closed(3)), early, facts(50))).toBe('not-announced');
  });
});

describe('the record', () => {
  it('is out of date once somebody objects after it was drawn up', () => {
    const results: TenderResult[] = [0, 1, 2].map((i) => ({ ...shut(i), result: 'opened', code: null }));
    const opened = results.reduce(
      (s, result) => must(s, { type: 'recordResult', lot: 'lot-1', result }, facts(30)),
      released(closed(3)),
    );
    const announced = must(
      opened,
      { type: 'announce', lot: 'lot-1', lotKey: hex(4), commitmentsSha256: hex(5) },
      facts(40),
    );
    const confirmed = results.reduce(
      (s, { manifestSha256 }) => must(s, { type: 'confirm', lot: 'lot-1', manifestSha256 }, facts(50)),
      announced,
    );
    const drawn = must(confirmed, { type: 'drawUpRecord', factsSha256: hex(6), objections: 0 }, facts(60));
    const object: OpeningCommand = {
      type: 'object',
      lot: 'lot-1',
      id: 'o-1',
      manifestSha256: hex(10),
      text: '读错了工期',
    };
    const late = must(drawn, object, facts(61));
    const sign: OpeningCommand = {
      type: 'signRecord',
      factsSha256: hex(6),
      role: 'host',
      person: 'p-1',
      signatureSha256: hex(7),
    };
    expect(run(late, sign, facts(62))).toBe('record-changed');
    expect(run(late, { type: 'drawUpRecord', factsSha256: hex(6), objections: 0 }, facts(62))).toBe('objection-open');
    const answered = must(late, { type: 'answerObjection', lot: 'lot-1', id: 'o-1', text: '已更正' }, facts(63));
    const again = must(answered, { type: 'drawUpRecord', factsSha256: hex(8), objections: 1 }, facts(64));
    expect(again.record).toMatchObject({ factsSha256: hex(8), signatures: [] });
  });
});
