import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex, utf8 } from '../src/formats/bytes.ts';
import { statusesOf } from '../src/formats/close-set.ts';
import type { Manifest } from '../src/formats/manifest.ts';
import type { SealedAct } from '../src/formats/sealed-act.ts';
import { isRefusal } from '../src/platform/refusal.ts';
import {
  actOf,
  type ChainCommand,
  type ChainEvent,
  type ChainFacts,
  type ChainState,
  chainId,
  decideChain,
  evolveChain,
  initialChain,
  mostActs,
} from '../src/tenders/rules.ts';

const deadline = '2026-11-20T02:00:00.000000Z';
const policy = sha256Hex(utf8('policy'));
const hash = (text: string) => sha256Hex(utf8(text));
const factsAt = (receivedAt: string, more: Partial<ChainFacts> = {}): ChainFacts => ({
  receivedAt,
  lotOpen: true,
  deadline,
  questionsUntil: '2026-11-10T09:00:00.000000Z',
  invited: true,
  policyInForce: policy,
  manifestElsewhere: false,
  bondFen: null,
  ...more,
});
const inTime = factsAt('2026-11-19T02:00:00.000000Z');

const lot = 'lot-1';
const handle = hash('handle');
const fresh = initialChain(chainId(lot, handle));

/** Only what the rules look at stands in these manifests. */
const manifestOf = (act: 'seal' | 'withdraw', seq: number, prev: string | null, named = policy): Manifest =>
  ({ act, seq, prev, policy: named, lot }) as Manifest;

function filing(
  act: 'seal' | 'withdraw',
  seq: number,
  prev: string | null,
  change: { policy?: string; signerTag?: string; stored?: null } = {},
): Extract<ChainCommand, { type: 'fileTender' }> {
  const manifestSha256 = hash(`${act} ${seq} ${prev}`);
  const stored = {
    manifestSha256,
    manifest: '',
    signerSha256: hash('signer'),
    tenderSha256: act === 'seal' ? hash('tender') : null,
    envelopes: [],
  };
  return {
    type: 'fileTender',
    manifestSha256,
    manifest: manifestOf(act, seq, prev, change.policy),
    stored: change.stored === null ? null : stored,
    signerTag: change.signerTag ?? 'tag',
    formerTags: [],
  };
}

/** What came of a command: the refusal's code or the types of the events. */
function outcome(state: ChainState, command: ChainCommand, facts: ChainFacts): string {
  const decided = decideChain(state, command, facts);
  return isRefusal(decided) ? decided.code : decided.map((e) => e.type).join();
}

function played(state: ChainState, ...steps: readonly [ChainCommand, ChainFacts][]): ChainState {
  return steps.reduce((folded, [command, facts]) => {
    const decided = decideChain(folded, command, facts);
    if (isRefusal(decided)) throw new Error(decided.code);
    return decided.reduce(evolveChain, folded);
  }, state);
}

const first = filing('seal', 1, null);
const sealedOnce = played(fresh, [first, inTime]);
const second = filing('seal', 2, first.manifestSha256);
const takenBack = filing('withdraw', 2, first.manifestSha256);
const withdrawn = played(sealedOnce, [takenBack, inTime]);

describe('a chain of sealed acts', () => {
  it.each<[string, ChainState, ChainCommand, ChainFacts, string]>([
    ['the first seal', fresh, first, inTime, 'TenderSealed'],
    ['a replacement', sealedOnce, second, inTime, 'TenderSealed'],
    ['a withdrawal', sealedOnce, takenBack, inTime, 'TenderWithdrawn'],
    ['a seal after a withdrawal', withdrawn, filing('seal', 3, takenBack.manifestSha256), inTime, 'TenderSealed'],
    ['a second withdrawal', withdrawn, filing('withdraw', 3, takenBack.manifestSha256), inTime, 'nothing-to-withdraw'],
    ['a withdrawal of nothing', fresh, filing('withdraw', 1, null), inTime, 'nothing-to-withdraw'],
    ['a gap in the numbers', sealedOnce, filing('seal', 3, first.manifestSha256), inTime, 'chain-broken'],
    ['the same number again', sealedOnce, first, inTime, 'chain-broken'],
    ['a fork', sealedOnce, filing('seal', 2, hash('another')), inTime, 'chain-broken'],
    ['no predecessor', sealedOnce, filing('seal', 2, null), inTime, 'chain-broken'],
    ['a predecessor of nothing', fresh, filing('seal', 1, hash('x')), inTime, 'chain-broken'],
    [
      'another certificate',
      sealedOnce,
      filing('seal', 2, first.manifestSha256, { signerTag: 'other' }),
      inTime,
      'signer-changed',
    ],
    [
      'a withdrawal by another certificate',
      sealedOnce,
      filing('withdraw', 2, first.manifestSha256, { signerTag: 'other' }),
      inTime,
      'signer-changed',
    ],
    ['another policy', fresh, filing('seal', 1, null, { policy: hash('old') }), inTime, 'policy-not-current'],
    ['no policy in force', fresh, first, { ...inTime, policyInForce: null }, 'policy-not-current'],
    ['a lot that takes nothing', fresh, first, { ...inTime, lotOpen: false }, 'lot-not-open'],
    ['a stranger to an invited tender', fresh, first, { ...inTime, invited: false }, 'not-invited'],
    ["somebody else's manifest", fresh, first, { ...inTime, manifestElsewhere: true }, 'manifest-known'],
    ['no bond where one is asked for', fresh, first, { ...inTime, bondFen: '100' }, 'bond-missing'],
    ['at the deadline', fresh, first, factsAt(deadline), 'TenderLate'],
    ['a microsecond before it', fresh, first, factsAt('2026-11-20T01:59:59.999999Z'), 'TenderSealed'],
    ['a microsecond after it', fresh, first, factsAt('2026-11-20T02:00:00.000001Z'), 'TenderLate'],
    ['a late withdrawal', sealedOnce, takenBack, factsAt(deadline), 'TenderLate'],
    ['late and broken as well', sealedOnce, first, factsAt(deadline), 'TenderLate'],
    [
      'unread because it looked late, while the deadline moved',
      fresh,
      filing('seal', 1, null, { stored: null }),
      inTime,
      'deadline-moved',
    ],
    ['unread and late', fresh, filing('seal', 1, null, { stored: null }), factsAt(deadline), 'TenderLate'],
  ])('%s', (_name, state, command, facts, expected) => {
    expect(outcome(state, command, facts)).toBe(expected);
  });

  it('has an end: past it only a withdrawal in time is taken', () => {
    const full = { ...sealedOnce, questions: Array(mostActs).fill({ sha256: '', text: '', at: '' }) };
    const question: ChainCommand = { type: 'askQuestion', sha256: hash('q'), text: 'q' };
    const early = factsAt('2026-11-01T00:00:00.000000Z');
    expect([second, takenBack, question].map((command) => outcome(full, command, early))).toEqual([
      'acts-too-many',
      'TenderWithdrawn',
      'acts-too-many',
    ]);
    expect(outcome(full, takenBack, factsAt(deadline))).toBe('acts-too-many');
  });

  it('past the barrier a late tender is no sealed leaf any more: there is nothing left to hide', () => {
    const late = (at: string) => {
      const decided = decideChain(fresh, first, factsAt(at));
      return isRefusal(decided) ? null : actOf(decided[0]!)?.kind;
    };
    expect(late('2026-11-20T02:00:04.999999Z')).toBe('tender-late');
    expect(late('2026-11-20T02:00:05.000000Z')).toBeUndefined();
  });
});

describe('other sealed acts', () => {
  const guarantee = (amountFen: string): ChainCommand => ({
    type: 'recordGuarantee',
    amountFen,
    deedSha256: hash(amountFen),
  });
  const bonded = { ...inTime, bondFen: '100' };
  const question: ChainCommand = { type: 'askQuestion', sha256: hash('q'), text: 'q' };
  const decoy: ChainCommand = { type: 'fileDecoy', sha256: hash('d') };
  it.each<[string, ChainState, ChainCommand, ChainFacts, string]>([
    ['a guarantee of the sum', fresh, guarantee('100'), bonded, 'GuaranteeRecorded'],
    ['one fen less', fresh, guarantee('99'), bonded, 'bond-too-small'],
    ['compared as a number', fresh, guarantee('1000'), bonded, 'GuaranteeRecorded'],
    ['twice', played(fresh, [guarantee('100'), bonded]), guarantee('100'), bonded, 'bond-recorded'],
    ['with it the tender is taken', played(fresh, [guarantee('100'), bonded]), first, bonded, 'TenderSealed'],
    ['a guarantee at the deadline', fresh, guarantee('100'), factsAt(deadline), 'lot-not-open'],
    ['a question in time', fresh, question, factsAt('2026-11-10T08:59:59.999999Z'), 'QuestionAsked'],
    ['a question when the time is over', fresh, question, factsAt('2026-11-10T09:00:00.000000Z'), 'questions-closed'],
    ['a question to a lot that is not open', fresh, question, { ...inTime, lotOpen: false }, 'lot-not-open'],
    ['a decoy', fresh, decoy, inTime, 'DecoyFiled'],
    ['a decoy at the deadline', fresh, decoy, factsAt(deadline), 'lot-not-open'],
  ])('%s', (_name, state, command, facts, expected) => {
    expect(outcome(state, command, facts)).toBe(expected);
  });
});

/** What a bidder may try: with the right place in the chain or a wrong one, at some microsecond around the deadline. */
const attempt = fc.record({
  act: fc.constantFrom('seal' as const, 'withdraw' as const),
  seqOff: fc.constantFrom(0, 0, 0, 1, -1),
  prevRight: fc.boolean(),
  microseconds: fc.integer({ min: -6, max: 6 }),
});
const shifted = (instant: string, microseconds: number) =>
  Temporal.Instant.from(instant).add({ microseconds }).toString({ smallestUnit: 'microsecond' });

describe('whatever a bidder tries', () => {
  it('the chain has no gap, its last act counts, and the deadline is half open to the microsecond', () => {
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 12 }), (attempts) => {
        let state = fresh;
        const events: ChainEvent[] = [];
        // The database's clock never runs back.
        const times = attempts.map((a) => a.microseconds).toSorted((a, b) => a - b);
        for (const [i, { act, seqOff, prevRight }] of attempts.entries()) {
          const last = state.acts.at(-1);
          const seq = Math.max(1, (last?.seq ?? 0) + 1 + seqOff);
          const prev = prevRight ? (last?.manifestSha256 ?? null) : hash(`wrong ${i}`);
          const at = shifted(deadline, times[i]!);
          const decided = decideChain(state, filing(act, seq, prev), factsAt(at));
          if (isRefusal(decided)) {
            expect(at < deadline).toBe(true);
            continue;
          }
          for (const event of decided) {
            expect(event.type === 'TenderLate').toBe(at >= deadline);
            events.push(event);
            state = evolveChain(state, event);
          }
        }
        expect(state.acts.map((a) => a.seq)).toEqual(state.acts.map((_, i) => i + 1));
        for (const [i, kept] of state.acts.entries())
          expect(kept.at < deadline && (i > 0 || kept.act === 'seal')).toBe(true);
        expect(state).toEqual(events.reduce(evolveChain, fresh));
        const acts = events.map(actOf).filter((a): a is SealedAct => a !== null);
        const standing = acts.filter((_, i) => statusesOf(acts)[i] === 'standing');
        const end = state.acts.at(-1);
        expect(standing.map((a) => a.manifestSha256)).toEqual(end?.act === 'seal' ? [end.manifestSha256] : []);
      }),
      { numRuns: 300 },
    );
  });

  it('a refusal changes nothing and an event only its own chain', () => {
    fc.assert(
      fc.property(attempt, ({ act, seqOff, microseconds }) => {
        const before = JSON.stringify(sealedOnce);
        const command = filing(act, Math.max(1, 2 + seqOff), first.manifestSha256);
        const decided = decideChain(sealedOnce, command, factsAt(shifted(deadline, microseconds)));
        expect(JSON.stringify(sealedOnce)).toBe(before);
        if (!isRefusal(decided)) expect(decided.map((e) => [e.lot, e.handle])).toEqual([[lot, handle]]);
      }),
    );
  });
});
