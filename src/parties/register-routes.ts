/** The administrator's registers of organisations and people. */
import { z } from 'zod';
import { identifier } from '../formats/primitives.ts';
import { type Route, roles, route } from '../platform/http/route.ts';
import { isRefusal } from '../platform/refusal.ts';
import type { RouteDeps } from './deps.ts';
import { partyRefusal } from './refusals.ts';
import { organisationKinds } from './roles.ts';
import { by, done, partyCodes as refusals } from './views.ts';

const administrator = ['administrator'] as const;
const role = z.enum(roles);
const organisationView = z.object({ id: identifier, name: z.string(), uscc: z.string(), kinds: z.array(z.string()) });

export function organisationRoutes({ journal, registers }: RouteDeps): Route[] {
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
  ];
}

export function personRoutes({ registers }: RouteDeps): Route[] {
  return [
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
        path: '/api/people/:id/enrolment-codes',
        name: 'giveEnrolmentCode',
        who: administrator,
        summary: { zh: '重发开通码，旧码作废', en: 'Another enrolment code; an unused earlier one ends' },
        params: z.strictObject({ id: identifier }),
        body: z.strictObject({}),
        answer: z.object({ code: z.string() }),
        status: 201,
        refusals,
      },
      async ({ params, ...call }) => registers.giveEnrolmentCode(params.id, by(call)),
    ),
    route(
      {
        method: 'POST',
        path: '/api/people/:id/erasure',
        name: 'erasePerson',
        who: administrator,
        summary: { zh: '删除已停用人员的姓名与盐值', en: 'Erase name and salt of a person whose account is closed' },
        params: z.strictObject({ id: identifier }),
        body: z.strictObject({}),
        answer: done,
        refusals,
      },
      async ({ params, ...call }) => {
        const acted = await registers.erasePerson(params.id, by(call));
        return isRefusal(acted) ? acted : {};
      },
    ),
  ];
}
