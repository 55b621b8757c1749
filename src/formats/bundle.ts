/**
 * The layout of evidence bundles (trust protocol 3, 'Bundles'): file names and description. The exporter writes by these names
 * and the verifier reads by them. `hex` is the SHA-256 of a file's bytes, `manifest` that of the manifest a file belongs to.
 * Trust roots are not in here: they come from outside.
 */
import { z } from 'zod';
import { documentType, identifier } from './primitives.ts';

/** `public` for everybody after the opening, `audit` for supervisors (ciphertexts and shares), `personal` for one bidder. */
export const bundleScopes = ['public', 'audit', 'personal'] as const;
export type BundleScope = (typeof bundleScopes)[number];

/** bundle.json: what the folder claims to be. The verifier checks all lots named here. */
export const bundleAbout = z.strictObject({
  type: documentType('bundle'),
  scope: z.enum(bundleScopes),
  project: identifier,
  code: z.string().max(60),
  opening: identifier,
  lots: z.array(identifier).min(1).max(200),
});
export type BundleAbout = z.infer<typeof bundleAbout>;

export const bundlePaths = {
  about: 'bundle.json',
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
  /** Opening policies, each with a signature of every officer. */
  policy: (hex: string) => `policies/${hex}.json`,
  policySignature: (hex: string, x: number) => `policies/${hex}-${x}.json.p7s`,
  closeSet: (lot: string) => `lots/${lot}/close-set.json`,
  commitments: (lot: string) => `lots/${lot}/commitments.json`,
  /** Manifests of all acts that have one; the signature where the opening made it readable. */
  manifest: (hex: string) => `manifests/${hex}.json`,
  manifestSignature: (hex: string) => `manifests/${hex}.json.p7s`,
  /** By offerSha256. */
  offer: (hex: string) => `offers/${hex}.json`,
  /** Signed refusals of late tenders. */
  refusal: (manifest: string) => `refusals/${manifest}.json`,
  refusalSignature: (manifest: string) => `refusals/${manifest}.json.p7s`,
  report: (lot: string) => `lots/${lot}/evaluation/report.json`,
  /** Canonical result of the ranking with its trace. */
  ranking: (lot: string) => `lots/${lot}/evaluation/ranking.json`,
  /** What the member of a seat signed: the report again, or a dissent. */
  reportAnswer: (lot: string, seat: number) => `lots/${lot}/evaluation/answer-${seat}.json`,
  reportSignature: (lot: string, seat: number) => `lots/${lot}/evaluation/answer-${seat}.json.p7s`,
  sheet: (lot: string, seat: number) => `lots/${lot}/sheets/${seat}.json`,
  sheetSignature: (lot: string, seat: number) => `lots/${lot}/sheets/${seat}.json.p7s`,
  /** A signed PDF, by its SHA-256. */
  document: (hex: string) => `documents/${hex}.pdf`,
  // Audit, and a bidder's own in a personal bundle: ciphertexts and what opens them.
  tender: (manifest: string) => `tenders/${manifest}.age`,
  envelope: (manifest: string, x: number) => `envelopes/${manifest}-${x}.age`,
  /** The manifest's signature, encrypted to the tender's own recipient. */
  signer: (manifest: string) => `signers/${manifest}.age`,
  release: (lot: string, x: number) => `releases/${lot}-${x}.json`,
  releaseSignature: (lot: string, x: number) => `releases/${lot}-${x}.json.p7s`,
  /** Identity that a bidder gave itself (modes `bidder`, `bidder-then-quorum`). */
  tenderKey: (manifest: string) => `keys/${manifest}.txt`,
  /** Opening identity that an officer disclosed to show whose fault an envelope was. */
  identity: (policy: string, x: number) => `identities/${policy}-${x}.txt`,
} as const;

/** Folders that a public bundle must not have: what is in them opens tenders or is a tender. */
export const secretFolders = ['tenders', 'envelopes', 'signers', 'releases', 'keys', 'identities'] as const;
