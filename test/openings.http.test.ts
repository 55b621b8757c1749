import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, ProblemError } from '../src/cli/client.ts';
import type { TestPerson } from '../src/cli/demo/city.ts';
import { later, type OpeningView, roster, witnessStep } from '../src/cli/demo/hall.ts';
import type { Published } from '../src/cli/demo/prepare.ts';
import type { Officer } from '../src/cli/demo/stage.ts';
import { releaseLot } from '../src/cli/programs/release-keys.ts';
import { auditFolders } from '../src/formats/bundle.ts';
import { fromBase64, fromUtf8, sha256Hex, toBase64, utf8 } from '../src/formats/bytes.ts';
import { canonicalBytes, parseCanonical } from '../src/formats/canonical.ts';
import { closeSet } from '../src/formats/close-set.ts';
import type { KeyRelease } from '../src/formats/key-release.ts';
import { parseTlogProof } from '../src/formats/log/tlog-proof.ts';
import { randomOctets } from '../src/platform/ids.ts';
import {
  dealShares,
  generateIdentity,
  releaseShares,
  sealEnvelope,
  verifyOpeningPolicy,
} from '../src/sealing/index.ts';
import { trickPackages } from './support/packages.ts';
import { openStage, type Parts, refusalOf, repackage, resign, type Stage, sealParts, submit } from './support/stage.ts';

let stage: Stage;
let main: Published;
let small: Published;
const filed = new Map<string, string>();
beforeAll(async () => {
  stage = await openStage(11);
  main = stage.published;
  await roster(stage.cast, main);
  await bidAll();
  small = await stage.publishAnother();
  for (const bidder of stage.cast.bidders.slice(0, 2))
    await submit(bidder, small.lot, await sealParts(stage, bidder, small.lot));
}, 120_000);
afterAll(() => stage.close());

const now = () => stage.world.now();
/** Prices that nobody may see before the announcement. */
const prices = ['981000001', '982000002', '983000003'] as const;

/** Three good tenders; a crooked dealer, a dealer of another key, tricks with packages, and two copies of a rival. */
async function bidAll(): Promise<void> {
  const { bidders } = stage.cast;
  const tricks = Object.entries(trickPackages);
  let third: Parts | undefined;
  for (const [i, bidder] of bidders.entries()) {
    const priceFen = prices[i] ?? `98400000${i}`;
    const readOut = { priceFen, durationDays: 300, quality: '合格', manager: `经理${i}` };
    let parts = await sealParts(stage, bidder, main.lot, { readOut });
    let name = `good ${i}`;
    if (i === 2) third = parts;
    if (i === 3) [name, parts] = ['inconsistent shares', await inconsistent(parts, bidder)];
    const [trick, make] = tricks[i - 4] ?? [];
    if (trick && make) {
      const packed = make(parts, bidder.organisation, bidder.client.session!.certSha256);
      [name, parts] = [trick, await repackage(parts, bidder, packed, now())];
    }
    if (i === 8)
      [name, parts] = ['a copied rival', resign(third!, bidder, { claimedAt: '2026-01-01T00:00:00.000000Z' }, now())];
    if (i === 9) {
      const { tender } = third!.manifest;
      [name, parts] = [
        "a rival's ciphertext",
        { ...resign(parts, bidder, { tender }, now()), tenderBytes: third!.tenderBytes },
      ];
    }
    if (i === 10) [name, parts] = ['shares of another key', await foreignShares(parts, bidder)];
    filed.set(name, (await submit(bidder, main.lot, parts)).manifestSha256);
  }
}

/** Each share opens, but the last does not lie on the polynomial of the others. */
async function inconsistent(parts: Parts, bidder: TestPerson): Promise<Parts> {
  const { suite, lot, policy, recipient } = parts.manifest;
  const officer = parts.policy.officers.at(-1)!;
  const { x } = officer;
  const y = Buffer.from(randomOctets(74)).toString('hex');
  const share = canonicalBytes({ type: 'yangguang.org/share/v1', suite, lot, policy, recipient, x, y });
  const bytes = await sealEnvelope(share, officer.recipient);
  const listed = { x, shareSha256: sha256Hex(share), envelopeSha256: sha256Hex(bytes), bytes: bytes.length };
  const shares = parts.manifest.shares.map((s) => (s.x === x ? listed : s));
  const envelopes = parts.envelopes.map((e) => (e.x === x ? { x, bytes } : e));
  return { ...resign(parts, bidder, { shares }, now()), envelopes };
}

/** Shares that rebuild a key, but not the tender's. */
async function foreignShares(parts: Parts, bidder: TestPerson): Promise<Parts> {
  const { lot, policy, recipient } = parts.manifest;
  const dealt = await dealShares(await generateIdentity(), { suite: 'YG1', lot, policy, recipient }, parts.policy);
  return { ...resign(parts, bidder, { shares: dealt.shares }, now()), envelopes: dealt.envelopes };
}

const officer = (role: Officer['role'], of = main) => of.officers.find((o) => o.role === role)!;
const view = async (of = main) => {
  const seen = await stage.cast.host.client.call<OpeningView>('GET', `/api/openings/${of.opening}`);
  return {
    ...seen,
    lot: seen.lots[0] as OpeningView['lots'][number] & {
      stalled: { manifestSha256: string; code: string; owner: string }[];
    },
  };
};
const sign = (step: string) => witnessStep(stage.world, stage.cast.witness, main.opening, step, ['核对']);

/** The officer's own program, honestly. */
const release = (who: Officer, of = main) =>
  releaseLot({
    client: who.client,
    opening: of.opening,
    lot: of.lot,
    identity: who.identity,
    roots: stage.world.roots,
    trust: stage.world.trust,
    now: now(),
  });

type Work = {
  x: number;
  policy: { document: string; signatures: { p7s: string }[] };
  closeSet: string;
  closeIndex: number;
  closeLeaf: string;
  proof: string;
  tenders: { manifest: string; envelope: string }[];
};

/** The officer's release with something else in it, signed by `signer` and handed in by the officer. */
async function crookedRelease(
  who: Officer,
  change: (release: KeyRelease) => unknown,
  signer: TestPerson = who,
): Promise<void> {
  const path = `/api/openings/${main.opening}/lots/${main.lot}`;
  const work = await who.client.call<Work>('GET', `${path}/release`);
  const signatures = work.policy.signatures.map((s) => fromBase64(s.p7s));
  const leaf = fromBase64(work.closeLeaf);
  const honest = await releaseShares({
    known: verifyOpeningPolicy(utf8(work.policy.document), signatures, stage.world.roots, now()),
    closeSet: parseCanonical(closeSet, utf8(work.closeSet)),
    close: {
      index: work.closeIndex,
      leafSha256: sha256Hex(Uint8Array.of(0, ...leaf)),
      checkpoint: parseTlogProof(work.proof).checkpoint,
    },
    x: work.x,
    tenders: work.tenders.map((t) => ({ manifestBytes: fromBase64(t.manifest), envelope: fromBase64(t.envelope) })),
    identity: who.identity,
    key: who.client.key!,
    now: now(),
    clientSha256: null,
  });
  const bytes = canonicalBytes(change(honest.release) as Record<string, unknown>);
  const document = { release: toBase64(bytes), signature: signer.client.sign(bytes) };
  await who.client.call('POST', `${path}/releases`, document);
}

const storedFile = (sha256: string) => join(stage.app.dataDir, 'files', sha256.slice(0, 2), sha256);

/** Where the encrypted signature of a tender lies. */
async function partOf(manifestSha256: string): Promise<string> {
  const [row] = await stage.app.journal.db.query(
    `select sealed ->> 'signerSha256' as sha256 from tender_chain, jsonb_array_elements(state -> 'acts') as sealed
     where sealed ->> 'manifestSha256' = ?`,
    [manifestSha256],
  );
  return storedFile(String(row!.sha256));
}

const lotPath = () => `/api/openings/${main.opening}/lots/${main.lot}`;
const announce = () => stage.cast.host.client.call('POST', `${lotPath()}/announcement`, {});

describe('releases', () => {
  it('are refused before the close, to officers as to everybody', async () => {
    const host = officer('host');
    expect(await refusalOf(release(host))).toBe('lot-not-closed');
    const early = { release: toBase64(utf8('{}')), signature: host.client.sign(utf8('{}')) };
    expect(await refusalOf(host.client.call('POST', `${lotPath()}/releases`, early))).toBe('lot-not-closed');
    const bidder = stage.cast.bidders[0]!.client;
    expect(await refusalOf(bidder.call('GET', `${lotPath()}/release`))).toBe('not-permitted');
    expect(await refusalOf(bidder.call('POST', `${lotPath()}/releases`, early))).toBe('not-permitted');
  });

  it('wait for the witness, who may stop them', async () => {
    await stage.world.advanceTo(later(main.deadline, 6));
    expect((await view()).lot).toMatchObject({ status: 'closed', standing: 11 });
    const host = officer('host');
    expect(await refusalOf(release(host))).toBe('witness-missing');
    const { witness, supervisor } = stage.cast;
    const stop = `/api/witness/${main.opening}/close`;
    await witness.client.call('POST', `${stop}/stop`, { reason: '屏幕上的清单哈希不符' });
    expect(await refusalOf(release(host))).toBe('witness-stopped');
    await supervisor.client.call('POST', `${stop}/lift`, { reason: '已核对' });
    await sign('close');
  });

  it('for another close, lot or seat, with other tenders, malformed or by a stranger are refused', async () => {
    const host = officer('host');
    const attempt = (change: (release: KeyRelease) => unknown, signer?: TestPerson) =>
      refusalOf(crookedRelease(host, change, signer));
    const outsider = await stage.world.city.person('supervisor');
    expect({
      'another close': await attempt((r) => ({ ...r, closeIndex: r.closeIndex - 1 })),
      'another leaf': await attempt((r) => ({ ...r, closeLeafSha256: 'ab'.repeat(32) })),
      'another lot': await attempt((r) => ({ ...r, lot: small.lot })),
      'another opening': await attempt((r) => ({ ...r, opening: small.opening })),
      "somebody else's seat": await attempt((r) => ({ ...r, x: 2 })),
      'no seat': await attempt((r) => ({ ...r, x: 9 })),
      "another's signature": await attempt((r) => r, officer('supervisor')),
      'a tender less': await attempt((r) => ({ ...r, items: r.items.slice(1) })),
      'a tender twice': await attempt((r) => ({ ...r, items: [...r.items.slice(1), r.items[1]] })),
      'a tender more': await attempt((r) => ({
        ...r,
        items: [...r.items, { ...r.items[0], manifestSha256: 'ab'.repeat(32) }],
      })),
      'another field': await attempt((r) => ({ ...r, more: 1 })),
      'an officer of no seat': await refusalOf(release({ ...host, client: outsider.client, id: outsider.id })),
    }).toEqual({
      'another close': 'release-close',
      'another leaf': 'release-close',
      'another lot': 'release-close',
      'another opening': 'release-close',
      "somebody else's seat": 'not-an-officer',
      'no seat': 'not-an-officer',
      "another's signature": 'not-an-officer',
      'a tender less': 'release-incomplete',
      'a tender twice': 'release-incomplete',
      'a tender more': 'release-incomplete',
      'another field': 'release-malformed schema',
      'an officer of no seat': 'not-an-officer',
    });
    expect((await view()).lot.released).toEqual([]);
  });

  it('of one officer count once; an envelope that the centre lost is reported, not stopped at', async () => {
    const [row] = await stage.app.journal.db.query(
      `select sealed -> 'envelopes' -> 0 ->> 'sha256' as sha256 from tender_chain, jsonb_array_elements(state -> 'acts') as sealed
       where sealed ->> 'manifestSha256' = ?`,
      [filed.get('good 1')],
    );
    const envelope = storedFile(String(row!.sha256));
    renameSync(envelope, `${envelope}.lost`);
    expect((await release(officer('host'))).faults).toBe(1);
    renameSync(`${envelope}.lost`, envelope);
    expect(await refusalOf(release(officer('host')))).toBe('already-released');
    expect((await view()).lot.released).toHaveLength(1);
  });
});

describe('opening', () => {
  it('with a false share of one officer, or a lost file, holds up that tender alone', async () => {
    const victim = filed.get('good 0')!;
    const lie = (r: KeyRelease) => ({
      ...r,
      items: r.items.map((i) =>
        i.manifestSha256 === victim && 'share' in i
          ? { ...i, share: i.share.replace(/"y":"(..)/, (_, y: string) => `"y":"${y === '00' ? '11' : '00'}`) }
          : i,
      ),
    });
    await crookedRelease(officer('witness'), lie);
    // The centre has lost a file of another tender.
    const lost = await partOf(filed.get('a link')!);
    renameSync(lost, `${lost}.lost`);
    await release(officer('supervisor'));
    await stage.app.rooms.due.runDue();
    const { lot } = await view();
    const held = new Map(lot.stalled.map((t) => [t.manifestSha256, `${t.code} ${t.owner}`]));
    expect(['good 0', 'good 1', 'a link'].map((name) => held.get(filed.get(name)!))).toEqual([
      'share-hash-officer officer',
      'envelope-hash centre',
      'tender-hash centre',
    ]);
    expect(lot).toMatchObject({ status: 'released', opened: 8 });
    renameSync(`${lost}.lost`, lost);
    const { client } = officer('host');
    await client.call('POST', `${lotPath()}/tenders/${filed.get('a link')}/retry`, {});
    await stage.app.rooms.due.runDue();
    expect((await view()).lot).toMatchObject({ status: 'released', opened: 9 });
    await sign('release');
    await sign('opening');
    expect(await refusalOf(announce())).toBe('not-all-opened');
  });

  it("of these follows another officer's release; tricks and copies end as invalid, each by its code", async () => {
    await release(officer('tenderer'));
    await stage.app.rooms.due.runDue();
    expect((await view()).lot).toMatchObject({ status: 'opened', opened: 11 });
    const rows = await stage.app.journal.db.query(
      `select event -> 'result' as result from journal_entry
       where subject_kind = 'opening' and subject = ? and event ->> 'type' = 'TenderOpened'`,
      [main.opening],
    );
    const results = new Map(
      rows.map(({ result }) => {
        const { manifestSha256, result: outcome, code } = result as Record<string, string>;
        return [manifestSha256, code ?? outcome];
      }),
    );
    expect(rows).toHaveLength(11);
    expect(Object.fromEntries([...filed].map(([name, manifest]) => [name, results.get(manifest)]))).toEqual({
      'good 0': 'opened',
      'good 1': 'opened',
      'good 2': 'opened',
      'inconsistent shares': 'dealer-inconsistent',
      'a path that climbs': 'package-unsafe',
      'a link': 'package-unsafe',
      'a bomb': 'package-unsafe',
      'a changed file': 'package-file',
      'a copied rival': 'package-context',
      "a rival's ciphertext": 'recipient-mismatch',
      'shares of another key': 'recipient-mismatch',
    });
    expect(await refusalOf(release(officer('host')))).toBe('release-not-needed');
  });

  it('shows no offer on any route or leaf before the announcement', async () => {
    const { host, witness, supervisor, auditor, tenderer, bidders } = stage.cast;
    const lookers = [host, witness, supervisor, auditor, tenderer, bidders[3]!].map((p) => p.client);
    lookers.push(await stage.world.city.nobody(), stage.world.city.administrator);
    const told: string[] = [];
    for (const { spec } of stage.app.rooms.routes.filter((r) => r.spec.method === 'GET')) {
      const path = filled(spec.path);
      for (const looker of lookers) {
        const body = await looker.download(path).catch((error: unknown) => {
          if (error instanceof ProblemError) return utf8(JSON.stringify([error.code, error.details]));
          throw error;
        });
        const text = Buffer.from(body).toString('latin1');
        if (prices.some((price) => text.includes(price))) told.push(`${looker.session?.roles.join()}: ${path}`);
      }
    }
    expect(told).toEqual([]);
    const leaves = await stage.app.journal.db.query(
      `select convert_from(leaf, 'UTF8') || coalesce(convert_from(body, 'UTF8'), '') as leaf from journal_entry`,
    );
    expect(leaves.filter(({ leaf }) => prices.some((price) => String(leaf).includes(price)))).toEqual([]);
    expect(await refusalOf(host.client.call('GET', `${lotPath()}/offers`))).toBe('not-announced');
    expect(await refusalOf(host.client.download(`${lotPath()}/close-set`))).toBe('not-announced');
    expect(await refusalOf(bidders[0]!.client.call('POST', `${lotPath()}/confirmation`, {}))).toBe('not-announced');
  });
});

const filled = (path: string) =>
  path.replace(/[{}]/g, '').replace(/[:*](\w+)(\([^)]*\))?/g, (_, name: string) => {
    if (/sha256|hash|manifest/i.test(name)) return [...filed.values()][0]!;
    const known: Record<string, string> = {
      lot: main.lot,
      opening: main.opening,
      project: main.project,
      id: main.project,
    };
    return (
      known[name] ??
      { subject: main.opening, level: 'audit', step: 'opening' }[name] ??
      '019a0000-0000-7000-8000-000000000000'
    );
  });

describe('after the announcement', () => {
  const answer = (who: TestPerson, what: string, body: object = {}) =>
    who.client.call<OpeningView>('POST', `${lotPath()}/${what}`, body);

  it('which waits for the witness and the acts around the deadline, the good offers are read out', async () => {
    const { witness, supervisor, bidders } = stage.cast;
    await witness.client.call('POST', `/api/witness/${main.opening}/opening/stop`, { reason: '等候' });
    expect(await refusalOf(announce())).toBe('witness-stopped');
    await supervisor.client.call('POST', `/api/witness/${main.opening}/opening/lift`, { reason: '继续' });
    await sign('opening');
    await stage.world.advanceTo(later(main.deadline, 60));
    await announce();
    expect(await refusalOf(announce())).toBe('already-announced');
    const lines = await bidders[3]!.client.call<{ organisation: string; offer: { priceFen: string } | null }[]>(
      'GET',
      `${lotPath()}/offers`,
    );
    const readOut = lines.flatMap((l) => (l.offer ? [[l.organisation, l.offer.priceFen]] : []));
    expect(readOut.toSorted()).toEqual(prices.map((price, i) => [bidders[i]!.organisation, price]).toSorted());
  });

  it('bidders confirm or object for themselves only, and an objection must be answered before the record', async () => {
    const { host, bidders } = stage.cast;
    const stranger = await stage.world.city.person('bidder');
    expect(await refusalOf(answer(stranger, 'confirmation'))).toBe('tender-not-yours');
    expect(await refusalOf(answer(stranger, 'objections', { text: '异议' }))).toBe('tender-not-yours');
    expect(await refusalOf(answer(host, 'confirmation'))).toBe('not-permitted');
    const { lots } = await answer(bidders[1]!, 'objections', { text: '对工期有异议' });
    const { id } = (lots[0] as unknown as { objections: { id: string }[] }).objections[0]!;
    for (const bidder of bidders.slice(0, 3)) await answer(bidder, 'confirmation');
    const record = () => host.client.call('POST', `/api/openings/${main.opening}/record`, {});
    await sign('announcement');
    expect(await refusalOf(record())).toBe('objection-open');
    expect(await refusalOf(answer(host, `objections/${stranger.id}/answer`, { text: '无' }))).toBe('objection-unknown');
    await answer(host, `objections/${id}/answer`, { text: '以投标函为准' });
    expect(await refusalOf(answer(host, `objections/${id}/answer`, { text: '再答' }))).toBe('objection-unknown');
    await sign('announcement');
    await record();
  });

  it('host and witness sign these very bytes once each, nobody else, and the record is issued', async () => {
    const { host, witness, supervisor } = stage.cast;
    const path = `/api/openings/${main.opening}/record`;
    const facts = await host.client.download(`${path}/facts`);
    const put = (who: TestPerson, bytes = facts, signer = who) =>
      who.client.call<OpeningView>('POST', `${path}/signatures`, { signature: signer.client.sign(bytes) });
    expect(await refusalOf(put(supervisor))).toBe('not-permitted');
    expect(await refusalOf(put(host, utf8('{}')))).toBe('signature-invalid manifest-signature');
    expect(await refusalOf(put(host, facts, witness))).toBe('not-an-officer');
    await put(host);
    expect(await refusalOf(put(host))).toBe('record-signed');
    const { record } = await put(witness);
    expect(fromUtf8(facts)).toContain(main.opening);
    expect(record?.pdf?.number).toBe(`${main.code}-KB`);
  });
});

describe('the bundle of the opening', () => {
  const bundle = (who: { client: Client } | Client, level: string) =>
    ('client' in who ? who.client : who).download(`/api/projects/${main.project}/bundles/${level}`);
  const filesOf = async (tar: Uint8Array): Promise<Map<string, Uint8Array>> => {
    const files = new Map<string, Uint8Array>();
    const reading = extract();
    reading.end(Buffer.from(tar));
    for await (const entry of reading) {
      const parts: Buffer[] = [];
      for await (const part of entry) parts.push(part as Buffer);
      files.set(entry.header.name, new Uint8Array(Buffer.concat(parts)));
    }
    return files;
  };
  const inFolders = (files: Map<string, Uint8Array>) =>
    [...files.keys()].filter((name) => auditFolders.some((folder) => name.startsWith(`${folder}/`)));

  it('is given to each in the measure that is theirs', async () => {
    const { host, supervisor, auditor, bidders } = stage.cast;
    const visitor = await stage.world.city.nobody();
    const open = await filesOf(await bundle(visitor, 'public'));
    expect(inFolders(open)).toEqual([]);
    expect([...open.keys()].filter((name) => name.startsWith('offers/'))).toHaveLength(3);
    expect([await refusalOf(bundle(visitor, 'audit')), await refusalOf(bundle(visitor, 'personal'))]).toEqual([
      'not-signed-in',
      'not-signed-in',
    ]);
    for (const who of [host, bidders[0]!]) expect(await refusalOf(bundle(who, 'audit'))).toBe('not-permitted');
    expect(await refusalOf(bundle(host, 'personal'))).toBe('not-permitted');
    const own = await filesOf(await bundle(bidders[0]!, 'personal'));
    expect(inFolders(own).length).toBeGreaterThan(4);
    expect(inFolders(own).filter((name) => !name.includes(filed.get('good 0')!))).toEqual([]);
    const whole = await filesOf(await bundle(auditor, 'audit'));
    expect([...whole.keys()].filter((name) => name.startsWith('tenders/'))).toHaveLength(11);
    expect([...whole.keys()].filter((name) => name.startsWith('releases/'))).toHaveLength(8);
    expect(await refusalOf(bundle(supervisor, 'audit'))).toBe('answered');
    expect(await refusalOf(bundle(auditor, 'everything'))).toBe('bad-request');
  });

  it('of an opening that has not been announced is given to nobody', async () => {
    const path = `/api/projects/${small.project}/bundles/audit`;
    expect(await refusalOf(stage.cast.auditor.client.download(path))).toBe('bundle-not-ready');
  });
});

describe('fewer than three tenders', () => {
  it('fail the lot: nobody releases, nothing is opened, the set of acts is public', async () => {
    await stage.world.advanceTo(later(small.deadline, 60));
    const seen = await view(small);
    expect(seen.lot).toMatchObject({ status: 'failed', opened: 0, standing: 2 });
    expect(await refusalOf(release(officer('host', small), small))).toBe('lot-failed');
    const path = `/api/openings/${small.opening}/lots/${small.lot}`;
    const host = stage.cast.host.client;
    expect(await refusalOf(host.call('POST', `${path}/announcement`, {}))).toMatch(/^(lot-failed|not-all-opened)$/);
    expect(await refusalOf(host.call('GET', `${path}/offers`))).toBe('not-announced');
    const set = parseCanonical(closeSet, await (await stage.world.city.nobody()).download(`${path}/close-set`));
    expect(set.acts.map((a) => a.status)).toEqual(['standing', 'standing']);
    const opened = await stage.app.journal.db.query(
      `select 1 as one from journal_entry where subject = ? and event ->> 'type' in ('TenderOpened', 'KeyReleased')`,
      [small.opening],
    );
    expect(opened).toEqual([]);
  });
});
