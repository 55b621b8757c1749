/** Certificates for tests: a root, an issuing CA and signers, made with the library (2048-bit keys cost about 0.1 s native). */
import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';
import type { SigningKey } from '../../src/formats/cms.ts';

const { pki } = forge;

export type TestAuthority = { readonly key: forge.pki.rsa.PrivateKey; readonly certificate: forge.pki.Certificate };
export type CertificateOptions = {
  readonly name: string;
  readonly issuer?: TestAuthority;
  readonly ca?: boolean;
  readonly pathLen?: number;
  readonly from?: string;
  readonly until?: string;
  readonly extensions?: readonly object[];
  readonly digest?: 'sha1' | 'sha256';
};

let serial = 1000;

/** A fresh certificate, self-signed where no issuer is given. */
export function issue(options: CertificateOptions): TestAuthority {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = pki.privateKeyFromPem(pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.setRsaPublicKey(key.n, key.e);
  certificate.serialNumber = `01${(serial++).toString(16).padStart(6, '0')}`;
  certificate.validity.notBefore = new Date(options.from ?? '2020-01-01T00:00:00Z');
  certificate.validity.notAfter = new Date(options.until ?? '2049-01-01T00:00:00Z');
  const subject = [{ shortName: 'CN', value: options.name, valueTagClass: forge.asn1.Type.UTF8 as never }];
  certificate.setSubject(subject);
  certificate.setIssuer(options.issuer ? options.issuer.certificate.subject.attributes : subject);
  certificate.setExtensions([
    ...(options.ca
      ? [
          {
            name: 'basicConstraints',
            cA: true,
            critical: true,
            ...(options.pathLen === undefined ? {} : { pathLenConstraint: options.pathLen }),
          },
          { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
        ]
      : [
          { name: 'keyUsage', digitalSignature: true, nonRepudiation: true, critical: true },
          { name: 'subjectKeyIdentifier' },
        ]),
    ...(options.extensions ?? []),
  ]);
  certificate.sign(options.issuer?.key ?? key, forge.md[options.digest ?? 'sha256'].create());
  return { key, certificate };
}

/** A root, an issuing CA below it, and a maker of signers. */
export function testAuthority(): { root: TestAuthority; issuing: TestAuthority; signer(name: string): SigningKey } {
  const root = issue({ name: '测试根', ca: true });
  const issuing = issue({ name: '测试签发', ca: true, pathLen: 0, issuer: root });
  const signer = (name: string): SigningKey => {
    const { key, certificate } = issue({ name, issuer: issuing });
    return { privateKey: key, certificate, chain: [issuing.certificate] };
  };
  return { root, issuing, signer };
}
