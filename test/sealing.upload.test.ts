/** Tamperings of trust protocol 9 that the server sees at upload: one thing changed, signed anew where an insider could, one code. */
import { Encrypter } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { sha256Hex, utf8 } from '../src/formats/bytes.ts';
import { FormatError } from '../src/formats/format-error.ts';
import { checkUpload, type Upload } from '../src/sealing/index.ts';
import { flipped, measured, resign, sealed } from './support/sealing-tampering.ts';
import { officers, type Sealed, world } from './support/sealing-world.ts';

const { policy } = world;

describe('at upload', () => {
  const upload = (tender: Sealed, change: Partial<Upload> = {}): string => {
    try {
      checkUpload({
        manifest: tender.manifest,
        policy,
        policySha256: world.sha256,
        envelopes: tender.envelopes,
        tender: measured(tender.tenderBytes),
        header: tender.tenderBytes.subarray(0, 4096),
        ...change,
      });
      return 'accepted';
    } catch (error) {
      if (error instanceof FormatError) return error.code;
      throw error;
    }
  };
  const scrypt = new Encrypter();
  scrypt.setScryptWorkFactor(1);
  scrypt.setPassphrase('x');
  const two = new Encrypter();
  for (const { recipient } of officers.slice(0, 2)) two.addRecipient(recipient);
  const [first, ...others] = sealed.envelopes;
  const twice = [sealed.manifest.shares[0]!, ...sealed.manifest.shares.slice(0, 3)];

  it.each<[string, () => string, string]>([
    ['as it should be', () => upload(sealed), 'accepted'],
    ['1 a flipped byte', () => upload({ ...sealed, tenderBytes: flipped(sealed.tenderBytes, 5000) }), 'tender-hash'],
    ['2 another length', () => upload({ ...sealed, tenderBytes: sealed.tenderBytes.slice(0, -1) }), 'tender-length'],
    [
      'a recipient with a wrong checksum',
      () => upload(resign(sealed, { recipient: `age1${'q'.repeat(58)}` })),
      'recipient-mismatch',
    ],
    [
      'a recipient of low order',
      () => upload(resign(sealed, { recipient: 'age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z' })),
      'recipient-mismatch',
    ],
    ['25 another policy', () => upload(resign(sealed, { policy: '0'.repeat(64) })), 'policy-unknown'],
    ['25 a lot outside the policy', () => upload(resign(sealed, { lot: 'lot-3' })), 'policy-unknown'],
    ['4 a suite of another release', () => upload(resign(sealed, { suite: 'YG1-PQ' })), 'suite-mismatch'],
    [
      '11 an envelope replaced',
      () => upload(sealed, { envelopes: [{ x: 1, bytes: flipped(first!.bytes, 300) }, ...others] }),
      'envelope-hash',
    ],
    ['11 an envelope missing', () => upload(sealed, { envelopes: others }), 'envelope-hash'],
    [
      '11 two envelopes exchanged',
      () =>
        upload(sealed, {
          envelopes: [{ x: 1, bytes: others[0]!.bytes }, { x: 2, bytes: first!.bytes }, ...others.slice(1)],
        }),
      'envelope-hash',
    ],
    ['15 an officer twice', () => upload(resign(sealed, { shares: twice })), 'share-duplicate'],
    ['15 an envelope twice', () => upload(sealed, { envelopes: [first!, ...sealed.envelopes] }), 'share-duplicate'],
    [
      '16 an officer left out',
      () => upload(resign(sealed, { shares: sealed.manifest.shares.slice(0, 3) })),
      'quorum-missing',
    ],
    [
      '16 shares where every bidder opens alone',
      () => upload(sealed, { policy: { ...policy, mode: 'bidder' } }),
      'quorum-missing',
    ],
  ])('%s', (_name, act, code) => {
    expect(act()).toBe(code);
  });

  it('3 a second recipient, 4 a recipient of another type, in the tender and in an envelope', async () => {
    const withTender = (bytes: Uint8Array) =>
      upload(resign({ ...sealed, tenderBytes: bytes }, { tender: measured(bytes) }));
    const withEnvelope = (bytes: Uint8Array) => {
      const share = { ...sealed.manifest.shares[0]!, envelopeSha256: sha256Hex(bytes), bytes: bytes.length };
      const changed = resign(sealed, { shares: [share, ...sealed.manifest.shares.slice(1)] });
      return upload({ ...changed, envelopes: [{ x: 1, bytes }, ...others] });
    };
    const double = await two.encrypt(utf8('x'));
    const password = await scrypt.encrypt(utf8('x'));
    for (const put of [withTender, withEnvelope]) {
      expect(put(double)).toBe('age-header-stanzas');
      expect(put(password)).toBe('suite-mismatch');
    }
  });
});
