/** The ways on for a tender whose opening is held up by the centre or an officer. */
import { blockedByWitness, type Command, type Decision, plusSeconds } from './decision.ts';
import { openingRefusal } from './refusals.ts';
import type { LotState, OpeningFacts } from './state.ts';

/** Half an hour to restore a file or fetch an officer before a tender may be set aside. */
const repairSeconds = 1800;

export function retry(lot: LotState, { manifestSha256 }: Command<'retry'>, facts: OpeningFacts): Decision {
  return lot.stalled.some((s) => s.manifestSha256 === manifestSha256) && !hasResult(lot, manifestSha256)
    ? [{ type: 'OpeningRetried', lot: lot.lot, at: facts.now, manifestSha256 }]
    : openingRefusal('tender-not-stalled');
}

/**
 * What the centre or an officer cannot put right must not hold up the others for ever: the tender counts as withdrawn, with
 * damages from whoever was at fault (EB 31). Only after every officer was heard where the trouble is the shares, after a time to
 * put it right, and with the witness's signature on the opening since it stalled.
 */
export function setAside(lot: LotState, { result, reason }: Command<'setAside'>, facts: OpeningFacts): Decision {
  const { manifestSha256 } = result;
  const stalled = lot.stalled.find((s) => s.manifestSha256 === manifestSha256);
  if (!stalled || hasResult(lot, manifestSha256)) return openingRefusal('tender-not-stalled');
  if (stalled.owner === 'officer' && lot.releases.length < (lot.close?.n ?? 0))
    return openingRefusal('officers-not-heard', { released: lot.releases.length, officers: lot.close?.n });
  const until = plusSeconds(stalled.at, repairSeconds);
  if (facts.now < until) return openingRefusal('repair-time-running', { until });
  const blocked = blockedByWitness(facts);
  if (blocked) return blocked;
  const { code, owner } = stalled;
  return [
    { type: 'TenderSetAside', lot: lot.lot, at: facts.now, manifestSha256, code, owner, reason },
    { type: 'TenderOpened', lot: lot.lot, at: facts.now, result: { ...result, result: 'invalid', code } },
  ];
}

const hasResult = (lot: LotState, manifestSha256: string): boolean =>
  lot.results.some((r) => r.manifestSha256 === manifestSha256);
