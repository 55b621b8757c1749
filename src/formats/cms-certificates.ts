/** X.509 certificates as bytes and as forge's objects. A certificate is named by the SHA-256 of its DER. */
import forge from 'node-forge';
import { equalBytes, sha256Hex } from './bytes.ts';
import { type Asn1, binaryOf, bytesOf, encodeDer, parseDer } from './cms-der.ts';
import { FormatError } from './format-error.ts';

export type Certificate = forge.pki.Certificate;

/** No certificate of a city's CA comes near this. */
const maxCertificateBytes = 64 * 1024;

/** The bytes a certificate was read from: its name must not depend on how a library would write it again. */
const originalDer = new WeakMap<Certificate, Uint8Array>();

/** A certificate from its parsed ASN.1; throws an Error where it is not X.509 with an RSA key. */
export function certificateFromAsn1(value: Asn1): Certificate {
  const der = encodeDer(value);
  // Parsed once more with forge's own settings: its certificate reader wants bit strings decoded.
  const certificate = forge.pki.certificateFromAsn1(forge.asn1.fromDer(binaryOf(der)), false);
  originalDer.set(certificate, der);
  return certificate;
}

/** Reads DER bytes from outside. Throws FormatError `certificate-chain` where they are no RSA certificate. */
export function certificateFromDer(der: Uint8Array): Certificate {
  if (der.length > maxCertificateBytes) throw new FormatError('certificate-chain', 'certificate too large');
  try {
    const value = parseDer(der);
    if (!equalBytes(encodeDer(value), der)) throw new Error('not DER');
    return certificateFromAsn1(value);
  } catch (error) {
    throw new FormatError('certificate-chain', `not an RSA certificate: ${String(error)}`);
  }
}

/** The DER bytes: those it was read from, or forge's encoding of one made here. */
export function certificateToDer(certificate: Certificate): Uint8Array {
  const known = originalDer.get(certificate);
  if (known) return known;
  return bytesOf(forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes());
}

/** Reads the first CERTIFICATE block of a PEM text. Throws FormatError `certificate-chain`. */
export function certificateFromPem(pem: string): Certificate {
  const [first] = certificatesFromPem(pem);
  if (!first) throw new FormatError('certificate-chain', 'no CERTIFICATE block');
  return first;
}

/** Every CERTIFICATE block of a PEM text, in order: a file of trust roots. Throws FormatError `certificate-chain`. */
export function certificatesFromPem(pem: string): Certificate[] {
  const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g);
  return Array.from(blocks, ([, body]) => certificateFromDer(bytesOf(forge.util.decode64(body!.replace(/\s/g, '')))));
}

/** RFC 7468 text. */
export function certificateToPem(certificate: Certificate): string {
  const body = forge.util
    .encode64(binaryOf(certificateToDer(certificate)), 64)
    .replace(/\r/g, '')
    .trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}

/** Lower-case hex SHA-256 of the DER. */
export function certificateSha256(certificate: Certificate): string {
  return sha256Hex(certificateToDer(certificate));
}
