/** Certificate requests (PKCS#10, RFC 2986) from outside: only their key is taken, the subject is the register's. */
import forge from 'node-forge';
import type { Certificate } from '../formats/cms.ts';
import type { Refusal } from '../platform/refusal.ts';
import { partyRefusal } from './refusals.ts';
import { weaknessOf } from './weak-keys.ts';

/** sha256/384/512WithRSAEncryption (RFC 8017 appendix C): who holds a broken hash could show a request of a stranger's key. */
const signatureOids = new Set(['1.2.840.113549.1.1.11', '1.2.840.113549.1.1.12', '1.2.840.113549.1.1.13']);

/** The key of a request, or why it gets no certificate: `csr-invalid`, `key-weak`. */
export function readRequest(pem: string): Refusal | forge.pki.rsa.PublicKey {
  const key = requestKey(pem);
  if (!key) return partyRefusal('csr-invalid');
  return weakKey(key) ?? key;
}

/** `key-weak` where a certificate's key is of a kind known to be broken. */
export const weakCertificate = (certificate: Certificate): Refusal | null =>
  weakKey(certificate.publicKey as forge.pki.rsa.PublicKey);

function weakKey(key: forge.pki.rsa.PublicKey): Refusal | null {
  const weakness = weaknessOf(BigInt(`0x${key.n.toString(16)}`));
  return weakness && partyRefusal('key-weak', { weakness });
}

type Request = forge.pki.CertificateSigningRequest & { readonly signatureOid?: string };

/** Null unless the request's own signature holds and the key is RSA of 2048 to 8192 bits with e = 65537. */
function requestKey(pem: string): forge.pki.rsa.PublicKey | null {
  try {
    const request = forge.pki.certificationRequestFromPem(pem) as Request;
    const key = request.publicKey as forge.pki.rsa.PublicKey | null;
    if (!key) return null;
    const bits = key.n.bitLength();
    // Before the signature: the size bounds what checking it costs.
    if (bits < 2048 || bits > 8192 || key.e.toString(10) !== '65537') return null;
    return signatureOids.has(request.signatureOid ?? '') && request.verify() ? key : null;
  } catch {
    return null;
  }
}
