/** Enrolment: key and request are made on the user's machine; only the request travels. */
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';
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

/** Fetches the certificate that belongs to a one-time code. */
export async function enrol(
  client: Pick<Client, 'call'>,
  code: string,
  privateKey: forge.pki.rsa.PrivateKey,
): Promise<SigningKey> {
  const issued = await client.call<{ certificate: string; chain: string[] }>('POST', '/api/enrolments', {
    code,
    csr: requestFor(privateKey),
  });
  return {
    privateKey,
    certificate: certificateFromPem(issued.certificate),
    chain: issued.chain.map(certificateFromPem),
  };
}

/** The key with its certificates as a PKCS#12 file under a passphrase (AES-256, PBES2). */
export function toPkcs12(key: SigningKey, passphrase: string): Uint8Array {
  const p12 = forge.pkcs12.toPkcs12Asn1(key.privateKey, [key.certificate, ...key.chain], passphrase, {
    algorithm: 'aes256',
  });
  return bytesOf(forge.asn1.toDer(p12).getBytes());
}
