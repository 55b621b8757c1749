/** What the server can check of an upload without opening anything (trust protocol 2, step 3). The signature, its chain and the chain of acts are checked beside it. */
import { sha256Hex } from '../formats/bytes.ts';
import { FormatError } from '../formats/format-error.ts';
import type { SealManifest } from '../formats/manifest.ts';
import type { OpeningPolicy } from '../formats/opening-policy.ts';
import { readHeader } from './age-header.ts';
import type { Envelope } from './envelope.ts';

export type Upload = {
  readonly manifest: SealManifest;
  readonly policy: OpeningPolicy;
  readonly policySha256: string;
  readonly envelopes: readonly Envelope[];
  /** As measured while storing. */
  readonly tender: { readonly sha256: string; readonly bytes: number };
  /** The first bytes of tender.age, at least 4096 or all of it. */
  readonly header: Uint8Array;
};

/**
 * Throws FormatError: `policy-unknown` (another policy, or not one of the lot), `suite-mismatch`, `tender-length`,
 * `tender-hash`, `age-header-stanzas`, `share-duplicate`, `quorum-missing` (shares for other officers than the
 * policy's), `envelope-hash`.
 */
export function checkUpload({ manifest, policy, policySha256, envelopes, tender, header }: Upload): void {
  if (manifest.policy !== policySha256 || !policy.lots.includes(manifest.lot))
    throw new FormatError('policy-unknown', 'the manifest names another policy');
  if (manifest.suite !== 'YG1' || policy.suite !== 'YG1') throw new FormatError('suite-mismatch', manifest.suite);
  if (tender.bytes !== manifest.tender.bytes)
    throw new FormatError('tender-length', `${tender.bytes} bytes instead of ${manifest.tender.bytes}`);
  if (tender.sha256 !== manifest.tender.sha256) throw new FormatError('tender-hash', tender.sha256);
  readHeader(header);
  checkPositions(manifest, policy);
  checkEnvelopes(manifest, envelopes);
}

/** One share for each officer of the policy, in their order; none where every bidder opens its own tender. */
export function checkPositions(manifest: SealManifest, policy: OpeningPolicy): void {
  const positions = manifest.shares.map((s) => s.x);
  if (new Set(positions).size !== positions.length) throw new FormatError('share-duplicate', positions.join());
  const expected = policy.mode === 'bidder' ? [] : policy.officers.map((o) => o.x);
  if (positions.join() !== expected.join())
    throw new FormatError('quorum-missing', `shares for ${positions.join()} instead of ${expected.join()}`);
}

function checkEnvelopes(manifest: SealManifest, envelopes: readonly Envelope[]): void {
  const given = new Map(envelopes.map((e) => [e.x, e.bytes]));
  if (given.size !== envelopes.length) throw new FormatError('share-duplicate', 'two envelopes for one officer');
  if (given.size !== manifest.shares.length)
    throw new FormatError('envelope-hash', 'envelopes and shares differ in number');
  for (const { x, envelopeSha256, bytes } of manifest.shares) {
    const envelope = given.get(x);
    if (!envelope || envelope.length !== bytes || sha256Hex(envelope) !== envelopeSha256)
      throw new FormatError('envelope-hash', `envelope of officer ${x}`);
    // Whether it opens only its officer can see; that it is one age file for one recipient, everyone can.
    readHeader(envelope);
  }
}
