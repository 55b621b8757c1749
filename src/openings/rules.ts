/** Decisions of an opening: barrier, close, release, results, announcement, confirmation, record (trust protocol 2.4 to 2.7). */
import type { DueTick } from '../journal/index.ts';
import type { Refusal } from '../platform/refusal.ts';
import { blockedByWitness, type Command, type Decision, plusSeconds } from './decision.ts';
import { retry, setAside } from './held-up-rules.ts';
import { discloseIdentity, drawUpRecord, issueRecord, signRecord } from './record-rules.ts';
import { openingRefusal } from './refusals.ts';
import type { LotState, OpeningCommand, OpeningEvent, OpeningFacts, OpeningState } from './state.ts';

/** Fewer than three standing tenders are not opened (TR 44). */
export const fewestTenders = 3;
/** Longer than an act may last (trust protocol 2.3: 2 s). */
const settleSeconds = 3;

/** Decides a command; see `OpeningFacts` for what must be read before. */
export function decideOpening(state: OpeningState, command: OpeningCommand, facts: OpeningFacts): Decision {
  if (command.type === 'schedule') return schedule(state, command, facts);
  if (state.lots.length === 0) return openingRefusal('opening-unknown');
  switch (command.type) {
    case 'raiseBarrier':
      return raiseBarrier(state, facts);
    case 'closeLot':
      return ofLot(state, command, (lot) => closeLot(state, lot, command, facts));
    case 'releaseKeys':
      return ofLot(state, command, (lot) => releaseKeys(state, lot, command, facts));
    case 'giveKey':
      return ofLot(state, command, (lot) => giveKey(lot, command, facts));
    case 'endKeys':
      return ofLot(state, command, (lot) => endKeys(lot, facts));
    case 'recordResult':
      return ofLot(state, command, (lot) => recordResult(lot, command, facts));
    case 'stall':
      return ofLot(state, command, (lot) => stall(lot, command, facts));
    case 'retry':
      return ofLot(state, command, (lot) => retry(lot, command, facts));
    case 'setAside':
      return ofLot(state, command, (lot) => setAside(lot, command, facts));
    case 'terminate':
      return terminate(state, facts);
    case 'openCommitments':
      return ofLot(state, command, (lot) => openCommitments(state, lot, command, facts));
    case 'announce':
      return ofLot(state, command, (lot) => announce(state, lot, command, facts));
    case 'confirm':
    case 'object':
      return ofLot(state, command, (lot) => answerOffer(state, lot, command, facts));
    case 'answerObjection':
      return ofLot(state, command, (lot) => answerObjection(lot, command, facts));
    case 'drawUpRecord':
      return drawUpRecord(state, command, facts);
    case 'signRecord':
      return signRecord(state, command, facts);
    case 'issueRecord':
      return issueRecord(state, command, facts);
    case 'discloseIdentity':
      return discloseIdentity(state, command, facts);
  }
}

function ofLot(state: OpeningState, { lot }: { lot: string }, decide: (lot: LotState) => Decision): Decision {
  const found = state.lots.find((l) => l.lot === lot);
  return found ? decide(found) : openingRefusal('lot-not-in-opening');
}

function schedule(state: OpeningState, command: Command<'schedule'>, facts: OpeningFacts): Decision {
  const { project, lots, deadline, mode, k, n } = command;
  if (state.barrier || state.terminatedAt !== null) return [];
  const same = state.lots.map((l) => l.lot).join() === lots.join() && state.mode === mode;
  if (same && state.deadline === deadline && state.k === k && state.n === n) return [];
  // A barrier stands on the deadline in the project at that moment; this only says when to look.
  return deadline > facts.now || state.lots.length === 0
    ? [{ type: 'OpeningScheduled', project, lots, deadline, mode, k, n }]
    : [];
}

function raiseBarrier(state: OpeningState, facts: OpeningFacts): Decision {
  if (state.barrier || state.terminatedAt !== null) return [];
  if (facts.paused) return openingRefusal('project-paused');
  if (facts.now < plusSeconds(facts.deadline, facts.barrierSeconds))
    return openingRefusal('deadline-not-reached', { deadline: facts.deadline });
  return [{ type: 'BarrierRaised', at: facts.now, deadline: facts.deadline, lots: state.lots.map((l) => l.lot) }];
}

function closeLot(state: OpeningState, lot: LotState, command: Command<'closeLot'>, facts: OpeningFacts): Decision {
  if (!state.barrier) return openingRefusal('deadline-not-reached', { deadline: facts.deadline });
  if (lot.status !== 'waiting') return [];
  const { setSha256, policy, k, n, barrier, acts, standing } = command;
  const keysUntil = state.mode === 'quorum' ? null : plusSeconds(facts.now, facts.keyMinutes * 60);
  const closed: OpeningEvent = {
    type: 'LotClosed',
    lot: lot.lot,
    at: facts.now,
    setSha256,
    policy,
    k,
    n,
    barrier,
    acts,
    standing,
    keysUntil,
  };
  return standing.length < fewestTenders
    ? [closed, { type: 'LotFailed', lot: lot.lot, at: facts.now, standing: standing.length }]
    : [closed];
}

function closedLot(lot: LotState): Refusal | null {
  if (lot.status === 'waiting') return openingRefusal('lot-not-closed');
  if (lot.status === 'terminated') return openingRefusal('lot-terminated');
  return lot.status === 'failed' ? openingRefusal('lot-failed') : null;
}

/** A project that has ended lets nothing begin; what is released already goes on to its announcement. */
function endedLot(lot: LotState, { ended }: OpeningFacts): Refusal | null {
  return ended && lot.releasedAt === null && !lot.keysEnded ? openingRefusal('lot-terminated') : null;
}

function releaseKeys(
  state: OpeningState,
  lot: LotState,
  command: Command<'releaseKeys'>,
  facts: OpeningFacts,
): Decision {
  const shut = closedLot(lot) ?? endedLot(lot, facts);
  if (shut) return shut;
  const needed = tendersForQuorum(state, lot);
  if (needed.length === 0 || lot.results.length === lot.close?.standing.length)
    return openingRefusal('release-not-needed');
  const blocked = blockedByWitness(facts);
  if (blocked) return blocked;
  if (!facts.closeCosigned) return openingRefusal('close-not-cosigned');
  if (lot.releases.some((r) => r.x === command.release.x)) return openingRefusal('already-released');
  // An officer who has lost the key of an earlier policy leaves its tenders out.
  const current = lot.close?.standing.filter((s) => s.policy === lot.close?.policy).map((s) => s.manifestSha256) ?? [];
  const { covers } = command;
  const whole = needed.every((m) => covers.includes(m) || !current.includes(m));
  if (!whole || !covers.every((m) => needed.includes(m)) || new Set(covers).size !== covers.length)
    return openingRefusal('release-incomplete', { expected: needed });
  const released: OpeningEvent = {
    type: 'KeyReleased',
    lot: lot.lot,
    at: facts.now,
    release: { ...command.release, at: facts.now },
  };
  return lot.releases.length + 1 === lot.close?.k
    ? [released, { type: 'LotReleased', lot: lot.lot, at: facts.now }]
    : [released];
}

/** Standing tenders that the officers must open: all in mode quorum, the absent bidders' after the keys' time otherwise. */
export function tendersForQuorum(state: Pick<OpeningState, 'mode'>, lot: LotState): string[] {
  const standing = lot.close?.standing.map((s) => s.manifestSha256) ?? [];
  if (state.mode === 'quorum') return standing;
  if (state.mode === 'bidder' || !lot.keysEnded) return [];
  return standing.filter((m) => !lot.keys.some((k) => k.manifestSha256 === m));
}

function giveKey(lot: LotState, command: Command<'giveKey'>, facts: OpeningFacts): Decision {
  const shut = closedLot(lot) ?? endedLot(lot, facts);
  if (shut) return shut;
  if (lot.keysUntil === null) return openingRefusal('keys-not-asked');
  if (lot.keysEnded || facts.now >= lot.keysUntil) return openingRefusal('keys-closed', { until: lot.keysUntil });
  if (!lot.close?.standing.some((s) => s.manifestSha256 === command.manifestSha256))
    return openingRefusal('tender-not-yours');
  if (lot.keys.some((k) => k.manifestSha256 === command.manifestSha256)) return openingRefusal('key-given-already');
  const { manifestSha256, keySha256 } = command;
  return [{ type: 'KeyGiven', lot: lot.lot, at: facts.now, manifestSha256, keySha256 }];
}

function endKeys(lot: LotState, facts: OpeningFacts): Decision {
  if (lot.keysUntil === null || lot.keysEnded || facts.now < lot.keysUntil || endedLot(lot, facts)) return [];
  const absent = (lot.close?.standing ?? [])
    .map((s) => s.manifestSha256)
    .filter((m) => !lot.keys.some((k) => k.manifestSha256 === m));
  return [{ type: 'KeysEnded', lot: lot.lot, at: facts.now, absent }];
}

function recordResult(lot: LotState, command: Command<'recordResult'>, facts: OpeningFacts): Decision {
  const { result } = command;
  if (!lot.close?.standing.some((s) => s.manifestSha256 === result.manifestSha256))
    return openingRefusal('lot-not-closed');
  // Opened once only, also after a crash between two results: the second writer finds the first one's.
  if (lot.results.some((r) => r.manifestSha256 === result.manifestSha256)) return openingRefusal('already-opened');
  return [{ type: 'TenderOpened', lot: lot.lot, at: facts.now, result }];
}

function stall(lot: LotState, command: Command<'stall'>, facts: OpeningFacts): Decision {
  const { manifestSha256, code, owner, releases } = command;
  if (lot.stalled.some((s) => s.manifestSha256 === manifestSha256 && s.releases === releases)) return [];
  return [{ type: 'OpeningStalled', lot: lot.lot, at: facts.now, manifestSha256, code, owner, releases }];
}

/**
 * Ends what nobody has read: lots that wait or are closed. Once enough shares are out, or the bidders' own keys may be used, the
 * opening is published whatever happens (trust protocol 2.5).
 */
function terminate(state: OpeningState, facts: OpeningFacts): Decision {
  if (state.terminatedAt !== null) return [];
  const lots = state.lots
    .filter((l) => l.status === 'waiting' || (l.status === 'closed' && !l.keysEnded))
    .map((l) => l.lot);
  return [{ type: 'OpeningTerminated', at: facts.now, lots }];
}

/** A failed or terminated lot is never announced; its sealed leaves are opened all the same, so that none is kept in reserve. */
function openCommitments(
  state: OpeningState,
  lot: LotState,
  { setSha256 }: Command<'openCommitments'>,
  facts: OpeningFacts,
): Decision {
  const at = commitmentsDue(state, lot);
  if (at === null) return [];
  if (facts.now < at) return openingRefusal('acts-under-way', { at });
  return [{ type: 'CommitmentsOpened', lot: lot.lot, at: facts.now, setSha256 }];
}

/** From when every sealed act of a lot that is not announced has been committed; null where nothing is left to open. */
function commitmentsDue(state: OpeningState, lot: LotState): string | null {
  if (lot.commitmentsSha256 !== null || (lot.status !== 'failed' && lot.status !== 'terminated')) return null;
  return settledAt(state);
}

/**
 * A late act is sealed until the barrier's seconds are over and may last some more; after that no sealed act comes. A termination
 * waited for the acts that held the project's row.
 */
function settledAt({ barrier, terminatedAt }: OpeningState): string | null {
  return barrier ? plusSeconds(barrier.at, settleSeconds) : terminatedAt;
}

function announce(state: OpeningState, lot: LotState, command: Command<'announce'>, facts: OpeningFacts): Decision {
  const shut = closedLot(lot);
  if (shut) return shut;
  if (lot.status === 'announced') return openingRefusal('already-announced');
  if (lot.status !== 'opened') return openingRefusal('not-all-opened');
  const settled = settledAt(state);
  if (settled !== null && facts.now < settled) return openingRefusal('acts-under-way', { at: settled });
  const blocked = blockedByWitness(facts);
  if (blocked) return blocked;
  const offers = lot.results
    .filter((r) => r.result === 'opened')
    .map(({ manifestSha256, offerSha256 }) => ({ manifestSha256, offerSha256 }));
  const { lotKey, commitmentsSha256 } = command;
  const confirmUntil = plusSeconds(facts.now, facts.confirmMinutes * 60);
  return [{ type: 'OffersAnnounced', lot: lot.lot, at: facts.now, lotKey, commitmentsSha256, confirmUntil, offers }];
}

function answerOffer(
  state: OpeningState,
  lot: LotState,
  command: Command<'confirm' | 'object'>,
  facts: OpeningFacts,
): Decision {
  if (lot.status !== 'announced' || lot.confirmUntil === null) return openingRefusal('not-announced');
  if (facts.now >= lot.confirmUntil || state.record?.pdf)
    return openingRefusal('confirmation-over', { until: lot.confirmUntil });
  const { manifestSha256 } = command;
  if (!lot.results.some((r) => r.manifestSha256 === manifestSha256)) return openingRefusal('tender-not-yours');
  if (command.type === 'object')
    return [
      { type: 'ObjectionRaised', lot: lot.lot, at: facts.now, id: command.id, manifestSha256, text: command.text },
    ];
  return lot.confirmed.includes(manifestSha256)
    ? []
    : [{ type: 'OfferConfirmed', lot: lot.lot, at: facts.now, manifestSha256 }];
}

function answerObjection(lot: LotState, command: Command<'answerObjection'>, facts: OpeningFacts): Decision {
  const objection = lot.objections.find((o) => o.id === command.id);
  if (!objection || objection.answer) return openingRefusal('objection-unknown');
  return [{ type: 'ObjectionAnswered', lot: lot.lot, at: facts.now, id: command.id, text: command.text }];
}

/** When time itself moves the opening on. */
export function dueOfOpening(state: OpeningState, barrierSeconds: number): DueTick[] {
  if (state.lots.length === 0) return [];
  const { terminatedAt } = state;
  if (!state.barrier && terminatedAt === null)
    return [{ tick: 'barrier', at: plusSeconds(state.deadline, barrierSeconds) }];
  const at = state.barrier?.at ?? terminatedAt ?? '';
  const signedAt = state.record?.signatures.at(-1)?.at;
  if (signedAt !== undefined && state.record?.signatures.length === 2 && !state.record.pdf)
    return [{ tick: 'issue-record', at: signedAt }];
  return state.lots.flatMap((lot): DueTick[] => {
    if (lot.status === 'waiting') return [{ tick: `close ${lot.lot}`, at }];
    const commitments = commitmentsDue(state, lot);
    if (commitments !== null) return [{ tick: `open-commitments ${lot.lot}`, at: commitments }];
    if (lot.keysUntil !== null && !lot.keysEnded && lot.status === 'closed')
      return [{ tick: `end-keys ${lot.lot}`, at: lot.keysUntil }];
    const ready = openable(state, lot).length > 0;
    return ready ? [{ tick: `open ${lot.lot}`, at: lot.releasedAt ?? lot.keysUntil ?? at }] : [];
  });
}

/** Standing tenders that can be opened now and have neither a result nor a reason to wait. */
export function openable(state: Pick<OpeningState, 'mode'>, lot: LotState): string[] {
  const keyed = lot.keysEnded ? (lot.close?.standing ?? []).map((s) => s.manifestSha256) : [];
  const quorum = tendersForQuorum(state, lot);
  const byKey = keyed.filter((m) => !quorum.includes(m));
  const candidates = lot.releasedAt === null ? byKey : [...byKey, ...quorum];
  return candidates.filter(
    (m) =>
      !lot.results.some((r) => r.manifestSha256 === m) &&
      !lot.stalled.some((s) => s.manifestSha256 === m && s.releases === lot.releases.length),
  );
}
