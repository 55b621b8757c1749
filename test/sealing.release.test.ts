import { describe, expect, it } from 'vitest';
import { utf8 } from '../src/formats/bytes.ts';
import { parseCanonical } from '../src/formats/canonical.ts';
import type { ActStatus, CloseSet } from '../src/formats/close-set.ts';
import { verifyDetached } from '../src/formats/cms.ts';
import { FormatError } from '../src/formats/format-error.ts';
import { keyRelease } from '../src/formats/key-release.ts';
import { type ReleaseInput, releaseShares } from '../src/sealing/index.ts';
import { flipped, resign, sealed, verdictOf } from './support/sealing-tampering.ts';
import { certOf, now, officers, rival, type Sealed, seal, world } from './support/sealing-world.ts';

const second = await seal({ lot: 'lot-1', bidder: 'org-2', key: rival });
const after = Temporal.Instant.from('2026-11-24T01:00:06Z');

const act = (index: number, { manifestSha256 }: Sealed, status: ActStatus): CloseSet['acts'][number] => ({
  index,
  salt: '5'.repeat(64),
  act: {
    type: 'yangguang.org/act/v1',
    kind: 'tender-sealed',
    lot: 'lot-1',
    handle: '6'.repeat(64),
    seq: 1,
    at: '2026-11-20T01:00:00.000000Z',
    manifestSha256,
  },
  status,
});
const older = resign(sealed, { claimedAt: '2026-11-19T01:00:00.000000Z' });
const closeSet: CloseSet = {
  type: 'yangguang.org/close-set/v1',
  lot: 'lot-1',
  policy: world.sha256,
  acts: [act(3, older, 'superseded'), act(5, sealed, 'standing'), act(8, second, 'standing')],
};

const inputOf = (x: number, change: Partial<ReleaseInput> = {}): ReleaseInput => ({
  known: world,
  closeSet,
  close: { index: 12, leafSha256: '7'.repeat(64), checkpoint: 'log.example/yangguang\n13\n' },
  x,
  tenders: [sealed, second].map((tender) => ({
    manifestBytes: tender.manifestBytes,
    envelope: tender.envelopes[x - 1]!.bytes,
  })),
  identity: officers[x - 1]!.identity,
  key: officers[x - 1]!.key,
  now: after,
  clientSha256: null,
  ...change,
});

async function codeOf(input: ReleaseInput): Promise<string> {
  try {
    await releaseShares(input);
    return 'released';
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
}

describe("an officer's key release", () => {
  it('gives the shares of the standing tenders in the order of the log, signed by the officer', async () => {
    const { bytes, p7s, release } = await releaseShares(inputOf(1));
    expect(parseCanonical(keyRelease, bytes)).toEqual(release);
    expect(verifyDetached(bytes, p7s, 'release-close').certSha256).toBe(certOf(officers[0]!.key));
    expect(release.items.map((i) => i.manifestSha256)).toEqual([sealed.manifestSha256, second.manifestSha256]);
    expect(release).toMatchObject({ opening: 'opening-1', lot: 'lot-1', x: 1, closeIndex: 12 });
  });

  it('three releases open the tender', async () => {
    const items = await Promise.all(
      [1, 2, 4].map(async (x) => ({ ...(await releaseShares(inputOf(x))).release.items[0]!, x })),
    );
    expect(await verdictOf(sealed, {}, items)).toBe('opened');
  });

  it('names the fault of a tender that cannot be opened and releases the others', async () => {
    const spoil = (envelope: Uint8Array | null) =>
      releaseShares(
        inputOf(1, {
          tenders: [
            { manifestBytes: sealed.manifestBytes, envelope },
            { manifestBytes: second.manifestBytes, envelope: second.envelopes[0]!.bytes },
          ],
        }),
      );
    for (const envelope of [null, flipped(sealed.envelopes[0]!.bytes, 3), second.envelopes[0]!.bytes]) {
      const { release } = await spoil(envelope);
      expect(release.items[0]).toEqual({ manifestSha256: sealed.manifestSha256, fault: 'envelope-hash' });
      expect(release.items[1]).toHaveProperty('share');
    }
  });

  const withdrawn = { ...closeSet, acts: closeSet.acts.map((a) => ({ ...a, status: 'withdrawn' as const })) };
  const tenders = inputOf(1).tenders;
  it.each<[string, ReleaseInput, string]>([
    ['before the deadline by its own clock', inputOf(1, { now }), 'release-order'],
    [
      'of a close under another policy',
      inputOf(1, { closeSet: { ...closeSet, policy: '0'.repeat(64) } }),
      'release-close',
    ],
    ['of a lot outside the policy', inputOf(1, { closeSet: { ...closeSet, lot: 'lot-9' } }), 'release-close'],
    ['of tenders on another lot', inputOf(1, { closeSet: { ...closeSet, lot: 'lot-2' } }), 'release-close'],
    ['of a tender that does not stand', inputOf(1, { closeSet: withdrawn }), 'release-close'],
    ['of one tender of two', inputOf(1, { tenders: tenders.slice(0, 1) }), 'release-close'],
    ['of one tender twice', inputOf(1, { tenders: [tenders[0]!, tenders[0]!] }), 'release-close'],
    [
      'of another manifest',
      inputOf(1, { tenders: [tenders[0]!, { manifestBytes: utf8('{}'), envelope: null }] }),
      'release-close',
    ],
    ["with another officer's identity", inputOf(1, { identity: officers[1]!.identity }), 'policy-signature'],
    ["with another officer's certificate", inputOf(1, { key: officers[1]!.key }), 'policy-signature'],
    ['by nobody of the policy', inputOf(1, { x: 7 }), 'policy-signature'],
    ['as it should be', inputOf(2), 'released'],
  ])('%s', async (_name, input, code) => {
    expect(await codeOf(input)).toBe(code);
  });
});
