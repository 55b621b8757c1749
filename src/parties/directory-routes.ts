/** The registers by search, over HTTP. Names of people are personal data: only roles that work with them read them. */
import { z } from 'zod';
import { identifier, sha256Text } from '../formats/primitives.ts';
import { type Route, roles, route } from '../platform/http/route.ts';
import type { RouteDeps } from './deps.ts';
import { eligiblePage, namesOf, organisationsPage, peoplePage } from './directory.ts';
import { organisationKinds } from './roles.ts';

const q = z
  .string()
  .trim()
  .max(100)
  .refine((s) => s.isWellFormed() && !s.includes('\0'))
  .optional();
const paging = {
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(100).default(20),
};
const paged = { total: z.number(), page: z.number(), pageSize: z.number() };
const role = z.enum(roles);
const home = z.object({ id: identifier, name: z.string() });

const personRow = z.object({
  id: identifier,
  /** Null once it was erased. */
  name: z.string().nullable(),
  organisation: home,
  roles: z.array(role),
  status: z.enum(['active', 'closed', 'erased']),
  /** Until when the unused enrolment code can be used; null: none is out. */
  codeUntil: z.string().nullable(),
  certificates: z.array(
    z.object({
      certSha256: sha256Text,
      serial: z.string(),
      issuer: z.enum(['platform', 'outside']),
      issuedAt: z.string(),
      validFrom: z.string(),
      validUntil: z.string(),
      follows: sha256Text.nullable(),
      revoked: z.object({ at: z.string(), cause: z.string(), reason: z.string() }).nullable(),
    }),
  ),
});
const organisationRow = z.object({
  id: identifier,
  name: z.string(),
  uscc: z.string(),
  kinds: z.array(z.string()),
  registeredAt: z.string(),
});

/** At most this many ids in one question. */
const mostIds = 100;
const ids = z
  .string()
  .max(mostIds * 37)
  .transform((text) => text.split(','))
  .pipe(z.array(identifier).min(1).max(mostIds));

export function directoryRoutes({ journal }: RouteDeps): Route[] {
  return [...registerReads(journal.db), ...formReads(journal.db)];
}

type Db = RouteDeps['journal']['db'];

function registerReads(db: Db): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/people',
        name: 'listPeople',
        who: ['administrator'],
        summary: { zh: '人员名册（检索、翻页、证书）', en: 'The register of people with their certificates' },
        query: z.strictObject({
          q,
          role: role.optional(),
          organisation: identifier.optional(),
          status: z.enum(['active', 'closed', 'erased']).optional(),
          ...paging,
        }),
        answer: z.object({ ...paged, people: z.array(personRow) }),
        refusals: [],
      },
      async ({ query }) => peoplePage(db, query),
    ),
    route(
      {
        method: 'GET',
        path: '/api/organisations',
        name: 'listOrganisations',
        who: ['administrator', 'host', 'agency', 'tenderer'],
        summary: { zh: '单位名册（按名称或信用代码检索）', en: 'Organisations by name or credit code' },
        query: z.strictObject({ q, kind: z.enum(organisationKinds).optional(), ...paging }),
        answer: z.object({ ...paged, organisations: z.array(organisationRow) }),
        refusals: [],
      },
      async ({ query }) => organisationsPage(db, query),
    ),
  ];
}

function formReads(db: Db): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/people/eligible',
        name: 'listEligiblePeople',
        who: ['host', 'tenderer', 'agency'],
        summary: {
          zh: '可指派的人员（见证人、专家、开启人员）',
          en: 'People who can be given a duty: witnesses, experts, officers',
        },
        query: z.strictObject({
          role: z.enum(['witness', 'expert', 'host', 'supervisor', 'tenderer', 'agency']),
          q,
          organisation: identifier.optional(),
          ...paging,
        }),
        answer: z.object({
          ...paged,
          people: z.array(
            z.object({
              id: identifier,
              name: z.string(),
              organisation: home,
              /** The newest certificate that is not revoked, as an opening policy names it. */
              certSha256: sha256Text,
            }),
          ),
        }),
        refusals: [],
      },
      async ({ query }) => eligiblePage(db, query),
    ),
    route(
      {
        method: 'GET',
        path: '/api/people/names',
        name: 'listPeopleNames',
        who: ['host', 'tenderer', 'agency', 'witness', 'supervisor', 'auditor', 'administrator'],
        summary: { zh: '按编号查姓名（逗号分隔，最多 100 个）', en: 'Names for ids, comma separated, 100 at most' },
        query: z.strictObject({ ids }),
        answer: z.object({
          people: z.array(z.object({ id: identifier, name: z.string().nullable(), organisation: home })),
        }),
        refusals: [],
      },
      async ({ query }) => ({ people: await namesOf(db, query.ids) }),
    ),
  ];
}
