/** Manifests of the acts in the close sets: form, chain, policy, and the signatures that the opening made readable. */
import { bundlePath } from '../formats/bundle.ts';
import { fromHex, sha256Hex } from '../formats/bytes.ts';
import { parseCanonical } from '../formats/canonical.ts';
import type { CloseSet } from '../formats/close-set.ts';
import { verifyDetached } from '../formats/cms.ts';
import { FormatError } from '../formats/format-error.ts';
import { type Manifest, manifest } from '../formats/manifest.ts';
import { handleOf } from '../formats/sealed-act.ts';
import { checkPositions } from '../sealing/check-upload.ts';
import { needed } from './bundle-reader.ts';
import { type Evidence, entriesOf, organisationOf, requireTrusted } from './evidence.ts';

type Act = CloseSet['acts'][number];

/** Throws `manifest-*`, `policy-unknown`, `chain-broken`, `certificate-*`, `withdrawal-signer`, `cms-attributes`. */
export async function checkManifests(evidence: Evidence): Promise<string> {
  let signed = 0;
  for (const [lot, set] of evidence.closed) {
    const previous = new Map<string, string>();
    for (const act of set.acts) {
      // Of a late tender only the hash was kept.
      if (act.status === 'late') continue;
      await readManifest(evidence, lot, act, previous.get(act.act.handle) ?? null);
      previous.set(act.act.handle, act.act.manifestSha256);
    }
    for (const act of set.acts) if (await checkSignature(evidence, lot, set, act)) signed += 1;
  }
  return `${evidence.manifests.size} 份清单 / manifests, ${signed} 签名 / signatures`;
}

async function readManifest(evidence: Evidence, lot: string, { act, index }: Act, prev: string | null): Promise<void> {
  const bytes = await needed(evidence.bundle, bundlePath.manifest(act.manifestSha256));
  if (sha256Hex(bytes) !== act.manifestSha256)
    throw new FormatError('manifest-signature', `the manifest of act ${index} is not the one that was filed`);
  const read: Manifest = parseCanonical(manifest, bytes);
  const known = evidence.policies.get(read.policy);
  if (!known?.policy.lots.includes(read.lot))
    throw new FormatError('policy-unknown', `act ${index} names policy ${read.policy}`);
  const withdrawal = act.kind === 'tender-withdrawn';
  if (read.lot !== lot || read.seq !== act.seq || (read.act === 'withdraw') !== withdrawal)
    throw new FormatError('commitment-mismatch', `act ${index} is of another kind, lot or number than its manifest`);
  if (read.prev !== prev)
    throw new FormatError('chain-broken', `the manifest of act ${index} does not follow the one before it`);
  if (read.act === 'seal') {
    if (read.suite !== 'YG1') throw new FormatError('suite-mismatch', `act ${index}: ${read.suite}`);
    checkPositions(read, known.policy);
  }
  evidence.manifests.set(act.manifestSha256, { manifest: read, bytes, sha256: act.manifestSha256 });
}

/** Standing tenders whose signer the opening names, and withdrawals once the lot's key is public, must show the signature. */
async function checkSignature(evidence: Evidence, lot: string, set: CloseSet, act: Act): Promise<boolean> {
  const { bundle } = evidence;
  const { manifestSha256 } = act.act;
  const opened = entriesOf(evidence, 'opened', lot).find((e) => e.body.manifestSha256 === manifestSha256)?.body;
  const announced = entriesOf(evidence, 'announced', lot)[0]?.body;
  const withdrawal = act.act.kind === 'tender-withdrawn' && announced !== undefined;
  if (!withdrawal && (opened?.certSha256 ?? null) === null) return false;
  const known = evidence.manifests.get(manifestSha256);
  if (!known) return false;
  const p7s = await needed(bundle, bundlePath.manifestSignature(manifestSha256));
  const signature = verifyDetached(known.bytes, p7s, 'manifest-signature');
  requireTrusted(evidence, signature, act.act.at, act.index);
  const { certSha256 } = signature;
  if (opened && opened.certSha256 !== certSha256)
    throw new FormatError(
      'manifest-signer',
      `tender ${manifestSha256} is signed by another certificate than its result names`,
    );
  const bidder = organisationOf(evidence, certSha256);
  if (opened && opened.bidder !== null && bidder !== opened.bidder)
    throw new FormatError('manifest-signer', `the signer of ${manifestSha256} is not bidder ${opened.bidder}`);
  if (withdrawal) requireOwner(evidence, lot, set, act, { certSha256, bidder, lotKey: announced.lotKey });
  return true;
}

/** A withdrawal takes back only what the same bidder filed, with the same certificate or one that follows it. */
function requireOwner(
  evidence: Evidence,
  lot: string,
  set: CloseSet,
  { act, index }: Act,
  { certSha256, bidder, lotKey }: { certSha256: string; bidder: string | null; lotKey: string },
): void {
  if (bidder === null || handleOf(fromHex(lotKey), bidder, lot) !== act.handle)
    throw new FormatError('withdrawal-signer', `act ${index} withdraws the tender of somebody else`);
  const later = entriesOf(evidence, 'opened', lot).find((e) =>
    set.acts.some((a) => a.act.handle === act.handle && a.act.manifestSha256 === e.body.manifestSha256),
  )?.body.certSha256;
  if (later && later !== certSha256 && !follows(evidence, later, certSha256) && !follows(evidence, certSha256, later))
    throw new FormatError('withdrawal-signer', `act ${index} was signed by another certificate than the chain's`);
}

function follows(evidence: Evidence, later: string, earlier: string): boolean {
  const before = new Map(entriesOf(evidence, 'certificate-issued').map((e) => [e.body.certSha256, e.body.follows]));
  const seen = new Set<string>();
  for (let cert: string | null | undefined = later; cert && !seen.has(cert); cert = before.get(cert)) {
    if (cert === earlier) return true;
    seen.add(cert);
  }
  return false;
}
