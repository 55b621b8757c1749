/** Whose signature is this: cryptography, chain, and what the register says of the certificate at the time. */
import { type Certificate, certificateToDer, verifyChain, verifyDetached } from '../formats/cms.ts';
import { FormatError } from '../formats/format-error.ts';
import type { Reader } from '../journal/index.ts';
import type { Role } from '../platform/http/route.ts';
import { RefusalError, refuse } from '../platform/refusal.ts';
import { partyRefusal } from './refusals.ts';
import type { Registers } from './registers.ts';

export type VerifiedSigner = {
  readonly certSha256: string;
  readonly person: string;
  readonly organisation: string | null;
  readonly roles: readonly Role[];
  readonly certificateDer: Uint8Array;
};

/**
 * Checks a detached CMS signature made at or before `at` (RFC 3339). Throws RefusalError: `signature-invalid`,
 * `certificate-untrusted`, `certificate-unknown`, `certificate-revoked` (revoked at or before `at`).
 */
export async function verifySignature(
  deps: {
    readonly registers: Registers;
    readonly roots: () => readonly Certificate[];
    readonly intermediates: () => readonly Certificate[];
  },
  reader: Reader,
  content: Uint8Array,
  p7s: Uint8Array,
  at: string,
): Promise<VerifiedSigner> {
  const { certificate, intermediates, certSha256 } = formatRefused('signature-invalid', () =>
    verifyDetached(content, p7s, 'manifest-signature'),
  );
  formatRefused('certificate-untrusted', () =>
    verifyChain(certificate, [...intermediates, ...deps.intermediates()], deps.roots(), Temporal.Instant.from(at)),
  );
  const known =
    (await deps.registers.certificateState(reader, certSha256)) ?? refuse(partyRefusal('certificate-unknown'));
  if (known.revoked && known.revoked.at <= at) refuse(partyRefusal('certificate-revoked', { at: known.revoked.at }));
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
