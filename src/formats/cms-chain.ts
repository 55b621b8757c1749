/** Is a certificate, at an instant, issued by one of the trusted roots (RFC 5280 section 6, the part that a city needs)? */
import { equalBytes } from './bytes.ts';
import { type Certificate, certificateToDer } from './cms-certificates.ts';
import {
  type Asn1,
  type DigestName,
  encodeDer,
  isContext,
  oidOf,
  parseDer,
  partsOf,
  primitiveOf,
  rsaVerifies,
} from './cms-der.ts';
import { FormatError } from './format-error.ts';

const maxDepth = 8;
const maxIntermediates = 16;

/** sha256/384/512WithRSAEncryption (RFC 8017 appendix C); SHA-1 certificates are not trusted. */
const signatureDigests: Readonly<Record<string, DigestName>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
};

/** Extensions whose meaning is honoured here or does not narrow anything; any other critical one is refused. */
const understood = new Set([
  '2.5.29.14', // subjectKeyIdentifier
  '2.5.29.15', // keyUsage
  '2.5.29.17', // subjectAltName
  '2.5.29.19', // basicConstraints
  '2.5.29.32', // certificatePolicies
  '2.5.29.35', // authorityKeyIdentifier
  '2.5.29.37', // extKeyUsage
]);

type Extension = { id: string; critical?: boolean; [field: string]: unknown };
type Parts = { tbs: Uint8Array; issuer: Uint8Array; subject: Uint8Array; digest: DigestName | undefined; sig: string };

/**
 * Passes where a path leads from the certificate over the intermediates to a root: dates at `at`, basicConstraints and
 * path length, keyUsage, critical extensions, RSA with SHA-2 only. Throws FormatError `certificate-chain`.
 * What an attacker controls: the certificate and the intermediates, not the roots. Revocation is the caller's.
 */
export function verifyChain(
  certificate: Certificate,
  intermediates: readonly Certificate[],
  roots: readonly Certificate[],
  at: Temporal.Instant,
): void {
  if (intermediates.length > maxIntermediates) refuse('too many intermediates');
  try {
    requireUsable(certificate, at);
    requireSigner(certificate);
    if (!reaches(certificate, new Set(intermediates), roots, at, 0)) refuse('no path to a trusted root');
  } catch (error) {
    if (error instanceof FormatError) throw error;
    refuse(String(error));
  }
}

function refuse(detail: string): never {
  throw new FormatError('certificate-chain', detail);
}

/** Each intermediate is tried once in the whole search, so a thicket of cross-signed ones costs no more than its size. */
function reaches(
  child: Certificate,
  left: Set<Certificate>,
  roots: readonly Certificate[],
  at: Temporal.Instant,
  below: number,
): boolean {
  if (below >= maxDepth) return false;
  if (roots.some((root) => isIssuer(root, child, at, below))) return true;
  for (const candidate of left) {
    if (!isIssuer(candidate, child, at, below)) continue;
    left.delete(candidate);
    if (reaches(candidate, left, roots, at, below + 1)) return true;
  }
  return false;
}

/** `below`: how many intermediates stand between the issuer and the signer (RFC 5280 4.2.1.9). */
function isIssuer(issuer: Certificate, child: Certificate, at: Temporal.Instant, below: number): boolean {
  const parent = partsOfCertificate(issuer);
  const parts = partsOfCertificate(child);
  if (!equalBytes(parent.subject, parts.issuer) || !parts.digest) return false;
  if (!inForce(issuer, at) || unknownCritical(issuer)) return false;
  const basic = extension(issuer, '2.5.29.19');
  if (issuer.version !== 2 || basic?.cA !== true) return false;
  if (typeof basic.pathLenConstraint === 'number' && basic.pathLenConstraint < below) return false;
  const usage = extension(issuer, '2.5.29.15');
  if (usage && usage.keyCertSign !== true) return false;
  return rsaVerifies(issuer.publicKey as never, parts.digest, parts.tbs, parts.sig);
}

function requireUsable(certificate: Certificate, at: Temporal.Instant): void {
  if (!inForce(certificate, at)) refuse('outside its validity');
  const unknown = unknownCritical(certificate);
  if (unknown) refuse(`critical extension ${unknown}`);
}

/** A signer is an end entity whose key may sign documents. */
function requireSigner(certificate: Certificate): void {
  if (extension(certificate, '2.5.29.19')?.cA === true) refuse('a CA certificate signs no documents');
  const usage = extension(certificate, '2.5.29.15');
  if (usage && usage.digitalSignature !== true && usage.nonRepudiation !== true) refuse('keyUsage forbids signing');
}

function inForce(certificate: Certificate, at: Temporal.Instant): boolean {
  const ms = at.epochMilliseconds;
  return certificate.validity.notBefore.getTime() <= ms && ms <= certificate.validity.notAfter.getTime();
}

function extension(certificate: Certificate, id: string): Extension | undefined {
  return (certificate.extensions as Extension[]).find((e) => e.id === id);
}

/** Id of a critical extension nobody here understands, or of one that stands twice (RFC 5280 4.2 forbids it). */
function unknownCritical(certificate: Certificate): string | undefined {
  const seen = new Set<string>();
  for (const { id, critical } of certificate.extensions as Extension[]) {
    if (seen.has(id) || (critical && !understood.has(id))) return id;
    seen.add(id);
  }
  return undefined;
}

/**
 * The signed bytes and the names as they stand in the DER, not as a library would write them again. What the issuer did
 * not sign (the outer algorithm, the bit string's frame) may have one form only: else one certificate had many names.
 */
function partsOfCertificate(certificate: Certificate): Parts {
  const [tbs, outer, bits, ...more] = partsOf(parseDer(certificateToDer(certificate)), 'SEQUENCE') as Asn1[];
  const fields = partsOf(tbs, 'SEQUENCE');
  const first = isContext(fields[0], 0) ? 1 : 0; // version
  const [inner, issuer, , subject] = fields.slice(first + 1) as [Asn1, Asn1, Asn1, Asn1];
  const signature = primitiveOf(bits, 'BITSTRING');
  // RFC 5280 4.1.1.2: both name the same algorithm. The first octet counts unused bits.
  if (more.length > 0 || !outer || !equalBytes(encodeDer(outer), encodeDer(inner)) || !signature.startsWith('\0'))
    throw new Error('a certificate with unsigned additions');
  return {
    tbs: encodeDer(tbs!),
    issuer: encodeDer(issuer),
    subject: encodeDer(subject),
    digest: signatureDigests[oidOf(partsOf(inner, 'SEQUENCE')[0])],
    sig: signature.slice(1),
  };
}
