/** What the hall makes of an opening's changes, against the server's own snapshot of a real course. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  applyChange,
  axisOf,
  type Change,
  type HallState,
  meanFen,
  type Offer,
} from '../src/web/pages/hall/hall-state.ts';
import { shownAt } from '../src/web/pages/hall/screen/prices.tsx';
import {
  announce,
  type Course,
  pastDeadline,
  publish,
  release,
  startCourse,
  tender,
  untilLot,
  witnessed,
} from './support/opening-course.ts';

describe('a hall that follows', () => {
  let course: Course;
  beforeAll(async () => {
    course = await startCourse(3);
  });
  afterAll(() => course.close());

  it('shows after every change what a newcomer’s snapshot shows', async () => {
    const tendered = await publish(course);
    const url = `${course.app.base.replace('http', 'ws')}/ws/hall/${tendered.opening}`;
    // The opening follows its project's publication a moment later.
    await expect
      .poll(async () => (await fetch(`${course.app.base}/api/openings/${tendered.opening}`)).status, {
        timeout: 20_000,
      })
      .toBe(200);
    let hall: HallState | null = null;
    const follower = new WebSocket(url);
    follower.on('message', (text) => {
      const { type, data } = JSON.parse(String(text)) as { type: string; data: unknown };
      if (type === 'snapshot') hall = data as HallState;
      if (type === 'event' && hall) hall = applyChange(hall, data as Change);
    });
    await expect.poll(() => hall).not.toBeNull();
    for (const [i, bidder] of course.cast.bidders.entries())
      await tender(course, bidder, tendered.lots[0]!, String(900_000_000 + i * 1_000_000));
    await pastDeadline(course, tendered);
    await untilLot(course, tendered, 'closed');
    await witnessed(course, tendered, 'close');
    for (const officer of tendered.officers.slice(0, 3)) await release(course, tendered, officer);
    await untilLot(course, tendered, 'opened');
    await witnessed(course, tendered, 'release', 'opening');
    await announce(course, tendered);
    const newcomer = await new Promise<HallState>((resolve) => {
      const socket = new WebSocket(url);
      socket.on('message', (text) => {
        const { type, data } = JSON.parse(String(text)) as { type: string; data: HallState };
        if (type !== 'snapshot') return;
        resolve(data);
        socket.close();
      });
    });
    const plain = (state: HallState | null) =>
      JSON.parse(JSON.stringify(state, (key, value) => (/[aA]t$/.test(key) ? value !== null : value)));
    await expect.poll(() => plain(hall)).toEqual(plain(newcomer));
    expect(newcomer.offers[tendered.lots[0]!]).toHaveLength(3);
    follower.close();
  });
});

describe('the price list', () => {
  it('reads row by row, then pages by ten seconds', () => {
    expect(shownAt(0, 20)).toEqual({ read: 1, page: 0 });
    expect(shownAt(27, 20)).toEqual({ read: 10, page: 1 });
    expect([0, 10, 20, 30].map((s) => shownAt(60 + s, 20).page)).toEqual([0, 1, 2, 0]);
  });
  it('averages in fen and places on the axis', () => {
    const offer = (priceFen: string) => ({ offer: { priceFen } }) as Offer;
    expect(meanFen([offer('1'), offer('2')])).toBe(2n);
    expect(meanFen([])).toBeNull();
    expect(axisOf([1000n, 2000n]).at(1500n)).toBe(500);
  });
});
