/** Applications and their approval: an interrupted approval is finished by approving again. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { fromBase64, sha256Hex, toBase64, utf8 } from '../formats/bytes.ts';
import {
  type Certificate,
  certificateFromDer,
  certificateSha256,
  certificateToDer,
  certificateToPem,
} from '../formats/cms.ts';
import type { Journal } from '../journal/index.ts';
import { newId } from '../platform/ids.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import type { Secret } from '../platform/secret.ts';
import type { Certificates, IssuedCertificate } from './certificates.ts';
import { registrationProcedure } from './procedures.ts';
import { partyRefusal } from './refusals.ts';
import type { By, Organisation, Person, Registers } from './registers.ts';
import type { RegistrationCommand, RegistrationState } from './registration-rules.ts';
import { readRequest } from './requests.ts';
import { homelessRole } from './roles.ts';

/** What the applicant's key is shown by: a request, or a certificate of an outside CA whose holder signed a challenge. */
export type KeyDocument = { readonly csr: string } | { readonly outside: Certificate };
type Deps = {
  readonly journal: Journal;
  readonly registers: Registers;
  readonly certificates: Certificates;
  readonly master: Secret<Uint8Array>;
};
type Found = {
  readonly state: RegistrationState;
  readonly contact: string;
  readonly csr: string | null;
  readonly der: string | null;
};

export type Registrations = ReturnType<typeof registrations>;

export function registrations(deps: Deps) {
  const { journal } = deps;
  return {
    /** A bidder's organisation that nobody has registered; the ticket shows the applicant, and nobody else, what became of it. */
    apply: (input: { name: string; uscc: string; contact: string; key: KeyDocument }, by: Pick<By, 'requestId'>) =>
      apply(deps, { ...input, person: null }, by),
    holdsTicket: (id: string, ticket: string): boolean =>
      timingSafeEqual(ticketOf(deps.master, id), Buffer.from(ticket, 'hex')),
    /** A certificate of an outside CA for somebody who has an account. */
    applyForBinding: async (holder: Person, outside: Certificate, by: Pick<By, 'requestId'>) => {
      const home = holder.organisation && (await deps.registers.organisation(journal.db.read(), holder.organisation));
      if (!home) return partyRefusal('organisation-unknown');
      const { name, uscc } = home;
      return apply(deps, { name, uscc, contact: holder.name, key: { outside }, person: holder.id }, by);
    },
    /** Organisation (if new), contact person as bidder (if new), certificate. */
    approve: (id: string, by: By) => approve(deps, id, by),
    reject: (id: string, reason: string, by: By) =>
      onRegistration(journal, id, { type: 'rejectRegistration', reason }, by),
    registration: (id: string) => registrationOf(journal, id),
    /** Those that wait for a decision or whose approval was interrupted. */
    pending: () =>
      journal.db.query<{ state: RegistrationState }>(
        `select state from registration
         where status = 'pending' or (status = 'approved' and state ->> 'certSha256' is null) order by id limit 200`,
      ),
  };
}

/** The id stands in the public log, and the certificate names a person; so an applicant comes back with a ticket. */
const ticketOf = (master: Secret<Uint8Array>, id: string): Buffer =>
  createHmac('sha256', master.reveal()).update(`yangguang.org/registration-ticket/v1\n${id}`).digest();

function onRegistration(journal: Journal, id: string, command: RegistrationCommand, by: By) {
  return journal.act(registrationProcedure, { subject: id, command, ...by, facts: async () => ({}) });
}

async function apply(
  { journal, certificates, master }: Deps,
  input: { name: string; uscc: string; contact: string; key: KeyDocument; person: string | null },
  by: Pick<By, 'requestId'>,
): Promise<Refusal | { id: string; ticket: string }> {
  const { name: organisationName, uscc, contact, key, person } = input;
  if ('csr' in key) {
    const read = readRequest(key.csr);
    if (isRefusal(read)) return read;
  } else if (await certificates.certificateState(journal.db.read(), certificateSha256(key.outside)))
    return partyRefusal('certificate-taken');
  const document =
    'csr' in key ? { csr: key.csr, der: null } : { csr: null, der: toBase64(certificateToDer(key.outside)) };
  const documentSha256 = 'csr' in key ? sha256Hex(utf8(key.csr)) : certificateSha256(key.outside);
  const id = newId();
  const acted = await journal.act(registrationProcedure, {
    subject: id,
    command: { type: 'applyForRegistration', organisationName, uscc, documentSha256, person },
    actor: person ?? id,
    ...by,
    facts: async (tx) => {
      const row = [id, contact, document.csr, document.der];
      await tx.em.execute('insert into registration_data (registration, contact, csr, der) values (?, ?, ?, ?)', row);
      return {};
    },
  });
  return isRefusal(acted) ? acted : { id, ticket: ticketOf(master, id).toString('hex') };
}

async function approve(deps: Deps, id: string, by: By): Promise<Refusal | IssuedCertificate> {
  const { journal, registers, certificates } = deps;
  const found = await registrationOf(journal, id);
  if (!found) return partyRefusal('registration-unknown');
  const { status, certSha256, uscc } = found.state;
  if (status === 'rejected' || certSha256 !== null) return partyRefusal('registration-decided', { status });
  const known = await registers.organisationByUscc(journal.db.read(), uscc);
  // Before anything is written: an approval that cannot be carried out is none.
  const homeless = known && found.state.person === null && homelessRole(['bidder'], known.kinds);
  if (homeless) return partyRefusal('role-homeless', { role: homeless, kinds: known.kinds });
  let person = found.state.person;
  if (status === 'pending') {
    const acted = await onRegistration(journal, id, { type: 'approveRegistration', person: person ?? newId() }, by);
    if (isRefusal(acted)) return acted;
    person = acted.state.person;
  }
  const holder = await holderOf(deps, found, person!, known, by);
  if (isRefusal(holder)) return holder;
  const issued = found.csr
    ? await certificates.issueFor(holder.id, found.csr, by, null)
    : await bind(certificates, certificateFromDer(fromBase64(found.der ?? '')), holder as Person, by);
  if (isRefusal(issued)) return issued;
  const { certSha256: delivered } = issued as IssuedCertificate;
  const acted = await onRegistration(journal, id, { type: 'deliverCertificate', certSha256: delivered }, by);
  return isRefusal(acted) ? acted : issued;
}

/** The person of the application, made where it is new; the second of two approvals finds what the first one made. */
async function holderOf(
  { journal, registers }: Deps,
  { state: { organisationName: name, uscc }, contact }: Found,
  personId: string,
  known: Organisation | null,
  by: By,
): Promise<Refusal | Person> {
  const there = await registers.person(journal.db.read(), personId);
  if (there) return there;
  const home = known ?? (await registers.registerOrganisation({ name, uscc, kinds: ['bidder'] }, by));
  if (isRefusal(home)) return home;
  const { id: organisation } = home as Organisation;
  return registers.registerPerson(
    { name: contact, organisation, roles: ['bidder'] },
    by,
    personId as ReturnType<typeof newId>,
  );
}

async function bind(
  certificates: Certificates,
  certificate: Certificate,
  holder: Person,
  by: By,
): Promise<Refusal | IssuedCertificate> {
  const recorded = await certificates.recordOutside(certificate, holder, by);
  const bound = { certSha256: certificateSha256(certificate), certificate: certificateToPem(certificate), chain: [] };
  if (!isRefusal(recorded)) return bound;
  // Recorded for this person by an approval that was interrupted after it.
  return recorded.code === 'certificate-taken' && recorded.details?.person === holder.id ? bound : recorded;
}

async function registrationOf(journal: Journal, id: string): Promise<Found | null> {
  const [row] = await journal.db.query<Found>(
    `select r.state, d.contact, d.csr, d.der from registration r join registration_data d on d.registration = r.id where r.id = ?`,
    [id],
  );
  return row ?? null;
}
