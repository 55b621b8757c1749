/** Writing and reading the registers of organisations, people and certificates. */
import forge from 'node-forge';
import { fromBase64, sha256Hex, toBase64, toHex, utf8 } from '../formats/bytes.ts';
import {
  type Certificate,
  certificateFromDer,
  certificateSha256,
  certificateToDer,
  certificateToPem,
} from '../formats/cms.ts';
import type { Journal, Reader } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import type { Role } from '../platform/http/route.ts';
import { newId, randomOctets } from '../platform/ids.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import type { Authority } from './authority.ts';
import { certificateProcedure, organisationProcedure, personProcedure, registrationProcedure } from './procedures.ts';
import { partyRefusal } from './refusals.ts';
import type { CertificateState, OrganisationState, PersonState, RegistrationState } from './rules.ts';

export type Organisation = {
  readonly id: string;
  readonly name: string;
  readonly uscc: string;
  readonly kinds: readonly string[];
};
export type Person = {
  readonly id: string;
  readonly name: string;
  readonly organisation: string | null;
  readonly roles: readonly Role[];
};
export type By = { readonly actor: string; readonly requestId: string };
export type IssuedCertificate = {
  readonly certSha256: string;
  readonly certificate: string;
  readonly chain: readonly string[];
};

const enrolmentDays = 14;

export type Registers = ReturnType<typeof registers>;

export function registers({
  journal,
  authority,
  clock,
}: {
  journal: Journal;
  authority: Authority;
  clock: { now(): Temporal.Instant };
}) {
  const person = async (reader: Reader, id: string): Promise<Person | null> => {
    const [row] = (await reader.execute(
      'select p.state, d.name from person p left join person_data d on d.person = p.id where p.id = ?',
      [id],
    )) as Row[];
    if (!row) return null;
    const state = row.state as PersonState;
    // An erased name leaves the person's acts, under the id alone.
    return {
      id,
      name: String(row.name ?? id),
      organisation: state.organisation,
      roles: state.active ? state.roles : [],
    };
  };
  const organisationsByIds = async (reader: Reader, ids: readonly string[]): Promise<Organisation[]> => {
    if (ids.length === 0) return [];
    const rows = (await reader.execute(
      `select state from organisation where id in (${ids.map(() => '?').join(', ')})`,
      [...ids],
    )) as Row[];
    return rows.map((row) => {
      const { id, name, uscc, kinds } = row.state as OrganisationState;
      return { id, name, uscc, kinds };
    });
  };
  const organisation = async (reader: Reader, id: string) => (await organisationsByIds(reader, [id]))[0] ?? null;
  const certificateState = async (reader: Reader, certSha256: string): Promise<CertificateState | null> => {
    const [row] = (await reader.execute('select state from certificate where id = ?', [certSha256])) as Row[];
    return (row?.state as CertificateState | undefined) ?? null;
  };

  const registerOrganisation = async (
    input: { name: string; uscc: string; kinds: readonly string[] },
    by: By,
  ): Promise<Refusal | Organisation> => {
    const id = newId();
    const acted = await journal.act(organisationProcedure, {
      subject: id,
      command: { type: 'registerOrganisation', ...input },
      ...by,
      facts: async (tx) => ({
        usccTaken: (await tx.em.execute('select 1 as one from organisation where uscc = ?', [input.uscc])).length > 0,
      }),
    });
    return isRefusal(acted) ? acted : { id, ...input };
  };

  const registerPerson = async (
    input: { name: string; organisation: string; roles: readonly Role[] },
    by: By,
  ): Promise<Refusal | Person> => {
    const id = newId();
    const salt = toHex(randomOctets(32));
    const commitment = sha256Hex(utf8(`yangguang.org/person/v1\n${salt}\n${input.name}`));
    const acted = await journal.act(personProcedure, {
      subject: id,
      command: { type: 'registerPerson', organisation: input.organisation, roles: input.roles, commitment },
      ...by,
      facts: async (tx) => {
        // Beside the entry, in the same transaction: the name can be erased later, the commitment stays.
        await tx.em.execute('insert into person_data (person, name, salt) values (?, ?, ?)', [id, input.name, salt]);
        return { organisationKinds: (await organisation(tx.em, input.organisation))?.kinds ?? null };
      },
    });
    return isRefusal(acted) ? acted : { id, ...input };
  };

  /** A one-time code with which the person fetches a certificate; only its hash is kept. */
  const enrolmentCode = async (personId: string): Promise<string> => {
    const code = toHex(randomOctets(16));
    await journal.keep((tx) =>
      tx.em.execute(
        `insert into enrolment (code_sha256, person, expires) values (?, ?, ?::timestamptz + interval '${enrolmentDays} days')`,
        [sha256Hex(utf8(code)), personId, tx.now],
      ),
    );
    return code;
  };

  const issue = async (
    holder: Person,
    csr: string,
    by: By,
    follows: string | null = null,
  ): Promise<Refusal | IssuedCertificate> => {
    const publicKey = readRequest(csr);
    if (!publicKey || holder.organisation === null) return partyRefusal('csr-invalid');
    const home = await organisation(journal.db.read(), holder.organisation);
    if (!home) return partyRefusal('organisation-unknown');
    const subject = { commonName: holder.name, organisation: home.name, serialNumber: home.uscc };
    const certificate = authority.issue(publicKey, subject, clock.now());
    const recorded = await recordCertificate(certificate, holder, 'platform', follows, by);
    if (isRefusal(recorded)) return recorded;
    const chain = [certificateToPem(authority.issuing.certificate)];
    return { certSha256: certificateSha256(certificate), certificate: certificateToPem(certificate), chain };
  };

  const recordCertificate = (
    certificate: Certificate,
    holder: Person,
    issuer: 'platform' | 'outside',
    follows: string | null,
    by: By,
  ) =>
    journal.act(certificateProcedure, {
      subject: certificateSha256(certificate),
      command: {
        type: 'issueCertificate',
        person: holder.id,
        organisation: holder.organisation ?? '',
        serial: certificate.serialNumber,
        der: toBase64(certificateToDer(certificate)),
        issuer,
        follows,
      },
      ...by,
      facts: async () => ({}),
    });

  const enrol = async (code: string, csr: string, by: Pick<By, 'requestId'>): Promise<Refusal | IssuedCertificate> => {
    if (!readRequest(csr)) return partyRefusal('csr-invalid');
    const holder = await journal.keep(async (tx) => {
      const [row] = (await tx.em.execute(
        'update enrolment set used_at = ? where code_sha256 = ? and used_at is null and expires > ? returning person',
        [tx.now, sha256Hex(utf8(code)), tx.now],
      )) as Row[];
      return row ? person(tx.em, String(row.person)) : null;
    });
    return holder ? issue(holder, csr, { actor: holder.id, ...by }) : partyRefusal('code-invalid');
  };

  const revoke = async (certSha256: string, reason: string, by: By) => {
    const acted = await journal.act(certificateProcedure, {
      subject: certSha256,
      command: { type: 'revokeCertificate', reason },
      ...by,
      facts: async () => ({}),
    });
    if (!isRefusal(acted))
      await journal.keep((tx) => tx.em.execute('delete from session where cert_sha256 = ?', [certSha256]));
    return acted;
  };

  return {
    person,
    organisation,
    organisationsByIds,
    certificateState,
    registerOrganisation,
    registerPerson,
    enrolmentCode,
    enrol,
    issue,
    recordCertificate,
    revoke,
    issueFor: async (personId: string, csr: string, by: By, follows: string | null) => {
      const holder = await person(journal.db.read(), personId);
      return holder ? issue(holder, csr, by, follows) : partyRefusal('person-unknown');
    },
    certificatePem: async (certSha256: string): Promise<string | null> => {
      const state = await certificateState(journal.db.read(), certSha256);
      return state && certificateToPem(certificateFromDer(fromBase64(state.der)));
    },
    certificate: async (reader: Reader, certSha256: string) => {
      const state = await certificateState(reader, certSha256);
      return (
        state && {
          der: fromBase64(state.der),
          person: state.person,
          organisation: state.organisation,
          revokedAt: state.revoked?.at ?? null,
        }
      );
    },
    changeRoles: (personId: string, roles: readonly Role[], by: By) =>
      journal.act(personProcedure, {
        subject: personId,
        command: { type: 'changeRoles', roles },
        ...by,
        facts: async (tx) => {
          const home = (await person(tx.em, personId))?.organisation;
          return { organisationKinds: home ? ((await organisation(tx.em, home))?.kinds ?? null) : null };
        },
      }),
    closePerson: async (personId: string, by: By) => {
      const acted = await journal.act(personProcedure, {
        subject: personId,
        command: { type: 'closePerson' },
        ...by,
        facts: async () => ({ organisationKinds: null }),
      });
      if (!isRefusal(acted))
        await journal.keep((tx) => tx.em.execute('delete from session where person = ?', [personId]));
      return acted;
    },
    apply: async (input: { name: string; uscc: string; contact: string; csr: string }, by: Pick<By, 'requestId'>) => {
      if (!readRequest(input.csr)) return partyRefusal('csr-invalid');
      const id = newId();
      const { name: organisationName, uscc, csr } = input;
      const acted = await journal.act(registrationProcedure, {
        subject: id,
        command: { type: 'applyForRegistration', organisationName, uscc, csr },
        actor: id,
        ...by,
        facts: async (tx) => {
          await tx.em.execute('insert into registration_data (registration, contact) values (?, ?)', [
            id,
            input.contact,
          ]);
          return {};
        },
      });
      return isRefusal(acted) ? acted : { id };
    },
    /** Approves a bidder's registration: organisation (if new), contact person as bidder, certificate for the request. */
    approve: async (registration: string, by: By): Promise<Refusal | IssuedCertificate> => {
      const reader = journal.db.read();
      const found = await registrationOf(journal, registration);
      if (!found) return partyRefusal('registration-unknown');
      if (found.state.status !== 'pending') return partyRefusal('registration-decided', { status: found.state.status });
      const { organisationName: name, uscc, csr } = found.state;
      const [known] = (await reader.execute('select id from organisation where uscc = ?', [uscc])) as Row[];
      const home = known
        ? await organisation(reader, String(known.id))
        : await registerOrganisation({ name, uscc, kinds: ['bidder'] }, by);
      if (home === null || isRefusal(home)) return home ?? partyRefusal('organisation-unknown');
      const holder = await registerPerson({ name: found.contact, organisation: home.id, roles: ['bidder'] }, by);
      if (isRefusal(holder)) return holder;
      const issued = await issue(holder, csr, by);
      if (isRefusal(issued)) return issued;
      const command = { type: 'approveRegistration', certSha256: issued.certSha256 } as const;
      const acted = await journal.act(registrationProcedure, {
        subject: registration,
        command,
        ...by,
        facts: async () => ({}),
      });
      return isRefusal(acted) ? acted : issued;
    },
    reject: (registration: string, reason: string, by: By) =>
      journal.act(registrationProcedure, {
        subject: registration,
        command: { type: 'rejectRegistration', reason },
        ...by,
        facts: async () => ({}),
      }),
    registration: (id: string) => registrationOf(journal, id),
    pending: () =>
      journal.db.query<{ state: RegistrationState }>(
        "select state from registration where status = 'pending' order by id limit 200",
      ),
  };
}

async function registrationOf(
  journal: Journal,
  id: string,
): Promise<{ state: RegistrationState; contact: string } | null> {
  const [row] = await journal.db.query<{ state: RegistrationState; contact: string }>(
    'select r.state, d.contact from registration r join registration_data d on d.registration = r.id where r.id = ?',
    [id],
  );
  return row ?? null;
}

/** The public key of a PKCS#10 request; null unless its own signature holds and it is RSA of 2048 to 8192 bits with e = 65537. */
function readRequest(pem: string): forge.pki.rsa.PublicKey | null {
  try {
    const request = forge.pki.certificationRequestFromPem(pem);
    const key = request.publicKey as forge.pki.rsa.PublicKey | null;
    if (!key || !request.verify()) return null;
    const bits = key.n.bitLength();
    return bits >= 2048 && bits <= 8192 && key.e.toString(10) === '65537' ? key : null;
  } catch {
    return null;
  }
}
