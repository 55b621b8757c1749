/** Tamperings 1 to 23 of trust protocol 9, in whole audit bundles: ciphertexts, manifests, shares, packages, offers. */
import { expect, it } from 'vitest';
import { bundlePath as at } from '../src/formats/bundle.ts';
import { utf8 } from '../src/formats/bytes.ts';
import { signDetached } from '../src/formats/cms.ts';
import { generateIdentity } from '../src/sealing/index.ts';
import { bidders, filings, refile } from './support/bundle-fixture.ts';
import {
  dealt,
  fileOf,
  flip,
  judged,
  manifestP7s,
  type Row,
  repacked,
  rubbish,
  sealed,
  swap,
  textOf,
  victim,
  withoutAttributes,
} from './support/bundle-tampering.ts';
import { now } from './support/sealing-world.ts';

const rows: readonly Row[] = [
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

it.each(rows.map((row) => [row[0], row[1], row] as const))('%s: %s', async (_name, code, row) => {
  expect(await judged(row)).toMatchObject({ word: 'invalid', code, codes: [code] });
});

type Offers = readonly { readonly offerSha256: string }[];

it('a tender that could not be opened for inconsistent shares must still be the ciphertext that was sealed', async () => {
  const crooked = await dealt((x, honest) => (x === 4 ? utf8(textOf(honest).replace(/"y":"../, '"y":"00')) : honest));
  const invalid: Partial<Row[2]> = {
    entry: (kind, body, time) => ({
      body:
        kind === 'opened' && body.bidder === victim.bidder
          ? { ...body, result: 'invalid', code: 'dealer-inconsistent' }
          : kind === 'announced'
            ? { ...body, offers: (body.offers as Offers).filter((o) => o.offerSha256 !== sealed.manifest.offerSha256) }
            : body,
      time,
    }),
  };
  const honest = new Set(filings.map(({ manifestSha256 }) => at.tender(manifestSha256)));
  const changed: Partial<Row[2]> = {
    files: (files) => {
      const paths = [...files.keys()].filter(
        (path) => path.startsWith('tenders/') && path.endsWith('.age') && !honest.has(path),
      );
      expect(paths).toHaveLength(1);
      for (const path of paths) files.set(path, flip(files.get(path)!, files.get(path)!.length - 9));
    },
  };
  // The ranking, a later step, still counts this tender as opened; the step of the tenders is content until a byte changes.
  const whole = await judged(['shut by its bidder', 'tender-hash', { ...crooked, ...invalid }]);
  expect(whole.codes).toEqual(['ranking-recompute']);
  const broken = await judged([
    'shut by its bidder, a byte flipped',
    'tender-hash',
    { ...crooked, ...invalid, ...changed },
  ]);
  expect([broken.word, broken.code]).toEqual(['invalid', 'tender-hash']);
});
