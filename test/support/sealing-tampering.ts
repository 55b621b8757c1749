/** Tenders with one thing changed, signed anew where an insider could. */
import { concatBytes, fromUtf8, sha256Hex } from '../../src/formats/bytes.ts';
import { canonicalBytes } from '../../src/formats/canonical.ts';
import { signDetached } from '../../src/formats/cms.ts';
import type { SealManifest } from '../../src/formats/manifest.ts';
import { nativePrimitives as primitives } from '../../src/platform/age-primitives.ts';
import { type ReleasedItem, sealAge, type UnsealInput, unsealTender, writePackage } from '../../src/sealing/index.ts';
import { bidder, certOf, letter, now, opening, pieces, type Sealed, seal, world } from './sealing-world.ts';

export const sealed = await seal();
export const context = {
  suite: 'YG1',
  lot: 'lot-1',
  policy: world.sha256,
  recipient: sealed.manifest.recipient,
} as const;

/** The verdict as one text: `opened`, or code and owner. */
export async function verdict(input: UnsealInput): Promise<string> {
  const verdict = await unsealTender(input);
  return verdict.result === 'opened' ? 'opened' : `${verdict.code} ${verdict.owner}`;
}
export const verdictOf = async (tender: Sealed, change: Partial<UnsealInput> = {}, items?: readonly ReleasedItem[]) =>
  verdict({ ...(await opening(tender, items)), ...change });

/** The bidder's own manifest with something else in it, signed anew. */
export function resign(base: Sealed, change: Partial<SealManifest>, key = bidder): Sealed {
  const manifest = { ...base.manifest, ...change };
  const manifestBytes = canonicalBytes(manifest);
  return {
    ...base,
    manifest,
    manifestBytes,
    manifestSha256: sha256Hex(manifestBytes),
    p7s: signDetached(key, manifestBytes, now),
  };
}

/** The bidder's own tender.age with other contents: the same identity, so the shares stay right. */
export async function repack(change: {
  plain?: Uint8Array;
  index?: Record<string, unknown>;
  offer?: Record<string, unknown>;
  committedOffer?: Uint8Array;
}): Promise<Sealed> {
  const offer = canonicalBytes({ ...JSON.parse(fromUtf8(sealed.offerBytes)), ...change.offer });
  const index = {
    ...context,
    type: 'yangguang.org/package-index/v1',
    bidder: 'org-1',
    certSha256: certOf(bidder),
    ...change.index,
  };
  const parts: Uint8Array[] = [];
  const stream = writePackage({ files: [letter], context: index as never, offer, primitives });
  if (change.plain) parts.push(change.plain);
  else for await (const piece of stream) parts.push(piece.slice());
  const tenderBytes = await collected(
    sealAge(pieces(concatBytes(...parts)), sealed.identity, context.recipient, primitives),
  );
  return resign(
    { ...sealed, tenderBytes },
    { tender: measured(tenderBytes), offerSha256: sha256Hex(change.committedOffer ?? offer) },
  );
}

export async function collected(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of stream) parts.push(piece.slice());
  return concatBytes(...parts);
}
export const measured = (bytes: Uint8Array) => ({ sha256: sha256Hex(bytes), bytes: bytes.length });
export const flipped = (bytes: Uint8Array, at: number) => bytes.map((b, i) => (i === at ? b ^ 1 : b));
