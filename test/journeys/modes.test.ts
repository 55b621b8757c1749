/** Bidders open their own tenders: alone, or with the officers for those who stay away. Two hundred watchers see the same. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { later } from '../../src/cli/demo/hall.ts';
import { until } from '../../src/cli/demo/stage.ts';
import { giveTenderKey } from '../../src/cli/programs/give-key.ts';
import { openKit } from '../../src/sealing/index.ts';
import * as course from '../support/opening-course.ts';

let played: course.Course;
let first: course.Tendered;
const offers = ['985000000', '1012000000', '998000000', '976000000'];
const bidder = (i: number) => played.cast.bidders[i]!;
const kitOf = (i: number, lot: string) => readFile(join(course.folderOf(played, bidder(i), lot), 'kit.age'));

beforeAll(async () => {
  played = await course.startCourse(offers.length);
}, 120_000);
afterAll(() => played.close());

const give = async (i: number, tendered: course.Tendered, from = i) => {
  const lot = tendered.lots[0] ?? '';
  return giveTenderKey(
    bidder(i).client,
    tendered.opening,
    lot,
    await kitOf(from, lot),
    course.kitPassphrase,
    played.world.now(),
  );
};
/** What a program that checks nothing would send. */
const push = async (i: number, tendered: course.Tendered, from = i) => {
  const lot = tendered.lots[0] ?? '';
  const { identity } = await openKit(await kitOf(from, lot), course.kitPassphrase);
  return bidder(i).client.call('POST', `/api/openings/${tendered.opening}/lots/${lot}/keys`, { identity });
};
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

type Frame = { readonly type: string; readonly seq: number; readonly data: unknown };
/** A visitor of the hall: everything it is sent, and a promise of the event of a kind. */
function watch(opening: string) {
  const frames: Frame[] = [];
  const socket = new WebSocket(`${played.app.base.replace('http', 'ws')}/ws/hall/${opening}`);
  const waiting: (() => void)[] = [];
  socket.on('message', (text) => {
    frames.push(JSON.parse(String(text)));
    for (const wake of waiting.splice(0)) wake();
  });
  const until = async (has: (frame: Frame) => boolean): Promise<void> => {
    while (!frames.some(has)) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { frames, socket, until };
}
const changeOf = ({ data }: Frame) => (data as { change?: string } | undefined)?.change;

describe('mode bidder', () => {
  let tendered: course.Tendered;
  let lot: string;
  let watchers: ReturnType<typeof watch>[];
  let absent: string;

  beforeAll(async () => {
    tendered = await course.publish(played, { mode: 'bidder' });
    first = tendered;
    lot = tendered.lots[0] ?? '';
    // The hall opens when the published project has been noticed.
    await until(
      () => course.view(played, tendered).catch(() => null),
      (v) => v !== null,
      'the hall',
    );
    watchers = Array.from({ length: 200 }, () => watch(tendered.opening));
    await Promise.all(watchers.map((w) => w.until((f) => f.type === 'snapshot')));
    for (const [i, price] of offers.entries()) {
      const { manifestSha256 } = await course.tender(played, bidder(i), lot, price);
      if (i === 3) absent = manifestSha256;
    }
  }, 120_000);

  it('no key leaves the bidder, and none is taken, before the close', async () => {
    await expect(give(0, tendered)).rejects.toThrow('does not ask bidders for keys');
    expect(await codeOf(push(0, tendered))).toBe('lot-not-closed');
  });

  it('takes one key of each bidder after the close, its own only', async () => {
    await course.pastDeadline(played, tendered);
    expect(await course.lotView(played, tendered)).toMatchObject({ status: 'closed', standing: 4 });
    for (const i of [0, 1, 2]) await give(i, tendered);
    expect(await codeOf(push(0, tendered))).toBe('key-given-already');
    expect(await codeOf(push(3, tendered, 0))).toBe('key-wrong');
    await expect(give(3, tendered, 0)).rejects.toThrow('another lot or bidder');
  });

  it('uses no key before the time of all bidders is over', async () => {
    const { keysUntil } = await course.lotView(played, tendered);
    await played.world.advanceTo(later(keysUntil ?? '', -1));
    expect(await course.lotView(played, tendered)).toMatchObject({ status: 'closed', opened: 0 });
    await played.world.advanceTo(later(keysUntil ?? '', 0));
    expect(await codeOf(push(3, tendered))).toBe('keys-closed');
    await course.untilLot(played, tendered, 'opened');
  });

  it('needs no officer', async () => {
    // The officer's own program finds no tender to cover where bidders alone open.
    expect(await codeOf(course.release(played, tendered, tendered.officers[0]!))).toBe('release-close');
  });

  it('announces the offers and names the absent bidder', async () => {
    await course.witnessed(played, tendered, 'close', 'release', 'opening');
    const prices = await course.announce(played, tendered);
    expect(prices.flatMap((p) => p.offer?.priceFen ?? []).toSorted()).toEqual(offers.slice(0, 3).toSorted());
    expect(prices.find((p) => p.manifestSha256 === absent)).toMatchObject({
      result: 'invalid',
      code: 'key-not-given',
      organisation: bidder(3).organisation,
    });
  });

  it('two hundred watchers get the same events in the same order', async () => {
    await Promise.all(watchers.map((w) => w.until((f) => changeOf(f) === 'OffersAnnounced')));
    const [one, ...others] = watchers.map(({ frames }) => JSON.stringify(frames.filter((f) => f.type === 'event')));
    expect(new Set(others)).toEqual(new Set([one]));
    const seen = watchers[0]!.frames.filter((f) => f.type === 'event');
    expect(seen.map((f) => f.seq)).toEqual(seen.map((_, i) => (seen[0]?.seq ?? 0) + i));
    expect(seen.map(changeOf)).toEqual([
      'BarrierRaised',
      'LotClosed',
      'KeyGiven',
      'KeyGiven',
      'KeyGiven',
      'KeysEnded',
      ...Array(4).fill('TenderOpened'),
      'OffersAnnounced',
    ]);
  });

  it('nothing before the announcement carries a name or a price', () => {
    const frames = watchers[0]!.frames;
    const end = frames.findIndex((f) => changeOf(f) === 'OffersAnnounced');
    const before = JSON.stringify(frames.slice(0, end));
    for (const secret of [...offers, ...played.cast.bidders.flatMap((b) => [b.id, b.organisation])])
      expect(before).not.toContain(secret);
    const announced = JSON.stringify(frames[end]);
    for (const price of offers.slice(0, 3)) expect(announced).toContain(`"priceFen":"${price}"`);
    expect(announced).toContain(bidder(3).organisation);
    expect(announced).not.toContain(offers[3]);
  });

  it('a late visitor gets the whole state with the offers, and one who comes back the gap', async () => {
    const late = watch(tendered.opening);
    await late.until((f) => f.type === 'snapshot');
    const { data, seq } = late.frames.find((f) => f.type === 'snapshot') as Frame;
    expect(data).toMatchObject({ opening: { lots: [{ status: 'announced' }] } });
    expect(JSON.stringify((data as { offers: unknown }).offers)).toContain(offers[0]);
    const back = watch(`${tendered.opening}?after=${seq - 2}`);
    await back.until((f) => f.seq === seq && f.type === 'event');
    const events = (w: ReturnType<typeof watch>) => w.frames.filter((f) => f.type === 'event').slice(-2);
    expect(events(back)).toEqual(events(watchers[0]!));
    for (const { socket } of [...watchers, late, back]) socket.close();
  });

  it.each([
    ['a page of another origin', { origin: 'https://evil.example' }, 403, (): string => tendered.opening],
    ['an opening that does not exist', {}, 404, (): string => 'no-such-opening'],
  ] as const)('refuses %s', async (_name, headers, status, opening: () => string) => {
    const socket: WebSocket = new WebSocket(`${played.app.base.replace('http', 'ws')}/ws/hall/${opening()}`, {
      headers,
    });
    const answered = await new Promise<number | undefined>((resolve) => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.on('open', () => resolve(101));
      socket.on('error', () => {});
    });
    expect(answered).toBe(status);
  });
});

describe('mode bidder-then-quorum', () => {
  let tendered: course.Tendered;
  let lot: string;

  beforeAll(async () => {
    tendered = await course.publish(played, { mode: 'bidder-then-quorum' });
    lot = tendered.lots[0] ?? '';
    for (const [i, price] of offers.entries()) await course.tender(played, bidder(i), lot, price);
    await course.pastDeadline(played, tendered);
    await course.witnessed(played, tendered, 'close');
  }, 120_000);

  it('officers wait until the time of the bidders is over', async () => {
    for (const i of [0, 1, 2]) await give(i, tendered);
    expect(await codeOf(course.release(played, tendered, tendered.officers[0]!))).toBe('release-not-needed');
    expect((await course.lotView(played, tendered)).opened).toBe(0);
  });

  it('opens with the given keys first, and the absent bidder with the officers', async () => {
    const { keysUntil } = await course.lotView(played, tendered);
    await played.world.advanceTo(later(keysUntil ?? '', 1));
    const opened = await until(
      () => course.settledView(played, tendered),
      (l) => l.opened === 3,
      'the tenders whose keys were given',
    );
    expect(opened.status).toBe('closed');
    for (const officer of tendered.officers.slice(0, 3))
      expect(await course.release(played, tendered, officer)).toMatchObject({ tenders: 1, faults: 0 });
    await course.untilLot(played, tendered, 'opened');
    await course.witnessed(played, tendered, 'release', 'opening');
    const prices = await course.announce(played, tendered);
    expect(prices.map((p) => p.offer?.priceFen).toSorted()).toEqual([...offers].toSorted());
  });

  it('the record says how it was opened, and both openings verify offline', async () => {
    expect((await course.record(played, tendered)).record?.pdf?.sha256).toMatch(/^[0-9a-f]{64}$/);
    for (const one of [first, tendered])
      for (const level of ['public', 'audit'] as const)
        expect(course.troubles((await course.verified(played, one, level)).verdict)).toEqual([]);
  });
});
