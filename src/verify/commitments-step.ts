/** Receipts, and the promise that every sealed leaf is opened by a later entry: nobody's act was dropped, none was kept in reserve. */
import { z } from 'zod';
import { bundlePath } from '../formats/bundle.ts';
import { equalBytes, fromHex } from '../formats/bytes.ts';
import { parseCanonical } from '../formats/canonical.ts';
import { type CommitmentSet, closeSet, commitmentSet } from '../formats/close-set.ts';
import { FormatError } from '../formats/format-error.ts';
import { leafHash } from '../formats/log/merkle.ts';
import { parseTlogProof, verifyTlogProof } from '../formats/log/tlog-proof.ts';
import { sha256Text } from '../formats/primitives.ts';
import { commitmentOf, handleOf, sealedAct, sealedLeafBytes } from '../formats/sealed-act.ts';
import { needed } from './bundle-reader.ts';
import { requireCommitment } from './close-step.ts';
import { type Evidence, entriesOf, requireHash } from './evidence.ts';
import { requireExtends } from './log-steps.ts';

const receiptExtra = z.strictObject({ act: sealedAct, salt: sha256Text });

/** Each receipt holds by itself, is in this log, and its act stands in the close set. Throws `tender-dropped` and proof codes. */
export async function checkReceipts(evidence: Evidence): Promise<string> {
  for (const text of evidence.receipts) {
    const proof = parseTlogProof(text);
    if (!proof.extra) throw new FormatError('commitment-mismatch', 'the receipt does not say what it is for');
    const { act, salt } = parseCanonical(receiptExtra, proof.extra);
    const leaf = sealedLeafBytes(commitmentOf(fromHex(salt), act));
    // A receipt may be older than any cosignature: it needs the log's signature only.
    verifyTlogProof(proof, leaf, { ...evidence.trust.policy, quorum: 'none' });
    requireExtends(evidence, proof.checkpoint);
    const index = Number(proof.index);
    const ours = evidence.hashes[index];
    if (!ours || !equalBytes(ours, leafHash(leaf)))
      throw new FormatError('consistency-proof', `leaf ${index} is another one now`);
    const set = evidence.closed.get(act.lot);
    const tender = act.kind === 'tender-sealed' || act.kind === 'tender-withdrawn' || act.kind === 'tender-late';
    const barrier = entriesOf(evidence, 'close', act.lot)[0]?.body.barrier ?? Number.POSITIVE_INFINITY;
    if (set && tender && index < barrier && !set.acts.some((a) => a.index === index))
      throw new FormatError(
        'tender-dropped',
        `act ${index} of lot ${act.lot} has a receipt and is not in the close set`,
      );
  }
  return `${evidence.receipts.length} 份 / receipts`;
}

/** Commitment sets, handles, and no sealed leaf left shut. Throws `commitment-mismatch`, `handle-mismatch`, `orphan-commitment`. */
export async function checkCommitments(evidence: Evidence): Promise<string> {
  const opened = new Set<number>();
  for (const lot of evidence.about.lots) {
    for (const act of evidence.closed.get(lot)?.acts ?? []) opened.add(act.index);
    for (const act of (await commitmentsOf(evidence, lot))?.acts ?? []) {
      requireCommitment(evidence, lot, act);
      if (opened.has(act.index)) throw new FormatError('commitment-mismatch', `leaf ${act.index} is opened twice`);
      opened.add(act.index);
    }
    requireHandles(evidence, lot);
  }
  for (const index of await openedElsewhere(evidence)) opened.add(index);
  return requireNoOrphans(evidence, opened);
}

/** The commitment set that the announcement (or the opening of a lot that failed) names. */
async function commitmentsOf(evidence: Evidence, lot: string): Promise<CommitmentSet | null> {
  const named =
    entriesOf(evidence, 'announced', lot)[0]?.body.commitmentsSha256 ??
    entriesOf(evidence, 'commitments-opened', lot)[0]?.body.setSha256;
  if (named === undefined) return null;
  const bytes = await needed(evidence.bundle, bundlePath.commitments(lot));
  requireHash(bytes, named, 'commitment-mismatch', `the commitment set of lot ${lot}`);
  return parseCanonical(commitmentSet, bytes);
}

/** With K_lot published, the handle of each opened tender is its bidder's own, and no two bidders share one. */
function requireHandles(evidence: Evidence, lot: string): void {
  const announced = entriesOf(evidence, 'announced', lot)[0];
  const set = evidence.closed.get(lot);
  if (!announced || !set) return;
  const key = fromHex(announced.body.lotKey);
  const seen = new Map<string, string>();
  for (const { body } of entriesOf(evidence, 'opened', lot)) {
    if (body.bidder === null) continue;
    const act = set.acts.find((a) => a.act.manifestSha256 === body.manifestSha256)?.act;
    if (act && act.handle !== handleOf(key, body.bidder, lot))
      throw new FormatError(
        'handle-mismatch',
        `tender ${body.manifestSha256} stands under another handle than its bidder's`,
      );
    if (seen.has(body.bidder))
      throw new FormatError('handle-mismatch', `bidder ${body.bidder} has two standing tenders`);
    seen.set(body.bidder, body.manifestSha256);
  }
}

/** Leaves of other lots whose public sets lie in the bundle as well. */
async function openedElsewhere(evidence: Evidence): Promise<number[]> {
  const indexes: number[] = [];
  for (const { body } of entriesOf(evidence, 'close')) {
    if (evidence.about.lots.includes(body.lot)) continue;
    const bytes = await evidence.bundle.read(bundlePath.closeSet(body.lot));
    if (!bytes) continue;
    requireHash(bytes, body.setSha256, 'close-set-hash', `the close set of lot ${body.lot}`);
    const acts = [
      ...parseCanonical(closeSet, bytes).acts,
      ...((await evidence.bundle.read(bundlePath.commitments(body.lot)))
        ? ((await commitmentsOf(evidence, body.lot))?.acts ?? [])
        : []),
    ];
    for (const act of acts) {
      requireCommitment(evidence, body.lot, act);
      indexes.push(act.index);
    }
  }
  return indexes;
}

/**
 * A sealed leaf that nothing opens is an orphan, unless a lot that is not opened yet, or whose sets are not in this bundle, was
 * taking acts by then: the leaf does not say whose it is.
 */
function requireNoOrphans(evidence: Evidence, opened: ReadonlySet<number>): string {
  const shut = [...evidence.sealed.keys()].filter((index) => !opened.has(index));
  const elsewhere = firstOfOtherLots(evidence);
  const orphan = shut.find((index) => index < elsewhere);
  if (orphan !== undefined) throw new FormatError('orphan-commitment', `sealed leaf ${orphan} was never opened`);
  return shut.length === 0
    ? `${evidence.sealed.size} 条全部打开 / all opened`
    : `${shut.length} 条可能属于其他标段或尚未开启 / may belong to lots that are not in this bundle or not opened yet`;
}

/** Index of the first entry that opened another lot, or a lot of ours that nothing has opened yet, for acts. */
function firstOfOtherLots(evidence: Evidence): number {
  const done = new Set(
    evidence.about.lots.filter(
      (lot) => entriesOf(evidence, 'announced', lot).length + entriesOf(evidence, 'commitments-opened', lot).length > 0,
    ),
  );
  const first = evidence.entries.find(({ kind, body }) => {
    if (kind !== 'project-published' && kind !== 'policy-formed' && kind !== 'opening-scheduled') return false;
    return lotsIn(body).some((lot) => !done.has(lot));
  });
  return first?.index ?? Number.POSITIVE_INFINITY;
}

function lotsIn(body: unknown): string[] {
  const lots = (body as { lots?: unknown } | null)?.lots;
  if (!Array.isArray(lots)) return [];
  return lots.flatMap((lot: unknown) =>
    typeof lot === 'string'
      ? lot
      : typeof (lot as { id?: unknown } | null)?.id === 'string'
        ? (lot as { id: string }).id
        : [],
  );
}
