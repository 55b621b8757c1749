import forge from 'node-forge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../src/cli/client.ts';
import { makeKey, requestFor } from '../src/cli/enrol.ts';
import { sha256Hex, toBase64, utf8 } from '../src/formats/bytes.ts';
import { signDetached } from '../src/formats/cms.ts';
import { loginText, usccCheckCharacter } from '../src/parties/index.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type City, openCity, type TestPerson } from './support/people.ts';

let app: TestApp;
let city: City;
let bidder: TestPerson;
beforeAll(async () => {
  app = await startApp();
  city = await openCity(app);
  bidder = await city.person('bidder');
});
afterAll(() => app.close());

const refused = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing refused',
    (error: { code?: string }) => error.code,
  );
const post = (path: string, body: unknown) =>
  fetch(app.base + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const certOf = ({ client }: TestPerson) => client.session!.certSha256;

/** The cookie of a session of its own, as a browser would hold it. */
async function cookieOf({ client }: TestPerson): Promise<string> {
  const { nonce } = (await (await fetch(`${app.base}/api/login/nonce`)).json()) as { nonce: string };
  const text = utf8(loginText(app.base, nonce, app.clock.now().toString({ smallestUnit: 'second' })));
  const answer = await post('/api/login', { text: toBase64(text), signature: client.sign(text) });
  return (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
}

describe('roles', () => {
  it('are refused where the organisation is not of their kind', async () => {
    const home = await city.organisation('bidder');
    const person = { name: '某人', organisation: home, roles: ['host'] };
    expect(await refused(city.administrator.call('POST', '/api/people', person))).toBe('role-homeless');
  });
});

describe('an administrator', () => {
  it('does not make itself host, and says why a certificate was revoked to the register alone', async () => {
    const { session } = city.administrator;
    const own = city.administrator.call('PUT', `/api/people/${session!.person}/roles`, { roles: ['host'] });
    expect(await refused(own)).toBe('roles-own');
    const leaver = await city.person('bidder');
    const revocation = { reason: '张三离职，钥匙未交回', cause: 'affiliation-changed' };
    await city.administrator.call('POST', `/api/certificates/${certOf(leaver)}/revocation`, revocation);
    const [row] = await app.journal.db.query(
      `select convert_from(leaf, 'UTF8') as leaf from journal_entry where kind = 'certificate-revoked' and subject = ?`,
      [certOf(leaver)],
    );
    expect(JSON.parse(String(row!.leaf)).body).toEqual({ certSha256: certOf(leaver), cause: 'affiliation-changed' });
  });
});

describe('organisations', () => {
  it('with a wrong check character are refused, naming the right one', async () => {
    const wrong = { name: '错码公司', uscc: '91110000802100433A', kinds: ['bidder'] };
    const error = await city.administrator.call('POST', '/api/organisations', wrong).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'uscc-invalid', details: { checkCharacter: 'B' } });
  });

  it('register once', async () => {
    const same = { name: '一家公司', uscc: '91440300708461136T', kinds: ['bidder'] };
    await city.administrator.call('POST', '/api/organisations', same);
    expect(await refused(city.administrator.call('POST', '/api/organisations', same))).toBe('organisation-known');
  });
});

describe('log-in', () => {
  const signedText = async (change: (lines: string[]) => string[] = (l) => l) => {
    const { nonce } = (await (await fetch(`${app.base}/api/login/nonce`)).json()) as { nonce: string };
    const lines = ['yangguang login v1', app.base, nonce, app.clock.now().toString({ smallestUnit: 'second' }), ''];
    const text = utf8(change(lines).join('\n'));
    return { text: toBase64(text), signature: bidder.client.sign(text) };
  };

  it('gives a session for a signed text', async () => {
    const answer = await post('/api/login', await signedText());
    expect(await answer.json()).toMatchObject({ person: bidder.id, roles: ['bidder'] });
    const cookie = answer.headers.getSetCookie()[0] ?? '';
    expect(cookie.toLowerCase()).toMatch(/httponly/);
    expect(cookie.toLowerCase()).toMatch(/samesite=strict/);
  });

  it('takes each text once', async () => {
    const text = await signedText();
    expect((await post('/api/login', text)).status).toBe(200);
    expect(await (await post('/api/login', text)).json()).toMatchObject({ code: 'login-nonce-invalid' });
  });

  it.each([
    ['another origin', 'login-text-invalid', (l: string[]) => l.with(1, 'https://evil.example')],
    ['another first line', 'login-text-invalid', (l: string[]) => l.with(0, 'yangguang manifest v1')],
    ['more lines', 'login-text-invalid', (l: string[]) => [...l, 'and pay 100']],
    ['a foreign nonce', 'login-nonce-invalid', (l: string[]) => l.with(2, '00'.repeat(16))],
    ['a clock an hour off', 'login-clock', (l: string[]) => l.with(3, app.clock.now().add({ hours: 1 }).toString())],
  ])('refuses %s', async (_what, code, change) => {
    expect(await (await post('/api/login', await signedText(change))).json()).toMatchObject({ code });
  });

  it('refuses a signature over another text and a certificate the platform did not issue', async () => {
    const text = await signedText();
    const other = await signedText();
    expect(await (await post('/api/login', { ...text, signature: other.signature })).json()).toMatchObject({
      code: 'signature-invalid',
    });
    const foreign = await selfSigned(bidder.client);
    const again = await signedText();
    const signature = toBase64(signDetached(foreign, Buffer.from(again.text, 'base64'), app.clock.now()));
    expect(await (await post('/api/login', { ...again, signature })).json()).toMatchObject({
      code: 'certificate-untrusted',
    });
  });

  it('refuses a signature without signed attributes, which could be one over a document', async () => {
    const { text } = await signedText();
    const { privateKey, certificate } = bidder.client.key!;
    const p7 = forge.pkcs7.createSignedData();
    p7.content = forge.util.createBuffer(forge.util.decode64(text));
    p7.addCertificate(certificate);
    p7.addSigner({ key: privateKey, certificate, digestAlgorithm: forge.pki.oids.sha256! });
    p7.sign({ detached: true });
    const signature = forge.util.encode64(forge.asn1.toDer(p7.toAsn1()).getBytes());
    expect(await (await post('/api/login', { text, signature })).json()).toMatchObject({
      code: 'signature-invalid',
      details: { reason: 'cms-attributes' },
    });
  });

  it('does not take a text signed for another purpose', async () => {
    const signed = await signedText((lines) => lines.with(0, 'yangguang bind v1'));
    expect(await (await post('/api/login', signed)).json()).toMatchObject({ code: 'login-text-invalid' });
  });

  it('is refused to an account that was closed, and its sessions end', async () => {
    const leaver = await city.person('finance');
    const cookie = await cookieOf(leaver);
    await city.administrator.call('POST', `/api/people/${leaver.id}/closure`, {});
    expect((await fetch(`${app.base}/api/session`, { headers: { cookie } })).status).toBe(401);
    expect(await refused(leaver.client.as(leaver.client.key!))).toBe('person-inactive');
  });

  it('keeps neither the token of a session nor an enrolment code in the database', async () => {
    const token = (await cookieOf(bidder)).split('=')[1]!;
    const home = await city.organisation('bidder');
    const person = { name: '保密', organisation: home, roles: ['bidder'] };
    const { code } = await city.administrator.call<{ code: string }>('POST', '/api/people', person);
    const rows = await app.journal.db.query(
      'select token_sha256 as value from session union all select code_sha256 from enrolment',
    );
    const stored = rows.map(({ value }) => value);
    expect(stored).toContain(sha256Hex(utf8(token)));
    expect(stored).toContain(sha256Hex(utf8(code)));
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(code);
  });

  it('is limited for a program that loops, and for nobody else', async () => {
    const looping = await city.person('bidder');
    const attempts = Array.from({ length: 125 }, () => cookieOf(looping));
    const cookies = await Promise.all(attempts);
    expect(cookies.filter((cookie) => cookie === '').length).toBeGreaterThan(0);
    expect(await refused(looping.client.as(looping.client.key!))).toBe('too-many-requests');
    expect(await cookieOf(bidder)).toMatch(/^yg_session=/);
  });

  it('opens anew in a client whose session has ended', async () => {
    const worker = await city.person('bidder');
    await app.journal.keep((tx) => tx.em.execute('delete from session where person = ?', [worker.id]));
    expect(await worker.client.call('GET', '/api/session')).toMatchObject({ person: worker.id });
  });

  it('asks a changing request for the CSRF token of its session', async () => {
    const answer = await post('/api/login', await signedText());
    const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
    const out = await fetch(`${app.base}/api/logout`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(await out.json()).toMatchObject({ code: 'csrf-missing' });
  });

  it('ends with the certificate: revoked, it opens no session and closes the open ones', async () => {
    const leaver = await city.person('bidder');
    const cookie = await cookieOf(leaver);
    const open = () => fetch(`${app.base}/api/session`, { headers: { cookie } });
    expect((await open()).status).toBe(200);
    await city.administrator.call('POST', `/api/certificates/${certOf(leaver)}/revocation`, { reason: '钥匙丢失' });
    expect((await open()).status).toBe(401);
    expect(await refused(leaver.client.as(leaver.client.key!))).toBe('certificate-revoked');
    // The client's own session has ended too, and it cannot open another.
    expect(await refused(leaver.client.call('GET', '/api/session'))).toBe('certificate-revoked');
  });
});

describe('enrolment', () => {
  it('uses a code once and keeps it for a request that is right', async () => {
    const home = await city.organisation('bidder');
    const { code } = await city.administrator.call<{ code: string }>('POST', '/api/people', {
      name: '新人',
      organisation: home,
      roles: ['bidder'],
    });
    const nobody = await city.nobody();
    const csr = requestFor(await makeKey());
    expect(await refused(nobody.call('POST', '/api/enrolments', { code, csr: csr.replace(/[A-Z]/, 'x') }))).toBe(
      'csr-invalid',
    );
    await nobody.call('POST', '/api/enrolments', { code, csr });
    expect(await refused(nobody.call('POST', '/api/enrolments', { code, csr }))).toBe('code-invalid');
  });

  it('of a bidder that applied by itself waits for the administrator', async () => {
    const nobody = await city.nobody();
    const csr = requestFor(await makeKey());
    const apply = {
      name: '自助公司',
      uscc: `91330100MA3000001${usccCheckCharacter('91330100MA3000001')}`,
      contact: '李四',
      csr,
    };
    const { id, ticket } = await nobody.call<Record<'id' | 'ticket', string>>('POST', '/api/registrations', apply);
    const mine = `/api/registrations/${id}?ticket=${ticket}`;
    // The id stands in the public log; alone it shows nothing, since the certificate names a person.
    for (const path of [`/api/registrations/${id}`, `/api/registrations/${id}?ticket=${'0'.repeat(64)}`])
      expect(await refused(nobody.call('GET', path))).toMatch(/^(bad-request|registration-unknown)$/);
    expect(await nobody.call('GET', mine)).toMatchObject({
      status: 'pending',
      certificate: null,
    });
    expect(await refused(bidder.client.call('POST', `/api/registrations/${id}/approval`, {}))).toBe('not-permitted');
    await city.administrator.call('POST', `/api/registrations/${id}/approval`, {});
    expect(await nobody.call('GET', mine)).toMatchObject({
      status: 'approved',
      certificate: expect.stringContaining('BEGIN CERTIFICATE'),
    });
    expect(await refused(city.administrator.call('POST', `/api/registrations/${id}/approval`, {}))).toBe(
      'registration-decided',
    );
  });
});

async function selfSigned(client: Client) {
  const { certify } = await import('../src/parties/certify.ts');
  const privateKey = await makeKey();
  const { setRsaPublicKey } = (await import('node-forge')).default.pki;
  const subject = { commonName: 'Foreign', organisation: 'Foreign', serialNumber: null };
  const certificate = certify(
    setRsaPublicKey(privateKey.n, privateKey.e),
    subject,
    'root',
    { privateKey, subject },
    app.clock.now(),
  );
  expect(client.key?.certificate.serialNumber).not.toBe(certificate.serialNumber);
  return { privateKey, certificate, chain: [] };
}
