/** Reading the registers by search: for the administrator's pages, for forms that choose a person, and names for ids. */
import { fromBase64 } from '../formats/bytes.ts';
import { certificateFromDer } from '../formats/cms.ts';
import { sqlArray } from '../journal/index.ts';
import type { Database } from '../platform/database.ts';
import type { Role } from '../platform/http/route.ts';
import type { CertificateState, PersonState } from './rules.ts';

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
type Condition = { readonly sql: string; readonly values: readonly unknown[] };
const where = (conditions: readonly Condition[]) => conditions.map((c) => c.sql).join(' and ') || 'true';
const valuesOf = (conditions: readonly Condition[]) => conditions.flatMap((c) => c.values);
const like = (columns: readonly string[], q: string | undefined): Condition[] =>
  q
    ? [
        {
          sql: `(${columns.map((column) => `${column} ilike ?`).join(' or ')})`,
          values: columns.map(() => `%${escapeLike(q)}%`),
        },
      ]
    : [];

export type Page = { readonly page: number; readonly pageSize: number };
export type PeopleQuery = Page & {
  readonly q?: string | undefined;
  readonly role?: Role | undefined;
  readonly organisation?: string | undefined;
  readonly status?: PersonStatus | undefined;
};
export type PersonStatus = 'active' | 'closed' | 'erased';

const people = `person p left join person_data d on d.person = p.id left join organisation o on o.id = p.organisation`;
const statusSql = `case when p.active then 'active' when d.person is null then 'erased' else 'closed' end`;
const organisationOf = `json_build_object('id', p.organisation, 'name', o.name) as organisation`;
type Home = { readonly id: string; readonly name: string };

/** One page of everybody ever registered, newest first, with their certificates. */
export async function peoplePage(db: Database, { q, role, organisation, status, page, pageSize }: PeopleQuery) {
  const asked: Condition[] = [
    ...like(['d.name', 'o.name', 'o.uscc'], q),
    ...(role === undefined ? [] : [{ sql: `jsonb_exists(p.state -> 'roles', ?)`, values: [role] }]),
    ...(organisation === undefined ? [] : [{ sql: 'p.organisation = ?', values: [organisation] }]),
    ...(status === undefined ? [] : [{ sql: `${statusSql} = ?`, values: [status] }]),
  ];
  const [counted] = await db.query<{ total: number }>(
    `select count(*)::int as total from ${people} where ${where(asked)}`,
    valuesOf(asked),
  );
  const rows = await db.query<{
    id: string;
    name: string | null;
    state: PersonState;
    status: PersonStatus;
    organisation: Home;
    codeUntil: string | null;
  }>(
    `select p.id, d.name, p.state, ${statusSql} as status, ${organisationOf},
       (select to_char(max(e.expires) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') from enrolment e
        where e.person = p.id and e.used_at is null) as "codeUntil"
     from ${people} where ${where(asked)} order by p.id desc limit ? offset ?`,
    [...valuesOf(asked), pageSize, (page - 1) * pageSize],
  );
  const papers = await certificatesOf(
    db,
    rows.map(({ id }) => id),
  );
  const found = rows.map(({ state, ...row }) => ({
    ...row,
    roles: [...state.roles],
    certificates: papers.get(row.id) ?? [],
  }));
  return { total: counted?.total ?? 0, page, pageSize, people: found };
}

/** Certificates by holder, newest first; the validity stands in the certificate itself. */
async function certificatesOf(db: Database, holders: readonly string[]) {
  const rows = await db.query<{ state: CertificateState; der: string }>(
    `select c.state, d.der from certificate c join certificate_data d on d.certificate = c.id
     where c.person = any(?::text[]) order by c.state ->> 'issuedAt' desc`,
    [sqlArray(holders)],
  );
  const shown = rows.map(({ state: { id, person, serial, issuer, issuedAt, follows, revoked }, der }) => {
    const { notBefore, notAfter } = certificateFromDer(fromBase64(der)).validity;
    return {
      person,
      certificate: {
        certSha256: id,
        serial,
        issuer,
        issuedAt,
        validFrom: notBefore.toISOString(),
        validUntil: notAfter.toISOString(),
        follows,
        revoked: revoked && { at: revoked.at, cause: revoked.cause, reason: revoked.reason },
      },
    };
  });
  const byHolder = Map.groupBy(shown, ({ person }) => person);
  return new Map([...byHolder].map(([person, list]) => [person, list.map(({ certificate }) => certificate)]));
}

export type OrganisationsQuery = Page & { readonly q?: string | undefined; readonly kind?: string | undefined };

/** One page of organisations by name. */
export async function organisationsPage(db: Database, { q, kind, page, pageSize }: OrganisationsQuery) {
  const asked: Condition[] = [
    ...like(['o.name', 'o.uscc'], q),
    ...(kind === undefined ? [] : [{ sql: `jsonb_exists(o.state -> 'kinds', ?)`, values: [kind] }]),
  ];
  const [counted] = await db.query<{ total: number }>(
    `select count(*)::int as total from organisation o where ${where(asked)}`,
    valuesOf(asked),
  );
  const organisations = await db.query<{
    id: string;
    name: string;
    uscc: string;
    kinds: string[];
    registeredAt: string;
  }>(
    `select o.id, o.name, o.uscc, o.state -> 'kinds' as kinds, o.state ->> 'registeredAt' as "registeredAt"
     from organisation o where ${where(asked)} order by o.name, o.id limit ? offset ?`,
    [...valuesOf(asked), pageSize, (page - 1) * pageSize],
  );
  return { total: counted?.total ?? 0, page, pageSize, organisations };
}

export type EligibleQuery = Page & {
  readonly role: Role;
  readonly q?: string | undefined;
  readonly organisation?: string | undefined;
};

/**
 * People who may be given a duty of the role: open accounts with a certificate that is not revoked, by name. Only what a form
 * needs: no other role, no number; the certificate is what an opening policy names and stands in the public log anyway.
 */
export async function eligiblePage(db: Database, { role, q, organisation, page, pageSize }: EligibleQuery) {
  const certificate = `(select c.id from certificate c where c.person = p.id and not c.revoked
    order by c.state ->> 'issuedAt' desc limit 1)`;
  const asked: Condition[] = [
    { sql: `p.active and d.name is not null and jsonb_exists(p.state -> 'roles', ?)`, values: [role] },
    { sql: `${certificate} is not null`, values: [] },
    ...like(['d.name', 'o.name'], q),
    ...(organisation === undefined ? [] : [{ sql: 'p.organisation = ?', values: [organisation] }]),
  ];
  const [counted] = await db.query<{ total: number }>(
    `select count(*)::int as total from ${people} where ${where(asked)}`,
    valuesOf(asked),
  );
  const found = await db.query<{ id: string; name: string; organisation: Home; certSha256: string }>(
    `select p.id, d.name, ${organisationOf}, ${certificate} as "certSha256" from ${people}
     where ${where(asked)} order by d.name, p.id limit ? offset ?`,
    [...valuesOf(asked), pageSize, (page - 1) * pageSize],
  );
  return { total: counted?.total ?? 0, page, pageSize, people: found };
}

/** Names of the ids that are known; an erased name is null. */
export async function namesOf(db: Database, ids: readonly string[]) {
  return db.query<{ id: string; name: string | null; organisation: Home }>(
    `select p.id, d.name, ${organisationOf} from ${people} where p.id = any(?::text[]) order by p.id`,
    [sqlArray(ids)],
  );
}
