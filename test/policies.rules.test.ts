/** Changing an opening policy: what a new draft must leave openable, and whose keys it may keep. */
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../src/platform/refusal.ts';
import {
  decidePolicy,
  evolvePolicy,
  initialPolicy,
  type OfficerSeat,
  type PolicyCommand,
  type PolicyState,
} from '../src/policies/rules.ts';

const roles = ['host', 'tenderer', 'witness', 'supervisor'] as const;
const seat = (n: number): OfficerSeat => ({
  role: roles[(n - 1) % 4]!,
  person: `person-${n}`,
  certSha256: String(n).padStart(64, '0'),
});
const letters = 'qpzry9x8gf2tvdw0';
const recipient = (n: number) => `age1${letters[n]!.repeat(58)}`;
const facts = { now: '2026-11-01T00:00:00.000000Z', unfit: [], recipientUsed: false };

const codeOf = (state: PolicyState, command: PolicyCommand): string => {
  const decided = decidePolicy(state, command, facts);
  return isRefusal(decided) ? decided.code : 'done';
};
const must = (state: PolicyState, command: PolicyCommand): PolicyState => {
  const decided = decidePolicy(state, command, facts);
  if (isRefusal(decided)) throw new Error(decided.code);
  return decided.reduce(evolvePolicy, state);
};
const draft = (
  seats: readonly number[],
  more: Partial<Extract<PolicyCommand, { type: 'draftPolicy' }>> = {},
): PolicyCommand => ({
  type: 'draftPolicy',
  lots: ['lot-1'],
  deadline: '2026-11-24T01:00:00.000000Z',
  mode: 'quorum',
  k: 3,
  logPolicySha256: null,
  officers: seats.map(seat),
  ...more,
});
const give = (state: PolicyState, seats: readonly number[], keys: readonly number[]) =>
  seats.reduce(
    (s, n, i) =>
      must(s, { type: 'giveOpeningKey', person: `person-${n}`, recipient: recipient(keys[i]!) } as PolicyCommand),
    state,
  );
const sign = (state: PolicyState, seats: readonly number[]) =>
  seats.reduce(
    (s, n) =>
      must(s, {
        type: 'signPolicy',
        person: `person-${n}`,
        policySha256: s.policies.at(-1)!.sha256,
        p7s: 'AA==',
      } as PolicyCommand),
    state,
  );
const first = [1, 2, 3, 4];
const formed = sign(give(must(initialPolicy('opening-1'), draft(first)), first, [1, 2, 3, 4]), first);

describe('a new draft after a policy was in force', () => {
  it.each<[string, PolicyCommand, string]>([
    ['keeps everybody', draft(first), 'done'],
    ['replaces one officer', draft([1, 2, 3, 8]), 'done'],
    ['adds an officer', draft([1, 2, 3, 4, 7]), 'done'],
    ['replaces two of four, so that two are left of three needed', draft([1, 2, 7, 8]), 'officers-too-changed'],
    ['changes seats', draft([2, 1, 3, 4]), 'officer-moved'],
    ['changes the way of opening', draft(first, { mode: 'bidder' }), 'mode-fixed'],
    ['asks for more officers', draft(first, { k: 4 }), 'done'],
  ])('that %s', (_name, command, code) => {
    expect(codeOf(formed, command)).toBe(code);
  });

  it('looks at every policy that was in force, not only the last', () => {
    const second = sign(give(must(formed, draft([1, 2, 3, 8])), [1, 2, 3, 8], [1, 2, 3, 8]), [1, 2, 3, 8]);
    expect(codeOf(second, draft([1, 2, 7, 8]))).toBe('officers-too-changed');
    expect(codeOf(second, draft([1, 2, 3, 4]))).toBe('done');
  });

  it('leaves the old one in force until every officer has signed', () => {
    const drafted = give(must(formed, draft(first)), first, [1, 2, 3, 9]);
    expect(drafted.inForce).toBe(formed.inForce);
    expect(sign(drafted, [1, 2, 3]).inForce).toBe(formed.inForce);
    expect(sign(drafted, first).inForce).not.toBe(formed.inForce);
  });

  it('that changes nothing makes no second policy', () => {
    const again = give(must(formed, draft(first)), [1, 2, 3], [1, 2, 3]);
    expect(codeOf(again, { type: 'giveOpeningKey', person: 'person-4', recipient: recipient(4) })).toBe(
      'policy-unchanged',
    );
  });

  it('before any was in force may be anything', () => {
    expect(codeOf(must(initialPolicy('opening-1'), draft(first)), draft([5, 6, 7, 8], { mode: 'bidder' }))).toBe(
      'done',
    );
  });
});
