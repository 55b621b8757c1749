/** A signer's key file (PKCS#12, RFC 7292), opened where the signer sits; it never reaches the server. */
import forge from 'node-forge';
import type { Certificate } from './cms-certificates.ts';
import { binaryOf } from './cms-der.ts';

export type SigningKey = {
  readonly privateKey: forge.pki.rsa.PrivateKey;
  readonly certificate: Certificate;
  /** Certificates between the signer's and a root, in any order. */
  readonly chain: readonly Certificate[];
};

export type Pkcs12Code = 'passphrase-wrong' | 'pkcs12-broken';

export class Pkcs12Error extends Error {
  readonly code: Pkcs12Code;

  constructor(code: Pkcs12Code, detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'Pkcs12Error';
    this.code = code;
  }
}

/** Opens a key file. Throws Pkcs12Error; `passphrase-wrong` also stands for a file changed after it was made (its MAC). */
export function openPkcs12(der: Uint8Array, passphrase: string): SigningKey {
  try {
    return readPkcs12(der, passphrase);
  } catch (error) {
    if (error instanceof Pkcs12Error) throw error;
    const text = String(error);
    // forge has no codes: this word is in its messages about the MAC and the decryption, and in no other.
    throw new Pkcs12Error(/password/i.test(text) ? 'passphrase-wrong' : 'pkcs12-broken', text);
  }
}

function readPkcs12(der: Uint8Array, passphrase: string): SigningKey {
  const file = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(binaryOf(der)), true, passphrase);
  const bags = file.safeContents.flatMap((content) => content.safeBags);
  const key = bags.find((bag) => bag.key)?.key;
  const certificates = bags.flatMap((bag) => (bag.cert ? [bag.cert] : []));
  if (!key || !('n' in key)) throw new Pkcs12Error('pkcs12-broken', 'no RSA key');
  const own = certificates.find((c) => (c.publicKey as forge.pki.rsa.PublicKey).n.equals(key.n));
  if (!own) throw new Pkcs12Error('pkcs12-broken', 'no certificate for the key');
  return {
    privateKey: key as forge.pki.rsa.PrivateKey,
    certificate: own,
    chain: certificates.filter((c) => c !== own),
  };
}
