/**
 * Detached CMS signatures (RFC 5652): RSA, SHA-256, always with signed attributes, so that a signature over one kind of
 * thing never passes for another. forge cannot verify SignedData, so this file does: one signer, whole encodings
 * compared, every malformed byte ends in a FormatError. `openssl cms -verify` accepts what `signDetached` makes.
 */
import forge from 'node-forge';
import { equalBytes, sha256 } from './bytes.ts';
import { type Certificate, certificateFromAsn1, certificateSha256, certificateToDer } from './cms-certificates.ts';
import {
  type Asn1,
  algorithm,
  binaryOf,
  bytesOf,
  context,
  encodeDer,
  isContext,
  octets,
  oid,
  oidOf,
  parseDer,
  partsOf,
  primitiveOf,
  rsaVerifies,
  sequence,
  setOf,
  smallInteger,
  timeValue,
} from './cms-der.ts';
import type { SigningKey } from './cms-pkcs12.ts';
import { FormatError, type ReasonCode } from './format-error.ts';

export {
  type Certificate,
  certificateFromDer,
  certificateFromPem,
  certificateSha256,
  certificatesFromPem,
  certificateToDer,
  certificateToPem,
} from './cms-certificates.ts';
export { verifyChain } from './cms-chain.ts';
export { openPkcs12, type Pkcs12Code, Pkcs12Error, type SigningKey } from './cms-pkcs12.ts';

/** A signature with its chain is under ten kilobytes; more is refused unread. */
const maxSignatureBytes = 64 * 1024;
const maxCertificates = 16;

const oids = {
  signedData: '1.2.840.113549.1.7.2',
  data: '1.2.840.113549.1.7.1',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  sha256: '2.16.840.1.101.3.4.2.1',
  rsaEncryption: '1.2.840.113549.1.1.1',
  sha256WithRsa: '1.2.840.113549.1.1.11',
} as const;

export type VerifiedSignature = {
  readonly certificate: Certificate;
  readonly intermediates: Certificate[];
  /** Hex SHA-256 of the signer's certificate as it stood in the signature. */
  readonly certSha256: string;
};

/** Signs the content; answers SignedData DER without the content, with the signer's certificate and chain. */
export function signDetached(key: SigningKey, content: Uint8Array, at: Temporal.Instant): Uint8Array {
  return buildSignedData(key, sha256(content), [attribute(oids.signingTime, timeValue(at))]);
}

/** An attribute with one value (RFC 5652 5.3). */
export function attribute(type: string, value: Asn1): Asn1 {
  return sequence(oid(type), setOf(value));
}

/**
 * SignedData over a content known by its SHA-256: contentType and messageDigest are added to the attributes given
 * (PDF signatures bring their own and leave the time out).
 */
export function buildSignedData(key: SigningKey, contentSha256: Uint8Array, attributes: readonly Asn1[]): Uint8Array {
  const all = [
    attribute(oids.contentType, oid(oids.data)),
    attribute(oids.messageDigest, octets(contentSha256)),
    ...attributes,
  ];
  const signed = sortedForDer(all);
  const digest = forge.md.sha256.create().update(binaryOf(encodeDer(setOf(...signed))));
  const signature = key.privateKey.sign(digest);
  const [serial, issuer] = serialAndIssuer(key.certificate);
  const signer = sequence(
    smallInteger(1),
    sequence(issuer, serial),
    algorithm(oids.sha256),
    context(0, signed),
    algorithm(oids.rsaEncryption),
    octets(bytesOf(signature)),
  );
  const certificates = [key.certificate, ...key.chain].map((c) => parseDer(certificateToDer(c)));
  const data = sequence(
    smallInteger(1),
    setOf(algorithm(oids.sha256)),
    sequence(oid(oids.data)),
    context(0, certificates),
    setOf(signer),
  );
  return encodeDer(sequence(oid(oids.signedData), context(0, [data])));
}

/**
 * Checks a detached signature over the content. Answers the signer's certificate; whether that one is trusted is
 * `verifyChain`'s question. Throws FormatError `cms-attributes` where the signed attributes are missing or incomplete,
 * `code` for everything else (another content, another key, SHA-1, no RSA, rubbish).
 */
export function verifyDetached(content: Uint8Array, p7s: Uint8Array, code: ReasonCode): VerifiedSignature {
  if (p7s.length > maxSignatureBytes) throw new FormatError(code, 'signature too large');
  try {
    return verify(content, p7s);
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(code, error instanceof Error ? error.message : String(error));
  }
}

function verify(content: Uint8Array, p7s: Uint8Array): VerifiedSignature {
  const { bag, signer } = readSignedData(p7s);
  const [, sid, digestAlgorithm, maybeAttributes, ...rest] = signer;
  if (oidOf(partsOf(digestAlgorithm, 'SEQUENCE')[0]) !== oids.sha256) throw new Error('digest is not SHA-256');
  if (!isContext(maybeAttributes, 0) || !Array.isArray(maybeAttributes.value))
    throw new FormatError('cms-attributes', 'no signed attributes');
  const attributes = maybeAttributes.value;
  if (oidOf(onlyValue(attributes, oids.contentType)) !== oids.data) throw new Error('content type is not data');
  const digest = bytesOf(primitiveOf(onlyValue(attributes, oids.messageDigest), 'OCTETSTRING'));
  if (!equalBytes(digest, sha256(content))) throw new Error('signature of another content');
  const named = oidOf(partsOf(rest[0], 'SEQUENCE')[0]);
  if (named !== oids.rsaEncryption && named !== oids.sha256WithRsa)
    throw new Error('signature is not RSA PKCS #1 v1.5');

  const certificate = findSigner(bag, sid);
  const signed = encodeDer(setOf(...attributes));
  const signature = primitiveOf(rest[1], 'OCTETSTRING');
  if (!rsaVerifies(certificate.publicKey as forge.pki.rsa.PublicKey, 'sha256', signed, signature))
    throw new Error('signature does not verify');
  const others = bag.filter((c) => c !== certificate);
  return { certificate, intermediates: others, certSha256: certificateSha256(certificate) };
}

/** ContentInfo > SignedData without content: the certificates that are RSA, and the one SignerInfo. */
function readSignedData(p7s: Uint8Array): { bag: Certificate[]; signer: Asn1[] } {
  const [type, wrapped, ...more] = partsOf(parseDer(p7s), 'SEQUENCE');
  if (oidOf(type) !== oids.signedData || !isContext(wrapped, 0) || more.length > 0) throw new Error('not SignedData');
  const [, , encapsulated, ...rest] = partsOf((wrapped.value as Asn1[])[0], 'SEQUENCE');
  const [contentType, ...content] = partsOf(encapsulated, 'SEQUENCE');
  if (oidOf(contentType) !== oids.data || content.length > 0) throw new Error('signature is not detached');
  const signers = partsOf(rest.at(-1), 'SET');
  if (signers.length !== 1) throw new Error('not exactly one signer');
  const bag = isContext(rest[0], 0) ? (rest[0].value as Asn1[]) : [];
  if (bag.length > maxCertificates) throw new Error('too many certificates');
  return { bag: bag.flatMap(readableCertificate), signer: partsOf(signers[0], 'SEQUENCE') };
}

/** A certificate with another kind of key may stand in the bag; it can neither sign nor lend a path here. */
function readableCertificate(value: Asn1): Certificate[] {
  try {
    return [certificateFromAsn1(value)];
  } catch {
    return [];
  }
}

/** The single value of an attribute that must be there exactly once (RFC 5652 11.1, 11.2). */
function onlyValue(attributes: readonly Asn1[], type: string): Asn1 | undefined {
  const found = attributes.map((a) => partsOf(a, 'SEQUENCE')).filter(([name]) => oidOf(name) === type);
  const values = found.length === 1 ? partsOf(found[0]![1], 'SET') : [];
  if (values.length !== 1) throw new FormatError('cms-attributes', `attribute ${type} is not there exactly once`);
  return values[0];
}

/** The certificate that the SignerInfo names by issuer and serial number or by subject key identifier (RFC 5652 5.3). */
function findSigner(bag: readonly Certificate[], sid: Asn1 | undefined): Certificate {
  const found = bag.find((certificate) => {
    if (isContext(sid, 0)) return keyIdentifier(certificate) === sid.value;
    const [serial, issuer] = serialAndIssuer(certificate);
    const [namedIssuer, namedSerial] = partsOf(sid, 'SEQUENCE') as [Asn1, Asn1];
    return equalBytes(encodeDer(issuer), encodeDer(namedIssuer)) && serial.value === namedSerial.value;
  });
  if (!found) throw new Error("the signer's certificate is not in the signature");
  return found;
}

function keyIdentifier(certificate: Certificate): string | undefined {
  const extension = certificate.getExtension('subjectKeyIdentifier') as { subjectKeyIdentifier?: string } | null;
  return extension?.subjectKeyIdentifier ? forge.util.hexToBytes(extension.subjectKeyIdentifier) : undefined;
}

function serialAndIssuer(certificate: Certificate): [serial: Asn1, issuer: Asn1] {
  const fields = partsOf(partsOf(parseDer(certificateToDer(certificate)), 'SEQUENCE')[0], 'SEQUENCE');
  const first = isContext(fields[0], 0) ? 1 : 0;
  return [fields[first]!, fields[first + 2]!];
}

/** DER sorts a SET OF by the encodings of its members (X.690 11.6). */
function sortedForDer(values: readonly Asn1[]): Asn1[] {
  const keyed = values.map((value) => ({ value, key: binaryOf(encodeDer(value)) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ value }) => value);
}
