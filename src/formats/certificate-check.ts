/** Does a signed certificate say what the public log says? Pure and browser-safe: the log's side comes from the caller. */
import { sha256Hex } from './bytes.ts';
import { parseCanonical } from './canonical.ts';
import { type CertificateFacts, certificateFacts } from './certificate-facts.ts';
import { FormatError } from './format-error.ts';
import { type VerifiedPdf, verifyPdf } from './pdf-signature.ts';

/** What the entry that issued the document says of it; `factsSha256` is null where that room does not log it. */
export type LoggedDocument = {
  readonly pdfSha256: string;
  readonly factsSha256: string | null;
  readonly kind: string | null;
  readonly number: string | null;
};

/**
 * Checks the file against its entry, and the entries it rests on against the log (`leafHashAt` answers the leaf hash at an
 * index, null where the log or the bundle has none). Throws FormatError: `pdf-coverage`, `certificate-hash` (changed,
 * re-signed, or not the file that was issued), `certificate-facts` (the facts differ from the log), `cms-attributes`,
 * `not-canonical`, `schema`. Whether the signer is trusted is `verifyChain`'s question.
 */
export function checkCertificate(
  pdf: Uint8Array,
  logged: LoggedDocument,
  leafHashAt: (index: bigint) => string | null,
): { readonly verified: VerifiedPdf; readonly facts: CertificateFacts } {
  const verified = verifyPdf(pdf);
  if (verified.sha256 !== logged.pdfSha256) throw new FormatError('certificate-hash', 'not the file that was issued');
  if (verified.facts === null) throw new FormatError('certificate-facts', 'the document carries no facts');
  if (logged.factsSha256 !== null && sha256Hex(verified.facts) !== logged.factsSha256)
    throw new FormatError('certificate-facts', 'not the facts that were logged');
  const facts = parseCanonical(certificateFacts, verified.facts);
  if ((logged.kind ?? facts.kind) !== facts.kind || (logged.number ?? facts.number) !== facts.number)
    throw new FormatError('certificate-facts', 'another document than its entry says');
  for (const { index, leafSha256 } of facts.journal)
    if (leafHashAt(BigInt(index)) !== leafSha256)
      throw new FormatError('certificate-facts', `entry ${index} is not what the document rests on`);
  return { verified, facts };
}
