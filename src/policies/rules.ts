/**
 * The opening policy of one opening (trust protocol 2.1): host drafts, each officer gives a fresh recipient, each signs the
 * assembled document; with the last signature it is in force. A new draft replaces it later; tenders sealed under an older
 * policy stay under it.
 */
import { sha256Hex, utf8 } from '../formats/bytes.ts';
import { canonicalJson } from '../formats/canonical.ts';
import { type OfficerRole, type OpeningMode, type OpeningPolicy, openingPolicy } from '../formats/opening-policy.ts';
import type { Refusal } from '../platform/refusal.ts';
import { policyRefusal } from './refusals.ts';

export type OfficerSeat = { readonly role: OfficerRole; readonly person: string; readonly certSha256: string };
type Officer = OfficerSeat & {
  readonly x: number;
  readonly recipient: string | null;
  readonly rehearsal: {
    readonly valueSha256: string;
    readonly envelope: string;
    readonly passedAt: string | null;
  } | null;
};
export type Draft = {
  readonly lots: readonly string[];
  readonly deadline: string;
  readonly mode: OpeningMode;
  readonly k: number;
  readonly logPolicySha256: string | null;
  readonly officers: readonly Officer[];
};
export type StoredPolicy = {
  readonly sha256: string;
  /** The canonical text that was signed. */
  readonly text: string;
  /** Base64 of each officer's detached CMS signature. */
  readonly signatures: readonly { readonly x: number; readonly p7s: string }[];
  readonly formedAt: string | null;
};
export type PolicyState = {
  readonly id: string;
  readonly version: number;
  readonly draft: Draft | null;
  readonly policies: readonly StoredPolicy[];
  readonly inForce: string | null;
};

export type PolicyCommand =
  | ({ readonly type: 'draftPolicy'; readonly officers: readonly OfficerSeat[] } & Omit<Draft, 'officers'>)
  | { readonly type: 'giveOpeningKey'; readonly person: string; readonly recipient: string }
  | { readonly type: 'signPolicy'; readonly person: string; readonly policySha256: string; readonly p7s: string }
  | { readonly type: 'setRehearsal'; readonly x: number; readonly valueSha256: string; readonly envelope: string }
  | { readonly type: 'answerRehearsal'; readonly person: string; readonly valueSha256: string };

export type PolicyFacts = {
  readonly now: string;
  /** Seats whose certificate does not belong to the person or whose person lacks the role. */
  readonly unfit: readonly string[];
  readonly recipientUsed: boolean;
};

export type PolicyEvent =
  | { readonly type: 'PolicyDrafted'; readonly draft: Draft }
  | { readonly type: 'OpeningKeyGiven'; readonly x: number; readonly recipient: string }
  | { readonly type: 'PolicyAssembled'; readonly sha256: string; readonly text: string }
  | { readonly type: 'PolicySigned'; readonly sha256: string; readonly x: number; readonly p7s: string }
  | {
      readonly type: 'PolicyFormed';
      readonly sha256: string;
      readonly at: string;
      readonly lots: readonly string[];
      readonly deadline: string;
    }
  | { readonly type: 'RehearsalSet'; readonly x: number; readonly valueSha256: string; readonly envelope: string }
  | { readonly type: 'RehearsalPassed'; readonly x: number; readonly at: string };

export const initialPolicy = (id: string): PolicyState => ({
  id,
  version: 0,
  draft: null,
  policies: [],
  inForce: null,
});

type Decision = Refusal | readonly PolicyEvent[];

export function decidePolicy(state: PolicyState, command: PolicyCommand, facts: PolicyFacts): Decision {
  switch (command.type) {
    case 'draftPolicy':
      return draftPolicy(state, command, facts);
    case 'giveOpeningKey':
      return giveOpeningKey(state, command, facts);
    case 'signPolicy':
      return signPolicy(state, command, facts);
    case 'setRehearsal':
      return state.inForce === null
        ? policyRefusal('policy-not-in-force')
        : [{ type: 'RehearsalSet', x: command.x, valueSha256: command.valueSha256, envelope: command.envelope }];
    case 'answerRehearsal':
      return answerRehearsal(state, command, facts);
  }
}

function draftPolicy(
  state: PolicyState,
  command: Extract<PolicyCommand, { type: 'draftPolicy' }>,
  facts: PolicyFacts,
): Decision {
  const { lots, deadline, mode, k, logPolicySha256, officers } = command;
  if (deadline <= facts.now) return policyRefusal('deadline-not-future', { deadline, now: facts.now });
  if (officers.length < k) return policyRefusal('officers-too-few', { officers: officers.length, k });
  if (new Set(officers.map((o) => o.person)).size !== officers.length) return policyRefusal('officer-twice');
  if (facts.unfit.length > 0) return policyRefusal('officer-role-missing', { persons: facts.unfit });
  // Host and tenderer are the side that wants a result; they must never suffice alone (trust protocol 2.1).
  const buyingSide = officers.filter((o) => o.role === 'host' || o.role === 'tenderer').length;
  if (buyingSide >= k) return policyRefusal('quorum-too-weak', { k, buyingSide });
  const broken = brokenPromise(state, command);
  if (broken) return broken;
  const seated = officers.map((o, i) => ({ ...o, x: i + 1, recipient: null, rehearsal: null }));
  return [{ type: 'PolicyDrafted', draft: { lots, deadline, mode, k, logPolicySha256, officers: seated } }];
}

/**
 * Tenders may stand under every policy that was in force, and nobody may know whether any do. So a new one must leave those
 * before it openable: the same way of opening, and of each at least k officers who keep their seat (decision 0008).
 */
function brokenPromise(state: PolicyState, command: Extract<PolicyCommand, { type: 'draftPolicy' }>): Refusal | null {
  for (const { text, formedAt } of state.policies) {
    if (formedAt === null) continue;
    const earlier = openingPolicy.parse(JSON.parse(text));
    if (earlier.mode !== command.mode) return policyRefusal('mode-fixed', { mode: earlier.mode });
    const seatOf = (certSha256: string) => command.officers.findIndex((o) => o.certSha256 === certSha256) + 1;
    const kept = earlier.officers.filter((o) => seatOf(o.certSha256) !== 0);
    if (kept.some((o) => seatOf(o.certSha256) !== o.x)) return policyRefusal('officer-moved');
    if (kept.length < earlier.k) return policyRefusal('officers-too-changed', { kept: kept.length, needed: earlier.k });
  }
  return null;
}

function giveOpeningKey(
  state: PolicyState,
  command: Extract<PolicyCommand, { type: 'giveOpeningKey' }>,
  facts: PolicyFacts,
): Decision {
  if (!state.draft) return policyRefusal('policy-not-drafted');
  const officer = state.draft.officers.find((o) => o.person === command.person);
  if (!officer) return policyRefusal('not-an-officer');
  if (officer.recipient === command.recipient) return [];
  if (facts.recipientUsed || state.draft.officers.some((o) => o.recipient === command.recipient))
    return policyRefusal('recipient-reused');
  const given: PolicyEvent = { type: 'OpeningKeyGiven', x: officer.x, recipient: command.recipient };
  const after = evolvePolicy(state, given).draft;
  if (!after?.officers.every((o) => o.recipient !== null)) return [given];
  const text = canonicalJson(assemble(state.id, after));
  const sha256 = sha256Hex(utf8(text));
  if (state.policies.some((p) => p.sha256 === sha256)) return policyRefusal('policy-unchanged', { sha256 });
  return [given, { type: 'PolicyAssembled', sha256, text }];
}

/** The document that the officers sign. */
function assemble(opening: string, draft: Draft): OpeningPolicy {
  return openingPolicy.parse({
    type: 'yangguang.org/opening-policy/v1',
    suite: 'YG1',
    opening,
    lots: draft.lots,
    deadline: draft.deadline,
    mode: draft.mode,
    k: draft.k,
    officers: draft.officers.map(({ x, role, certSha256, recipient }) => ({ x, role, certSha256, recipient })),
    logPolicySha256: draft.logPolicySha256,
  });
}

function signPolicy(
  state: PolicyState,
  command: Extract<PolicyCommand, { type: 'signPolicy' }>,
  facts: PolicyFacts,
): Decision {
  if (!state.draft) return policyRefusal('policy-not-drafted');
  const officer = state.draft.officers.find((o) => o.person === command.person);
  if (!officer) return policyRefusal('not-an-officer');
  const policy = state.policies.at(-1);
  if (!policy || !state.draft.officers.every((o) => o.recipient !== null)) return policyRefusal('policy-not-assembled');
  if (policy.sha256 !== command.policySha256) return policyRefusal('policy-changed', { expected: policy.sha256 });
  if (policy.signatures.some((s) => s.x === officer.x)) return policyRefusal('already-signed');
  const signed: PolicyEvent = { type: 'PolicySigned', sha256: policy.sha256, x: officer.x, p7s: command.p7s };
  if (policy.signatures.length + 1 < state.draft.officers.length) return [signed];
  if (state.draft.deadline <= facts.now)
    return policyRefusal('deadline-not-future', { deadline: state.draft.deadline });
  const { lots, deadline } = state.draft;
  return [signed, { type: 'PolicyFormed', sha256: policy.sha256, at: facts.now, lots, deadline }];
}

function answerRehearsal(
  state: PolicyState,
  command: Extract<PolicyCommand, { type: 'answerRehearsal' }>,
  facts: PolicyFacts,
): Decision {
  const officer = state.draft?.officers.find((o) => o.person === command.person);
  if (!officer) return policyRefusal('not-an-officer');
  if (!officer.rehearsal) return policyRefusal('rehearsal-not-set');
  if (officer.rehearsal.valueSha256 !== command.valueSha256) return policyRefusal('rehearsal-wrong');
  return [{ type: 'RehearsalPassed', x: officer.x, at: facts.now }];
}

export function evolvePolicy(state: PolicyState, event: PolicyEvent): PolicyState {
  switch (event.type) {
    case 'PolicyDrafted':
      return { ...state, version: state.version + 1, draft: event.draft };
    case 'OpeningKeyGiven':
      return withOfficer(state, event.x, { recipient: event.recipient, rehearsal: null });
    case 'PolicyAssembled':
      return {
        ...state,
        policies: [...state.policies, { sha256: event.sha256, text: event.text, signatures: [], formedAt: null }],
      };
    case 'PolicySigned':
      return withPolicy(state, event.sha256, (p) => ({
        ...p,
        signatures: [...p.signatures, { x: event.x, p7s: event.p7s }],
      }));
    case 'PolicyFormed':
      return { ...withPolicy(state, event.sha256, (p) => ({ ...p, formedAt: event.at })), inForce: event.sha256 };
    case 'RehearsalSet':
      return withOfficer(state, event.x, {
        rehearsal: { valueSha256: event.valueSha256, envelope: event.envelope, passedAt: null },
      });
    case 'RehearsalPassed': {
      const officer = state.draft?.officers.find((o) => o.x === event.x);
      return officer?.rehearsal
        ? withOfficer(state, event.x, { rehearsal: { ...officer.rehearsal, passedAt: event.at } })
        : state;
    }
  }
}

function withOfficer(state: PolicyState, x: number, change: Partial<Officer>): PolicyState {
  if (!state.draft) return state;
  const officers = state.draft.officers.map((o) => (o.x === x ? { ...o, ...change } : o));
  return { ...state, draft: { ...state.draft, officers } };
}

function withPolicy(state: PolicyState, sha256: string, change: (p: StoredPolicy) => StoredPolicy): PolicyState {
  return { ...state, policies: state.policies.map((p) => (p.sha256 === sha256 ? change(p) : p)) };
}
