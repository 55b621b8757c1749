/** Key releases: after the close, of this close, by enough different officers; in an audit bundle also what each one gave. */
import { bundlePath } from '../formats/bundle.ts';
import { sha256Hex, toHex } from '../formats/bytes.ts';
import { parseCanonical } from '../formats/canonical.ts';
import { verifyDetached } from '../formats/cms.ts';
import { FormatError } from '../formats/format-error.ts';
import { type KeyRelease, keyRelease } from '../formats/key-release.ts';
import { openWitnessedCheckpoint } from '../formats/log/tlog-policy.ts';
import type { KnownPolicy } from '../sealing/index.ts';
import { needed } from './bundle-reader.ts';
import { type EntryOf, type Evidence, entriesOf, requireTrusted } from './evidence.ts';
import { requireExtends } from './log-steps.ts';

/** Fewer than three standing tenders are not opened (TR 44). */
const fewestTenders = 3;

/** Throws `release-order`, `release-close`, `share-duplicate`, `quorum-missing`, `too-few-opened`. */
export async function checkReleases(evidence: Evidence): Promise<string> {
  let count = 0;
  for (const lot of evidence.about.lots) {
    const releases = entriesOf(evidence, 'key-released', lot);
    const close = entriesOf(evidence, 'close', lot)[0];
    const early = releases.find((r) => !close || r.index <= close.index);
    if (early)
      throw new FormatError('release-order', `entry ${early.index} released keys before the close of lot ${lot}`);
    if (!close) continue;
    const opened = [...releases, ...entriesOf(evidence, 'opened', lot), ...entriesOf(evidence, 'key-given', lot)];
    if (opened.length > 0 && close.body.standing < fewestTenders)
      throw new FormatError('too-few-opened', `lot ${lot} has ${close.body.standing} standing tenders`);
    const positions = releases.map((r) => r.body.x);
    if (new Set(positions).size !== positions.length)
      throw new FormatError('share-duplicate', `an officer released twice on lot ${lot}: ${positions.join()}`);
    requireQuorum(evidence, lot, releases, evidence.policies.get(close.body.policy));
    if (evidence.about.level === 'audit') for (const entry of releases) await checkRelease(evidence, close, entry);
    count += releases.length;
  }
  return `${count} 次交钥 / releases`;
}

function requireQuorum(
  evidence: Evidence,
  lot: string,
  releases: readonly EntryOf<'key-released'>[],
  known: KnownPolicy | undefined,
): void {
  const released = entriesOf(evidence, 'released', lot)[0];
  const opened = entriesOf(evidence, 'opened', lot)[0];
  const end = released ?? (known?.policy.mode === 'quorum' ? opened : undefined);
  const before = releases.filter((r) => end && r.index < end.index).length;
  if (end && known && before < known.policy.k)
    throw new FormatError('quorum-missing', `lot ${lot} was opened with ${before} of ${known.policy.k} releases`);
}

async function checkRelease(
  evidence: Evidence,
  close: EntryOf<'close'>,
  entry: EntryOf<'key-released'>,
): Promise<void> {
  const { lot, x, releaseSha256 } = entry.body;
  const bytes = await needed(evidence.bundle, bundlePath.release(lot, x));
  if (sha256Hex(bytes) !== releaseSha256)
    throw new FormatError('release-close', `release ${x} of lot ${lot} is another file`);
  const release = parseCanonical(keyRelease, bytes);
  const policy = evidence.policies.get(close.body.policy)?.policy;
  const signature = verifyDetached(
    bytes,
    await needed(evidence.bundle, bundlePath.releaseSignature(lot, x)),
    'release-close',
  );
  if (policy?.officers.find((o) => o.x === x)?.certSha256 !== signature.certSha256)
    throw new FormatError('release-close', `release ${x} of lot ${lot} is not signed by officer ${x}`);
  requireTrusted(evidence, signature, entry.at, entry.index);
  const hash = evidence.hashes[close.index];
  const ofThisClose =
    release.x === x &&
    release.lot === lot &&
    release.opening === entry.body.opening &&
    release.closeIndex === close.index &&
    hash !== undefined &&
    release.closeLeafSha256 === toHex(hash);
  if (!ofThisClose) throw new FormatError('release-close', `release ${x} of lot ${lot} names another close`);
  requireCheckpoint(evidence, release);
}

/** The officer's program checked a checkpoint that holds the close; with witnesses, a cosigned one. */
function requireCheckpoint(evidence: Evidence, { checkpoint, closeIndex, x }: KeyRelease): void {
  const { size } = requireExtends(evidence, checkpoint);
  if (size <= closeIndex)
    throw new FormatError('release-order', `officer ${x} released before the close was in the log`);
  openWitnessedCheckpoint(checkpoint, evidence.trust.policy);
}
