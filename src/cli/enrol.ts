/** Enrolment: key and request are made on the user's machine; only the request travels. */
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { sha256Hex, toBase64, utf8 } from '../formats/bytes.ts';
import { certificateFromPem, type SigningKey } from '../formats/cms.ts';
import { bytesOf } from '../formats/cms-der.ts';
import type { Client } from './client.ts';

const generate = promisify(generateKeyPair);

/** An RSA key of 2048 bits (or as asked) from node:crypto. */
export async function makeKey(bits = 2048): Promise<forge.pki.rsa.PrivateKey> {
  const { privateKey } = await generate('rsa', {
    modulusLength: bits,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return forge.pki.privateKeyFromPem(privateKey) as forge.pki.rsa.PrivateKey;
}

/** A PKCS#10 request for the key; the server writes the subject from its own register. */
export function requestFor(privateKey: forge.pki.rsa.PrivateKey): string {
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e);
  request.setSubject([{ name: 'commonName', value: 'yangguang enrolment' }]);
  request.sign(privateKey, forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(request);
}

type Issued = { readonly certificate: string; readonly chain: readonly string[] };

/** Fetches the certificate that belongs to a one-time code. */
export async function enrol(
  client: Pick<Client, 'call'>,
  code: string,
  privateKey: forge.pki.rsa.PrivateKey,
): Promise<SigningKey> {
  return keyOf(privateKey, await client.call<Issued>('POST', '/api/enrolments', { code, csr: requestFor(privateKey) }));
}

/** Changes the client's certificate for one of the new key: the old key signs a text that names the new request. */
export async function changeCertificate(
  client: Pick<Client, 'call' | 'sign' | 'base'>,
  privateKey: forge.pki.rsa.PrivateKey,
  now: Temporal.Instant = Temporal.Now.instant(),
): Promise<SigningKey> {
  const csr = requestFor(privateKey);
  const signed = await signedText(client, 'yangguang change v1', now, [sha256Hex(utf8(csr))]);
  return keyOf(privateKey, await client.call<Issued>('POST', '/api/certificates/change', { csr, ...signed }));
}

/** A text of the purpose with a fresh nonce, signed by the client's key; what bindings and changes are asked with. */
export async function signedText(
  client: Pick<Client, 'call' | 'sign' | 'base'>,
  purpose: string,
  now: Temporal.Instant,
  more: readonly string[] = [],
): Promise<{ text: string; signature: string }> {
  const { nonce } = await client.call<{ nonce: string }>('GET', '/api/login/nonce');
  const lines = [purpose, client.base, nonce, now.toString({ smallestUnit: 'second' }), ...more];
  const text = utf8(`${lines.join('\n')}\n`);
  return { text: toBase64(text), signature: client.sign(text) };
}

function keyOf(privateKey: forge.pki.rsa.PrivateKey, { certificate, chain }: Issued): SigningKey {
  return { privateKey, certificate: certificateFromPem(certificate), chain: chain.map(certificateFromPem) };
}

/**
 * The key with its certificates as a PKCS#12 file under a passphrase (AES-256, PBES2); write it with mode 0600. The passphrase
 * is printable ASCII: of any other character the library keeps the low byte only, which is weak and which no other program opens.
 */
export function toPkcs12(key: SigningKey, passphrase: string): Uint8Array {
  if (!/^[\x20-\x7e]{8,}$/.test(passphrase))
    throw new Error('口令须为至少8个可打印ASCII字符 / the passphrase must be at least 8 printable ASCII characters');
  const p12 = forge.pkcs12.toPkcs12Asn1(key.privateKey, [key.certificate, ...key.chain], passphrase, {
    algorithm: 'aes256',
  });
  return bytesOf(forge.asn1.toDer(p12).getBytes());
}
