/** Two lots of one project: one is opened, the other has too few tenders; the record says both, and no sealed leaf stays shut. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { later } from '../../src/cli/demo/hall.ts';
import { bundlePath } from '../../src/formats/bundle.ts';
import { sha256Hex } from '../../src/formats/bytes.ts';
import { parseCanonical } from '../../src/formats/canonical.ts';
import { openingRecordFacts } from '../../src/formats/certificate-facts.ts';
import { closeSet, commitmentSet } from '../../src/formats/close-set.ts';
import { verifyPdf } from '../../src/formats/pdf-signature.ts';
import * as course from '../support/opening-course.ts';

let played: course.Course;
let tendered: course.Tendered;
let ended: course.Tendered;
let prices: course.PriceLine[];
let bundle: string;
const offers = ['985000000', '1012000000', '998000000'];

beforeAll(async () => {
  played = await course.startCourse(4);
  const { cast, world } = played;
  tendered = await course.publish(played, { lots: ['第一标段 土建', '第二标段 设备'] });
  const [one = '', two = ''] = tendered.lots;
  await cast.bidders[3]?.client.call('POST', `/api/lots/${two}/questions`, { text: '设备的质保期从何时起算？' });
  for (const [i, price] of offers.entries()) await course.tender(played, cast.bidders[i]!, one, price);
  for (const i of [0, 1]) await course.tender(played, cast.bidders[i]!, two, '300000000');
  await world.advanceTo(tendered.deadline);
  // Late by a moment: its leaf is sealed as well, and only a later set opens it.
  await course.tender(played, cast.bidders[2]!, two, '290000000');
  await course.pastDeadline(played, tendered);
  await course.witnessed(played, tendered, 'close');
  for (const officer of tendered.officers.slice(0, 3)) await course.release(played, tendered, officer);
  await course.untilLot(played, tendered, 'opened');
  await course.witnessed(played, tendered, 'release', 'opening');
  prices = await course.announce(played, tendered);
}, 180_000);
afterAll(() => played.close());

const setOf = async (lot: string) =>
  parseCanonical(commitmentSet, await readFile(join(bundle, bundlePath.commitments(lot))));

describe('a project of two lots', () => {
  it('opens the lot with three tenders and leaves the one with two shut', async () => {
    expect(prices.map((p) => p.offer?.priceFen).toSorted()).toEqual([...offers].toSorted());
    expect(await course.lotView(played, tendered, tendered.lots[1])).toMatchObject({
      status: 'failed',
      standing: 2,
      opened: 0,
    });
  });

  it('an officer cannot release the shares of the failed lot', async () => {
    await expect(course.release(played, tendered, tendered.officers[0]!, tendered.lots[1])).rejects.toMatchObject({
      code: 'lot-failed',
    });
  });

  it('one record names both lots, with the close of each', async () => {
    const done = await course.record(played, tendered);
    const pdf = await played.cast.host.client.download(`/api/certificates/${done.record?.pdf?.sha256}`);
    const { facts } = verifyPdf(pdf);
    const read = parseCanonical(openingRecordFacts, facts!);
    expect(read.closes.map(({ lot, outcome, standing }) => ({ lot, outcome, standing }))).toEqual([
      { lot: tendered.lots[0], outcome: 'announced', standing: 3 },
      { lot: tendered.lots[1], outcome: 'failed', standing: 2 },
    ]);
    expect(read.closes[1]).toMatchObject({ releasedAt: null, announcedAt: null });
    expect(read.closes[0]?.setSha256).not.toBe(read.closes[1]?.setSha256);
    expect(new Set(read.tenders.map((t) => t.lot))).toEqual(new Set([tendered.lots[0]]));
  });

  it('the failed lot opened its question and what its close set left out', async () => {
    const { folder, verdict } = await course.verified(played, tendered, 'public');
    bundle = folder;
    expect(course.troubles(verdict)).toEqual([]);
    const two = tendered.lots[1] ?? '';
    expect((await setOf(two)).acts.map((a) => a.act.kind)).toContain('question');
    const closed = parseCanonical(closeSet, await readFile(join(bundle, bundlePath.closeSet(two))));
    expect(closed.acts.map((a) => a.status).toSorted()).toEqual(['late', 'standing', 'standing']);
    const leaves = (await readFile(join(bundle, bundlePath.leaves), 'utf8')).trim().split('\n');
    const bodies = leaves.map((l) => JSON.parse(Buffer.from(l, 'base64').toString()));
    const named = bodies.find((b) => b.kind === 'commitments-opened' && b.body.lot === two);
    expect(named.body.setSha256).toBe(sha256Hex(await readFile(join(bundle, bundlePath.commitments(two)))));
    const sealed = bodies.flatMap((b, i) => (b.type === 'sealed' ? [i] : []));
    const opened: number[] = [];
    for (const lot of tendered.lots) {
      opened.push(...(await setOf(lot)).acts.map((a) => a.index));
      opened.push(
        ...parseCanonical(closeSet, await readFile(join(bundle, bundlePath.closeSet(lot)))).acts.map((a) => a.index),
      );
    }
    expect(opened.toSorted((a, b) => a - b)).toEqual(sealed);
  });
});

it('the audit bundle opens every tender again', async () => {
  expect(course.troubles((await course.verified(played, tendered, 'audit')).verdict)).toEqual([]);
});

describe('a project that is terminated', () => {
  beforeAll(async () => {
    const { cast } = played;
    ended = await course.publish(played);
    await course.tender(played, cast.bidders[0]!, ended.lots[0] ?? '', '500000000');
    await cast.tenderer.client.call('POST', `/api/projects/${ended.project}/termination`, {
      text: '规划调整，终止招标。',
    });
    await course.untilLot(played, ended, 'terminated');
  }, 60_000);

  it('reads nothing at the deadline, and opens its sealed leaves', async () => {
    await played.world.advanceTo(later(ended.deadline, 20));
    const { lots } = await course.view(played, ended);
    expect(lots[0]).toMatchObject({ status: 'terminated', standing: null, opened: 0 });
    const { folder, verdict } = await course.verified(played, ended, 'public');
    expect(course.troubles(verdict)).toEqual([]);
    const own = parseCanonical(
      commitmentSet,
      await readFile(join(folder, bundlePath.commitments(ended.lots[0] ?? ''))),
    );
    expect(own.acts.map((a) => a.act.kind)).toEqual(['tender-sealed']);
    // The log is one: the sets of the other project are in this bundle too.
    await readFile(join(folder, bundlePath.closeSet(tendered.lots[0] ?? '')));
    await readFile(join(folder, bundlePath.commitments(tendered.lots[1] ?? '')));
  });
});
