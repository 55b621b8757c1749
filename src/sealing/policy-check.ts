/** Is an opening policy signed by every one of its officers? Asked before anything is encrypted to them. */
import { sha256Hex } from '../formats/bytes.ts';
import { parseCanonical } from '../formats/canonical.ts';
import { type Certificate, verifyChain, verifyDetached } from '../formats/cms.ts';
import { FormatError } from '../formats/format-error.ts';
import { type OpeningPolicy, openingPolicy } from '../formats/opening-policy.ts';

/** A policy and the hash that manifests name it by. */
export type KnownPolicy = { readonly policy: OpeningPolicy; readonly sha256: string };

/**
 * Reads the policy and checks a signature of each officer, chains included, at the given instant.
 * Throws FormatError `policy-signature` (missing, foreign, broken or untrusted signature), `not-canonical` or `schema`.
 */
export function verifyOpeningPolicy(
  bytes: Uint8Array,
  signatures: readonly Uint8Array[],
  roots: readonly Certificate[],
  at: Temporal.Instant,
): KnownPolicy {
  const policy = parseCanonical(openingPolicy, bytes);
  if (signatures.length > policy.officers.length)
    throw new FormatError('policy-signature', 'more signatures than officers');
  const signed = new Set(signatures.map((p7s) => signerOf(bytes, p7s, roots, at)));
  for (const officer of policy.officers)
    if (!signed.has(officer.certSha256))
      throw new FormatError('policy-signature', `officer ${officer.x} (${officer.role}) has not signed this policy`);
  return { policy, sha256: sha256Hex(bytes) };
}

function signerOf(bytes: Uint8Array, p7s: Uint8Array, roots: readonly Certificate[], at: Temporal.Instant): string {
  try {
    const { certificate, intermediates, certSha256 } = verifyDetached(bytes, p7s, 'policy-signature');
    verifyChain(certificate, intermediates, roots, at);
    return certSha256;
  } catch (error) {
    // One code for all of it: whoever seals must not encrypt to these officers, whatever is wrong.
    if (error instanceof FormatError) throw new FormatError('policy-signature', error.message);
    throw error;
  }
}
