/** Tamperings of trust protocol 9 that lie in shares and envelopes: one thing changed, signed anew where an insider could, one code. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUtf8, sha256Hex, utf8 } from '../src/formats/bytes.ts';
import {
  dealShares,
  generateIdentity,
  judgeDisclosure,
  type ReleasedItem,
  randomBytes,
  sealEnvelope,
  shareBytes,
  split,
  unsealTender,
} from '../src/sealing/index.ts';
import { context, flipped, resign, sealed, verdictOf } from './support/sealing-tampering.ts';
import { officers, opening, release, type Sealed, world } from './support/sealing-world.ts';

const { policy } = world;
const items = await release(sealed);

describe('shares', () => {
  const [one, two, three] = items as [ReleasedItem, ReleasedItem, ReleasedItem];
  const textOf = (item: ReleasedItem) => ('share' in item ? item.share : '');
  const judge = (tender: Sealed, x: number, envelope: Uint8Array | null) =>
    judgeDisclosure({ manifest: tender.manifest, x, policy }, envelope, officers[x - 1]!.identity);

  it('11 an envelope other than the manifest’s is the centre’s fault', async () => {
    const envelopes = sealed.envelopes.map((e) => (e.x === 3 ? { x: 3, bytes: flipped(e.bytes, 400) } : e));
    const lost = { ...sealed, envelopes };
    const released = await release(lost);
    expect(released[2]).toEqual({ x: 3, fault: 'envelope-hash' });
    expect(await verdictOf(sealed, {}, released)).toBe('envelope-hash centre');
    expect(await judge(sealed, 3, envelopes[2]!.bytes)).toBe('envelope-hash');
    expect((await release({ ...sealed, envelopes: [] }))[0]).toEqual({ x: 1, fault: 'envelope-hash' });
  });

  it('12 a false share with a good envelope is the officer’s fault, and the disclosed key shows it', async () => {
    const lie = { x: 3, share: textOf(three).replace(/"y":"../, '"y":"00') };
    expect(await verdictOf(sealed, {}, [one, two, lie])).toBe('share-hash-officer officer');
    expect(await judge(sealed, 3, sealed.envelopes[2]!.bytes)).toBe('share-hash-officer');
    await expect(
      judgeDisclosure({ manifest: sealed.manifest, x: 3, policy }, sealed.envelopes[2]!.bytes, officers[0]!.identity),
    ).rejects.toMatchObject({ code: 'policy-signature' });
  });

  it.each<[string, () => Promise<Uint8Array>, string]>([
    ['that does not open', async () => randomBytes(577), 'envelope-undecryptable'],
    [
      'for another officer',
      async () => sealEnvelope(utf8(textOf(three)), officers[0]!.recipient),
      'envelope-undecryptable',
    ],
    ['with something else inside', async () => sealEnvelope(utf8('rubbish'), officers[2]!.recipient), 'share-hash'],
  ])('13 an envelope %s is the bidder’s fault', async (_name, make, fault) => {
    const bytes = await make();
    const share = { ...sealed.manifest.shares[2]!, envelopeSha256: sha256Hex(bytes), bytes: bytes.length };
    const { shares } = sealed.manifest;
    const changed = resign(sealed, { shares: [shares[0]!, shares[1]!, share, shares[3]!] });
    const rubbish = { ...changed, envelopes: sealed.envelopes.map((e) => (e.x === 3 ? { x: 3, bytes } : e)) };
    const released = await release(rubbish);
    expect(released[2]).toEqual({ x: 3, fault });
    expect(await verdictOf(rubbish, {}, released)).toBe('share-hash-bidder bidder');
    expect(await judge(rubbish, 3, bytes)).toBe('share-hash-bidder');
    // With three good shares from others the rubbish is only noted.
    const all = await unsealTender(await opening(rubbish, await release(rubbish, [1, 2, 3, 4])));
    expect(all.result).toBe('opened');
    expect(all.claims).toMatchObject([{ x: 3, code: 'share-hash-bidder', owner: 'bidder', reported: true }]);
  });

  it('14 shares of another lot', async () => {
    const dealt = await dealShares(sealed.identity, { ...context, lot: 'lot-2' }, policy);
    const foreign = { ...resign(sealed, { shares: dealt.shares }), envelopes: dealt.envelopes };
    const released = await release(foreign);
    expect(released.map((i) => 'fault' in i && i.fault)).toEqual(Array(3).fill('share-context'));
    expect(await verdictOf(foreign, {}, released)).toBe('share-context bidder');
    const points = { x: 1, y: new Uint8Array(74) };
    const text = fromUtf8(shareBytes({ ...context, lot: 'lot-2' }, points));
    const share = { ...sealed.manifest.shares[0]!, shareSha256: sha256Hex(utf8(text)) };
    const one = resign(sealed, { shares: [share, ...sealed.manifest.shares.slice(1)] });
    expect(await verdictOf(one, {}, [{ x: 1, share: text }, ...(await release(sealed, [2, 3, 4]))])).toBe(
      'share-context bidder',
    );
    expect(await judge(foreign, 1, dealt.envelopes[0]!.bytes)).toBe('share-context');
  });

  it('15 the same share twice', async () => {
    expect(await verdictOf(sealed, {}, [one, two, two])).toBe('share-duplicate officer');
    expect(await verdictOf(sealed, {}, [one, two, { x: 3, share: textOf(two) }])).toBe('share-duplicate officer');
  });

  it('16 fewer than three releases', async () => {
    for (const few of [[], [one], [one, three]])
      expect(await verdictOf(sealed, {}, few)).toBe('quorum-missing officer');
  });

  it('17 good shares of another identity', async () => {
    for (const identity of [await generateIdentity(), 'x'.repeat(74)]) {
      const dealt = await dealShares(identity, context, policy);
      const wrong = { ...resign(sealed, { shares: dealt.shares }), envelopes: dealt.envelopes };
      expect(await verdictOf(wrong)).toBe('recipient-mismatch bidder');
    }
  });

  it('18 three shares that open and a fourth beside the polynomial: invalid whoever came', async () => {
    const points = split(utf8(sealed.identity), 3, 4, randomBytes);
    points[3]!.y[0]! ^= 1;
    const texts = points.map((p) => shareBytes(context, p));
    const shares = sealed.manifest.shares.map((s, i) => ({ ...s, shareSha256: sha256Hex(texts[i]!) }));
    const crooked = resign(sealed, { shares });
    for (const xs of [
      [1, 2, 3],
      [2, 3, 4],
      [1, 2, 4],
    ]) {
      const released = xs.map((x) => ({ x, share: fromUtf8(texts[x - 1]!) }));
      expect(await verdictOf(crooked, {}, released)).toBe('dealer-inconsistent bidder');
    }
  });

  it('an officer cannot keep a tender shut that three others open', async () => {
    const [a, b, c] = await release(sealed, [1, 2, 4]);
    for (const lie of [
      { x: 3, fault: 'share-context' },
      { x: 3, fault: 'envelope-hash' },
      { x: 3, share: '{}' },
      { x: 3, share: textOf(a!) },
    ] as ReleasedItem[])
      expect(await verdictOf(sealed, {}, [lie, a!, b!, c!])).toBe('opened');
  });

  it('no text in a release makes the opening throw', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ x: fc.integer({ min: 0, max: 6 }), share: fc.string() })),
        async (rubbish) => {
          expect(await verdictOf(sealed, {}, rubbish)).toMatch(
            /^(share-hash-officer|share-duplicate|quorum-missing) officer$/,
          );
        },
      ),
      { numRuns: 30 },
    );
  });
});
