/** X.509 version 3 certificates of the platform (RFC 5280). node-forge gives the structure and signs. */
import forge from 'node-forge';
import { toHex } from '../formats/bytes.ts';
import type { Certificate, SigningKey } from '../formats/cms.ts';
import { randomOctets } from '../platform/ids.ts';

export type Subject = {
  readonly commonName: string;
  readonly organisation: string;
  /** Unified social credit code of an organisation. */
  readonly serialNumber: string | null;
};
export type Profile = 'root' | 'issuing' | 'signing';
type Issuer = SigningKey | { readonly privateKey: forge.pki.rsa.PrivateKey; readonly subject: Subject };

const years = { root: 20, issuing: 10, signing: 2 } as const;

/** A certificate with the extensions of its profile; valid from five minutes before `now`, since clocks differ. */
export function certify(
  publicKey: forge.pki.rsa.PublicKey,
  subject: Subject,
  profile: Profile,
  issuer: Issuer,
  now: Temporal.Instant,
): Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = freshSerial();
  const from = now.subtract({ minutes: 5 });
  certificate.validity.notBefore = dateOf(from);
  certificate.validity.notAfter = dateOf(from.add({ hours: years[profile] * 365 * 24 }));
  certificate.setSubject(attributesOf(subject));
  certificate.setIssuer('certificate' in issuer ? issuer.certificate.subject.attributes : attributesOf(issuer.subject));
  certificate.setExtensions([
    ...(profile === 'signing' ? signingExtensions : authorityExtensions(profile)),
    { name: 'subjectKeyIdentifier' },
    ...('certificate' in issuer ? [authorityKeyIdentifier(issuer.certificate)] : []),
  ]);
  certificate.sign(issuer.privateKey, forge.md.sha256.create());
  return certificate;
}

/** 16 random bytes, the top bits 01: positive and as short as DER wants it, with 126 random bits (RFC 5280 4.1.2.2). */
function freshSerial(): string {
  const bytes = randomOctets(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return toHex(bytes);
}

const authorityExtensions = (profile: 'root' | 'issuing') => [
  // An issuing key makes no further authorities.
  { name: 'basicConstraints', cA: true, critical: true, ...(profile === 'issuing' ? { pathLenConstraint: 0 } : {}) },
  { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
];

const signingExtensions = [
  { name: 'basicConstraints', cA: false, critical: true },
  { name: 'keyUsage', critical: true, digitalSignature: true, nonRepudiation: true },
  // Signing documents (RFC 9336); emailProtection beside it because `openssl cms -verify` and PDF readers ask for that one.
  { name: 'extKeyUsage', '1.3.6.1.5.5.7.3.36': true, emailProtection: true },
];

const authorityKeyIdentifier = (issuer: Certificate) => ({
  name: 'authorityKeyIdentifier',
  keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes(),
});

function attributesOf({ commonName, organisation, serialNumber }: Subject): forge.pki.CertificateField[] {
  // UTF8String: names are Chinese; forge encodes the text itself for that class.
  const field = (type: string, value: string, valueTagClass = forge.asn1.Type.UTF8) => ({ type, value, valueTagClass });
  const fields = [field('2.5.4.3', short(commonName)), field('2.5.4.10', short(organisation))];
  if (serialNumber) fields.push(field('2.5.4.5', serialNumber, forge.asn1.Type.PRINTABLESTRING));
  return fields as unknown as forge.pki.CertificateField[];
}

/** RFC 5280 appendix A: names hold at most 64 characters; openssl refuses longer ones. The register keeps the whole name. */
const short = (name: string): string => Array.from(name).slice(0, 64).join('');

/** forge takes certificate times as Date; the only place of the room that makes one. */
function dateOf(instant: Temporal.Instant): Date {
  const whole = instant.round({ smallestUnit: 'second', roundingMode: 'floor' });
  return new globalThis.Date(whole.epochMilliseconds);
}
