/** Parties over HTTP: trust roots, log-in, enrolment, registrations, the administrator's registers. */
import { z } from 'zod';
import { fromBase64, utf8 } from '../formats/bytes.ts';
import { certificateToPem } from '../formats/cms.ts';
import { identifier, sha256Text } from '../formats/primitives.ts';
import type { Journal } from '../journal/index.ts';
import { sessionCookie } from '../platform/http/app.ts';
import { BinaryAnswer, callerOf, type Route, roles, route } from '../platform/http/route.ts';
import { isRefusal } from '../platform/refusal.ts';
import type { Authority } from './authority.ts';
import { revocationList } from './crl.ts';
import { partyRefusal, partyRefusals } from './refusals.ts';
import type { Registers } from './registers.ts';
import { organisationKinds } from './roles.ts';
import type { Sessions } from './sessions.ts';

type Deps = {
  readonly journal: Journal;
  readonly registers: Registers;
  readonly sessions: Sessions;
  readonly authority: Authority;
  readonly clock: { now(): Temporal.Instant };
};

const refusals = Object.keys(partyRefusals);
const administrator = ['administrator'] as const;
const role = z.enum(roles);
const csr = z.string().max(20_000);
const issuedView = z.object({ certSha256: sha256Text, certificate: z.string(), chain: z.array(z.string()) });
const organisationView = z.object({ id: identifier, name: z.string(), uscc: z.string(), kinds: z.array(z.string()) });
const done = z.object({});

const by = (call: Parameters<typeof callerOf>[0]) => ({
  actor: callerOf(call).principal.person,
  requestId: call.requestId,
});

export function partyRoutes(deps: Deps): Route[] {
  return [
    ...trustRoutes(deps),
    ...loginRoutes(deps),
    ...enrolmentRoutes(deps),
    ...registerRoutes(deps),
    ...registrationRoutes(deps),
  ];
}

function trustRoutes({ journal, authority, clock }: Deps): Route[] {
  const pem = (path: string, name: string, zh: string, en: string, text: () => string) =>
    route(
      { method: 'GET', path, name, who: 'anyone', summary: { zh, en }, answer: 'binary', refusals: [] },
      async () => new BinaryAnswer(utf8(text()), 'application/x-pem-file'),
    );
  return [
    pem('/api/trust/roots', 'readTrustRoots', '平台根证书', 'Root certificate of the platform CA', () =>
      certificateToPem(authority.root),
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
        const rows = await journal.db.query<{ serial: string; at: string }>(
          `select state ->> 'serial' as serial, state -> 'revoked' ->> 'at' as at from certificate where revoked and state ->> 'issuer' = 'platform' order by id`,
        );
        return new BinaryAnswer(revocationList(authority.issuing, rows, clock.now()), 'application/pkix-crl');
      },
    ),
  ];
}

const sessionView = z.object({
  person: identifier,
  organisation: identifier.nullable(),
  roles: z.array(role),
  certSha256: sha256Text,
  csrf: z.string(),
});

function loginRoutes({ sessions }: Deps): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/login/nonce',
        name: 'beginLogin',
        who: 'anyone',
        summary: { zh: '取登录随机数', en: 'A nonce for one log-in' },
        answer: z.object({ nonce: z.string() }),
        refusals,
      },
      async () => ({ nonce: await sessions.nonce() }),
    ),
    route(
      {
        method: 'POST',
        path: '/api/login',
        name: 'logIn',
        who: 'anyone',
        summary: { zh: '以签名登录', en: 'Log in with a signed text' },
        body: z.strictObject({ text: z.base64().max(4000), signature: z.base64().max(40_000) }),
        answer: sessionView,
        refusals,
      },
      async ({ body, setCookie }) => {
        const signedIn = await sessions.logIn(fromBase64(body.text), fromBase64(body.signature));
        if (isRefusal(signedIn)) return signedIn;
        setCookie(sessionCookie, signedIn.token, 12 * 3600);
        const { person, organisation, roles: held, certSha256 } = signedIn.principal;
        return { person, organisation, roles: [...held], certSha256, csrf: signedIn.csrf };
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/session',
        name: 'showSession',
        who: 'signed-in',
        summary: { zh: '当前登录', en: 'The present session' },
        answer: sessionView,
        refusals,
      },
      async ({ headers, principal }) => {
        const cookie = /(?:^|;\s*)yg_session=([0-9a-f]{64})/.exec(String(headers.cookie ?? ''))?.[1];
        const found = await sessions.identify(cookie);
        if (!found || !principal) return partyRefusal('person-inactive');
        const { person, organisation, roles: held, certSha256 } = principal;
        return { person, organisation, roles: [...held], certSha256, csrf: found.csrf };
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/logout',
        name: 'logOut',
        who: 'signed-in',
        summary: { zh: '退出登录', en: 'Log out' },
        body: z.strictObject({}),
        answer: done,
        refusals,
      },
      async (call) => {
        await sessions.logOut(callerOf(call).principal.session);
        call.setCookie(sessionCookie, null, 0);
        return {};
      },
    ),
  ];
}

function enrolmentRoutes({ registers }: Deps): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/enrolments',
        name: 'enrol',
        who: 'anyone',
        summary: { zh: '凭开通码与证书请求领取证书', en: 'Fetch a certificate with a one-time code and a request' },
        body: z.strictObject({ code: z.string().regex(/^[0-9a-f]{32}$/), csr }),
        answer: issuedView,
        refusals,
      },
      async ({ body, requestId }) => {
        const issued = await registers.enrol(body.code, body.csr, { requestId });
        return isRefusal(issued) ? issued : { ...issued, chain: [...issued.chain] };
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/certificates/change',
        name: 'changeCertificate',
        who: 'signed-in',
        summary: { zh: '以现用证书换发新证书', en: 'Follow the present certificate with a new one' },
        body: z.strictObject({ csr }),
        answer: issuedView,
        refusals,
      },
      async ({ body, ...call }) => {
        const { principal } = callerOf(call);
        // The session was opened by a signature of the old certificate, which is what the change needs.
        const issued = await registers.issueFor(principal.person, body.csr, by(call), principal.certSha256);
        return isRefusal(issued) ? issued : { ...issued, chain: [...issued.chain] };
      },
    ),
  ];
}

function registerRoutes({ journal, registers }: Deps): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/organisations',
        name: 'registerOrganisation',
        who: administrator,
        summary: { zh: '登记单位', en: 'Register an organisation' },
        body: z.strictObject({
          name: z.string().trim().min(2).max(200),
          uscc: z.string().trim().max(18),
          kinds: z.array(z.enum(organisationKinds)).min(1),
        }),
        answer: organisationView,
        status: 201,
        refusals,
      },
      async ({ body, ...call }) => {
        const made = await registers.registerOrganisation(body, by(call));
        return isRefusal(made) ? made : { ...made, kinds: [...made.kinds] };
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/organisations/:id',
        name: 'showOrganisation',
        who: 'anyone',
        summary: { zh: '单位信息', en: 'An organisation' },
        params: z.strictObject({ id: identifier }),
        answer: organisationView,
        refusals,
      },
      async ({ params }) => {
        const found = await registers.organisation(journal.db.read(), params.id);
        return found ? { ...found, kinds: [...found.kinds] } : partyRefusal('organisation-unknown');
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/people',
        name: 'registerPerson',
        who: administrator,
        summary: { zh: '登记人员并发开通码', en: 'Register a person; answers a one-time enrolment code' },
        body: z.strictObject({
          name: z.string().trim().min(1).max(100),
          organisation: identifier,
          roles: z.array(role).min(1),
        }),
        answer: z.object({ id: identifier, code: z.string() }),
        status: 201,
        refusals,
      },
      async ({ body, ...call }) => {
        const made = await registers.registerPerson(body, by(call));
        return isRefusal(made) ? made : { id: made.id, code: await registers.enrolmentCode(made.id) };
      },
    ),
    route(
      {
        method: 'PUT',
        path: '/api/people/:id/roles',
        name: 'changeRoles',
        who: administrator,
        summary: { zh: '调整角色', en: "Change a person's roles" },
        params: z.strictObject({ id: identifier }),
        body: z.strictObject({ roles: z.array(role).min(1) }),
        answer: done,
        refusals,
      },
      async ({ params, body, ...call }) => {
        const acted = await registers.changeRoles(params.id, body.roles, by(call));
        return isRefusal(acted) ? acted : {};
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/people/:id/closure',
        name: 'closePerson',
        who: administrator,
        summary: { zh: '停用账号', en: 'Close an account' },
        params: z.strictObject({ id: identifier }),
        body: z.strictObject({}),
        answer: done,
        refusals,
      },
      async ({ params, ...call }) => {
        const acted = await registers.closePerson(params.id, by(call));
        return isRefusal(acted) ? acted : {};
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/certificates/:certSha256/revocation',
        name: 'revokeCertificate',
        who: administrator,
        summary: { zh: '吊销证书', en: 'Revoke a certificate' },
        params: z.strictObject({ certSha256: sha256Text }),
        body: z.strictObject({ reason: z.string().trim().min(1).max(200) }),
        answer: done,
        refusals,
      },
      async ({ params, body, ...call }) => {
        const acted = await registers.revoke(params.certSha256, body.reason, by(call));
        return isRefusal(acted) ? acted : {};
      },
    ),
  ];
}

function registrationRoutes({ registers }: Deps): Route[] {
  const params = z.strictObject({ id: identifier });
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
          csr,
        }),
        answer: z.object({ id: identifier }),
        status: 201,
        refusals,
      },
      async ({ body, requestId }) => registers.apply(body, { requestId }),
    ),
    route(
      {
        method: 'GET',
        path: '/api/registrations',
        name: 'listRegistrations',
        who: administrator,
        summary: { zh: '待审注册', en: 'Registrations that wait' },
        answer: z.array(z.object({ id: identifier, name: z.string(), uscc: z.string() })),
        refusals,
      },
      async () =>
        (await registers.pending()).map(({ state }) => ({
          id: state.id,
          name: state.organisationName,
          uscc: state.uscc,
        })),
    ),
    route(
      {
        method: 'GET',
        path: '/api/registrations/:id',
        name: 'showRegistration',
        who: 'anyone',
        summary: { zh: '查询注册结果', en: 'What became of a registration; the id is its secret' },
        params,
        answer: z.object({ status: z.string(), certificate: z.string().nullable(), reason: z.string().nullable() }),
        refusals,
      },
      async ({ params: { id } }) => {
        const found = await registers.registration(id);
        if (!found) return partyRefusal('registration-unknown');
        const { status, certSha256, reason } = found.state;
        return { status, certificate: certSha256 && (await registers.certificatePem(certSha256)), reason };
      },
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
        const issued = await registers.approve(id, by(call));
        return isRefusal(issued) ? issued : { ...issued, chain: [...issued.chain] };
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
        const acted = await registers.reject(id, body.reason, by(call));
        return isRefusal(acted) ? acted : {};
      },
    ),
  ];
}
