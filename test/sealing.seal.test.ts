/** Sealing and opening as they should go, and the policy that is checked before. */
import { describe, expect, it } from 'vitest';
import { fromUtf8, sha256Hex, utf8 } from '../src/formats/bytes.ts';
import { signDetached } from '../src/formats/cms.ts';
import { FormatError } from '../src/formats/format-error.ts';
import {
  generateIdentity,
  identityToRecipient,
  openKit,
  portablePrimitives,
  sealKit,
  unsealTender,
  verifyOpeningPolicy,
  withdrawTender,
} from '../src/sealing/index.ts';
import { collected, context, measured, sealed, verdictOf } from './support/sealing-tampering.ts';
import {
  bidder,
  certOf,
  drawings,
  letter,
  makePolicy,
  now,
  opening,
  release,
  rival,
  roots,
  seal,
  world,
} from './support/sealing-world.ts';
import { testAuthority } from './support/signing-keys.ts';

describe('sealing and opening', () => {
  it('a tender opens from any three officers, with its offer, files and signer', async () => {
    for (const xs of [
      [1, 2, 3],
      [2, 3, 4],
      [4, 1, 2],
      [1, 2, 3, 4],
    ]) {
      const files = new Map<string, string>();
      const sink = async ({ path }: { path: string }, content: AsyncIterable<Uint8Array>) => {
        files.set(path, sha256Hex(await collected(content)));
      };
      const opened = await unsealTender({ ...(await opening(sealed, await release(sealed, xs))), sink });
      if (opened.result !== 'opened') throw new Error(opened.code);
      expect(opened.offer.priceFen).toBe('123456789');
      expect(opened.offer.manager).toBe('张三');
      expect(opened.signer.certSha256).toBe(certOf(bidder));
      expect(opened.index.files.map((f) => [f.path, f.name, f.bytes])).toEqual([
        ['files/0001.pdf', '投标函.PDF', letter.bytes],
        ['files/0002.bin', 'drawings', drawings.bytes],
      ]);
      for (const { path, sha256 } of opened.index.files) expect(files.get(path)).toBe(sha256);
    }
  });

  it('the manifest names nobody and commits to every part', async () => {
    const { manifest } = sealed;
    expect(Object.keys(manifest).sort().join()).toBe(
      'act,claimedAt,lot,offerSha256,policy,prev,recipient,seq,shares,suite,tender,type',
    );
    expect(manifest.tender).toEqual(measured(sealed.tenderBytes));
    // A share of 375 bytes (the lot's name is short here), 168 of header, 16 of nonce, 16 of tag.
    expect(manifest.shares.map((s) => [s.x, s.bytes])).toEqual([1, 2, 3, 4].map((x) => [x, 575]));
    expect(sealed.identity).toHaveLength(74);
    expect(await identityToRecipient(sealed.identity)).toBe(manifest.recipient);
  });

  it('progress is told and ends at the size of the tender', async () => {
    const seen: string[] = [];
    let last = 0;
    const again = await seal({
      onProgress: ({ stage, bytes, total }) => {
        if (seen.at(-1) !== stage) seen.push(stage);
        expect(bytes).toBeGreaterThanOrEqual(last);
        expect(total).toBeGreaterThan(letter.bytes + drawings.bytes);
        last = stage === 'tender' ? bytes : last;
      },
    });
    expect(seen).toEqual(['policy', 'tender', 'shares', 'signature', 'kit']);
    expect(last).toBe(again.tender.bytes);
  });

  it('in mode bidder there are no shares; the kit opens the tender', async () => {
    const alone = makePolicy('bidder');
    const own = await seal({
      policyBytes: alone.bytes,
      policySignatures: alone.signatures,
      passphrase: 'correct horse',
      kitWorkFactor: 4,
    });
    expect(own.envelopes).toEqual([]);
    expect(own.manifest.shares).toEqual([]);
    await expect(openKit(own.kit!, 'wrong')).rejects.toMatchObject({ code: 'identity-foreign' });
    const { identity, manifestSha256 } = await openKit(own.kit!, 'correct horse');
    expect(manifestSha256).toBe(own.manifestSha256);
    expect(await verdictOf(own, { known: alone, opener: { identity } })).toBe('opened');
    const other = await generateIdentity();
    expect(await verdictOf(own, { known: alone, opener: { identity: other } })).toBe('recipient-mismatch bidder');
    expect(await verdictOf(own, { known: alone, opener: { identity: 'x' } })).toBe('recipient-mismatch bidder');
  });

  it('a kit of other contents is refused', async () => {
    const odd = await sealKit({ identity: 'x' } as never, 'p', 2);
    await expect(openKit(odd, 'p')).rejects.toBeInstanceOf(FormatError);
  });

  it('a withdrawal is a signed manifest without the parts of a tender', () => {
    const { manifest, manifestBytes } = withdrawTender({
      lot: 'lot-1',
      policy: world.sha256,
      key: bidder,
      now,
      seq: 2,
      prev: sealed.manifestSha256,
    });
    expect(manifest).toMatchObject({ act: 'withdraw', seq: 2, prev: sealed.manifestSha256 });
    expect(fromUtf8(manifestBytes)).not.toContain('tender":');
    expect(() => withdrawTender({ lot: 'lot-1', policy: world.sha256, key: bidder, now, seq: 2, prev: null })).toThrow(
      expect.objectContaining({ code: 'input-invalid' }),
    );
  });

  it.each([{ priceFen: '-1' }, { priceFen: '1.5' }, { priceFen: '1', durationDays: -1 }])(
    'an offer %j is not sealed',
    async (readOut) => {
      await expect(seal({ readOut })).rejects.toMatchObject({ code: 'input-invalid' });
    },
  );

  it('the portable primitives seal the same way', async () => {
    const portable = await seal({ primitives: portablePrimitives });
    expect(await verdictOf(portable)).toBe('opened');
  });
});

describe('the policy is checked before anything is encrypted (24)', () => {
  const stranger = testAuthority().signer('stranger');
  const swapped = makePolicy('quorum', {
    officers: world.policy.officers.map((o) => (o.x === 2 ? { ...o, recipient: context.recipient } : o)),
  });
  it.each<[string, Uint8Array, Uint8Array[]]>([
    ["an officer's key swapped under the old signatures", swapped.bytes, world.signatures],
    ['an officer has not signed', world.bytes, world.signatures.slice(1)],
    ['one officer signed twice', world.bytes, [...world.signatures.slice(1), world.signatures[1]!]],
    [
      'a signature by somebody else',
      world.bytes,
      [signDetached(rival, world.bytes, now), ...world.signatures.slice(1)],
    ],
    [
      'a signer outside the trusted roots',
      world.bytes,
      [signDetached(stranger, world.bytes, now), ...world.signatures.slice(1)],
    ],
    ['rubbish for a signature', world.bytes, [new Uint8Array(100), ...world.signatures.slice(1)]],
    ['too many signatures', world.bytes, [...world.signatures, world.signatures[0]!]],
  ])('%s', async (_name, policyBytes, policySignatures) => {
    const stages: string[] = [];
    const onProgress = ({ stage }: { stage: string }) => void stages.push(stage);
    await expect(seal({ policyBytes, policySignatures, onProgress })).rejects.toMatchObject({
      code: 'policy-signature',
    });
    expect(stages).toEqual(['policy']);
  });

  it('an expired chain, another spelling, another lot', async () => {
    const later = Temporal.Instant.from('2049-06-01T00:00:00Z');
    const codeOf = (call: () => unknown) => {
      try {
        call();
        return 'accepted';
      } catch (error) {
        return (error as FormatError).code;
      }
    };
    expect(codeOf(() => verifyOpeningPolicy(world.bytes, world.signatures, roots, now))).toBe('accepted');
    expect(codeOf(() => verifyOpeningPolicy(world.bytes, world.signatures, roots, later))).toBe('policy-signature');
    expect(codeOf(() => verifyOpeningPolicy(world.bytes, world.signatures, [], now))).toBe('policy-signature');
    const spaced = utf8(JSON.stringify(world.policy, null, 1));
    expect(codeOf(() => verifyOpeningPolicy(spaced, world.signatures, roots, now))).toBe('not-canonical');
    await expect(seal({ lot: 'lot-3' })).rejects.toMatchObject({ code: 'policy-unknown' });
  });
});
