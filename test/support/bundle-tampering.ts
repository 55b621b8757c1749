import { bundlePath as at } from '../../src/formats/bundle.ts';
import { fromUtf8, sha256Hex, utf8 } from '../../src/formats/bytes.ts';
import { canonicalBytes } from '../../src/formats/canonical.ts';
import { encodeDer, parseDer, partsOf } from '../../src/formats/cms-der.ts';
import type { ReasonCode } from '../../src/formats/format-error.ts';
import { nativePrimitives } from '../../src/platform/age-primitives.ts';
import { randomBytes, sealAge, sealEnvelope, shareBytes, split, writePackage } from '../../src/sealing/index.ts';
import { memoryBundle } from '../../src/verify/bundle-reader.ts';
import type { Trust } from '../../src/verify/trust-step.ts';
import { verify } from '../../src/verify/verify.ts';
import { buildBundle, type Filed, filings, type Hooks, lot, refile, trust } from './bundle-fixture.ts';
import { certOf, letter, officers, pieces, type Sealed, world } from './sealing-world.ts';

export type Row = readonly [
  name: string,
  code: ReasonCode,
  hooks: Hooks,
  given?: { trust?: Trust | null; receipts?: readonly string[] },
];
export const flip = (bytes: Uint8Array, i: number) => bytes.map((b, n) => (n === i ? b ^ 1 : b));
export const [victim] = filings.filter((f) => f.bidder === 'org-3' && f.sealed) as [Filed];
export const sealed = victim.sealed as Sealed;
export const fileOf = (path: string, change: (bytes: Uint8Array) => Uint8Array): Hooks => ({
  files: (files) => void files.set(path, change(files.get(path) as Uint8Array)),
});
export const swap = (filed: Filed): Hooks => ({ filings: (all) => all.map((f) => (f === victim ? filed : f)) });
export const textOf = (bytes: Uint8Array) => fromUtf8(bytes);

/** The victim's tender.age made anew with other contents, under the same identity, so that its shares stay right. */
export async function repacked(change: {
  index?: Record<string, unknown>;
  offer?: Record<string, unknown>;
  plain?: (tar: Uint8Array) => Uint8Array;
  stanza?: string;
  committed?: boolean;
}): Promise<Hooks> {
  const offer = canonicalBytes({ ...(JSON.parse(textOf(sealed.offerBytes)) as object), ...change.offer });
  const { recipient } = sealed.manifest;
  const context = {
    type: 'yangguang.org/package-index/v1',
    suite: 'YG1',
    lot,
    policy: world.sha256,
    recipient,
    bidder: 'org-3',
    certSha256: certOf(victim.key),
    ...change.index,
  };
  const tar = await joined(
    writePackage({ files: [letter], context: context as never, offer, primitives: nativePrimitives }),
  );
  const plain = change.plain?.(tar) ?? tar;
  let tenderBytes = await joined(sealAge(pieces(plain), sealed.identity, recipient, nativePrimitives));
  if (change.stanza !== undefined)
    tenderBytes = new Uint8Array(
      Buffer.from(Buffer.from(tenderBytes).toString('latin1').replace('\n---', `\n${change.stanza}\n---`), 'latin1'),
    );
  const offerSha256 = change.committed === false ? sealed.manifest.offerSha256 : sha256Hex(offer);
  return swap(
    refile(victim, {
      sealed: { tenderBytes, offerBytes: change.committed === false ? sealed.offerBytes : offer },
      manifest: { tender: { sha256: sha256Hex(tenderBytes), bytes: tenderBytes.length }, offerSha256 },
    }),
  );
}
export async function joined(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of stream) parts.push(piece.slice());
  return new Uint8Array(Buffer.concat(parts));
}

/** Shares dealt anew as the bidder likes, committed to by a manifest that it signs. */
export async function dealt(
  texts: (x: number, honest: Uint8Array) => Uint8Array,
  identity = sealed.identity,
): Promise<Hooks> {
  const points = split(utf8(identity), 3, 4, randomBytes);
  const { suite, policy, recipient } = sealed.manifest;
  const plain = points.map((p) => texts(p.x, shareBytes({ suite, lot, policy, recipient }, p)));
  const envelopes = await Promise.all(
    plain.map(async (bytes, i) => ({ x: i + 1, bytes: await sealEnvelope(bytes, officers[i]!.recipient) })),
  );
  const shares = envelopes.map(({ x, bytes }, i) => ({
    x,
    shareSha256: sha256Hex(plain[i]!),
    envelopeSha256: sha256Hex(bytes),
    bytes: bytes.length,
  }));
  return swap(refile(victim, { sealed: { envelopes }, manifest: { shares } }));
}

/** A signature whose SignerInfo has lost its signed attributes. */
export function withoutAttributes(p7s: Uint8Array): Uint8Array {
  const root = parseDer(p7s);
  const data = (partsOf(root, 'SEQUENCE')[1]!.value as (typeof root)[])[0];
  const signer = partsOf(partsOf(partsOf(data, 'SEQUENCE').at(-1), 'SET')[0], 'SEQUENCE');
  signer.splice(3, 1);
  return encodeDer(root);
}
export const publicRow = (hooks: Hooks): Hooks => ({ level: 'public', ...hooks });
export const manifestP7s = at.manifestSignature(victim.manifestSha256);
/** Changes the bodies of one kind of entry. */
export const issuedBefore = (
  which: string,
  change: (body: Record<string, unknown>) => Record<string, unknown>,
): Hooks => ({
  entry: (kind, body, time) => ({ body: kind === which ? change(body) : body, time }),
});

/** The bidder seals rubbish to all officers; they report it, and the result says opened all the same. */
export async function rubbish(): Promise<Hooks> {
  const envelopes = await Promise.all(
    sealed.envelopes.map(async ({ x }) => ({
      x,
      bytes: await sealEnvelope(utf8(`rubbish ${x}`), officers[x - 1]!.recipient),
    })),
  );
  const shares = sealed.manifest.shares.map((s, i) => ({
    ...s,
    envelopeSha256: sha256Hex(envelopes[i]!.bytes),
    bytes: envelopes[i]!.bytes.length,
  }));
  const hooks = swap(refile(victim, { sealed: { envelopes }, manifest: { shares } }));
  return {
    ...hooks,
    files: (files) => void files.set(at.openingIdentity(world.sha256, 1), utf8(officers[0]!.identity)),
  };
}

export async function judged([, , hooks, given]: Row) {
  const { files } = await buildBundle(hooks);
  const roots = given?.trust === undefined ? trust : given.trust;
  const verdict = await verify(memoryBundle(files), roots, {
    primitives: nativePrimitives,
    receipts: given?.receipts ?? [],
  });
  const { verdict: word, code, steps } = verdict;
  return {
    word,
    code,
    codes: steps.flatMap((s) => s.code ?? []),
    detail: steps.find((s) => s.code)?.detail ?? steps.find((s) => !s.ok)?.detail,
  };
}
