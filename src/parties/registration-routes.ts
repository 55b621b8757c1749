/** Applications for registration and for the binding of outside certificates. */
import { z } from 'zod';
import { identifier, sha256Text } from '../formats/primitives.ts';
import { type Route, route } from '../platform/http/route.ts';
import { isRefusal } from '../platform/refusal.ts';
import type { RouteDeps } from './deps.ts';
import { partyRefusal } from './refusals.ts';
import { by, csr, done, issuedView, partyCodes as refusals, shownCertificate, signedText } from './views.ts';

const administrator = ['administrator'] as const;
const params = z.strictObject({ id: identifier });

export function registrationRoutes(deps: RouteDeps): Route[] {
  return [...applicantRoutes(deps), ...decisionRoutes(deps)];
}

function applicantRoutes({ registrations, certificates, outsideCertificate }: RouteDeps): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/registrations',
        name: 'applyForRegistration',
        who: 'anyone',
        summary: { zh: '投标单位自助注册', en: "Apply for a bidder's registration" },
        body: z.strictObject({
          name: z.string().trim().min(2).max(200),
          uscc: z.string().trim().max(18),
          contact: z.string().trim().min(1).max(100),
          /** A certificate request, or a text signed with a certificate of an outside CA. */
          csr: csr.optional(),
          outside: z.strictObject(signedText).optional(),
        }),
        answer: z.object({ id: identifier, ticket: sha256Text }),
        status: 201,
        refusals,
      },
      async ({ body: { csr: request, outside, ...applicant }, requestId }) => {
        if ((request === undefined) === (outside === undefined)) return partyRefusal('csr-invalid');
        if (request !== undefined) return registrations.apply({ ...applicant, key: { csr: request } }, { requestId });
        const certificate = await outsideCertificate(outside!);
        if (isRefusal(certificate)) return certificate;
        return registrations.apply({ ...applicant, key: { outside: certificate } }, { requestId });
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/registrations/:id',
        name: 'showRegistration',
        who: 'anyone',
        summary: {
          zh: '查询注册结果（凭申请时所得的凭单）',
          en: 'What became of a registration, for who holds its ticket',
        },
        params,
        query: z.strictObject({ ticket: sha256Text }),
        answer: z.object({ status: z.string(), certificate: z.string().nullable(), reason: z.string().nullable() }),
        refusals,
      },
      async ({ params: { id }, query }) => {
        const found = await registrations.registration(id);
        if (!found || !registrations.holdsTicket(id, query.ticket)) return partyRefusal('registration-unknown');
        const { status, certSha256, reason } = found.state;
        return { status, certificate: certSha256 && (await certificates.certificatePem(certSha256)), reason };
      },
    ),
  ];
}

function decisionRoutes({ registrations }: RouteDeps): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/registrations',
        name: 'listRegistrations',
        who: administrator,
        summary: { zh: '待审注册', en: 'Registrations that wait' },
        answer: z.array(
          z.object({
            id: identifier,
            name: z.string(),
            uscc: z.string(),
            status: z.string(),
            person: identifier.nullable(),
          }),
        ),
        refusals,
      },
      async () =>
        (await registrations.pending()).map(({ state }) => ({
          id: state.id,
          name: state.organisationName,
          uscc: state.uscc,
          status: state.status,
          person: state.person,
        })),
    ),
    route(
      {
        method: 'POST',
        path: '/api/registrations/:id/approval',
        name: 'approveRegistration',
        who: administrator,
        summary: { zh: '核准注册并发证', en: 'Approve a registration and issue its certificate' },
        params,
        body: z.strictObject({}),
        answer: issuedView,
        refusals,
      },
      async ({ params: { id }, ...call }) => {
        const issued = await registrations.approve(id, by(call));
        return isRefusal(issued) ? issued : shownCertificate(issued);
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/registrations/:id/rejection',
        name: 'rejectRegistration',
        who: administrator,
        summary: { zh: '退回注册', en: 'Reject a registration' },
        params,
        body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
        answer: done,
        refusals,
      },
      async ({ params: { id }, body, ...call }) => {
        const acted = await registrations.reject(id, body.reason, by(call));
        return isRefusal(acted) ? acted : {};
      },
    ),
  ];
}
