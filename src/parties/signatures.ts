/** Whose signature is this: cryptography, chain, and what the register says of the certificate at the time. */
import { type Certificate, certificateToDer, verifyChain, verifyDetached } from '../formats/cms.ts';
import { FormatError } from '../formats/format-error.ts';
import type { Reader } from '../journal/index.ts';
import type { Role } from '../platform/http/route.ts';
import { RefusalError, refuse } from '../platform/refusal.ts';
import type { Certificates } from './certificates.ts';
import { partyRefusal } from './refusals.ts';
import type { Registers } from './registers.ts';

export type VerifiedSigner = {
  readonly certSha256: string;
  readonly person: string;
  readonly organisation: string | null;
  readonly roles: readonly Role[];
  readonly certificateDer: Uint8Array;
};

export type Trust = { readonly roots: readonly Certificate[]; readonly intermediates: readonly Certificate[] };

/**
 * The certificate behind a detached CMS signature, with a chain to the roots at `at` (RFC 3339); whether it is registered is
 * another question. Throws RefusalError: `signature-invalid`, `certificate-untrusted`.
 */
export function trustedSignature(trust: Trust, content: Uint8Array, p7s: Uint8Array, at: string) {
  const { certificate, intermediates, certSha256 } = formatRefused('signature-invalid', () =>
    verifyDetached(content, p7s, 'manifest-signature'),
  );
  formatRefused('certificate-untrusted', () =>
    verifyChain(certificate, [...intermediates, ...trust.intermediates], trust.roots, Temporal.Instant.from(at)),
  );
  return { certificate, certSha256 };
}

/**
 * Checks a detached CMS signature made at or before `at` (RFC 3339). Throws RefusalError: `signature-invalid`,
 * `certificate-untrusted`, `certificate-unknown`, `certificate-revoked` (revoked at or before `at`).
 */
export async function verifySignature(
  deps: { readonly registers: Registers; readonly certificates: Certificates; readonly trust: () => Trust },
  reader: Reader,
  content: Uint8Array,
  p7s: Uint8Array,
  at: string,
): Promise<VerifiedSigner> {
  const { certificate, certSha256 } = trustedSignature(deps.trust(), content, p7s, at);
  const known =
    (await deps.certificates.certificateState(reader, certSha256)) ?? refuse(partyRefusal('certificate-unknown'));
  if (known.revoked && Temporal.Instant.compare(known.revoked.at, at) <= 0)
    refuse(partyRefusal('certificate-revoked', { at: known.revoked.at }));
  const holder = await deps.registers.person(reader, known.person);
  return {
    certSha256,
    person: known.person,
    organisation: known.organisation === '' ? null : known.organisation,
    roles: holder?.roles ?? [],
    certificateDer: certificateToDer(certificate),
  };
}

function formatRefused<T>(code: 'signature-invalid' | 'certificate-untrusted', read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError)
      throw new RefusalError(partyRefusal(code, { reason: error.code, detail: error.detail }));
    throw error;
  }
}
