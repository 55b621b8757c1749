/** Decisions on the opening record, and on what may be disclosed once it is over (trust protocol 2.7). */
import { blockedByWitness, type Command, type Decision } from './decision.ts';
import { openingRefusal } from './refusals.ts';
import type { LotState, OpeningFacts, OpeningState } from './state.ts';

/** The record is drawn up when every lot has failed, or is announced with its time to object over and no objection unanswered. */
export function drawUpRecord(state: OpeningState, command: Command<'drawUpRecord'>, facts: OpeningFacts): Decision {
  for (const lot of state.lots.filter((l) => l.status !== 'failed' && l.status !== 'terminated')) {
    if (lot.status !== 'announced') return openingRefusal('not-announced', { lot: lot.lot });
    if (lot.objections.some((o) => !o.answer)) return openingRefusal('objection-open', { lot: lot.lot });
    const everybody = lot.results
      .filter((r) => r.result === 'opened')
      .every((r) => lot.confirmed.includes(r.manifestSha256));
    if (!everybody && facts.now < (lot.confirmUntil ?? ''))
      return openingRefusal('confirmation-running', { until: lot.confirmUntil });
  }
  const blocked = blockedByWitness(facts);
  if (blocked) return blocked;
  const { factsSha256, objections } = command;
  // Somebody objected between the reading and this act.
  if (objections !== objectionsIn(state)) return openingRefusal('record-changed');
  if (state.record?.factsSha256 === factsSha256) return [];
  return state.record?.pdf
    ? openingRefusal('record-signed')
    : [{ type: 'RecordDrawnUp', factsSha256, objections, at: facts.now }];
}

/** How many objections were raised; each has its answer before a record is drawn up. */
export const objectionsIn = (state: Pick<OpeningState, 'lots'>): number =>
  state.lots.reduce((sum, l) => sum + l.objections.length, 0);

export function signRecord(state: OpeningState, command: Command<'signRecord'>, facts: OpeningFacts): Decision {
  if (!state.record) return openingRefusal('record-not-ready');
  const { factsSha256, role, person, signatureSha256 } = command;
  if (state.record.factsSha256 !== factsSha256 || state.record.objections !== objectionsIn(state))
    return openingRefusal('record-changed');
  if (state.record.signatures.some((s) => s.role === role)) return openingRefusal('record-signed');
  return [{ type: 'RecordSigned', role, person, factsSha256, signatureSha256, at: facts.now }];
}

export function issueRecord(state: OpeningState, command: Command<'issueRecord'>, facts: OpeningFacts): Decision {
  if (!state.record || state.record.signatures.length < 2) return openingRefusal('record-not-ready');
  if (state.record.pdf) return [];
  const { pdfSha256, factsSha256, number } = command;
  return [{ type: 'RecordIssued', pdfSha256, factsSha256, number, at: facts.now }];
}

export function discloseIdentity(
  state: OpeningState,
  command: Command<'discloseIdentity'>,
  facts: OpeningFacts,
): Decision {
  if (!state.lots.every(isOver) || !state.lots.some((l) => l.status === 'announced'))
    return openingRefusal('not-announced');
  const { x, policy, most, identitySha256 } = command;
  const before = state.disclosed.filter((d) => d.policy === policy);
  if (before.some((d) => d.x === x)) return [];
  // A quorum of identities would read what must stay shut for ever: withdrawn, replaced, late and failed tenders (TL 29).
  if (before.length >= most) return openingRefusal('identities-enough', { most });
  return [{ type: 'IdentityDisclosed', x, policy, identitySha256, at: facts.now }];
}

const isOver = ({ status }: LotState): boolean => ['announced', 'failed', 'terminated'].includes(status);
