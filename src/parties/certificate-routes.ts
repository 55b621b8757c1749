/** Certificates over HTTP: enrolment, change, binding of an outside one, revocation. */
import { z } from 'zod';
import { fromBase64, sha256Hex, utf8 } from '../formats/bytes.ts';
import { identifier, sha256Text } from '../formats/primitives.ts';
import { callerOf, type Route, route } from '../platform/http/route.ts';
import { isRefusal } from '../platform/refusal.ts';
import type { RouteDeps } from './deps.ts';
import { partyRefusal } from './refusals.ts';
import { revocationCauses } from './rules.ts';
import { by, csr, done, issuedView, partyCodes, shownCertificate, signedText } from './views.ts';

export function certificateRoutes(deps: RouteDeps): Route[] {
  return [enrolRoute(deps), changeRoute(deps), bindingRoute(deps), revocationRoute(deps)];
}

const enrolRoute = ({ certificates }: RouteDeps): Route =>
  route(
    {
      method: 'POST',
      path: '/api/enrolments',
      name: 'enrol',
      who: 'anyone',
      summary: { zh: '凭开通码与证书请求领取证书', en: 'Fetch a certificate with a one-time code and a request' },
      body: z.strictObject({ code: z.string().regex(/^[0-9a-f]{32}$/), csr }),
      answer: issuedView,
      refusals: partyCodes,
    },
    async ({ body, requestId }) => {
      const issued = await certificates.enrol(body.code, body.csr, { requestId });
      return isRefusal(issued) ? issued : shownCertificate(issued);
    },
  );

const changeRoute = ({ journal, certificates, challenges, verify }: RouteDeps): Route =>
  route(
    {
      method: 'POST',
      path: '/api/certificates/change',
      name: 'changeCertificate',
      who: 'signed-in',
      summary: {
        zh: '以现用证书签名换发新证书',
        en: 'Follow the present certificate with a new one; the text names the SHA-256 of the request and is signed by the present key',
      },
      body: z.strictObject({ csr, ...signedText }),
      answer: issuedView,
      refusals: partyCodes,
    },
    async ({ body, ...call }) => {
      const { person, certSha256 } = callerOf(call).principal;
      const [text, signature] = [fromBase64(body.text), fromBase64(body.signature)];
      const checked = await challenges.check('change', text, [sha256Hex(utf8(body.csr))]);
      if (isRefusal(checked)) return checked;
      const signer = await verify(journal.db.read(), text, signature, checked.now);
      if (signer.certSha256 !== certSha256) return partyRefusal('change-unsigned');
      const issued = await certificates.change({ person, certSha256 }, body.csr, { text, signature }, by(call));
      return isRefusal(issued) ? issued : shownCertificate(issued);
    },
  );

const bindingRoute = ({ journal, registers, registrations, outsideCertificate }: RouteDeps): Route =>
  route(
    {
      method: 'POST',
      path: '/api/certificates/bindings',
      name: 'applyForBinding',
      who: 'signed-in',
      summary: {
        zh: '申请绑定外部CA证书（须管理员核准）',
        en: "Ask for a certificate of an outside CA to be bound to the caller's account; an administrator approves",
      },
      body: z.strictObject(signedText),
      answer: z.object({ id: identifier, ticket: sha256Text }),
      status: 201,
      refusals: partyCodes,
    },
    async ({ body, requestId, principal }) => {
      const holder = principal && (await registers.person(journal.db.read(), principal.person));
      if (!holder) return partyRefusal('person-unknown');
      const outside = await outsideCertificate(body);
      return isRefusal(outside) ? outside : registrations.applyForBinding(holder, outside, { requestId });
    },
  );

const revocationRoute = ({ certificates }: RouteDeps): Route =>
  route(
    {
      method: 'POST',
      path: '/api/certificates/:certSha256/revocation',
      name: 'revokeCertificate',
      who: ['administrator'],
      summary: {
        zh: '吊销证书；密钥泄露时一并吊销其换发的证书',
        en: 'Revoke a certificate; for a compromised key also those that followed it',
      },
      params: z.strictObject({ certSha256: sha256Text }),
      body: z.strictObject({
        reason: z.string().trim().min(1).max(200),
        cause: z.enum(revocationCauses).default('unspecified'),
      }),
      answer: done,
      refusals: partyCodes,
    },
    async ({ params, body, ...call }) => {
      const acted = await certificates.revoke(params.certSha256, body.reason, by(call), body.cause);
      return isRefusal(acted) ? acted : {};
    },
  );
