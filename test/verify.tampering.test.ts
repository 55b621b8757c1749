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
import { concatBytes, toBase64, utf8 } from '../src/formats/bytes.ts';
import { logKeyType } from '../src/formats/log/note.ts';
import { openingRecordLayout } from '../src/openings/opening-record-layout.ts';
import { certificate } from '../src/platform/pdf/index.ts';
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
import {
  fileOf,
  flip,
  issuedBefore,
  judged,
  publicRow,
  type Row,
  sealed,
  swap,
  textOf,
  victim,
} from './support/bundle-tampering.ts';
import { sampleOpening } from './support/certificate-samples.ts';
import { certOf, world } from './support/sealing-world.ts';
import { testAuthority } from './support/signing-keys.ts';

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
            { certSha256: certOf(victim.key), cause: 'unspecified' },
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

describe.each([
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
