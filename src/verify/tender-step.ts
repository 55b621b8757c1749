/** An audit bundle opens every standing tender again from the officers' shares, and compares with the results in the log. */
import { bundlePath } from '../formats/bundle.ts';
import { fromUtf8, sha256Hex, toHex } from '../formats/bytes.ts';
import { parseCanonical } from '../formats/canonical.ts';
import { FormatError, type ReasonCode } from '../formats/format-error.ts';
import { type KeyRelease, keyRelease } from '../formats/key-release.ts';
import type { SealManifest } from '../formats/manifest.ts';
import {
  type Claim,
  judgeDisclosure,
  type NotOpened,
  type Opened,
  type ReleasedItem,
  unsealTender,
} from '../sealing/index.ts';
import { needed } from './bundle-reader.ts';
import { type EntryOf, type Evidence, entriesOf, instantOf, organisationOf } from './evidence.ts';
import { NotJudged } from './verdict.ts';

/** Throws the code of whatever keeps a tender shut that was declared open, or `verdict-unfounded` for the reverse. */
export async function checkTenders(evidence: Evidence): Promise<string> {
  if (evidence.about.level !== 'audit') return '公开材料不含密文 / a public bundle holds no ciphertext';
  let opened = 0;
  for (const lot of evidence.about.lots) {
    const releases = await releasesOf(evidence, lot);
    for (const result of entriesOf(evidence, 'opened', lot)) {
      await checkTender(evidence, result, releases);
      opened += 1;
    }
    await requireUnopened(evidence, lot);
  }
  return `${opened} 份重新开启 / opened again`;
}

/** Results that say themselves that the ciphertext is not the sealed one. */
const ciphertextFaults: readonly (string | null)[] = ['tender-hash', 'tender-length'];

/**
 * A replaced or withdrawn tender is never opened, and of one whose key could not be rebuilt the ciphertext is not looked at; what
 * lies in the bundle must still be what was sealed.
 */
async function requireUnopened(evidence: Evidence, lot: string): Promise<void> {
  const judged = entriesOf(evidence, 'opened', lot).filter(
    ({ body }) => body.result === 'opened' || ciphertextFaults.includes(body.code),
  );
  const results = new Set(judged.map((e) => e.body.manifestSha256));
  const paths = new Set(await evidence.bundle.paths());
  for (const { manifest, sha256 } of evidence.manifests.values()) {
    const path = bundlePath.tender(sha256);
    if (manifest.act !== 'seal' || manifest.lot !== lot || results.has(sha256) || !paths.has(path)) continue;
    const hasher = evidence.primitives.sha256();
    let bytes = 0;
    for await (const piece of evidence.bundle.stream(path)) {
      bytes += piece.length;
      await hasher.update(piece);
    }
    if (bytes !== manifest.tender.bytes) throw new FormatError('tender-length', `${path} has ${bytes} bytes`);
    if (toHex(await hasher.digest()) !== manifest.tender.sha256)
      throw new FormatError('tender-hash', `${path} is not the one sealed`);
  }
}

async function releasesOf(evidence: Evidence, lot: string): Promise<KeyRelease[]> {
  const found: KeyRelease[] = [];
  for (const { body } of entriesOf(evidence, 'key-released', lot))
    found.push(parseCanonical(keyRelease, await needed(evidence.bundle, bundlePath.release(lot, body.x))));
  return found;
}

async function checkTender(
  evidence: Evidence,
  result: EntryOf<'opened'>,
  releases: readonly KeyRelease[],
): Promise<void> {
  const { manifestSha256 } = result.body;
  const known = evidence.manifests.get(manifestSha256);
  if (known?.manifest.act !== 'seal') throw new NotJudged(`no manifest ${manifestSha256}`);
  await requireEnvelopes(evidence, known.manifest, manifestSha256);
  const verdict = await reopen(evidence, result, known.manifest, known.bytes, releases);
  if (!verdict) return;
  await requireHonestOfficers(evidence, known.manifest, manifestSha256, verdict.claims);
  compare(result, verdict);
}

/** The centre kept the envelopes that the bidder committed to. */
async function requireEnvelopes(evidence: Evidence, manifest: SealManifest, hex: string): Promise<void> {
  for (const { x, envelopeSha256 } of manifest.shares) {
    const bytes = await needed(evidence.bundle, bundlePath.envelope(hex, x));
    if (sha256Hex(bytes) !== envelopeSha256)
      throw new FormatError('envelope-hash', `envelope ${x} of tender ${hex} was replaced`);
  }
}

/** Null where the bidder itself was to bring the key and did not. */
async function reopen(
  evidence: Evidence,
  result: EntryOf<'opened'>,
  manifest: SealManifest,
  manifestBytes: Uint8Array,
  releases: readonly KeyRelease[],
): Promise<Opened | NotOpened | null> {
  const { bundle, trust, primitives } = evidence;
  const { manifestSha256 } = result.body;
  const known = evidence.policies.get(manifest.policy);
  if (!known) throw new FormatError('policy-unknown', manifest.policy);
  const given = await bundle.read(bundlePath.givenKey(manifestSha256));
  const items = releases.flatMap((release): ReleasedItem[] => {
    const item = release.items.find((i) => i.manifestSha256 === manifestSha256);
    if (!item) return [];
    return [{ x: release.x, ...('share' in item ? { share: item.share } : { fault: item.fault }) }];
  });
  if (!given && items.length === 0 && result.body.code === 'key-not-given') return null;
  const act = evidence.closed.get(manifest.lot)?.acts.find((a) => a.act.manifestSha256 === manifestSha256)?.act;
  const { certSha256 } = result.body;
  return unsealTender({
    known,
    manifestBytes,
    opener: given ? { identity: textOf(given) } : { items },
    signature: { sealed: await needed(bundle, bundlePath.signer(manifestSha256)) },
    tender: tenderOf(evidence, manifestSha256),
    bidderOf: (cert) => organisationOf(evidence, cert),
    ...(certSha256 === null ? {} : { isSigner: (cert: string) => cert === certSha256 }),
    ...(act ? { trust: { roots: trust.roots, at: instantOf(act.at) } } : {}),
    primitives,
  });
}

async function* tenderOf({ bundle }: Evidence, manifestSha256: string): AsyncGenerator<Uint8Array> {
  const path = bundlePath.tender(manifestSha256);
  if (!(await bundle.paths()).includes(path)) throw new NotJudged(`材料缺少 / the bundle lacks ${path}`);
  yield* bundle.stream(path);
}

/**
 * A share that is not the committed one is the officer's fault, unless its disclosed opening identity shows that the bidder
 * sealed rubbish; a reported fault that the disclosure refutes is the officer's as well.
 */
async function requireHonestOfficers(
  evidence: Evidence,
  manifest: SealManifest,
  hex: string,
  claims: readonly Claim[],
): Promise<void> {
  const policy = evidence.policies.get(manifest.policy)?.policy;
  for (const { x, code, detail, owner, reported } of claims) {
    if (!reported && owner === 'officer') throw new FormatError(code, detail);
    const identity = await evidence.bundle.read(bundlePath.openingIdentity(manifest.policy, x));
    if (!reported || !identity || !policy) continue;
    const envelope = await evidence.bundle.read(bundlePath.envelope(hex, x));
    const judged = await judgeDisclosure({ manifest, x, policy }, envelope, textOf(identity));
    if (judged === 'share-hash-officer')
      throw new FormatError(judged, `officer ${x} reported a fault where the envelope is good`);
  }
}

function compare({ body }: EntryOf<'opened'>, verdict: Opened | NotOpened): void {
  const { manifestSha256 } = body;
  if (verdict.result === 'opened') {
    if (body.result === 'invalid')
      throw new FormatError(
        'verdict-unfounded',
        `tender ${manifestSha256} opens and was declared invalid (${body.code})`,
      );
    if (verdict.index.bidder !== body.bidder || verdict.signer.certSha256 !== body.certSha256)
      throw new FormatError('package-context', `tender ${manifestSha256} is of another bidder than its result names`);
    return;
  }
  const agreed = body.result === 'invalid' && (body.code === verdict.code || sameFault(body.code, verdict));
  if (body.result === 'opened' || verdict.owner !== 'bidder') {
    if (!agreed) throw new FormatError(verdict.code, `tender ${manifestSha256}: ${verdict.detail}`);
  } else if (!agreed)
    throw new FormatError('verdict-unfounded', `tender ${manifestSha256} fails by ${verdict.code}, not ${body.code}`);
}

/** With every officer's word that the envelopes are rubbish, the opening says `share-hash-bidder` for any of these. */
function sameFault(declared: string | null, { code }: NotOpened): boolean {
  const rubbish: readonly ReasonCode[] = ['share-hash-bidder', 'share-context', 'quorum-missing'];
  return declared === 'share-hash-bidder' && rubbish.includes(code);
}

function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes).trim();
  } catch {
    return '';
  }
}
