/** Tools that this project did not write accept what we make, and we accept what they make. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import forge from 'node-forge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concatBytes, sha256Hex, utf8 } from '../../src/formats/bytes.ts';
import { canonicalBytes } from '../../src/formats/canonical.ts';
import {
  certificateFromPem,
  certificateSha256,
  certificateToPem,
  openPkcs12,
  signDetached,
  verifyChain,
  verifyDetached,
} from '../../src/formats/cms.ts';
import type { SealManifest } from '../../src/formats/manifest.ts';
import type { PackageIndex } from '../../src/formats/package-index.ts';
import { nativePrimitives } from '../../src/platform/age-primitives.ts';
import {
  AgeError,
  generateIdentity,
  identityToRecipient,
  openAge,
  readPackage,
  sealAge,
  sealEnvelope,
} from '../../src/sealing/index.ts';
import { officers, pieces, roots, seal } from '../support/sealing-world.ts';
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

const big = { maxBuffer: 1 << 28 };
async function joined(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of stream) parts.push(piece.slice());
  return concatBytes(...parts);
}

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

describe.skipIf(!ci && !has('openssl', 'version'))("an outside CA's certificate", () => {
  it('keeps its name through PEM, key file and signature, and its chain is believed', () => {
    const run = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const extensions = file(
      'leaf.cnf',
      `basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature, nonRepudiation
extendedKeyUsage = emailProtection, 1.3.6.1.4.1.311.10.3.12
subjectAltName = email:tender@example.cn, URI:https://example.cn/统一
certificatePolicies = 1.2.156.112570.1.1
crlDistributionPoints = URI:http://crl.example.cn/1.crl
authorityInfoAccess = OCSP;URI:http://ocsp.example.cn/
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid,issuer
`,
    );
    const [caKey, ca, key, csr, leaf, p12] = ['oca.key', 'oca.pem', 'o.key', 'o.csr', 'o.pem', 'o.p12'].map((n) =>
      file(n),
    );
    run(
      'req',
      '-x509',
      '-newkey',
      'rsa:3072',
      '-nodes',
      '-sha384',
      '-utf8',
      '-subj',
      '/C=CN/O=某电子认证/CN=根',
      '-keyout',
      caKey!,
      '-out',
      ca!,
      '-days',
      '30',
    );
    run(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-utf8',
      '-subj',
      '/C=CN/O=长城建工/OU=投标/CN=𠮷野',
      '-keyout',
      key!,
      '-out',
      csr!,
    );
    run(
      'x509',
      '-req',
      '-in',
      csr!,
      '-CA',
      ca!,
      '-CAkey',
      caKey!,
      '-CAcreateserial',
      '-sha256',
      '-days',
      '20',
      '-extfile',
      extensions,
      '-out',
      leaf!,
    );
    run('pkcs12', '-export', '-inkey', key!, '-in', leaf!, '-passout', 'pass:p', '-out', p12!);
    const fingerprint = run('x509', '-in', leaf!, '-noout', '-fingerprint', '-sha256').toString();
    const expected = fingerprint.split('=')[1]!.trim().replaceAll(':', '').toLowerCase();
    expect(certificateSha256(certificateFromPem(readFileSync(leaf!, 'utf8')))).toBe(expected);
    const opened = openPkcs12(readFileSync(p12!), 'p');
    expect(certificateSha256(opened.certificate)).toBe(expected);
    const signed = verifyDetached(utf8('x'), signDetached(opened, utf8('x'), at), 'manifest-signature');
    expect(signed.certSha256).toBe(expected);
    const roots = [certificateFromPem(readFileSync(ca!, 'utf8'))];
    verifyChain(signed.certificate, [], roots, Temporal.Now.instant().add({ seconds: 5 }));
  });
});

describe.skipIf(!ci && !has('age', '--version'))('age', () => {
  const keys = file('key.txt');
  const identity = () => /AGE-SECRET-KEY-1\w+/.exec(readFileSync(keys, 'utf8'))![0];
  beforeAll(() => {
    execFileSync('age-keygen', ['-o', keys], { stdio: 'ignore' });
  });
  const sizes = [0, 1, 65_535, 65_536, 65_537, 300_000];

  it('derives the same recipient from an identity', async () => {
    const theirs = execFileSync('age-keygen', ['-y', keys]).toString().trim();
    expect(await identityToRecipient(identity())).toBe(theirs);
    const ours = await generateIdentity();
    const again = execFileSync('age-keygen', ['-y'], { input: ours }).toString().trim();
    expect(await identityToRecipient(ours)).toBe(again);
  });

  it.each(sizes)('opens our tender of %i bytes, and we open its own', async (n) => {
    const plain = new Uint8Array(n).map((_, i) => i % 251);
    const recipient = await identityToRecipient(identity());
    const ours = file('ours.age', await joined(sealAge(pieces(plain), identity(), recipient, nativePrimitives)));
    expect(new Uint8Array(execFileSync('age', ['-d', '-i', keys, ours], big))).toEqual(plain);
    const theirs = execFileSync('age', ['-r', recipient], { ...big, input: plain });
    expect(await joined(openAge(pieces(theirs), identity(), nativePrimitives))).toEqual(plain);
  });

  it('opens an envelope; tar reads the package', async () => {
    const recipient = await identityToRecipient(identity());
    const envelope = file('envelope.age', await sealEnvelope(utf8('a share'), recipient));
    expect(execFileSync('age', ['-d', '-i', keys, envelope]).toString()).toBe('a share');
    const sealed = await seal();
    writeFileSync(file('own.txt'), sealed.identity);
    const tar = file(
      'package.tar',
      execFileSync('age', ['-d', '-i', file('own.txt'), file('t.age', sealed.tenderBytes)], big),
    );
    const names = execFileSync('tar', ['-tf', tar]).toString().trim().split('\n');
    expect(names).toEqual(['files/0001.pdf', 'files/0002.bin', 'index.json', 'offer.json']);
    const offer = execFileSync('tar', ['-xOf', tar, 'offer.json']);
    expect(sha256Hex(offer)).toBe(sealed.manifest.offerSha256);
  });

  it('refuses with us what has a second recipient, was cut, or was changed', async () => {
    const recipient = await identityToRecipient(identity());
    const whole = execFileSync('age', ['-r', recipient], { ...big, input: new Uint8Array(200_000) });
    for (const bad of [
      whole.subarray(0, -1),
      whole.subarray(0, 65_752),
      whole.map((b, i) => (i === 9000 ? b ^ 1 : b)),
    ]) {
      expect(spawnSync('age', ['-d', '-i', keys], { ...big, input: bad }).status).not.toBe(0);
      await expect(joined(openAge(pieces(bad), identity(), nativePrimitives))).rejects.toBeInstanceOf(AgeError);
    }
    const other = await identityToRecipient(await generateIdentity());
    const two = execFileSync('age', ['-r', recipient, '-r', other], { input: 'x' });
    await expect(joined(openAge(pieces(two), identity()))).rejects.toMatchObject({ code: 'age-header-stanzas' });
  });
});

describe('tar', () => {
  it('a package made by GNU tar in the plain format is read', async () => {
    const letter = utf8('letter');
    const listed = { path: 'files/0001.txt', name: 'letter.txt', sha256: sha256Hex(letter), bytes: letter.length };
    const index = canonicalBytes({
      type: 'yangguang.org/package-index/v1',
      suite: 'YG1',
      lot: 'lot-1',
      policy: '0'.repeat(64),
      bidder: 'org-1',
      certSha256: '1'.repeat(64),
      recipient: await identityToRecipient(await generateIdentity()),
      files: [listed],
    });
    mkdirSync(file('files'), { recursive: true });
    file('files/0001.txt', letter);
    file('index.json', index);
    file('offer.json', '{}');
    const tar = execFileSync('tar', ['--format=ustar', '-cf', '-', 'files/0001.txt', 'index.json', 'offer.json'], {
      cwd: dir,
    });
    const { index: read } = await readPackage(pieces(tar), { primitives: nativePrimitives });
    expect(read.files).toEqual([listed]);
    const pax = execFileSync('tar', ['--format=pax', '-cf', '-', 'files/0001.txt', 'index.json', 'offer.json'], {
      cwd: dir,
    });
    await expect(readPackage(pieces(pax), { primitives: nativePrimitives })).rejects.toMatchObject({
      code: 'package-unsafe',
    });
  });
});

/** Restores the identity from share files: Lagrange at 0 over GF(256), modulus 0x11b, written apart from ours. */
const interpolation = `
import json, sys
def mul(a, b):
    p = 0
    while b:
        if b & 1: p ^= a
        a = (a << 1) ^ (0x11b if a & 0x80 else 0); b >>= 1
    return p
def inv(a):
    return next(b for b in range(1, 256) if mul(a, b) == 1)
shares = [json.load(open(f)) for f in sys.argv[1:]]
secret = bytearray(len(shares[0]["y"]) // 2)
for s in shares:
    w = 1
    for t in shares:
        if t is not s: w = mul(w, mul(t["x"], inv(s["x"] ^ t["x"])))
    for i, y in enumerate(bytes.fromhex(s["y"])): secret[i] ^= mul(w, y)
sys.stdout.write(secret.decode())
`;

const tools: readonly [string, string][] = [
  ['age', '--version'],
  ['openssl', 'version'],
  ['python3', '--version'],
  ['sha256sum', '--version'],
];
describe.skipIf(!ci && !tools.every(([program, flag]) => has(program, flag)))('a stranger with foreign tools', () => {
  it('opens a tender from three share envelopes and checks every hash and the signature', async () => {
    const sealed = await seal();
    const manifest = file('manifest.json', sealed.manifestBytes);
    const { shares, tender, offerSha256 } = JSON.parse(readFileSync(manifest, 'utf8')) as SealManifest;
    const sha256sum = (path: string) => execFileSync('sha256sum', [path]).toString().slice(0, 64);

    const texts = [1, 3, 4].map((x) => {
      const envelope = file(`share-${x}.age`, sealed.envelopes[x - 1]!.bytes);
      const key = file(`officer-${x}.txt`, officers[x - 1]!.identity);
      const share = file(`share-${x}.json`, execFileSync('age', ['-d', '-i', key, envelope]));
      expect(sha256sum(envelope)).toBe(shares[x - 1]!.envelopeSha256);
      expect(sha256sum(share)).toBe(shares[x - 1]!.shareSha256);
      return share;
    });
    const identity = file('tender.txt', execFileSync('python3', ['-c', interpolation, ...texts]));
    expect(readFileSync(identity, 'utf8')).toBe(sealed.identity);

    const age = file('tender.age', sealed.tenderBytes);
    expect(sha256sum(age)).toBe(tender.sha256);
    const folder = file('opened');
    mkdirSync(folder);
    execFileSync('tar', ['-x', '-C', folder], { input: execFileSync('age', ['-d', '-i', identity, age], big) });
    expect(sha256sum(join(folder, 'offer.json'))).toBe(offerSha256);
    const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as PackageIndex;
    for (const { path, sha256 } of index.files) expect(sha256sum(join(folder, path))).toBe(sha256);

    const root = file('ca.pem', certificateToPem(roots[0]!));
    const p7s = file('manifest.json.p7s', sealed.p7s);
    const verified = spawnSync('openssl', [
      ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', p7s, '-content', manifest, '-CAfile', root],
      ...['-purpose', 'any', '-out', file('out'), '-signer', file('signer.pem')],
    ]);
    expect(verified.status).toBe(0);
    const der = execFileSync('openssl', ['x509', '-in', file('signer.pem'), '-outform', 'DER']);
    expect(sha256Hex(der)).toBe(index.certSha256);
  });
});
