/** A bidder's tenders on every lot: the own ones in full, of others nothing. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestPerson } from '../src/cli/demo/city.ts';
import { chainOf } from '../src/tenders/own.ts';
import * as course from './support/opening-course.ts';

let played: course.Course;
let first: course.Tendered;
let second: course.Tendered;
let owner: TestPerson;
let rival: TestPerson;
beforeAll(async () => {
  played = await course.startCourse(2);
  [owner, rival] = played.cast.bidders as [TestPerson, TestPerson];
  first = await course.publish(played);
  second = await course.publish(played, { lots: ['甲标段', '乙标段'] });
}, 120_000);
afterAll(() => played.close());

// biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests assert
type Json = any;
const mine = ({ client }: TestPerson, query = '') => client.call<Json>('GET', `/api/own-tenders${query}`);

it('is empty before the first act, and stays so for a rival', async () => {
  expect((await mine(owner)).lots).toEqual([]);
  await course.tender(played, owner, first.lots[0]!, '985000000');
  expect((await mine(owner)).lots).toHaveLength(1);
  expect((await mine(rival)).lots).toEqual([]);
});

it('shows project, times and each act with a path that gives its receipt', async () => {
  const [lot] = (await mine(owner)).lots;
  expect(lot).toMatchObject({
    lot: first.lots[0],
    lotName: '第一标段',
    projectId: first.project,
    projectCode: first.code,
    projectName: '城北泵站更新改造工程施工',
    projectStatus: 'published',
    deadline: first.deadline,
    openingId: first.opening,
    invited: false,
    standing: 'sealed',
    late: [],
    bond: null,
    questions: 0,
  });
  expect(lot.acts.map((a: Json) => [a.act, a.seq])).toEqual([['sealed', 1]]);
  const { receipt } = await owner.client.call<{ receipt: string }>('GET', lot.acts[0].receiptPath);
  expect(receipt).toContain('c2sp.org/tlog-proof');
});

it('names each lot apart, and the days that are looked through', async () => {
  await course.tender(played, owner, second.lots[1]!, '970000000');
  await owner.client.call('POST', `/api/lots/${second.lots[0]}/questions`, { text: '是否接受联合体？' });
  const { lots, since } = await mine(owner);
  expect(since).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(new Map(lots.map((l: Json) => [l.lotName, [l.standing, l.questions]]))).toEqual(
    new Map([
      ['第一标段', ['sealed', 0]],
      ['甲标段', ['none', 1]],
      ['乙标段', ['sealed', 0]],
    ]),
  );
  const day = Temporal.Instant.from(first.deadline).toZonedDateTimeISO('Asia/Shanghai').toPlainDate();
  expect((await mine(owner, `?since=${day}`)).lots).toHaveLength(3);
  expect((await mine(owner, `?since=${day.add({ days: 1 })}`)).lots).toEqual([]);
  expect((await fetch(`${played.app.base}/api/own-tenders`)).status).toBe(401);
});

it('a chain of acts reads as sealed, replaced, withdrawn, sealed again', () => {
  const act = (seq: number, kind: 'seal' | 'withdraw') => ({
    act: kind,
    seq,
    policy: 'p',
    at: `t${seq}`,
    manifestSha256: `m${seq}`,
    manifest: '',
    signerSha256: '',
    tenderSha256: null,
    envelopes: [],
  });
  const acts = [act(1, 'seal'), act(2, 'seal'), act(3, 'withdraw'), act(4, 'seal')];
  const chain = { acts, late: [{ manifestSha256: 'm9', at: 't9' }], bond: null, questions: [] };
  const shown = chainOf('lot', chain);
  expect(shown.acts.map((a) => a.act)).toEqual(['sealed', 'replaced', 'withdrawn', 'sealed']);
  expect(shown.standing).toBe('sealed');
  expect(shown.late[0]?.receiptPath).toBe('/api/lots/lot/tenders/mine/m9/receipt');
  expect(chainOf('lot', { ...chain, acts: acts.slice(0, 3) }).standing).toBe('withdrawn');
  expect(chainOf('lot', undefined).standing).toBe('none');
});
