/** Tools that this project did not write accept what we make, and we accept what they make. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import forge from 'node-forge';
import { afterAll, describe, expect, it } from 'vitest';
import { utf8 } from '../../src/formats/bytes.ts';
import {
  certificateSha256,
  certificateToPem,
  openPkcs12,
  signDetached,
  verifyChain,
  verifyDetached,
} from '../../src/formats/cms.ts';
import { testAuthority } from '../support/signing-keys.ts';

const has = (program: string, flag: string) => spawnSync(program, [flag]).status === 0;
const ci = process.env.CI === 'true';
const at = Temporal.Instant.from('2026-11-24T01:02:03Z');

const dir = mkdtempSync(join(tmpdir(), 'yangguang-interop-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const file = (name: string, bytes?: Uint8Array | string): string => {
  const path = join(dir, name);
  if (bytes !== undefined) writeFileSync(path, bytes);
  return path;
};

describe.skipIf(!ci && !has('openssl', 'version'))('openssl', () => {
  const authority = testAuthority();
  const key = authority.signer('华夏建设');
  const content = utf8('{"lot":"lot-1"}');
  const root = file('root.pem', certificateToPem(authority.root.certificate));
  const issuing = file('issuing.pem', certificateToPem(authority.issuing.certificate));
  const own = file('own.pem', certificateToPem(key.certificate));
  const secret = file('own.key', forge.pki.privateKeyToPem(key.privateKey));
  const signed = file('content.json', content);

  const verifies = (p7s: string, text: string) =>
    spawnSync('openssl', [
      ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', p7s, '-content', text, '-CAfile', root],
      ...['-purpose', 'any', '-out', file('out')],
    ]).status === 0;

  it('verifies our signatures over the chain, and refuses another content', () => {
    const p7s = file('ours.p7s', signDetached(key, content, at));
    expect(verifies(p7s, signed)).toBe(true);
    expect(verifies(p7s, file('other.json', '{"lot":"lot-2"}'))).toBe(false);
  });

  it.each([['-md', 'sha256'], ['-keyid']])('makes signatures that we accept (%s)', (...options: string[]) => {
    const p7s = file('theirs.p7s');
    execFileSync('openssl', [
      ...['cms', '-sign', '-binary', '-md', 'sha256', '-outform', 'DER', '-signer', own, '-inkey', secret],
      ...['-certfile', issuing, '-in', signed, '-out', p7s, ...options],
    ]);
    const verified = verifyDetached(content, readFileSync(p7s), 'manifest-signature');
    expect(verified.certSha256).toBe(certificateSha256(key.certificate));
    verifyChain(verified.certificate, verified.intermediates, [authority.root.certificate], at);
  });

  it.each<[string, string[], string]>([
    ['without signed attributes', ['-md', 'sha256', '-noattr'], 'cms-attributes'],
    ['with SHA-1', ['-md', 'sha1'], 'manifest-signature'],
    ['with the content inside', ['-md', 'sha256', '-nodetach'], 'manifest-signature'],
    ['without the certificate', ['-md', 'sha256', '-nocerts'], 'manifest-signature'],
    ['with RSA-PSS', ['-md', 'sha256', '-keyopt', 'rsa_padding_mode:pss'], 'manifest-signature'],
  ])('makes signatures %s that we refuse', (_name, options, code) => {
    const p7s = file('theirs.p7s');
    execFileSync('openssl', [
      ...['cms', '-sign', '-binary', '-outform', 'DER', '-signer', own, '-inkey', secret, '-in', signed, '-out', p7s],
      ...options,
    ]);
    expect(() => verifyDetached(content, readFileSync(p7s), 'manifest-signature')).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('makes key files that we open', () => {
    const p12 = file('own.p12');
    execFileSync('openssl', [
      ...['pkcs12', '-export', '-inkey', secret, '-in', own, '-certfile', issuing, '-passout', 'pass:a long one'],
      ...['-out', p12],
    ]);
    const opened = openPkcs12(readFileSync(p12), 'a long one');
    expect(certificateSha256(opened.certificate)).toBe(certificateSha256(key.certificate));
    expect(verifies(file('p12.p7s', signDetached(opened, content, at)), signed)).toBe(true);
  });
});
