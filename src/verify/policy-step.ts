/** The opening policies: in the log, and signed by every officer whose certificates hold. */
import { bundlePath } from '../formats/bundle.ts';
import { sha256Hex } from '../formats/bytes.ts';
import { verifyDetached } from '../formats/cms.ts';
import { FormatError } from '../formats/format-error.ts';
import { type KnownPolicy, verifyOpeningPolicy } from '../sealing/index.ts';
import { needed } from './bundle-reader.ts';
import { type Evidence, entriesOf, instantOf, requireTrusted } from './evidence.ts';

/** Throws FormatError `policy-unknown`, `policy-signature`, `certificate-revoked`. */
export async function checkPolicies(evidence: Evidence): Promise<string> {
  const { bundle, about } = evidence;
  const known = new Map<string, KnownPolicy>();
  const current = await needed(bundle, bundlePath.policy);
  const add = (policy: KnownPolicy) => known.set(policy.sha256, policy);
  add(await readPolicy(evidence, current, bundlePath.policySignature));
  const older = (await bundle.paths()).flatMap((path) => /^policies\/([0-9a-f]{64})\.json$/.exec(path)?.[1] ?? []);
  for (const hex of older) {
    const bytes = await needed(bundle, bundlePath.olderPolicy(hex));
    add(await readPolicy(evidence, bytes, (x) => bundlePath.olderPolicySignature(hex, x)));
  }
  const foreign = [...known.values()].find(({ policy }) => policy.opening !== about.opening);
  if (foreign) throw new FormatError('policy-unknown', `policy ${foreign.sha256} is of another opening`);
  const [{ policy }] = [...known.values()] as [KnownPolicy];
  const without = about.lots.find((lot) => !policy.lots.includes(lot));
  if (without !== undefined) throw new FormatError('policy-unknown', `the policy is not one of lot ${without}`);
  evidence.policies = known;
  return `${policy.k}/${policy.officers.length}，${known.size} 份 / policies`;
}

async function readPolicy(evidence: Evidence, bytes: Uint8Array, pathOf: (x: number) => string): Promise<KnownPolicy> {
  const { bundle, trust } = evidence;
  const sha256 = sha256Hex(bytes);
  const formed = entriesOf(evidence, 'policy-formed').find((e) => e.body.policySha256 === sha256);
  if (!formed) throw new FormatError('policy-unknown', `policy ${sha256} is not in the log`);
  const signatures: Uint8Array[] = [];
  for (let x = 1; x <= 255; x++) {
    const p7s = await bundle.read(pathOf(x));
    if (!p7s) break;
    signatures.push(p7s);
  }
  const known = verifyOpeningPolicy(bytes, signatures, trust.roots, instantOf(formed.at));
  for (const p7s of signatures)
    requireTrusted(evidence, verifyDetached(bytes, p7s, 'policy-signature'), formed.at, formed.index);
  return known;
}
