/** Tamperings of trust protocol 9 that lie in manifest, signature and package: one thing changed, signed anew where an insider could, one code. */
import { Encrypter } from 'age-encryption';
import fc from 'fast-check';
import forge from 'node-forge';
import { describe, expect, it } from 'vitest';
import { concatBytes, fromUtf8, utf8 } from '../src/formats/bytes.ts';
import { canonicalBytes } from '../src/formats/canonical.ts';
import { nativePrimitives as primitives } from '../src/platform/age-primitives.ts';
import { sealEnvelope, withdrawTender, writePackage } from '../src/sealing/index.ts';
import {
  collected,
  context,
  flipped,
  measured,
  repack,
  resign,
  sealed,
  verdict,
  verdictOf,
} from './support/sealing-tampering.ts';
import { bidder, certOf, letter, now, officers, opening, release, rival, world } from './support/sealing-world.ts';
import { testAuthority } from './support/signing-keys.ts';

describe('the tender itself', () => {
  it('1 and 2 a changed or shortened tender.age is the centre’s fault, whatever else breaks by it', async () => {
    for (const at of [0, 100, 170, 300, sealed.tenderBytes.length - 1])
      expect(await verdictOf({ ...sealed, tenderBytes: flipped(sealed.tenderBytes, at) })).toBe('tender-hash centre');
    expect(await verdictOf({ ...sealed, tenderBytes: sealed.tenderBytes.slice(0, -1) })).toBe('tender-length centre');
    expect(await verdictOf({ ...sealed, tenderBytes: new Uint8Array() })).toBe('tender-length centre');
    const longer = concatBytes(sealed.tenderBytes, new Uint8Array(100_000));
    expect(await verdictOf({ ...sealed, tenderBytes: longer })).toBe('tender-length centre');
  });

  it('a failing disk is an error, not a verdict', async () => {
    const broken = async function* () {
      yield sealed.tenderBytes.subarray(0, 20_000);
      throw new Error('disk');
    };
    await expect(verdictOf(sealed, { tender: broken() })).rejects.toThrow('disk');
    const sink = async () => {
      throw new Error('full');
    };
    await expect(verdictOf(sealed, { sink })).rejects.toThrow('full');
  });

  it('3, 4 and contents that do not decrypt', async () => {
    const commit = (bytes: Uint8Array) =>
      verdictOf(resign({ ...sealed, tenderBytes: bytes }, { tender: measured(bytes) }));
    const two = new Encrypter();
    two.addRecipient(context.recipient);
    two.addRecipient(officers[0]!.recipient);
    expect(await commit(await two.encrypt(utf8('x')))).toBe('age-header-stanzas bidder');
    const scrypt = new Encrypter();
    scrypt.setScryptWorkFactor(1);
    scrypt.setPassphrase('x');
    expect(await commit(await scrypt.encrypt(utf8('x')))).toBe('suite-mismatch bidder');
    expect(await commit(await sealEnvelope(utf8('x'), officers[0]!.recipient))).toBe('recipient-mismatch bidder');
    expect(await commit(flipped(sealed.tenderBytes, 5000))).toBe('package-unsafe bidder');
    expect(await commit(sealed.tenderBytes.slice(0, 150_000))).toBe('package-unsafe bidder');
  });

  it('5 a changed manifest no longer fits its signature; 8 nor one without signed attributes', async () => {
    const claimedAt = '2026-11-20T02:00:00.000000Z';
    const manifestBytes = canonicalBytes({ ...sealed.manifest, claimedAt });
    expect(await verdictOf({ ...sealed, manifestBytes })).toBe('manifest-signature centre');
    expect(await verdictOf(sealed, { signature: { p7s: new Uint8Array(10) } })).toBe('manifest-signature centre');
    expect(await verdictOf(sealed, { signature: { sealed: new Uint8Array(10) } })).toBe('manifest-signature centre');
    const toAnother = await sealEnvelope(sealed.p7s, officers[0]!.recipient);
    expect(await verdictOf(sealed, { signature: { sealed: toAnother } })).toBe('manifest-signature centre');
    const bare = forge.pkcs7.createSignedData();
    bare.content = forge.util.createBuffer(forge.util.binary.raw.encode(sealed.manifestBytes));
    bare.addCertificate(bidder.certificate);
    bare.addSigner({
      key: bidder.privateKey,
      certificate: bidder.certificate,
      digestAlgorithm: forge.pki.oids.sha256!,
    } as never);
    bare.sign({ detached: true });
    const p7s = forge.util.binary.raw.decode(forge.asn1.toDer(bare.toAsn1()).getBytes());
    expect(await verdictOf(sealed, { signature: { p7s } })).toBe('cms-attributes centre');
  });

  it('6 a valid signature by another certificate; 7 one outside the roots', async () => {
    const byRival = resign(sealed, {}, rival);
    expect(await verdictOf(byRival)).toBe('manifest-signer centre');
    const stranger = testAuthority().signer('stranger');
    expect(await verdictOf(resign(sealed, {}, stranger), { isSigner: () => true })).toBe('certificate-chain bidder');
    const noTrust = { ...(await opening(sealed)) };
    expect(await verdict({ ...noTrust, trust: { roots: [], at: now } })).toBe('certificate-chain bidder');
  });

  it('9 another spelling and 10 an unknown field of a manifest', async () => {
    const spaced = utf8(JSON.stringify(sealed.manifest, null, 1));
    const double = utf8(fromUtf8(sealed.manifestBytes).replace('{', '{"act":"seal",'));
    for (const manifestBytes of [spaced, double, new Uint8Array(), Uint8Array.of(0xff)])
      expect(await verdictOf({ ...sealed, manifestBytes })).toBe('not-canonical bidder');
    const more = canonicalBytes({ ...sealed.manifest, note: 'x' });
    const newer = canonicalBytes({ ...sealed.manifest, type: 'yangguang.org/manifest/v2' });
    for (const manifestBytes of [more, newer, utf8('[]')])
      expect(await verdictOf({ ...sealed, manifestBytes })).toBe('schema bidder');
    const { manifestBytes } = withdrawTender({
      lot: 'lot-1',
      policy: world.sha256,
      key: bidder,
      now,
      seq: 1,
      prev: null,
    });
    expect(await verdictOf({ ...sealed, manifestBytes })).toBe('schema centre');
  });

  it('4 a manifest of a suite that this release does not open', async () => {
    expect(await verdictOf(resign(sealed, { suite: 'YG1-PQ' }))).toBe('suite-mismatch bidder');
  });

  it('25 a manifest under another policy', async () => {
    expect(await verdictOf(resign(sealed, { policy: 'a'.repeat(64) }), {}, [])).toBe('policy-unknown bidder');
    expect(await verdictOf(resign(sealed, { lot: 'lot-9' }), {}, [])).toBe('policy-unknown bidder');
  });

  it('19 a rival’s ciphertext and shares copied under one’s own signature', async () => {
    const copied = resign(sealed, { claimedAt: '2026-11-20T03:00:00.000000Z' }, rival);
    const items = await release(sealed);
    const isSigner = (cert: string) => cert === certOf(rival);
    expect(await verdictOf(copied, { isSigner }, items)).toBe('package-context bidder');
  });

  it.each([
    ['lot', 'lot-2'],
    ['policy', 'b'.repeat(64)],
    ['bidder', 'org-2'],
    ['certSha256', 'c'.repeat(64)],
    ['recipient', officers[0]!.recipient],
  ])('19 a package made for another %s', async (field, value) => {
    expect(await verdictOf(await repack({ index: { [field]: value } }))).toBe('package-context bidder');
  });

  it('20 and 21 a package with a file missing, or unsafe', async () => {
    const stream = writePackage({
      files: [letter],
      context: { ...context, type: 'yangguang.org/package-index/v1', bidder: 'org-1', certSha256: certOf(bidder) },
      offer: sealed.offerBytes,
      primitives,
    });
    const whole = await collected(stream);
    expect(await verdictOf(await repack({ plain: whole.slice(1024) }))).toBe('package-file bidder');
    expect(await verdictOf(await repack({ plain: flipped(whole, 512) }))).toBe('package-file bidder');
    expect(await verdictOf(await repack({ plain: flipped(whole, 0) }))).toBe('package-unsafe bidder');
    expect(await verdictOf(await repack({ plain: new Uint8Array() }))).toBe('package-unsafe bidder');
  });

  it('22 a price changed after the commitment; 23 an offer of another bidder, lot or tender', async () => {
    const cheaper = { offer: { priceFen: '1' }, committedOffer: sealed.offerBytes };
    expect(await verdictOf(await repack(cheaper))).toBe('offer-commitment bidder');
    for (const offer of [
      { bidder: 'org-2' },
      { lot: 'lot-2' },
      { recipient: officers[0]!.recipient },
      { suite: 'YG1-PQ' },
    ])
      expect(await verdictOf(await repack({ offer }))).toBe('offer-context bidder');
    expect(await verdictOf(await repack({ offer: { priceFen: 1 } }))).toBe('schema bidder');
    expect(await verdictOf(await repack({}))).toBe('opened');
  });

  it('random bytes inside a rightly sealed tender always end in a verdict', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (plain) => {
        expect(await verdictOf(await repack({ plain }))).toBe('package-unsafe bidder');
      }),
      { numRuns: 10 },
    );
  });
});
