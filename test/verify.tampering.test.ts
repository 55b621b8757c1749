/**
 * The tamperings of trust protocol 9 against whole bundles: each changes one thing, makes anew what an insider could (hashes, log,
 * checkpoint, cosignatures, his own signatures) and must end in exactly one primary code.
 *
 * Absent here:  48-56 draws (draw-list, draw-reveal, draw-incomplete, draw-replayed, draw-beacon, draw-order, draw-skip,
 *               draw-duplicate, draw-pool, draw-method): no draw is part of a bundle yet
 *               62 timestamp-imprint: checkpoints and PDFs carry no RFC 3161 timestamps yet
 */
import { describe, expect, it } from 'vitest';
import { bundlePath as at } from '../src/formats/bundle.ts';
import { concatBytes, fromUtf8, sha256Hex, toBase64, utf8 } from '../src/formats/bytes.ts';
import { canonicalBytes } from '../src/formats/canonical.ts';
import { signDetached } from '../src/formats/cms.ts';
import { encodeDer, parseDer, partsOf } from '../src/formats/cms-der.ts';
import type { ReasonCode } from '../src/formats/format-error.ts';
import { logKeyType } from '../src/formats/log/note.ts';
import { openingRecordLayout } from '../src/openings/opening-record-layout.ts';
import { nativePrimitives } from '../src/platform/age-primitives.ts';
import { certificate } from '../src/platform/pdf/index.ts';
import {
  generateIdentity,
  randomBytes,
  sealAge,
  sealEnvelope,
  shareBytes,
  split,
  writePackage,
} from '../src/sealing/index.ts';
import { memoryBundle } from '../src/verify/bundle-reader.ts';
import type { Trust } from '../src/verify/trust-step.ts';
import { verify } from '../src/verify/verify.ts';
import {
  bidders,
  buildBundle,
  centre,
  type Filed,
  filings,
  type Hooks,
  lot,
  receiptOf,
  refile,
  trust,
  withdrawal,
} from './support/bundle-fixture.ts';
import { checkpointOf, signerNamed } from './support/bundle-log.ts';
import { sampleOpening } from './support/certificate-samples.ts';
import { certOf, letter, now, officers, pieces, type Sealed, world } from './support/sealing-world.ts';
import { testAuthority } from './support/signing-keys.ts';

type Row = readonly [
  name: string,
  code: ReasonCode,
  hooks: Hooks,
  given?: { trust?: Trust | null; receipts?: readonly string[] },
];
const flip = (bytes: Uint8Array, i: number) => bytes.map((b, n) => (n === i ? b ^ 1 : b));
const [victim] = filings.filter((f) => f.bidder === 'org-3' && f.sealed) as [Filed];
const sealed = victim.sealed as Sealed;
const fileOf = (path: string, change: (bytes: Uint8Array) => Uint8Array): Hooks => ({
  files: (files) => void files.set(path, change(files.get(path) as Uint8Array)),
});
const swap = (filed: Filed): Hooks => ({ filings: (all) => all.map((f) => (f === victim ? filed : f)) });
const textOf = (bytes: Uint8Array) => fromUtf8(bytes);

/** The victim's tender.age made anew with other contents, under the same identity, so that its shares stay right. */
async function repacked(change: {
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
async function joined(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of stream) parts.push(piece.slice());
  return new Uint8Array(Buffer.concat(parts));
}

/** Shares dealt anew as the bidder likes, committed to by a manifest that it signs. */
async function dealt(texts: (x: number, honest: Uint8Array) => Uint8Array, identity = sealed.identity): Promise<Hooks> {
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
function withoutAttributes(p7s: Uint8Array): Uint8Array {
  const root = parseDer(p7s);
  const data = (partsOf(root, 'SEQUENCE')[1]!.value as (typeof root)[])[0];
  const signer = partsOf(partsOf(partsOf(data, 'SEQUENCE').at(-1), 'SET')[0], 'SEQUENCE');
  signer.splice(3, 1);
  return encodeDer(root);
}
const publicRow = (hooks: Hooks): Hooks => ({ level: 'public', ...hooks });
const manifestP7s = at.manifestSignature(victim.manifestSha256);
/** Changes the bodies of one kind of entry. */
const issuedBefore = (which: string, change: (body: Record<string, unknown>) => Record<string, unknown>): Hooks => ({
  entry: (kind, body, time) => ({ body: kind === which ? change(body) : body, time }),
});

const tenders: readonly Row[] = [
  [
    '1 a byte of tender.age flipped',
    'tender-hash',
    fileOf(at.tender(victim.manifestSha256), (b) => flip(b, b.length - 9)),
  ],
  ['2 tender.age cut', 'tender-length', fileOf(at.tender(victim.manifestSha256), (b) => b.subarray(0, -1))],
  [
    '3 a second recipient stanza',
    'age-header-stanzas',
    await repacked({
      stanza: '-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc\nEmECAEcKN+n/Vs9SbWiV+Hu0r+E8R77DdWYyd83nw7U',
    }),
  ],
  ['4 a recipient outside the suite', 'suite-mismatch', swap(refile(victim, { manifest: { suite: 'YG1-PQ' } }))],
  [
    '5 a byte of the manifest flipped',
    'manifest-signature',
    fileOf(at.manifest(victim.manifestSha256), (b) => flip(b, 40)),
  ],
  [
    '5 the manifest changed and logged anew',
    'manifest-signature',
    swap({ ...refile(victim, { manifest: { claimedAt: '2026-11-20T01:00:01.000000Z' } }), p7s: victim.p7s }),
  ],
  [
    '6 signed by another certificate',
    'manifest-signer',
    fileOf(manifestP7s, () => signDetached(bidders['org-2'], victim.manifestBytes, now)),
  ],
  ['8 signed attributes missing', 'cms-attributes', fileOf(manifestP7s, withoutAttributes)],
  [
    '9 spaces in the manifest',
    'not-canonical',
    swap(refile(victim, { bytes: utf8(textOf(victim.manifestBytes).replace(',', ', ')) })),
  ],
  ['10 an unknown field', 'schema', swap(refile(victim, { manifest: { note: 'x' } }))],
  ['10 another version', 'schema', swap(refile(victim, { manifest: { type: 'yangguang.org/manifest/v2' } }))],
  ['11 an envelope replaced', 'envelope-hash', fileOf(at.envelope(victim.manifestSha256, 2), (b) => flip(b, 400))],
  [
    '12 a false share, the envelope good',
    'share-hash-officer',
    {
      release: (r) =>
        r.x === 2
          ? {
              ...r,
              items: r.items.map((i) => ('share' in i ? { ...i, share: i.share.replace(/"y":"../, '"y":"00') } : i)),
            }
          : r,
    },
  ],
  ['13 envelopes of rubbish, declared opened', 'share-hash-bidder', await rubbish()],
  [
    '14 shares of another lot',
    'share-context',
    await dealt((_, honest) => utf8(textOf(honest).replace('"lot-1"', '"lot-2"'))),
  ],
  [
    '16 fewer than k releases',
    'quorum-missing',
    { entry: (kind, body, time) => (kind === 'key-released' && body.x === 3 ? null : { body, time }) },
  ],
  ['17 shares of another identity', 'recipient-mismatch', await dealt((_, honest) => honest, await generateIdentity())],
  [
    '18 the n-th share inconsistent',
    'dealer-inconsistent',
    await dealt((x, honest) => (x === 4 ? utf8(textOf(honest).replace(/"y":"../, '"y":"00')) : honest)),
  ],
  ['19 a rival’s package', 'package-context', await repacked({ index: { bidder: 'org-2' } })],
  ['20 a listed file changed', 'package-file', await repacked({ plain: (tar) => flip(tar, 512) })],
  [
    '21 a path that climbs out',
    'package-unsafe',
    await repacked({
      plain: (tar) => {
        const out = tar.slice();
        out.set(utf8('../../x'), 0);
        return out;
      },
    }),
  ],
  [
    '22 the read-out price changed',
    'offer-commitment',
    fileOf(at.offer(sealed.manifest.offerSha256), (b) => utf8(textOf(b).replace('"99000000"', '"90000000"'))),
  ],
  [
    '22 another offer inside the package',
    'offer-commitment',
    await repacked({ offer: { priceFen: '1' }, committed: false }),
  ],
  ['23 an offer of another bidder', 'offer-context', await repacked({ offer: { bidder: 'org-2' } })],
];

/** The bidder seals rubbish to all officers; they report it, and the result says opened all the same. */
async function rubbish(): Promise<Hooks> {
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

const foreignLog = signerNamed('log.other.example/yangguang', logKeyType);
const pinnedOf = (leaves: readonly Uint8Array[]): Trust => ({
  ...trust,
  pinnedCheckpoint: checkpointOf(leaves, '2026-11-24T00:00:00Z'),
});
const honest = await buildBundle({ level: 'public' });
const logRows: readonly Row[] = [
  [
    '24 an officer’s key swapped',
    'policy-signature',
    {
      policy: (p) => ({
        ...p,
        officers: p.officers.map((o) => (o.x === 1 ? { ...o, recipient: sealed.manifest.recipient } : o)),
      }),
      filings: (all) => all,
    },
  ],
  [
    '25 the policy is not in the log',
    'policy-unknown',
    { entry: (kind, body, time) => (kind === 'policy-formed' ? null : { body, time }) },
  ],
  [
    '25 a manifest names another policy',
    'policy-unknown',
    swap(refile(victim, { manifest: { policy: '0'.repeat(64) } })),
  ],
  [
    '26 a leaf changed',
    'inclusion-proof',
    publicRow(
      fileOf(at.leaves, (b) => {
        const lines = textOf(b).split('\n');
        lines[3] = toBase64(utf8('{}'));
        return utf8(lines.join('\n'));
      }),
    ),
  ],
  [
    '27 the root changed',
    'checkpoint-signature',
    publicRow(fileOf(at.checkpoint, (b) => utf8(textOf(b).replace(/\n\d+\n/, '\n7\n')))),
  ],
  [
    '28 a checkpoint of another log',
    'checkpoint-origin',
    publicRow({ checkpoint: (leaves) => checkpointOf(leaves, '2026-11-28T02:00:00Z', [0, 1], foreignLog) }),
  ],
  [
    '29 two roots of one size',
    'split-view',
    publicRow({}),
    { trust: pinnedOf(honest.log.leaves.with(3, utf8('other'))) },
  ],
  [
    '30 a rewritten log',
    'consistency-proof',
    publicRow({}),
    { trust: pinnedOf(honest.log.leaves.slice(0, 9).with(3, utf8('other'))) },
  ],
  ['30 a truncated log', 'consistency-proof', publicRow({}), { trust: pinnedOf([...honest.log.leaves, utf8('more')]) }],
  [
    '31 too few cosignatures',
    'witness-quorum',
    publicRow({ checkpoint: (leaves) => checkpointOf(leaves, '2026-11-28T02:00:00Z', [0]) }),
  ],
  [
    '31 one witness counted twice',
    'witness-quorum',
    publicRow({ checkpoint: (leaves) => checkpointOf(leaves, '2026-11-28T02:00:00Z', [1, 1]) }),
  ],
  [
    '32 a forged cosignature',
    'witness-signature',
    publicRow({
      checkpoint: (leaves) => {
        const [, other] = checkpointOf(leaves.slice(1), '2026-11-28T02:00:00Z', [0]).split('\n\n');
        return `${checkpointOf(leaves, '2026-11-28T02:00:00Z', [1])}${other!.split('\n')[1]}\n`;
      },
    }),
  ],
  ['63 trust only from the bundle', 'trust-root', publicRow({}), { trust: null }],
];

const victimIndex = (honest.indexes.get('opening-scheduled') as number) + 1 + filings.indexOf(victim);
const acts = (
  set: Parameters<NonNullable<Hooks['closeSet']>>[0],
  change: (a: (typeof set.acts)[number]) => (typeof set.acts)[number] | null,
) => ({ ...set, acts: set.acts.flatMap((a) => change(a) ?? []) });
const late = filings.find((f) => f.kind === 'tender-late') as Filed;
const second = filings.find((f) => f.bidder === 'org-1' && f.seq === 2) as Filed;
const closeRows: readonly Row[] = [
  [
    '33 a leaf opened with another salt',
    'commitment-mismatch',
    {
      closeSet: (set) =>
        acts(set, (a) => (a.act.manifestSha256 === victim.manifestSha256 ? { ...a, salt: '0'.repeat(64) } : a)),
    },
  ],
  [
    '33 a leaf opened with another act',
    'commitment-mismatch',
    {
      closeSet: (set) =>
        acts(set, (a) =>
          a.act.manifestSha256 === victim.manifestSha256
            ? { ...a, act: { ...a.act, at: '2026-11-24T00:36:00.000000Z' } }
            : a,
        ),
    },
  ],
  [
    '34 a sealed leaf that nobody opens',
    'orphan-commitment',
    {
      before: (kind, log) =>
        void (
          kind === 'barrier' &&
          log.sealed({
            type: 'yangguang.org/act/v1',
            kind: 'tender-sealed',
            lot,
            handle: '1'.repeat(64),
            seq: 1,
            at: '2026-11-24T00:59:00.000000Z',
            manifestSha256: '2'.repeat(64),
          })
        ),
    },
  ],
  [
    '34 a tender left out of the close set, without a receipt',
    'orphan-commitment',
    { closeSet: (set) => acts(set, (a) => (a.act.manifestSha256 === late.manifestSha256 ? null : a)) },
  ],
  [
    '36 the earlier tender declared standing',
    'not-latest',
    {
      closeSet: (set) =>
        acts(set, (a) =>
          a.act.handle !== handleOfFirst(set) ? a : { ...a, status: a.act.seq === 1 ? 'standing' : 'superseded' },
        ),
    },
  ],
  ['37 a gap in a chain', 'chain-broken', { act: (act, filed) => (filed === second ? { ...act, seq: 3 } : act) }],
  [
    '37 a fork in a chain',
    'chain-broken',
    { filings: (all) => all.map((f) => (f === second ? refile(f, { manifest: { prev: '3'.repeat(64) } }) : f)) },
  ],
  [
    '38 withdrawn by another certificate',
    'withdrawal-signer',
    {
      filings: (all) =>
        all.map((f) =>
          f.kind === 'tender-withdrawn'
            ? withdrawal('org-4', all.find((x) => x.bidder === 'org-4') as Filed, bidders['org-2'], '00:50:00')
            : f,
        ),
    },
  ],
  ['39 an act after the barrier counted', 'after-barrier', earlyBarrier()],
  [
    '39 an act after the deadline counted',
    'after-barrier',
    { act: (act, filed) => (filed === victim ? { ...act, at: '2026-11-24T01:00:01.000000Z' } : act) },
  ],
  [
    '40 an act backdated over a cosignature',
    'backdated',
    {
      files: (files, log) => {
        const size = victimIndex;
        files.set(at.earlierCheckpoint(size), utf8(checkpointOf(log.leaves.slice(0, size), '2026-11-24T00:50:00Z')));
      },
    },
  ],
  [
    '41 the close set altered',
    'close-set-hash',
    fileOf(at.closeSet(lot), (b) => utf8(textOf(b).replace('"superseded"', '"withdrawn"'))),
  ],
  [
    '42 a release before the close',
    'release-order',
    {
      before: (kind, log) =>
        void (
          kind === 'close' &&
          log.open(
            'key-released',
            { opening: 'opening-1', lot, x: 4, releaseSha256: '6'.repeat(64) },
            '2026-11-24T01:00:09.000000Z',
          )
        ),
    },
  ],
  [
    '42 a release of another close',
    'release-close',
    { release: (r) => (r.x === 1 ? { ...r, closeLeafSha256: '4'.repeat(64) } : r) },
  ],
  [
    '43 released, never opened',
    'released-not-opened',
    publicRow({
      entry: (kind, body, time) =>
        kind === 'opened' || kind === 'announced' || kind === 'awarded' ? null : { body, time },
    }),
  ],
  ['44 opened with two standing', 'too-few-opened', { filings: (all) => all.filter((f) => f !== victim) }],
  [
    '45 a standing tender without a result',
    'opening-missing',
    { entry: (kind, body, time) => (kind === 'opened' && body.bidder === 'org-3' ? null : { body, time }) },
  ],
  [
    '46 a good tender called invalid',
    'verdict-unfounded',
    {
      entry: (kind, body, time) => ({
        body:
          kind === 'opened' && body.bidder === 'org-3'
            ? { ...body, result: 'invalid', code: 'package-file' }
            : kind === 'announced'
              ? {
                  ...body,
                  offers: (body.offers as { manifestSha256: string }[]).filter(
                    (o) => o.manifestSha256 !== victim.manifestSha256,
                  ),
                }
              : body,
        time,
      }),
    },
  ],
  [
    '47 a tender under a wrong handle',
    'handle-mismatch',
    { act: (act, filed) => (filed === victim ? { ...act, handle: '5'.repeat(64) } : act) },
  ],
];
function handleOfFirst(set: { acts: readonly { act: { seq: number; handle: string }; status: string }[] }): string {
  return set.acts.find((a) => a.status === 'superseded')?.act.handle ?? '';
}
/** A second barrier before all acts, which the close names. */
function earlyBarrier(): Hooks {
  let early = -1;
  return {
    before: (kind, log) => {
      if (kind === 'filings')
        early = log.open('barrier', { deadline: world.policy.deadline, lots: [lot] }, '2026-11-24T01:00:05.000000Z');
    },
    entry: (kind, body, time) => ({ body: kind === 'close' ? { ...body, barrier: early } : body, time }),
  };
}

const untrusted = testAuthority().signer('江海建设');
const dropped = await buildBundle({
  closeSet: (set) => acts(set, (a) => (a.act.manifestSha256 === victim.manifestSha256 ? null : a)),
});
const resigned = await certificate(openingRecordLayout, sampleOpening, centre);
const pdfPath = (files: ReadonlyMap<string, Uint8Array>) => [...files.keys()].find((p) => p.endsWith('.pdf')) as string;
const otherRows: readonly Row[] = [
  ['7 a certificate of nobody', 'certificate-chain', swap({ ...refile(victim, { key: untrusted }), key: untrusted })],
  [
    '7 a certificate revoked before it sealed',
    'certificate-revoked',
    {
      before: (kind, log) =>
        void (
          kind === 'filings' &&
          log.open(
            'certificate-revoked',
            { certSha256: certOf(victim.key), reason: 'lost' },
            '2026-11-21T00:00:00.000000Z',
          )
        ),
    },
  ],
  [
    '15 one officer counted twice',
    'share-duplicate',
    issuedBefore('key-released', (body) => ({ ...body, x: body.x === 3 ? 2 : body.x })),
  ],
  [
    '35 a tender dropped that has a receipt',
    'tender-dropped',
    { closeSet: (set) => acts(set, (a) => (a.act.manifestSha256 === victim.manifestSha256 ? null : a)) },
    { receipts: [receiptOf(dropped.log, victimIndex, victim)] },
  ],
  [
    '57 a locked sheet changed',
    'sheet-signature',
    {
      level: 'public',
      files: (files) => {
        const path = [...files.keys()].find((p) => /^sheets.*json$/.test(p)) as string;
        files.set(path, utf8(textOf(files.get(path)!).replace('"30"', '"31"')));
      },
    },
  ],
  [
    '58 a total altered',
    'ranking-recompute',
    publicRow({
      report: (r) => ({ ...r, ranking: r.ranking.map((row, i) => (i === 0 ? { ...row, total: '99.99' } : row)) }),
    }),
  ],
  [
    '58 two ranks swapped',
    'ranking-recompute',
    publicRow({ report: (r) => ({ ...r, ranking: [r.ranking[1]!, r.ranking[0]!, ...r.ranking.slice(2)] }) }),
  ],
  [
    '59 a PDF changed after signing',
    'certificate-hash',
    publicRow({ files: (files) => void files.set(pdfPath(files), flip(files.get(pdfPath(files))!, 900)) }),
  ],
  [
    '59 a PDF signed again',
    'certificate-hash',
    publicRow({ files: (files) => void files.set(pdfPath(files), resigned.pdf) }),
  ],
  [
    '60 bytes behind the signature',
    'pdf-coverage',
    publicRow({
      files: (files) =>
        void files.set(
          pdfPath(files),
          concatBytes(files.get(pdfPath(files))!, utf8('\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n')),
        ),
    }),
  ],
  [
    '61 another price on the opening record',
    'certificate-facts',
    publicRow({ facts: (f) => ({ ...f, tenders: f.tenders.map((t, i) => (i === 0 ? { ...t, priceFen: '1' } : t)) }) }),
  ],
  [
    '64 a tender in a public bundle',
    'bundle-leak',
    publicRow({ files: (files) => void files.set(at.tender(victim.manifestSha256), sealed.tenderBytes) }),
  ],
  [
    '64 a share under another name',
    'bundle-leak',
    publicRow({ files: (files) => void files.set('offers/note.json', utf8('{"type":"yangguang.org/share/v1"}')) }),
  ],
];

async function judged([, , hooks, given]: Row) {
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

describe.each([
  ['tenders', tenders],
  ['log and policy', logRows],
  ['close', closeRows],
  ['certificates, evaluation, documents', otherRows],
])('tampering with %s', (_, rows) => {
  it.each(rows.map((row) => [row[0], row[1], row] as const))('%s: %s', async (_name, code, row) => {
    expect(await judged(row)).toMatchObject({ word: 'invalid', code, codes: [code] });
  });
});

it('a receipt whose act stands in the close set holds', async () => {
  const whole = await buildBundle({ level: 'public' });
  const receipts = [receiptOf(whole.log, victimIndex, victim)];
  expect(await verify(memoryBundle(whole.files), trust, { receipts })).toMatchObject({ verdict: 'valid' });
});

it('without a witness policy the verdict says unwitnessed, which is no failure', async () => {
  const { files } = await buildBundle({ level: 'public' });
  const verdict = await verify(memoryBundle(files), { ...trust, witnessPolicy: null });
  expect(verdict).toMatchObject({ verdict: 'valid', witnessed: false });
});
