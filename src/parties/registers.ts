/** Writing and reading the registers of organisations and people. */
import { sha256Hex, toHex, utf8 } from '../formats/bytes.ts';
import type { Journal, Reader, Tx } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import type { Role } from '../platform/http/route.ts';
import { newId, randomOctets } from '../platform/ids.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import { organisationProcedure, personProcedure } from './procedures.ts';
import type { OrganisationState, PersonCommand, PersonState } from './rules.ts';

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
  /** Empty once the account is closed. */
  readonly roles: readonly Role[];
};
export type By = { readonly actor: string; readonly requestId: string };

const enrolmentDays = 14;

export type Registers = ReturnType<typeof registers>;

export function registers(journal: Journal) {
  const onPerson = (personId: string, command: PersonCommand, by: By, also?: (tx: Tx) => Promise<unknown>) =>
    journal.act(personProcedure, {
      subject: personId,
      command,
      ...by,
      facts: async (tx) => {
        await also?.(tx);
        const home = (await person(tx.em, personId))?.organisation;
        return {
          own: by.actor === personId,
          organisationKinds: home ? ((await organisation(tx.em, home))?.kinds ?? null) : null,
        };
      },
    });
  return {
    person,
    organisation,
    organisationsByIds,
    organisationByUscc,
    registerOrganisation: (input: Omit<Organisation, 'id'>, by: By) => registerOrganisation(journal, input, by),
    registerPerson: (input: Omit<Person, 'id' | 'organisation'> & { organisation: string }, by: By, id = newId()) =>
      registerPerson(journal, id, input, by),
    /** A one-time code with which the person fetches a certificate; only its hash is kept, an earlier unused one ends. */
    enrolmentCode: async (personId: string, handOver?: (code: string) => Promise<void>): Promise<string> => {
      const code = freshCode();
      await journal.keep(async (tx) => {
        // Of two nodes that give a code at once, the later one's counts; its handing over must be the later one too.
        await tx.em.execute('select id from person where id = ? for update', [personId]);
        await keepCode(tx, personId, code);
        await handOver?.(code);
      });
      return code;
    },
    /** Another code for somebody who is registered; an entry says that it was given. */
    giveEnrolmentCode: async (personId: string, by: By): Promise<Refusal | { code: string }> => {
      const code = freshCode();
      const acted = await onPerson(personId, { type: 'giveEnrolmentCode' }, by, (tx) => keepCode(tx, personId, code));
      return isRefusal(acted) ? acted : { code };
    },
    changeRoles: (personId: string, roles: readonly Role[], by: By) =>
      onPerson(personId, { type: 'changeRoles', roles }, by),
    closePerson: (personId: string, by: By) =>
      onPerson(personId, { type: 'closePerson' }, by, async (tx) => {
        await tx.em.execute('delete from session where person = ?', [personId]);
        await tx.em.execute('delete from enrolment where person = ?', [personId]);
      }),
    /** Deletes name and salt: what the journal says of the person then names nobody. */
    erasePerson: (personId: string, by: By) =>
      onPerson(personId, { type: 'erasePerson' }, by, async (tx) => {
        await tx.em.execute('delete from person_data where person = ?', [personId]);
        await tx.em.execute(
          `delete from registration_data where registration in (select id from registration where state ->> 'person' = ?)`,
          [personId],
        );
      }),
  };
}

async function person(reader: Reader, id: string): Promise<Person | null> {
  const sql = 'select p.state, d.name from person p left join person_data d on d.person = p.id where p.id = ?';
  const [row] = (await reader.execute(sql, [id])) as Row[];
  if (!row) return null;
  const { organisation: home, active, roles } = row.state as PersonState;
  // An erased name leaves the person's acts, under the id alone.
  return { id, name: String(row.name ?? id), organisation: home, roles: active ? roles : [] };
}

async function organisationsByIds(reader: Reader, ids: readonly string[]): Promise<Organisation[]> {
  if (ids.length === 0) return [];
  const sql = `select state from organisation where id in (${ids.map(() => '?').join(', ')})`;
  return ((await reader.execute(sql, [...ids])) as Row[]).map(shown);
}

async function organisation(reader: Reader, id: string): Promise<Organisation | null> {
  return (await organisationsByIds(reader, [id]))[0] ?? null;
}

async function organisationByUscc(reader: Reader, uscc: string): Promise<Organisation | null> {
  return (
    ((await reader.execute('select state from organisation where uscc = ?', [uscc])) as Row[]).map(shown)[0] ?? null
  );
}

function shown(row: Row): Organisation {
  const { id, name, uscc, kinds } = row.state as OrganisationState;
  return { id, name, uscc, kinds };
}

async function registerOrganisation(
  journal: Journal,
  input: Omit<Organisation, 'id'>,
  by: By,
): Promise<Refusal | Organisation> {
  const id = newId();
  const acted = await journal.act(organisationProcedure, {
    subject: id,
    command: { type: 'registerOrganisation', ...input },
    ...by,
    facts: async (tx) => ({ usccTaken: (await organisationByUscc(tx.em, input.uscc)) !== null }),
  });
  return isRefusal(acted) ? acted : { id, ...input };
}

async function registerPerson(
  journal: Journal,
  id: string,
  input: { name: string; organisation: string; roles: readonly Role[] },
  by: By,
): Promise<Refusal | Person> {
  const salt = toHex(randomOctets(32));
  const commitment = sha256Hex(utf8(`yangguang.org/person/v1\n${salt}\n${input.name}`));
  const acted = await journal.act(personProcedure, {
    subject: id,
    command: { type: 'registerPerson', organisation: input.organisation, roles: input.roles, commitment },
    ...by,
    facts: async (tx) => {
      // Beside the entry, in the same transaction: the name can be erased later, the commitment stays.
      await tx.em.execute('insert into person_data (person, name, salt) values (?, ?, ?) on conflict do nothing', [
        id,
        input.name,
        salt,
      ]);
      return { own: false, organisationKinds: (await organisation(tx.em, input.organisation))?.kinds ?? null };
    },
  });
  return isRefusal(acted) ? acted : { id, ...input };
}

/** 128 random bits: a plain hash keeps them safe, since nobody can try them all. */
const freshCode = (): string => toHex(randomOctets(16));

async function keepCode(tx: Tx, personId: string, code: string): Promise<void> {
  await tx.em.execute('delete from enrolment where person = ? and used_at is null', [personId]);
  await tx.em.execute(
    `insert into enrolment (code_sha256, person, expires) values (?, ?, ?::timestamptz + interval '${enrolmentDays} days')`,
    [sha256Hex(utf8(code)), personId, tx.now],
  );
}
