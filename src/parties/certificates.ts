/** Issuing, recording, changing and revoking certificates. */
import type forge from 'node-forge';
import { fromBase64, sha256Hex, toBase64, utf8 } from '../formats/bytes.ts';
import {
  type Certificate,
  certificateFromDer,
  certificateSha256,
  certificateToDer,
  certificateToPem,
} from '../formats/cms.ts';
import type { Journal, Reader, Tx } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts';
import type { Authority } from './authority.ts';
import { certificateProcedure } from './procedures.ts';
import { partyRefusal } from './refusals.ts';
import type { By, Person, Registers } from './registers.ts';
import { readRequest } from './requests.ts';
import type { CertificateState, RevocationCause } from './rules.ts';

export type IssuedCertificate = {
  readonly certSha256: string;
  readonly certificate: string;
  readonly chain: readonly string[];
};
/** What a certificate is recorded with: the one it follows with the proof, and rows to be written in the same transaction. */
type Recording = {
  readonly issuer: 'platform' | 'outside';
  readonly follows?: string | null;
  readonly change?: { readonly text: Uint8Array; readonly signature: Uint8Array };
  readonly also?: (tx: Tx) => Promise<void>;
};
type Deps = {
  readonly journal: Journal;
  readonly registers: Registers;
  readonly authority: Authority;
  readonly clock: { now(): Temporal.Instant };
};

export type Certificates = ReturnType<typeof certificates>;

export function certificates(deps: Deps) {
  const { journal, registers } = deps;
  const issueFor = async (personId: string, csr: string, by: By, follows: string | null) => {
    const holder = await registers.person(journal.db.read(), personId);
    return holder ? issue(deps, holder, csr, { follows }, by) : partyRefusal('person-unknown');
  };
  return {
    certificateState,
    /** A certificate for the request of a person; `follows` names the certificate that signed the change. */
    issueFor,
    enrol: (code: string, csr: string, by: Pick<By, 'requestId'>) => enrol(deps, code, csr, by),
    /** Follows the present certificate with a new one; the signed text is kept as the proof of the change. */
    change: async (
      from: { person: string; certSha256: string },
      csr: string,
      change: { text: Uint8Array; signature: Uint8Array },
      by: By,
    ) => {
      const holder = await registers.person(journal.db.read(), from.person);
      if (!holder) return partyRefusal('person-unknown');
      return issue(deps, holder, csr, { follows: from.certSha256, change }, by);
    },
    recordOutside: (certificate: Certificate, holder: Person, by: By) =>
      record(deps, certificate, holder, { issuer: 'outside' }, by),
    revoke: (certSha256: string, reason: string, by: By, cause: RevocationCause = 'unspecified') =>
      revoke(journal, certSha256, reason, by, cause),
    certificatePem: async (certSha256: string): Promise<string | null> => {
      const der = await derOf(journal.db.read(), certSha256);
      return der && certificateToPem(certificateFromDer(der));
    },
    certificate: async (reader: Reader, certSha256: string) => {
      const [state, der] = [await certificateState(reader, certSha256), await derOf(reader, certSha256)];
      if (!state || !der) return null;
      const { person, organisation, revoked } = state;
      return { der, person, organisation, revokedAt: revoked?.at ?? null };
    },
    /** The certificate and those before it, newest first: one signer, by changes that each old key signed. */
    certificateLine: (reader: Reader, certSha256: string) => certificateLine(reader, certSha256),
    /** Serial, time and cause of every revoked certificate of the platform. */
    revoked: () =>
      journal.db.query<{ serial: string; at: string; cause: RevocationCause }>(
        `select state ->> 'serial' as serial, state -> 'revoked' ->> 'at' as at, state -> 'revoked' ->> 'cause' as cause
         from certificate where revoked and state ->> 'issuer' = 'platform' order by id`,
      ),
  };
}

async function certificateState(reader: Reader, certSha256: string): Promise<CertificateState | null> {
  const [row] = (await reader.execute('select state from certificate where id = ?', [certSha256])) as Row[];
  return (row?.state as CertificateState | undefined) ?? null;
}

async function derOf(reader: Reader, certSha256: string): Promise<Uint8Array | null> {
  const sql = 'select der from certificate_data where certificate = ?';
  const [row] = (await reader.execute(sql, [certSha256])) as Row[];
  return row ? fromBase64(String(row.der)) : null;
}

async function certificateLine(reader: Reader, certSha256: string): Promise<string[]> {
  const rows = (await reader.execute(
    `with recursive line (id, follows, depth) as (
       select id, state ->> 'follows', 0 from certificate where id = ?
       union all
       select c.id, c.state ->> 'follows', line.depth + 1 from certificate c join line on c.id = line.follows where line.depth < 100
     ) select id from line order by depth`,
    [certSha256],
  )) as Row[];
  return rows.map(({ id }) => String(id));
}

async function issue(
  deps: Deps,
  holder: Person,
  csr: string,
  recording: Omit<Recording, 'issuer'>,
  by: By,
): Promise<Refusal | IssuedCertificate> {
  const publicKey = readRequest(csr);
  if (isRefusal(publicKey)) return publicKey;
  const home = holder.organisation && (await deps.registers.organisation(deps.journal.db.read(), holder.organisation));
  if (!home) return partyRefusal('organisation-unknown');
  if (holder.roles.length === 0) return partyRefusal('person-inactive');
  const subject = { commonName: holder.name, organisation: home.name, serialNumber: home.uscc };
  const key = publicKey as forge.pki.rsa.PublicKey;
  const certificate = deps.authority.issue(key, subject, deps.clock.now());
  const recorded = await record(deps, certificate, holder, { issuer: 'platform', ...recording }, by);
  if (isRefusal(recorded)) return recorded;
  const chain = [certificateToPem(deps.authority.issuing.certificate)];
  return { certSha256: certificateSha256(certificate), certificate: certificateToPem(certificate), chain };
}

function record(
  { journal }: Deps,
  certificate: Certificate,
  holder: Person,
  { issuer, follows = null, change, also }: Recording,
  by: By,
) {
  const certSha256 = certificateSha256(certificate);
  return journal.act(certificateProcedure, {
    subject: certSha256,
    command: {
      type: 'issueCertificate',
      person: holder.id,
      organisation: holder.organisation ?? '',
      serial: certificate.serialNumber,
      issuer,
      follows,
    },
    ...by,
    facts: async (tx) => {
      await also?.(tx);
      const proof = change ? [toBase64(change.text), toBase64(change.signature)] : [null, null];
      await tx.em.execute('insert into certificate_data values (?, ?, ?, ?) on conflict do nothing', [
        certSha256,
        toBase64(certificateToDer(certificate)),
        ...proof,
      ]);
      return { followed: follows === null ? null : await certificateState(tx.em, follows) };
    },
  });
}

/** The code is used up in the same transaction that records the certificate: no fault in between loses it. */
async function enrol(deps: Deps, code: string, csr: string, by: Pick<By, 'requestId'>) {
  const codeSha256 = sha256Hex(utf8(code));
  const [row] = await deps.journal.db.query<Row>(
    'select person from enrolment where code_sha256 = ? and used_at is null',
    [codeSha256],
  );
  const holder = row ? await deps.registers.person(deps.journal.db.read(), String(row.person)) : null;
  if (!holder) return partyRefusal('code-invalid');
  const also = async (tx: Tx) => {
    const used = (await tx.em.execute(
      'update enrolment set used_at = ? where code_sha256 = ? and used_at is null and expires > ? returning person',
      [tx.now, codeSha256, tx.now],
    )) as Row[];
    if (used.length !== 1) refuse(partyRefusal('code-invalid'));
  };
  return issue(deps, holder, csr, { also }, { actor: holder.id, ...by });
}

/** Revokes and ends the sessions. A stolen key may have signed changes: those that follow it are revoked with it. */
async function revoke(journal: Journal, certSha256: string, reason: string, by: By, cause: RevocationCause) {
  const acted = await journal.act(certificateProcedure, {
    subject: certSha256,
    command: { type: 'revokeCertificate', reason, cause },
    ...by,
    facts: async () => ({ followed: null }),
  });
  const repeated = isRefusal(acted) && acted.code === 'already-revoked';
  if (isRefusal(acted) && !repeated) return acted;
  await journal.keep((tx) => tx.em.execute('delete from session where cert_sha256 = ?', [certSha256]));
  if (cause === 'key-compromise') {
    const followers = await journal.db.query<{ id: string }>(
      `select id from certificate where state ->> 'follows' = ? and not revoked`,
      [certSha256],
    );
    for (const { id } of followers) await revoke(journal, id, reason, by, cause);
  }
  return acted;
}
