/** An officer lost a key and the policy was changed before the deadline; the centre's disk lost two tenders. There is a way on. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { later } from '../../src/cli/demo/hall.ts';
import { type Officer, until } from '../../src/cli/demo/stage.ts';
import { sha256Hex } from '../../src/formats/bytes.ts';
import { generateIdentity } from '../../src/sealing/index.ts';
import * as course from '../support/opening-course.ts';

let played: course.Course;
let tendered: course.Tendered;
let lot: string;
let officers: Officer[];
const offers = ['985000000', '1012000000', '998000000', '976000000'];
const policies: string[] = [];
const manifests: string[] = [];

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
const file = async (i: number) => {
  const { manifestSha256 } = await course.tender(played, played.cast.bidders[i]!, lot, offers[i] ?? '');
  manifests[i] = manifestSha256;
};
/** The stored ciphertext of a bidder's tender, and its true bytes. */
const stored = async (i: number) => {
  const bytes = await readFile(join(course.folderOf(played, played.cast.bidders[i]!, lot), 'tender.age'));
  const hex = sha256Hex(bytes);
  return { bytes, path: join(played.app.dataDir, 'files', hex.slice(0, 2), hex) };
};
const host = (path: string, body: unknown = {}) =>
  played.cast.host.client.call('POST', `/api/openings/${tendered.opening}/lots/${lot}/${path}`, body);
const draft = (change: { mode?: course.Mode; officers?: readonly Officer[] }) =>
  played.cast.host.client.call('PUT', `/api/openings/${tendered.opening}/policy`, {
    lots: tendered.lots,
    deadline: tendered.deadline,
    mode: change.mode ?? 'quorum',
    k: 3,
    officers: (change.officers ?? officers).map(({ role, id, client }) => ({
      role,
      person: id,
      certSha256: client.session?.certSha256,
    })),
  });
const release = (officer: Officer) => course.release(played, tendered, officer);

beforeAll(async () => {
  played = await course.startCourse(offers.length);
  tendered = await course.publish(played);
  lot = tendered.lots[0] ?? '';
  officers = [...tendered.officers];
  await file(0);
  await file(1);
}, 120_000);
afterAll(() => played.close());

describe('a changed policy', () => {
  it.each<[string, () => Parameters<typeof draft>[0], string]>([
    ['another way of opening', () => ({ mode: 'bidder' }), 'mode-fixed'],
    ['officers in other seats', () => ({ officers: officers.toReversed() }), 'officer-moved'],
  ])('may not bring %s', async (_name, change, code) => {
    expect(await codeOf(draft(change()))).toBe(code);
  });

  it('keeps the keys of the officers who still have theirs', async () => {
    const supervisor = { ...officers[3]!, identity: await generateIdentity() };
    officers = [...officers.slice(0, 3), supervisor];
    policies.push(await course.formPolicy(played, tendered, officers, 'quorum'));
    expect(policies[0]).toMatch(/^[0-9a-f]{64}$/);
    await file(2);
    await file(3);
    const own = async (i: number) =>
      (
        await played.cast.bidders[i]!.client.call<{ acts: { policy: string }[] }>(
          'GET',
          `/api/lots/${lot}/tenders/mine`,
        )
      ).acts[0]?.policy;
    expect(await own(3)).toBe(policies[0]);
    expect(await own(0)).not.toBe(policies[0]);
  });

  it('an officer without the old key releases the new tenders; the old ones wait for another officer', async () => {
    for (const i of [2, 3]) await writeFile((await stored(i)).path, 'the disk was full');
    await course.pastDeadline(played, tendered);
    await course.witnessed(played, tendered, 'close');
    const [hostOfficer, tenderer, witness, supervisor] = officers as [Officer, Officer, Officer, Officer];
    expect(await release(hostOfficer)).toMatchObject({ tenders: 4, faults: 0 });
    expect(await release(tenderer)).toMatchObject({ tenders: 4, faults: 0 });
    expect(await release(supervisor)).toMatchObject({ tenders: 2, faults: 0 });
    const held = await until(
      () => course.settledView(played, tendered),
      (l) => l.stalled.length === 4,
      'the held-up tenders',
    );
    const by = (code: string) => held.stalled.filter((s) => s.code === code).map((s) => s.manifestSha256);
    expect(new Set(by('quorum-missing'))).toEqual(new Set(manifests.slice(0, 2)));
    expect(new Set(by('tender-hash').concat(by('tender-length')))).toEqual(new Set(manifests.slice(2)));
    expect(await release(witness)).toMatchObject({ tenders: 4, faults: 0 });
    const opened = await until(
      () => course.settledView(played, tendered),
      (l) => l.opened === 2,
      'the tenders under the first policy',
    );
    expect(opened.status).toBe('released');
  });
});

describe('a tender that the centre cannot read', () => {
  it('holds up the announcement', async () => {
    await course.witnessed(played, tendered, 'release', 'opening');
    expect(await codeOf(host('announcement'))).toBe('not-all-opened');
  });

  it('opens once its file has been restored', async () => {
    const { bytes, path } = await stored(3);
    await writeFile(path, bytes);
    await host(`tenders/${manifests[3]}/retry`);
    await until(
      () => course.settledView(played, tendered),
      (l) => l.opened === 3,
      'the restored tender',
    );
    expect(await codeOf(host(`tenders/${manifests[3]}/retry`))).toBe('tender-not-stalled');
  });

  it('counts as withdrawn when it cannot be restored, after a time and with the witness', async () => {
    const aside = () => codeOf(host(`tenders/${manifests[2]}/setting-aside`, { reason: '存储损坏，备份亦不可读。' }));
    expect(await aside()).toBe('repair-time-running');
    await played.world.advanceTo(later(played.world.now().toString(), 1900));
    await host(`tenders/${manifests[2]}/retry`);
    await until(
      () => course.settledView(played, tendered),
      (l) => l.stalled.some((s) => s.manifestSha256 === manifests[2]),
      'the tender to be held up again',
    );
    expect(await aside()).toBe('repair-time-running');
    await played.world.advanceTo(later(played.world.now().toString(), 1900));
    expect(await aside()).toBe('witness-missing');
    await course.witnessed(played, tendered, 'opening');
    expect(await aside()).toBe('done');
    const prices = await course.announce(played, tendered);
    expect(prices.filter((p) => p.result === 'opened')).toHaveLength(3);
    expect(prices.find((p) => p.result === 'invalid')).toMatchObject({
      manifestSha256: manifests[2],
      organisation: played.cast.bidders[2]?.organisation,
    });
  });

  it('shows all of that to whoever checks', async () => {
    for (const level of ['public', 'audit'] as const)
      expect(course.troubles((await course.verified(played, tendered, level)).verdict)).toEqual([]);
  });
});
