/**
 * What the key worker does, apart from its messages, so that tests can call it: opens PKCS#12 files, signs, makes keys and
 * requests. Nothing here reaches the network, and no private key is ever part of an answer except packed under a passphrase
 * that the person has chosen.
 */
import forge from 'node-forge';
import { fromUtf8, utf8 } from '../../formats/bytes.ts';
import {
  type Certificate,
  certificateFromPem,
  certificateSha256,
  certificateToPem,
  openPkcs12,
  Pkcs12Error,
  type SigningKey,
  signDetached,
} from '../../formats/cms.ts';
import { binaryOf, bytesOf } from '../../formats/cms-der.ts';
import { maxFileBytes } from './limits.ts';
import { timeText } from './time.ts';

export type PrivateKey = forge.pki.rsa.PrivateKey;

/** What a page may know of an open key. */
export type KeyFacts = {
  /** Common name: the person, as the certificate says. */
  readonly subject: string;
  readonly organisation?: string;
  /** Lower-case hex SHA-256 of the certificate's DER. */
  readonly certSha256: string;
  readonly certificatePem: string;
  /** RFC 3339, to the second. */
  readonly notBefore: string;
  readonly notAfter: string;
};

/** Opens a key file. Throws Pkcs12Error `passphrase-wrong` or `pkcs12-broken`. */
export function openKeyFile(file: Uint8Array, passphrase: string): SigningKey {
  if (file.length === 0 || file.length > maxFileBytes) throw new Pkcs12Error('pkcs12-broken', 'size');
  return openPkcs12(file, passphrase);
}

export function factsOf({ certificate }: SigningKey): KeyFacts {
  const organisation = nameOf(certificate, 'O');
  return {
    subject: nameOf(certificate, 'CN') ?? '',
    ...(organisation ? { organisation } : {}),
    certSha256: certificateSha256(certificate),
    certificatePem: certificateToPem(certificate),
    notBefore: timeText(certificate.validity.notBefore.getTime()),
    notAfter: timeText(certificate.validity.notAfter.getTime()),
  };
}

/** A name of the subject; the library gives UTF-8 either decoded or as its octets, by how the certificate was read. */
function nameOf(certificate: Certificate, short: 'CN' | 'O'): string | undefined {
  const value: unknown = certificate.subject.getField(short)?.value;
  if (typeof value !== 'string') return undefined;
  if (/[^\0-\xff]/.test(value)) return value;
  try {
    return fromUtf8(bytesOf(value));
  } catch {
    return value;
  }
}

/** Detached CMS signature of a document at a time in epoch milliseconds. */
export function signAt(key: SigningKey, document: Uint8Array, epochMilliseconds: number): Uint8Array {
  // `signDetached` writes the instant as text, to the second; not every browser has Temporal yet.
  const at = { toString: () => timeText(epochMilliseconds) } as Temporal.Instant;
  return signDetached(key, document, at);
}

/** An RSA key, by the browser's own generator where the page is in a secure context, else by the library's (some seconds). */
export async function makeKey(bits = 3072): Promise<PrivateKey> {
  const { subtle } = globalThis.crypto;
  if (!subtle) return forge.pki.rsa.generateKeyPair({ bits, e: 0x10001 }).privateKey;
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: bits,
    publicExponent: Uint8Array.of(1, 0, 1),
    hash: 'SHA-256',
  };
  const pair = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const der = new Uint8Array(await subtle.exportKey('pkcs8', pair.privateKey));
  return forge.pki.privateKeyFromAsn1(forge.asn1.fromDer(binaryOf(der))) as PrivateKey;
}

/** A PKCS#10 request for the key; the server writes the subject from its own register. */
export function requestFor(privateKey: PrivateKey): string {
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e);
  request.setSubject([{ name: 'commonName', value: 'yangguang enrolment' }]);
  request.sign(privateKey, forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(request);
}

/** Of any other character the library keeps the low byte only, which is weak and which no other program opens. */
export const passphraseFits = (passphrase: string): boolean => /^[\x20-\x7e]{8,}$/.test(passphrase);

/** Key and certificates as PKCS#12 under a passphrase (AES-256, PBES2). Throws Pkcs12Error where the certificate is of another key. */
export function packKeyFile(
  privateKey: PrivateKey,
  certificate: string,
  chain: readonly string[],
  passphrase: string,
): { readonly key: SigningKey; readonly file: Uint8Array } {
  const own = certificateFromPem(certificate);
  if (!(own.publicKey as forge.pki.rsa.PublicKey).n.equals(privateKey.n))
    throw new Pkcs12Error('pkcs12-broken', 'the certificate is of another key');
  const key = { privateKey, certificate: own, chain: chain.map(certificateFromPem) };
  const p12 = forge.pkcs12.toPkcs12Asn1(privateKey, [own, ...key.chain], passphrase, { algorithm: 'aes256' });
  return { key, file: bytesOf(forge.asn1.toDer(p12).getBytes()) };
}

/** A key whose certificate is still awaited, as an encrypted PKCS#8 PEM (AES-256) for the person's disk. */
export function lockKey(privateKey: PrivateKey, passphrase: string): Uint8Array {
  return utf8(forge.pki.encryptRsaPrivateKey(privateKey, passphrase, { algorithm: 'aes256' }));
}

/** Opens what `lockKey` has made. Throws Pkcs12Error as `openKeyFile` does. */
export function unlockKey(file: Uint8Array, passphrase: string): PrivateKey {
  let text: string;
  try {
    text = fromUtf8(file);
  } catch {
    throw new Pkcs12Error('pkcs12-broken', 'no text');
  }
  if (file.length > maxFileBytes || !text.includes('ENCRYPTED PRIVATE KEY'))
    throw new Pkcs12Error('pkcs12-broken', 'no encrypted private key');
  try {
    const key = forge.pki.decryptRsaPrivateKey(text, passphrase) as PrivateKey | null;
    if (key) return key;
  } catch {
    // A wrong passphrase ends in rubbish that is no key.
  }
  throw new Pkcs12Error('passphrase-wrong', 'the key does not open');
}
