/** openssl reads what the platform's certification authority makes: certificates, chain, revocation list, PKCS#12, signatures. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrol, makeKey, toPkcs12 } from '../../src/cli/enrol.ts';
import { certificateToPem, openPkcs12, type SigningKey, signDetached } from '../../src/formats/cms.ts';
import { usccCheckCharacter } from '../../src/parties/index.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { type City, openCity } from '../support/people.ts';

const ci = process.env.CI === 'true';
const has = (program: string) => spawnSync(program, ['version']).status === 0;
const dir = mkdtempSync(join(tmpdir(), 'yangguang-certificates-'));
const file = (name: string, bytes?: Uint8Array | string): string => {
  const path = join(dir, name);
  if (bytes !== undefined) writeFileSync(path, bytes);
  return path;
};
const openssl = (...args: string[]) =>
  execFileSync('openssl', args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
/** Standard error of a command that must fail. */
const failure = (...args: string[]) => {
  const { status, stderr, stdout } = spawnSync('openssl', args, { encoding: 'utf8' });
  expect(status).not.toBe(0);
  return stdout + stderr;
};

describe.skipIf(!ci && !has('openssl'))('openssl', () => {
  let app: TestApp;
  let city: City;
  let key: SigningKey;
  let lost: SigningKey;
  let root: string;
  let issuing: string;
  let centre: string;
  const own = () => file('own.pem', certificateToPem(key.certificate));

  /** The test city has a clock of its own. */
  const atCityTime = () => ['-attime', String(Math.floor(app.clock.now().epochMilliseconds / 1000) + 1)];

  beforeAll(async () => {
    app = await startApp();
    city = await openCity(app);
    root = file('root.pem', await (await fetch(`${app.base}/api/trust/roots`)).text());
    issuing = file('issuing.pem', await (await fetch(`${app.base}/api/trust/issuing`)).text());
    centre = file('centre.pem', await (await fetch(`${app.base}/api/trust/centre`)).text());
    const first17 = '91330100MA8000010';
    // A name longer than X.509 allows: the certificate shortens it, the register does not.
    const name = `𠮷林${'建'.repeat(70)}有限公司`;
    const organisation = { name, uscc: first17 + usccCheckCharacter(first17), kinds: ['bidder'] };
    const home = await city.administrator.call<{ id: string }>('POST', '/api/organisations', organisation);
    const enrolled = async () => {
      const person = { name: '张𠮷', organisation: home.id, roles: ['bidder'] };
      const { code } = await city.administrator.call<{ code: string }>('POST', '/api/people', person);
      return enrol(await city.nobody(), code, await makeKey());
    };
    [key, lost] = [await enrolled(), await enrolled()];
  });
  afterAll(async () => {
    await app.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('verifies the chain strictly, with every CA by its own key', () => {
    const strict = ['verify', ...atCityTime(), '-x509_strict', '-policy_check', '-CAfile', root, '-untrusted', issuing];
    expect(openssl(...strict, own())).toContain('OK');
    expect(openssl(...strict, '-purpose', 'smimesign', own())).toContain('OK');
    expect(openssl(...strict, centre)).toContain('OK');
    expect(failure('verify', ...atCityTime(), '-CAfile', issuing, own())).toContain('unable to get issuer certificate');
  });

  it('reads subject, extensions and serial as RFC 5280 wants them', () => {
    const text = openssl('x509', '-in', own(), '-noout', '-text', '-nameopt', 'utf8,sep_comma_plus');
    expect(text).toContain('张𠮷');
    expect(text).toContain('91330100MA8000010');
    expect(text).toMatch(/Version: 3 /);
    expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE/);
    expect(text).toMatch(/Key Usage: critical\s+Digital Signature, Non Repudiation/);
    expect(text).toMatch(
      /Extended Key Usage:\s+1\.3\.6\.1\.5\.5\.7\.3\.36, E-mail Protection|Extended Key Usage:.*\n.*E-mail Protection/,
    );
    expect(text).toMatch(/Subject Key Identifier/);
    const ca = openssl('x509', '-in', issuing, '-noout', '-text');
    expect(ca).toMatch(/CA:TRUE, pathlen:0/);
    const keyIdOf = (of: string, name: string) =>
      new RegExp(`X509v3 ${name} Key Identifier:[^\\n]*\\n\\s+(?:keyid:)?([0-9A-F:]+)`).exec(of)?.[1];
    expect(keyIdOf(text, 'Authority')).toBe(keyIdOf(ca, 'Subject'));
    expect(openssl('x509', '-in', own(), '-noout', '-serial')).toMatch(/^serial=[4-7][0-9A-F]{31}$/m);
  });

  it('reads the revocation list and refuses who stands in it', async () => {
    const { certSha256 } = (await city.administrator.as(lost)).session!;
    const revocation = { reason: '钥匙丢失', cause: 'key-compromise' };
    await city.administrator.call('POST', `/api/certificates/${certSha256}/revocation`, revocation);
    const der = file('list.der', await city.administrator.download('/api/trust/crl'));
    const list = file('list.pem');
    openssl('crl', '-inform', 'DER', '-in', der, '-out', list);
    const text = openssl('crl', '-in', list, '-noout', '-text', '-CAfile', issuing);
    expect(text.replaceAll(':', '').toLowerCase()).toContain(`serial number ${lost.certificate.serialNumber}`);
    expect(text).toMatch(/X509v3 CRL Number/);
    expect(text).toMatch(/Key Compromise/);
    const check = ['verify', ...atCityTime(), '-crl_check', '-CRLfile', list, '-CAfile', root, '-untrusted', issuing];
    expect(openssl(...check, own())).toContain('OK');
    expect(failure(...check, file('lost.pem', certificateToPem(lost.certificate)))).toContain('certificate revoked');
  });

  it('opens the key file that enrolment writes, and verifies what its key signs', () => {
    const p12 = toPkcs12(key, 'pass word');
    expect(openPkcs12(p12, 'pass word').certificate.serialNumber).toBe(key.certificate.serialNumber);
    const path = file('key.p12', p12);
    const listed = openssl('pkcs12', '-in', path, '-nodes', '-passin', 'pass:pass word');
    expect(listed).toContain('BEGIN PRIVATE KEY');
    expect(listed.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(failure('pkcs12', '-in', path, '-nodes', '-passin', 'pass:wrong')).toMatch(/mac verify/i);
    // The library would keep the low byte of each character only: no other program could open that file.
    expect(() => toPkcs12(key, '密码')).toThrow('ASCII');
    const content = file('content', 'yangguang');
    const p7s = file('content.p7s', signDetached(key, new TextEncoder().encode('yangguang'), app.clock.now()));
    const verify = [
      'cms',
      '-verify',
      ...atCityTime(),
      '-binary',
      '-inform',
      'DER',
      '-in',
      p7s,
      '-content',
      content,
      '-CAfile',
      root,
    ];
    expect(openssl(...verify)).toBe('yangguang');
  });

  it('makes requests that the platform takes', async () => {
    const home = await city.organisation('bidder');
    const codeFor = async () => {
      const person = { name: '外部工具', organisation: home, roles: ['bidder'] };
      return (await city.administrator.call<{ code: string }>('POST', '/api/people', person)).code;
    };
    const request = (...args: string[]) =>
      openssl('req', '-new', '-nodes', '-subj', '/CN=somebody else', '-keyout', file('req.key'), ...args);
    const nobody = await city.nobody();
    const send = (code: string, csr: string) =>
      nobody.call<{ certificate: string }>('POST', '/api/enrolments', { code, csr });
    const { certificate } = await send(await codeFor(), request('-newkey', 'rsa:2048'));
    // The subject is the register's, whatever the request says.
    expect(openssl('x509', '-in', file('issued.pem', certificate), '-noout', '-subject', '-nameopt', 'utf8')).toContain(
      '外部工具',
    );
    const code = await codeFor();
    const why = (csr: string) => send(code, csr).then(String, (error: { code?: string }) => error.code);
    expect(await why(request('-newkey', 'rsa:1024'))).toBe('csr-invalid');
    expect(await why(request('-newkey', 'rsa:2048', '-pkeyopt', 'rsa_keygen_pubexp:3'))).toBe('csr-invalid');
    expect(await why(request('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'))).toBe('csr-invalid');
    expect(await why(request('-newkey', 'rsa:2048', '-sha1'))).toBe('csr-invalid');
    expect(await why(request('-newkey', 'rsa:2048'))).toContain('object');
  });
});
