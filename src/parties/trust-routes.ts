/** Roots, issuing certificate and revocation list, for everybody. */
import { utf8 } from '../formats/bytes.ts';
import { certificateToPem } from '../formats/cms.ts';
import { BinaryAnswer, type Route, route } from '../platform/http/route.ts';
import { revocationList } from './crl.ts';
import type { RouteDeps } from './deps.ts';

export function trustRoutes({ roots, authority, certificates, clock }: RouteDeps): Route[] {
  const pem = (path: string, name: string, zh: string, en: string, text: () => string) =>
    route(
      { method: 'GET', path, name, who: 'anyone', summary: { zh, en }, answer: 'binary', refusals: [] },
      async () => new BinaryAnswer(utf8(text()), 'application/x-pem-file'),
    );
  return [
    pem(
      '/api/trust/roots',
      'readTrustRoots',
      '信任根证书：平台根在前',
      'Trusted root certificates, the platform CA first',
      () => roots().map(certificateToPem).join(''),
    ),
    pem('/api/trust/issuing', 'readIssuingCertificate', '签发证书', 'Issuing certificate', () =>
      certificateToPem(authority.issuing.certificate),
    ),
    pem('/api/trust/centre', 'readCentreCertificate', '交易中心签名证书', "The centre's signing certificate", () =>
      certificateToPem(authority.centre.certificate),
    ),
    route(
      {
        method: 'GET',
        path: '/api/trust/crl',
        name: 'readRevocationList',
        who: 'anyone',
        summary: { zh: '吊销列表（DER）', en: 'Certificate revocation list (DER)' },
        answer: 'binary',
        refusals: [],
      },
      async () => {
        const rows = await certificates.revoked();
        return new BinaryAnswer(revocationList(authority.issuing, rows, clock.now()), 'application/pkix-crl');
      },
    ),
  ];
}
