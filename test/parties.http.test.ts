import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, connect } from '../src/cli/client.ts';
import { makeKey, requestFor } from '../src/cli/enrol.ts';
import { toBase64, utf8 } from '../src/formats/bytes.ts';
import { signDetached } from '../src/formats/cms.ts';
import { isUscc, usccCheckCharacter } from '../src/parties/index.ts';
import { conflictOf } from '../src/parties/roles.ts';
import { roles } from '../src/platform/http/route.ts';
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

describe('unified social credit code (GB 32100-2015)', () => {
  it.each(['91110000802100433B', '91440300708461136T'])('accepts the published code %s', (code) => {
    expect(isUscc(code)).toBe(true);
  });

  it('finds every change of one character', () => {
    const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...alphabet), { minLength: 17, maxLength: 17 }),
        fc.nat(17),
        fc.constantFrom(...alphabet),
        (letters, at, other) => {
          const code = letters.join('') + usccCheckCharacter(letters.join(''));
          fc.pre(code[at] !== other);
          expect(isUscc(code)).toBe(true);
          expect(isUscc(code.slice(0, at) + other + code.slice(at + 1))).toBe(false);
        },
      ),
    );
  });
});

describe('roles', () => {
  it('never meet the administrator in one person', () => {
    for (const role of roles) if (role !== 'administrator') expect(conflictOf([role, 'administrator'])).not.toBeNull();
  });

  it('of bidding, deciding and watching stay apart', () => {
    for (const role of ['host', 'witness', 'supervisor', 'expert', 'finance', 'auditor'] as const)
      expect(conflictOf([role, 'bidder'])).not.toBeNull();
  });

  it('are refused where the organisation is not of their kind', async () => {
    const home = await city.organisation('bidder');
    const person = { name: '某人', organisation: home, roles: ['host'] };
    expect(await refused(city.administrator.call('POST', '/api/people', person))).toBe('role-homeless');
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
    const certSha256 = leaver.client.session?.certSha256;
    await city.administrator.call('POST', `/api/certificates/${certSha256}/revocation`, { reason: '钥匙丢失' });
    expect(await refused(leaver.client.call('GET', '/api/session'))).toBe('not-signed-in');
    const again = connect({ base: app.base, key: leaver.client.key ?? undefined, now: () => app.clock.now() });
    expect(await refused(again)).toBe('certificate-revoked');
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
    const { id } = await nobody.call<{ id: string }>('POST', '/api/registrations', apply);
    expect(await nobody.call('GET', `/api/registrations/${id}`)).toMatchObject({
      status: 'pending',
      certificate: null,
    });
    expect(await refused(bidder.client.call('POST', `/api/registrations/${id}/approval`, {}))).toBe('not-permitted');
    await city.administrator.call('POST', `/api/registrations/${id}/approval`, {});
    expect(await nobody.call('GET', `/api/registrations/${id}`)).toMatchObject({
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
