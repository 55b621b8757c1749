/**
 * The offline verifier (trust protocol 7). It needs the bundle and the trust file, never the server, and runs in browsers. Every
 * byte of the bundle is attacker-controlled: whatever it holds, the answer is a verdict.
 */
import { type BundleDescription, bundleDescription, bundlePath } from '../formats/bundle.ts';
import { parseCanonical } from '../formats/canonical.ts';
import { FormatError } from '../formats/format-error.ts';
import { type Primitives, portablePrimitives } from '../sealing/index.ts';
import { type BundleReader, needed } from './bundle-reader.ts';
import { checkClose } from './close-step.ts';
import { checkCommitments, checkReceipts } from './commitments-step.ts';
import { checkDocuments } from './document-step.ts';
import { checkEvaluation } from './evaluation-step.ts';
import type { Evidence, Roots } from './evidence.ts';
import { checkLeaks } from './leak-step.ts';
import { checkConsistency, checkEntries, checkLog } from './log-steps.ts';
import { checkManifests } from './manifest-step.ts';
import { checkOpenings } from './opening-step.ts';
import { checkPolicies } from './policy-step.ts';
import { checkReleases } from './release-step.ts';
import { checkTenders } from './tender-step.ts';
import { readTrust, type Trust } from './trust-step.ts';
import { NotJudged, type Step, type StepName, stepOf, type Verdict, verdictOf } from './verdict.ts';

export type VerifyOptions = {
  /** Texts of receipts (C2SP tlog-proof) that the asker holds. */
  readonly receipts?: readonly string[];
  readonly primitives?: Primitives;
};

type Check = (evidence: Evidence) => Promise<string>;

/** The protocol, a line a step; a step relies on those before it. */
const protocol: readonly (readonly [StepName, Check])[] = [
  ['leaks', checkLeaks],
  ['log', checkLog],
  ['consistency', checkConsistency],
  ['entries', checkEntries],
  ['policy', checkPolicies],
  ['close', checkClose],
  ['receipts', checkReceipts],
  ['manifests', checkManifests],
  ['commitments', checkCommitments],
  ['releases', checkReleases],
  ['openings', checkOpenings],
  ['tenders', checkTenders],
  ['evaluation', checkEvaluation],
  ['documents', checkDocuments],
];

/** Verifies a bundle against trust roots from outside it (null: there are none, and the verdict is `trust-root`). */
export async function verify(bundle: BundleReader, trust: Trust | null, options: VerifyOptions = {}): Promise<Verdict> {
  const found: Step[] = [];
  let evidence: Evidence | null = null;
  const first = await judge('trust', async () => {
    evidence = begin(bundle, await readAbout(bundle), readTrust(trust), options);
    return `${evidence.trust.policy.logs.map((l) => l.key.name).join()}, ${evidence.trust.roots.length} 根证书 / roots`;
  });
  found.push(first);
  for (const [name, check] of protocol) {
    const given: Evidence | null = evidence;
    const before = found.at(-1);
    // After a failure nothing later is believed: one tampering, one reason.
    if (!given || !before?.ok) found.push(stepOf(name, { ok: false, code: null, detail: '未核验 / not judged' }));
    else found.push(await judge(name, () => check(given)));
  }
  return verdictOf(found, (evidence as Evidence | null)?.witnessed ?? false);
}

async function judge(name: StepName, check: () => Promise<string>): Promise<Step> {
  try {
    return stepOf(name, { ok: true, code: null, detail: await check() });
  } catch (error) {
    if (error instanceof FormatError) return stepOf(name, { ok: false, code: error.code, detail: error.detail });
    if (error instanceof NotJudged) return stepOf(name, { ok: false, code: null, detail: error.message });
    throw error;
  }
}

async function readAbout(bundle: BundleReader): Promise<BundleDescription> {
  return parseCanonical(bundleDescription, await needed(bundle, bundlePath.description));
}

function begin(bundle: BundleReader, about: BundleDescription, trust: Roots, options: VerifyOptions): Evidence {
  return {
    bundle,
    about,
    trust,
    receipts: options.receipts ?? [],
    primitives: options.primitives ?? portablePrimitives,
    leaves: [],
    hashes: [],
    witnessed: false,
    seen: [],
    entries: [],
    sealed: new Map(),
    policies: new Map(),
    closed: new Map(),
    manifests: new Map(),
    offers: new Map(),
  };
}
