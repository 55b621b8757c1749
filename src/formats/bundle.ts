/**
 * The layout of evidence bundles (trust protocol 3, 'Bundles'): file names, description and README. The exporter writes by these
 * names and the verifier reads by them. `HEX` is the SHA-256 of a file's bytes, or of the manifest a file belongs to.
 * Trust roots are not in here: they come from outside.
 */
import { z } from 'zod';
import { documentType, identifier } from './primitives.ts';

/** `public` for everybody after the opening, `audit` for supervisors (ciphertexts and shares), `personal` for one bidder. */
export const bundleLevel = z.enum(['public', 'audit', 'personal']);
export type BundleLevel = z.infer<typeof bundleLevel>;

/** bundle.json: what the folder claims to be. The verifier checks all lots named here. */
export const bundleDescription = z.strictObject({
  type: documentType('bundle'),
  level: bundleLevel,
  project: identifier,
  opening: identifier,
  lots: z.array(identifier).min(1).max(200),
});
export type BundleDescription = z.infer<typeof bundleDescription>;

/** organisations.json: names of the identifiers in offers and results; of no weight for the proof. */
export const organisationsFile = z
  .array(z.strictObject({ id: identifier, name: z.string().max(200), uscc: z.string().max(18) }))
  .max(10_000);

export const bundlePath = {
  description: 'bundle.json',
  readme: 'README.md',
  /** Every leaf of the log below the checkpoint: base64 of its bytes, a line each, in order. */
  leaves: 'log/leaves.txt',
  /** The signed checkpoint of exactly these leaves, with cosignatures. */
  checkpoint: 'log/checkpoint',
  /** The C2SP tlog-policy that the log publishes; for reading only, the verifier believes its trust file. */
  logPolicy: 'log/policy',
  /** Earlier cosigned checkpoints: they bracket the times of entries. */
  earlierCheckpoint: (size: bigint | number) => `log/checkpoints/${size}`,
  /** Canonical body of a leaf that names it by `bodySha256`. */
  body: (hex: string) => `bodies/${hex}.json`,
  /** The opening policy in force at the close, with a signature of each officer. */
  policy: 'policy.json',
  policySignature: (x: number) => `policy-${x}.json.p7s`,
  /** Policies before it, under which older manifests stand. */
  olderPolicy: (hex: string) => `policies/${hex}.json`,
  olderPolicySignature: (hex: string, x: number) => `policies/${hex}-${x}.json.p7s`,
  closeSet: (lot: string) => `close-set-${lot}.json`,
  commitments: (lot: string) => `commitments-${lot}.json`,
  organisations: 'organisations.json',
  project: 'project.json',
  /** Certificate of a signer, DER, by its SHA-256. */
  certificate: (hex: string) => `certificates/${hex}.der`,
  /** Manifests of all acts of the close set that have one; the signature where the opening made it readable. */
  manifest: (hex: string) => `manifests/${hex}.json`,
  manifestSignature: (hex: string) => `manifests/${hex}.json.p7s`,
  /** By offerSha256. */
  offer: (hex: string) => `offers/${hex}.json`,
  /** By sheetSha256. */
  sheet: (hex: string) => `sheets/${hex}.json`,
  sheetSignature: (hex: string) => `sheets/${hex}.json.p7s`,
  report: (lot: string) => `evaluation/${lot}-report.json`,
  committee: (lot: string) => `evaluation/${lot}-committee.json`,
  /** By SHA-256 of the PDF. */
  issuedDocument: (hex: string) => `certificates-issued/${hex}.pdf`,
  /** Signed refusals of late tenders, by manifest. */
  refusal: (hex: string) => `refusals/${hex}.json`,
  refusalSignature: (hex: string) => `refusals/${hex}.json.p7s`,
  // Audit only: ciphertexts and what opened them. All named by the tender's manifest.
  tender: (manifest: string) => `tenders/${manifest}.age`,
  envelope: (manifest: string, x: number) => `envelopes/${manifest}-${x}.age`,
  signer: (manifest: string) => `signers/${manifest}.age`,
  release: (lot: string, x: number) => `releases/${lot}-${x}.json`,
  releaseSignature: (lot: string, x: number) => `releases/${lot}-${x}.json.p7s`,
  /** Identity that a bidder gave itself (modes `bidder`, `bidder-then-quorum`). */
  givenKey: (manifest: string) => `keys/${manifest}.txt`,
  /** Opening identity that an officer disclosed to show whose fault an envelope was; by policy. */
  openingIdentity: (policyHex: string, x: number) => `opening-identities/${policyHex}-${x}.txt`,
} as const;

/** Folders that a public bundle must not have: what is in them opens tenders or is a tender. */
export const auditFolders = ['tenders', 'envelopes', 'signers', 'releases', 'keys', 'opening-identities'] as const;

/** README.md of a bundle: how to check it without this project. */
export function bundleReadme({ level, project, lots }: BundleDescription): string {
  return `# 核验材料 / Evidence bundle

项目 project ${project}，标段 lots ${lots.join('、')}（${level}）

信任根（日志公钥、根证书）不在本目录内，请从监督部门、报纸或此前的访问取得。
The trust roots (log key, CA roots) are not in here; get them from the supervisor, a newspaper or an earlier visit.

    yangguang verify . --trust trust.json

不用本平台软件 / without our software (docs/check-it-yourself.md):

    python3 verify.py log . LOG_VKEY
    openssl cms -verify -binary -inform DER -in policy-1.json.p7s -content policy.json -CAfile ca.pem -purpose any -out /dev/null
    sha256sum policy.json close-set-*.json offers/*.json
`;
}
