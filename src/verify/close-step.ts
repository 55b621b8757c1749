/** The close: the set that the log fixed, each act against its leaf, each bidder's chain, barrier and times. */
import { bundlePath } from '../formats/bundle.ts';
import { fromHex } from '../formats/bytes.ts';
import { parseCanonical } from '../formats/canonical.ts';
import { type CloseSet, closeSet, type OpenedCommitment, statusesOf } from '../formats/close-set.ts';
import { FormatError } from '../formats/format-error.ts';
import { commitmentOf } from '../formats/sealed-act.ts';
import { needed } from './bundle-reader.ts';
import { type EntryOf, type Evidence, entriesOf, instantOf, requireHash } from './evidence.ts';

/** Trust protocol 8: a time may be wrong by the gap between two cosignatures, and by the witness's own clock. */
const cosignatureGapSeconds = 60;

/** Checks the close of each lot of the bundle. A lot without a close entry is not closed yet. */
export async function checkClose(evidence: Evidence): Promise<string> {
  const found: string[] = [];
  for (const lot of evidence.about.lots) {
    const entries = entriesOf(evidence, 'close', lot);
    if (entries.length > 1) throw new FormatError('close-set-hash', `lot ${lot} was closed twice`);
    const [entry] = entries;
    if (!entry) continue;
    const set = await checkLot(evidence, lot, entry);
    evidence.closed.set(lot, set);
    found.push(`${lot}: ${set.acts.length}/${entry.body.standing}`);
  }
  return found.length === 0 ? '尚未截止 / nothing closed yet' : `${found.join('，')}（全部/有效 all/standing）`;
}

async function checkLot(evidence: Evidence, lot: string, entry: EntryOf<'close'>): Promise<CloseSet> {
  const bytes = await needed(evidence.bundle, bundlePath.closeSet(lot));
  requireHash(bytes, entry.body.setSha256, 'close-set-hash', `the close set of lot ${lot}`);
  const set = parseCanonical(closeSet, bytes);
  if (set.lot !== lot || set.policy !== entry.body.policy || set.acts.length !== entry.body.acts)
    throw new FormatError('close-set-hash', 'the close set is not the one that its entry describes');
  if (!evidence.policies.has(set.policy)) throw new FormatError('policy-unknown', `closed under policy ${set.policy}`);
  const barrier = entriesOf(evidence, 'barrier').find((e) => e.index === entry.body.barrier);
  if (!barrier?.body.lots.includes(lot) || barrier.index >= entry.index)
    throw new FormatError('after-barrier', `entry ${entry.body.barrier} is no barrier of lot ${lot} before its close`);
  if (barrier.at < barrier.body.deadline)
    throw new FormatError('after-barrier', 'the barrier was raised before the deadline');
  requireOrder(set);
  for (const opened of set.acts) {
    requireCommitment(evidence, lot, opened);
    requireInTime(opened, set, barrier);
    requireBracket(evidence, opened.index, opened.act.at);
  }
  requireChains(set);
  requireStatuses(set, entry.body.standing);
  return set;
}

function requireOrder(set: CloseSet): void {
  for (const [i, act] of set.acts.entries())
    if (i > 0 && act.index <= (set.acts[i - 1]?.index ?? -1))
      throw new FormatError('close-set-hash', 'the acts are not in the order of the log');
}

/** The act and its salt open the leaf at its index, and it is an act on this lot. */
export function requireCommitment(evidence: Evidence, lot: string, { index, salt, act }: OpenedCommitment): void {
  const commitment = evidence.sealed.get(index);
  if (commitment === undefined) throw new FormatError('commitment-mismatch', `leaf ${index} is no sealed leaf`);
  if (commitmentOf(fromHex(salt), act) !== commitment || act.lot !== lot)
    throw new FormatError('commitment-mismatch', `the act does not open leaf ${index}`);
}

function requireInTime(
  { index, act, status }: CloseSet['acts'][number],
  set: CloseSet,
  barrier: EntryOf<'barrier'>,
): void {
  const late = act.kind === 'tender-late';
  if (late !== (status === 'late')) throw new FormatError('not-latest', `act ${index} has the status ${status}`);
  const past = index >= barrier.index || (!late && act.at > barrier.body.deadline);
  if (past) throw new FormatError('after-barrier', `act ${index} of lot ${set.lot} came after the time`);
}

/**
 * An entry that a cosigned tree lacks is younger, one that it holds is older. Only a quorum's checkpoint brackets: lower
 * bound by the earliest cosigner, upper by the latest, both with the gap. Throws `backdated`.
 */
function requireBracket(evidence: Evidence, index: number, at: string): void {
  const seconds = instantOf(at).epochMilliseconds / 1000;
  for (const { size, cosigned } of evidence.seen) {
    if (cosigned.length === 0) continue;
    const younger = size <= index && seconds + cosignatureGapSeconds < Math.min(...cosigned);
    const older = size > index && seconds > Math.max(...cosigned) + cosignatureGapSeconds;
    if (younger || older)
      throw new FormatError(
        'backdated',
        `leaf ${index} says ${at}; the witnesses' times of the tree of ${size} say otherwise`,
      );
  }
}

/** Each bidder's acts are numbered from 1 without gap or fork. */
function requireChains(set: CloseSet): void {
  const last = new Map<string, number>();
  for (const { act, index, status } of set.acts) {
    if (status === 'late') continue;
    const expected = (last.get(act.handle) ?? 0) + 1;
    if (act.seq !== expected)
      throw new FormatError('chain-broken', `act ${index} is number ${act.seq}, not ${expected}, of its chain`);
    last.set(act.handle, expected);
  }
}

function requireStatuses(set: CloseSet, standing: number): void {
  const expected = statusesOf(set.acts.map((a) => a.act));
  const wrong = set.acts.find((a, i) => a.status !== expected[i]);
  if (wrong) throw new FormatError('not-latest', `act ${wrong.index} was declared ${wrong.status}`);
  if (expected.filter((s) => s === 'standing').length !== standing)
    throw new FormatError('not-latest', `the close entry counts ${standing} standing tenders`);
}
