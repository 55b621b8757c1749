/**
 * The chain of sealed acts of one bidder on one lot (trust protocol 2.3). Its subject is LOT:HANDLE, so rows name nobody.
 * The last act below the barrier counts; a late tender is a rejection, recorded by its hash only.
 */
import type { Manifest } from '../formats/manifest.ts';
import type { SealedAct, SealedActKind } from '../formats/sealed-act.ts';
import type { Refusal } from '../platform/refusal.ts';
import { tenderRefusal } from './refusals.ts';

/** Where the parts of a sealed tender lie in the file store, by SHA-256. */
export type StoredTender = {
  readonly manifestSha256: string;
  /** Base64 of the canonical manifest. */
  readonly manifest: string;
  /** manifest.json.p7s, encrypted so that only the opening shows who signed. */
  readonly signerSha256: string;
  readonly tenderSha256: string | null;
  readonly envelopes: readonly { readonly x: number; readonly sha256: string }[];
};

export type ChainAct = StoredTender & {
  readonly act: 'seal' | 'withdraw';
  readonly seq: number;
  readonly policy: string;
  readonly at: string;
};

export type ChainState = {
  readonly id: string;
  readonly lot: string;
  readonly handle: string;
  readonly decoy: boolean;
  readonly acts: readonly ChainAct[];
  readonly late: readonly { readonly manifestSha256: string; readonly at: string }[];
  /** HMAC of the certificate under the lot's key: later acts must come from the same one. */
  readonly signerTag: string | null;
  readonly bond: { readonly amountFen: string; readonly deedSha256: string; readonly at: string } | null;
  readonly questions: readonly { readonly sha256: string; readonly text: string; readonly at: string }[];
};

export type ChainCommand =
  | {
      readonly type: 'fileTender';
      readonly manifestSha256: string;
      readonly manifest: Manifest;
      /** Null when the tender came so late that nothing of it was read or kept. */
      readonly stored: StoredTender | null;
      readonly signerTag: string;
      /** Tags of the certificates that this one follows by journaled changes. */
      readonly formerTags: readonly string[];
    }
  | { readonly type: 'recordGuarantee'; readonly amountFen: string; readonly deedSha256: string }
  | { readonly type: 'askQuestion'; readonly sha256: string; readonly text: string }
  | { readonly type: 'fileDecoy'; readonly sha256: string };

/** What the lot says at the moment of the act, read under its lock. */
export type ChainFacts = {
  /** The database's time once the lot's lock was held: whoever waited for it past the deadline is late. */
  readonly receivedAt: string;
  readonly lotOpen: boolean;
  readonly deadline: string;
  readonly questionsUntil: string;
  readonly invited: boolean;
  readonly policyInForce: string | null;
  /** Another chain of the lot holds this very manifest. */
  readonly manifestElsewhere: boolean;
  readonly bondFen: string | null;
};

type Acted = { readonly lot: string; readonly handle: string; readonly at: string };
export type ChainEvent =
  | (Acted & { readonly type: 'TenderSealed' | 'TenderWithdrawn'; readonly act: ChainAct; readonly signerTag: string })
  | (Acted & {
      readonly type: 'TenderLate';
      readonly manifestSha256: string;
      readonly seq: number;
      readonly afterBarrier: boolean;
    })
  | (Acted & { readonly type: 'GuaranteeRecorded'; readonly amountFen: string; readonly deedSha256: string })
  | (Acted & { readonly type: 'QuestionAsked'; readonly sha256: string; readonly text: string })
  | (Acted & { readonly type: 'DecoyFiled'; readonly sha256: string });

/** The barrier stands this long after the deadline: longer than any act may last (trust protocol 2.4). */
export const barrierSeconds = 5;

export const chainId = (lot: string, handle: string): string => `${lot}:${handle}`;

export function initialChain(id: string): ChainState {
  const [lot = '', handle = ''] = id.split(':');
  return { id, lot, handle, decoy: false, acts: [], late: [], signerTag: null, bond: null, questions: [] };
}

/** Acts that one bidder may file on a lot; each makes the row longer. A withdrawal in time is always taken. */
export const mostActs = 200;
const isFull = (state: ChainState): boolean =>
  state.acts.length + state.late.length + state.questions.length >= mostActs;

type Decision = Refusal | readonly ChainEvent[];

export function decideChain(state: ChainState, command: ChainCommand, facts: ChainFacts): Decision {
  const acted = { lot: state.lot, handle: state.handle, at: facts.receivedAt };
  switch (command.type) {
    case 'fileTender':
      return fileTender(state, command, facts, acted);
    case 'recordGuarantee':
      return recordGuarantee(state, command, facts, acted);
    case 'askQuestion':
      if (!facts.lotOpen) return tenderRefusal('lot-not-open');
      if (facts.receivedAt >= facts.questionsUntil)
        return tenderRefusal('questions-closed', { until: facts.questionsUntil });
      if (isFull(state)) return tenderRefusal('acts-too-many', { most: mostActs });
      return [{ ...acted, type: 'QuestionAsked', sha256: command.sha256, text: command.text }];
    case 'fileDecoy':
      return facts.lotOpen && facts.receivedAt < facts.deadline
        ? [{ ...acted, type: 'DecoyFiled', sha256: command.sha256 }]
        : tenderRefusal('lot-not-open');
  }
}

function fileTender(
  state: ChainState,
  command: Extract<ChainCommand, { type: 'fileTender' }>,
  facts: ChainFacts,
  acted: Acted,
): Decision {
  const { manifest, manifestSha256, stored, signerTag, formerTags } = command;
  if (!facts.lotOpen) return tenderRefusal('lot-not-open');
  if (!facts.invited) return tenderRefusal('not-invited');
  // Half open: received strictly before the instant is in time (TR 36; rules 8). Judged by the database's clock under the lock.
  if (isFull(state) && (manifest.act === 'seal' || facts.receivedAt >= facts.deadline))
    return tenderRefusal('acts-too-many', { most: mostActs });
  if (facts.receivedAt >= facts.deadline) {
    const afterBarrier = microsecondsAfter(facts.deadline, facts.receivedAt) >= BigInt(barrierSeconds) * 1_000_000n;
    return [{ ...acted, type: 'TenderLate', manifestSha256, seq: manifest.seq, afterBarrier }];
  }
  // It looked late when it came, so nothing was read of it; meanwhile the deadline has been put off.
  if (!stored) return tenderRefusal('deadline-moved', { deadline: facts.deadline });
  // A manifest names nobody, so two bidders could sign the same one; the opening then could not tell their tenders apart.
  if (facts.manifestElsewhere) return tenderRefusal('manifest-known');
  const last = state.acts.at(-1);
  const expected = { seq: (last?.seq ?? 0) + 1, prev: last?.manifestSha256 ?? null };
  if (manifest.seq !== expected.seq || manifest.prev !== expected.prev) return tenderRefusal('chain-broken', expected);
  const known = [signerTag, ...formerTags];
  if (state.signerTag !== null && !known.includes(state.signerTag)) return tenderRefusal('signer-changed');
  if (manifest.policy !== facts.policyInForce)
    return tenderRefusal('policy-not-current', { policy: facts.policyInForce });
  const act: ChainAct = {
    ...stored,
    act: manifest.act,
    seq: manifest.seq,
    policy: manifest.policy,
    at: facts.receivedAt,
  };
  if (manifest.act === 'withdraw')
    return last?.act === 'seal'
      ? [{ ...acted, type: 'TenderWithdrawn', act, signerTag }]
      : tenderRefusal('nothing-to-withdraw');
  if (facts.bondFen !== null && !state.bond) return tenderRefusal('bond-missing', { bondFen: facts.bondFen });
  return [{ ...acted, type: 'TenderSealed', act, signerTag }];
}

function recordGuarantee(
  state: ChainState,
  command: Extract<ChainCommand, { type: 'recordGuarantee' }>,
  facts: ChainFacts,
  acted: Acted,
): Decision {
  if (!facts.lotOpen || facts.receivedAt >= facts.deadline) return tenderRefusal('lot-not-open');
  if (state.bond) return tenderRefusal('bond-recorded');
  if (BigInt(command.amountFen) < BigInt(facts.bondFen ?? '0'))
    return tenderRefusal('bond-too-small', { bondFen: facts.bondFen });
  return [{ ...acted, type: 'GuaranteeRecorded', amountFen: command.amountFen, deedSha256: command.deedSha256 }];
}

/** Microseconds from one RFC 3339 instant to a later one; negative when it is earlier. */
function microsecondsAfter(from: string, to: string): bigint {
  return (Temporal.Instant.from(to).epochNanoseconds - Temporal.Instant.from(from).epochNanoseconds) / 1000n;
}

export function evolveChain(state: ChainState, event: ChainEvent): ChainState {
  switch (event.type) {
    case 'TenderSealed':
    case 'TenderWithdrawn':
      return { ...state, acts: [...state.acts, event.act], signerTag: event.signerTag };
    case 'TenderLate':
      return { ...state, late: [...state.late, { manifestSha256: event.manifestSha256, at: event.at }] };
    case 'GuaranteeRecorded':
      return { ...state, bond: { amountFen: event.amountFen, deedSha256: event.deedSha256, at: event.at } };
    case 'QuestionAsked':
      return { ...state, questions: [...state.questions, { sha256: event.sha256, text: event.text, at: event.at }] };
    case 'DecoyFiled':
      return { ...state, decoy: true };
  }
}

/** The act document behind the leaf of an event; null for a tender that came after the barrier, which is published openly. */
export function actOf(event: ChainEvent): SealedAct | null {
  const head = { type: 'yangguang.org/act/v1' as const, lot: event.lot, handle: event.handle, at: event.at };
  const act = (kind: SealedActKind, seq: number, manifestSha256: string): SealedAct => ({
    ...head,
    kind,
    seq,
    manifestSha256,
  });
  switch (event.type) {
    case 'TenderSealed':
      return act('tender-sealed', event.act.seq, event.act.manifestSha256);
    case 'TenderWithdrawn':
      return act('tender-withdrawn', event.act.seq, event.act.manifestSha256);
    case 'TenderLate':
      return event.afterBarrier ? null : act('tender-late', event.seq, event.manifestSha256);
    case 'GuaranteeRecorded':
      return act('bond', 0, event.deedSha256);
    case 'QuestionAsked':
      return act('question', 0, event.sha256);
    case 'DecoyFiled':
      return act('decoy', 0, event.sha256);
  }
}
