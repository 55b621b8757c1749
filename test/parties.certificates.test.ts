/** Certificates over HTTP: changes, outside ones, revocation, codes, erasure; and what the platform's secrets must be. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type forge from 'node-forge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, connect } from '../src/cli/client.ts';
import { changeCertificate, makeKey, requestFor, signedText } from '../src/cli/enrol.ts';
import { sha256Hex, toBase64, utf8 } from '../src/formats/bytes.ts';
import {
  certificateFromPem,
  certificateSha256,
  certificatesFromPem,
  certificateToPem,
  signDetached,
} from '../src/formats/cms.ts';
import { openAuthority } from '../src/parties/authority.ts';
import { parties, registrationProcedure, usccCheckCharacter } from '../src/parties/index.ts';
import { openMasterSecret } from '../src/parties/master-secret.ts';
import { openFiles } from '../src/platform/files.ts';
import { createLogger } from '../src/platform/log.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type City, openCity } from './support/people.ts';
import { testAuthority } from './support/signing-keys.ts';

const scratch = mkdtempSync(join(tmpdir(), 'yangguang-certificates-'));
const outside = testAuthority();
const stranger = testAuthority();
let app: TestApp;
let city: City;
let spare: forge.pki.rsa.PrivateKey;
const now = () => app.clock.now();
beforeAll(async () => {
  const file = join(scratch, 'outside-ca.pem');
  writeFileSync(file, certificateToPem(outside.root.certificate));
  app = await startApp({ TRUSTED_CA_FILES: file });
  city = await openCity(app);
  spare = await makeKey();
});
afterAll(async () => {
  await app.close();
  rmSync(scratch, { recursive: true, force: true });
});

const refused = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing refused',
    (error: { code?: string }) => error.code,
  );
const certOf = (client: Client) => client.session!.certSha256;
const revoke = (certSha256: string, body: object) =>
  city.administrator.call('POST', `/api/certificates/${certSha256}/revocation`, body);

describe('a change of certificate', () => {
  it('is signed by the old one, and both stand in one line', async () => {
    const { client } = await city.person('bidder');
    const changed = await changeCertificate(client, spare, now());
    const next = await client.as(changed);
    expect(certOf(next)).not.toBe(certOf(client));
    expect(next.session?.person).toBe(client.session?.person);
    const rows = await app.journal.db.query(
      "select convert_from(leaf, 'UTF8') as leaf from journal_entry where subject_kind = 'certificate' and subject = ?",
      [certOf(next)],
    );
    expect(JSON.parse(String(rows[0]?.leaf)).body).toMatchObject({ certSha256: certOf(next), follows: certOf(client) });
  });

  it('needs a text that names this request, signed by the certificate of the session', async () => {
    const [{ client }, { client: other }] = [await city.person('bidder'), await city.person('bidder')];
    const csr = requestFor(spare);
    const send = (signed: object) => refused(client.call('POST', '/api/certificates/change', { csr, ...signed }));
    expect(await send(await signedText(client, 'yangguang change v1', now(), ['00'.repeat(32)]))).toBe(
      'login-text-invalid',
    );
    expect(await send(await signedText(client, 'yangguang login v1', now()))).toBe('login-text-invalid');
    expect(await send(await signedText(other, 'yangguang change v1', now(), [sha256Hex(utf8(csr))]))).toBe(
      'change-unsigned',
    );
  });

  it('by a stolen key is revoked with that key', async () => {
    const { client } = await city.person('bidder');
    const thief = await client.as(await changeCertificate(client, spare, now()));
    await revoke(certOf(client), { reason: '钥匙被盗', cause: 'key-compromise' });
    expect(await refused(thief.as(thief.key!))).toBe('certificate-revoked');
  });
});

describe('a certificate of an outside CA', () => {
  const code = (n: number) => {
    const first17 = `91330100MA90000${n}0`;
    return first17 + usccCheckCharacter(first17);
  };
  /** A client that signs with the key but has no session. */
  async function stranded(key: ReturnType<typeof outside.signer>) {
    const nobody = await connect({ base: app.base, now });
    return { ...nobody, sign: (document: Uint8Array) => toBase64(signDetached(key, document, now())) };
  }

  it('logs in after its holder signed a challenge and an administrator approved', async () => {
    const key = outside.signer('外部证书公司');
    const client = await stranded(key);
    expect(await refused(connect({ base: app.base, key, now }))).toBe('certificate-unknown');
    const proof = await signedText(client, 'yangguang bind v1', now());
    const applicant = { name: '外部证书公司', uscc: code(1), contact: '王五', outside: proof };
    const { id } = await client.call<{ id: string }>('POST', '/api/registrations', applicant);
    expect(await refused(connect({ base: app.base, key, now }))).toBe('certificate-unknown');
    await city.administrator.call('POST', `/api/registrations/${id}/approval`, {});
    const session = (await connect({ base: app.base, key, now })).session;
    expect(session).toMatchObject({ roles: ['bidder'], certSha256: certificateSha256(key.certificate) });
  });

  it('is bound to an account that is there already', async () => {
    const { client, id: person } = await city.person('witness');
    const key = outside.signer('见证人乙');
    const proof = await signedText(await stranded(key), 'yangguang bind v1', now());
    const { id } = await client.call<{ id: string }>('POST', '/api/certificates/bindings', proof);
    await city.administrator.call('POST', `/api/registrations/${id}/approval`, {});
    expect((await connect({ base: app.base, key, now })).session).toMatchObject({ person, roles: ['witness'] });
  });

  it('is refused from a CA that is not configured, without proof, and where it is one of the platform', async () => {
    const { client } = await city.person('bidder');
    const bind = (proof: object) => refused(client.call('POST', '/api/certificates/bindings', proof));
    const foreign = await stranded(stranger.signer('无关'));
    expect(await bind(await signedText(foreign, 'yangguang bind v1', now()))).toBe('certificate-untrusted');
    expect(await bind(await signedText(client, 'yangguang bind v1', now()))).toBe('certificate-of-platform');
    const proof = await signedText(await stranded(outside.signer('甲')), 'yangguang bind v1', now());
    expect(await bind({ ...proof, signature: client.sign(new Uint8Array(1)) })).toBe('signature-invalid');
    const used = await signedText(await stranded(outside.signer('乙')), 'yangguang bind v1', now());
    await client.call('POST', '/api/certificates/bindings', used);
    expect(await bind(used)).toBe('login-nonce-invalid');
  });

  it('stands among the published roots, after the root of the platform', async () => {
    const roots = certificatesFromPem(await (await fetch(`${app.base}/api/trust/roots`)).text());
    expect(roots.map(certificateSha256)).toEqual([expect.any(String), certificateSha256(outside.root.certificate)]);
    expect(roots[0]!.isIssuer(roots[0]!)).toBe(true);
  });
});

describe('approval', () => {
  it('that was interrupted is finished by approving again, with one person only', async () => {
    const csr = requestFor(spare);
    const first17 = '91330100MA9100010';
    const uscc = first17 + usccCheckCharacter(first17);
    const nobody = await city.nobody();
    const input = { name: '断电公司', uscc, contact: '赵六', csr };
    const { id } = await nobody.call<{ id: string }>('POST', '/api/registrations', input);
    const person = '019a0000-0000-7000-8000-00000000abcd';
    // What a fault after the first of the approval's acts leaves behind.
    await app.journal.act(registrationProcedure, {
      subject: id,
      command: { type: 'approveRegistration', person },
      actor: 'system',
      requestId: 'test',
      facts: async () => ({}),
    });
    const waiting = await city.administrator.call<{ id: string }[]>('GET', '/api/registrations');
    expect(waiting.map((each) => each.id)).toContain(id);
    const { certSha256 } = await city.administrator.call('POST', `/api/registrations/${id}/approval`, {});
    expect(await app.journal.db.query('select person from certificate where id = ?', [certSha256])).toEqual([
      { person },
    ]);
    expect(await refused(city.administrator.call('POST', `/api/registrations/${id}/approval`, {}))).toBe(
      'registration-decided',
    );
  });

  it('keeps every word of an applicant out of the public log', async () => {
    const input = {
      name: '不该公开的名字',
      uscc: '91110000802100433B',
      contact: '不该公开的人',
      csr: requestFor(spare),
    };
    await (await city.nobody()).call('POST', '/api/registrations', input);
    const rows = await app.journal.db.query("select convert_from(leaf, 'UTF8') as leaf from journal_entry");
    expect(rows.filter(({ leaf }) => String(leaf).includes('不该公开'))).toEqual([]);
  });
});

describe('people', () => {
  it('get another code that ends the first, and none after their account is closed', async () => {
    const home = await city.organisation('bidder');
    const person = { name: '换码', organisation: home, roles: ['bidder'] };
    const { id, code: first } = await city.administrator.call<{ id: string; code: string }>(
      'POST',
      '/api/people',
      person,
    );
    const again = () => city.administrator.call<{ code: string }>('POST', `/api/people/${id}/enrolment-codes`, {});
    const { code } = await again();
    const nobody = await city.nobody();
    const enrol = (given: string) => nobody.call('POST', '/api/enrolments', { code: given, csr: requestFor(spare) });
    expect(await refused(enrol(first))).toBe('code-invalid');
    await enrol(code);
    await city.administrator.call('POST', `/api/people/${id}/closure`, {});
    expect(await refused(again())).toBe('person-unknown');
  });

  it('are named by no event, and by nothing once they are erased', async () => {
    const { id } = await city.person('finance', undefined, '应当遗忘的人');
    const erase = () => city.administrator.call('POST', `/api/people/${id}/erasure`, {});
    expect(await refused(erase())).toBe('person-active');
    await city.administrator.call('POST', `/api/people/${id}/closure`, {});
    await erase();
    const events = await app.journal.db.query(
      "select event::text || convert_from(leaf, 'UTF8') as text from journal_entry",
    );
    expect(events.filter(({ text }) => String(text).includes('应当遗忘的人'))).toEqual([]);
    expect(await app.journal.db.query('select * from person_data where person = ?', [id])).toEqual([]);
  });
});

describe('the secrets of the platform', () => {
  const modes = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('-certificate.pem'))
      .map((entry) => `${entry.name} ${(statSync(join(entry.parentPath, entry.name)).mode & 0o777).toString(8)}`);

  it('are readable by their owner only', () => {
    const found = modes(join(app.dataDir, 'secrets'));
    expect(found.length).toBeGreaterThanOrEqual(5);
    expect(found.filter((line) => !line.endsWith(' 600'))).toEqual([]);
  });

  it('lie apart for the root, which nothing needs again', async () => {
    const folder = join(scratch, 'apart');
    const made = await openAuthority(folder, 'city.example', now());
    expect(made.rootKeyFile).toBe(join(folder, 'root', 'root.pem'));
    unlinkSync(made.rootKeyFile!);
    const again = await openAuthority(folder, 'city.example', now());
    expect(again.rootKeyFile).toBeNull();
    expect(certificateSha256(again.root)).toBe(certificateSha256(made.root));
    const certificate = again.issue(
      outside.signer('x').certificate.publicKey as forge.pki.rsa.PublicKey,
      { commonName: 'x', organisation: 'x', serialNumber: null },
      now(),
    );
    expect(again.issuing.certificate.verify(certificate)).toBe(true);
  });

  it('are one for two nodes that start together', async () => {
    const folder = join(scratch, 'together');
    const [a, b] = await Promise.all([openAuthority(folder, 'c', now()), openAuthority(folder, 'c', now())]);
    expect(certificateSha256(a.root)).toBe(certificateSha256(b.root));
    expect(certificateSha256(a.centre.certificate)).toBe(certificateSha256(b.centre.certificate));
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(openMasterSecret(folder).reveal()).toEqual(openMasterSecret(folder).reveal());
    expect(JSON.stringify({ secret: openMasterSecret(folder) })).toBe('{"secret":"[secret]"}');
  });

  it('of another data folder do not start on this database', async () => {
    const deps = {
      journal: app.journal,
      clock: app.clock,
      config: { ...app.config, dataDir: join(scratch, 'foreign') },
      logger: createLogger('silent'),
      files: openFiles(join(scratch, 'foreign-files')),
      origin: () => app.base,
    };
    await expect(parties(deps)).rejects.toThrow('DATA_DIR/secrets');
    await expect(parties({ ...deps, config: app.config })).resolves.toBeDefined();
  });

  it('never stand in the database', async () => {
    const secret = readFileSync(join(app.dataDir, 'secrets', 'master-secret'), 'utf8').trim();
    const rows = await app.journal.db.query('select root_sha256, master_check from platform_authority');
    expect(rows).toHaveLength(1);
    expect(rows[0]?.master_check).not.toBe(secret);
    expect(rows[0]?.root_sha256).toBe(
      certificateSha256(certificateFromPem(await (await fetch(`${app.base}/api/trust/roots`)).text())),
    );
  });
});
