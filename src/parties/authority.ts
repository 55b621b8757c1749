/**
 * The platform's certification authority: a root that is needed once and then kept offline, an issuing key in use, and the
 * centre's own signing certificate (trust protocol 1). Private keys live in files of mode 0600, never in the database.
 */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import forge from 'node-forge';
import { toHex } from '../formats/bytes.ts';
import { type Certificate, certificateFromPem, certificateToPem, type SigningKey } from '../formats/cms.ts';
import { replaceFile } from '../platform/durable-file.ts';
import { randomOctets } from '../platform/ids.ts';

export type Subject = {
  readonly commonName: string;
  readonly organisation: string;
  readonly serialNumber: string | null;
};
export type Profile = 'root' | 'issuing' | 'signing';

export type Authority = {
  readonly root: Certificate;
  readonly issuing: SigningKey;
  readonly centre: SigningKey;
  /** A certificate of the issuing key for a public key; two years. */
  issue(publicKey: forge.pki.rsa.PublicKey, subject: Subject, now: Temporal.Instant): Certificate;
};

const years = { root: 20, issuing: 10, signing: 2 } as const;

/** Opens the authority in the folder; the first call makes it. */
export async function openAuthority(folder: string, city: string, now: Temporal.Instant): Promise<Authority> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(join(folder, 'issuing.pem'))) await create(folder, city, now);
  const root = certificateFromPem(readFileSync(join(folder, 'root-certificate.pem'), 'utf8'));
  const issuing = readKey(folder, 'issuing', []);
  const centre = readKey(folder, 'centre', [issuing.certificate]);
  return {
    root,
    issuing,
    centre,
    issue: (publicKey, subject, at) => certify(publicKey, subject, 'signing', issuing, at),
  };
}

async function create(folder: string, city: string, now: Temporal.Instant): Promise<void> {
  const [rootKey, issuingKey, centreKey] = [makeKey(), makeKey(), makeKey()];
  // ASCII: forge does not write a name of other letters back as it read it, and issuers are compared byte for byte.
  const name = (commonName: string): Subject => ({ commonName, organisation: 'Yangguang', serialNumber: null });
  const rootName = name(`Yangguang Root CA ${city}`);
  const root = certify(rootKey.publicKey, rootName, 'root', { privateKey: rootKey.privateKey, subject: rootName }, now);
  const rootSigning: SigningKey = { privateKey: rootKey.privateKey, certificate: root, chain: [] };
  const issuing = certify(issuingKey.publicKey, name(`Yangguang Issuing CA ${city}`), 'issuing', rootSigning, now);
  const issuer: SigningKey = { privateKey: issuingKey.privateKey, certificate: issuing, chain: [] };
  const centreName: Subject = { commonName: '公共资源交易中心', organisation: city, serialNumber: null };
  const centre = certify(centreKey.publicKey, centreName, 'signing', issuer, now);
  const pem = (key: forge.pki.rsa.PrivateKey) => forge.pki.privateKeyToPem(key);
  await replaceFile(join(folder, 'root.pem'), pem(rootKey.privateKey), 0o600);
  await replaceFile(join(folder, 'root-certificate.pem'), certificateToPem(root), 0o644);
  await replaceFile(join(folder, 'centre.pem'), pem(centreKey.privateKey), 0o600);
  await replaceFile(join(folder, 'centre-certificate.pem'), certificateToPem(centre), 0o644);
  await replaceFile(join(folder, 'issuing-certificate.pem'), certificateToPem(issuing), 0o644);
  // Last: its presence says that all the others are whole.
  await replaceFile(join(folder, 'issuing.pem'), pem(issuingKey.privateKey), 0o600);
}

function readKey(folder: string, name: string, chain: readonly Certificate[]): SigningKey {
  return {
    privateKey: forge.pki.privateKeyFromPem(
      readFileSync(join(folder, `${name}.pem`), 'utf8'),
    ) as forge.pki.rsa.PrivateKey,
    certificate: certificateFromPem(readFileSync(join(folder, `${name}-certificate.pem`), 'utf8')),
    chain,
  };
}

/** An RSA key of 3072 bits from node:crypto, which is some hundred times faster at it than forge. */
function makeKey(): forge.pki.rsa.KeyPair {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 3072,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const key = forge.pki.privateKeyFromPem(privateKey) as forge.pki.rsa.PrivateKey;
  return { privateKey: key, publicKey: forge.pki.setRsaPublicKey(key.n, key.e) as forge.pki.rsa.PublicKey };
}

type Issuer = SigningKey | { readonly privateKey: forge.pki.rsa.PrivateKey; readonly subject: Subject };

/** An X.509 v3 certificate with the extensions of its profile (RFC 5280). */
export function certify(
  publicKey: forge.pki.rsa.PublicKey,
  subject: Subject,
  profile: Profile,
  issuer: Issuer,
  now: Temporal.Instant,
): Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  // A leading zero nibble keeps the serial positive (RFC 5280 4.1.2.2).
  certificate.serialNumber = `0${toHex(randomOctets(16)).slice(1)}`;
  const from = now.subtract({ minutes: 5 });
  certificate.validity.notBefore = dateOf(from);
  certificate.validity.notAfter = dateOf(from.add({ hours: years[profile] * 365 * 24 }));
  certificate.setSubject(attributesOf(subject));
  certificate.setIssuer('certificate' in issuer ? issuer.certificate.subject.attributes : attributesOf(issuer.subject));
  const authority = profile !== 'signing';
  certificate.setExtensions([
    {
      name: 'basicConstraints',
      cA: authority,
      critical: true,
      ...(profile === 'issuing' ? { pathLenConstraint: 0 } : {}),
    },
    authority
      ? { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true }
      : { name: 'keyUsage', critical: true, digitalSignature: true, nonRepudiation: true },
    { name: 'subjectKeyIdentifier' },
    ...('certificate' in issuer
      ? [
          {
            name: 'authorityKeyIdentifier',
            keyIdentifier: issuer.certificate.generateSubjectKeyIdentifier().getBytes(),
          },
        ]
      : []),
  ]);
  certificate.sign(issuer.privateKey, forge.md.sha256.create());
  return certificate;
}

function attributesOf({ commonName, organisation, serialNumber }: Subject): forge.pki.CertificateField[] {
  // UTF8String: names are Chinese; forge encodes the text itself for that class.
  const field = (type: string, value: string, valueTagClass = forge.asn1.Type.UTF8) => ({ type, value, valueTagClass });
  const fields = [field('2.5.4.3', commonName), field('2.5.4.10', organisation)];
  if (serialNumber) fields.push(field('2.5.4.5', serialNumber, forge.asn1.Type.PRINTABLESTRING));
  return fields as unknown as forge.pki.CertificateField[];
}

/** forge takes certificate times as Date; the only place of the room that makes one. */
function dateOf(instant: Temporal.Instant): Date {
  const whole = instant.round({ smallestUnit: 'second', roundingMode: 'floor' });
  return new globalThis.Date(whole.epochMilliseconds);
}
