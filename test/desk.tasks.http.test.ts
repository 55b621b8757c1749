/** What each person has to do, along one real tender over HTTP: every role, and nobody else's business. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishCandidates } from '../src/cli/demo/awarding.ts';
import { bid, bidderCount } from '../src/cli/demo/bidding.ts';
import type { TestPerson } from '../src/cli/demo/city.ts';
import { drawUpRecord, later, openTenders, roster, signRecord, witnessStep } from '../src/cli/demo/hall.ts';
import { enter, lockSheet } from '../src/cli/demo/judging.ts';
import { type Cast, castOf, type Published, prepare } from '../src/cli/demo/prepare.ts';
import type { World } from '../src/cli/demo/stage.ts';
import { utf8 } from '../src/formats/bytes.ts';
import { startApp, type TestApp } from './support/app.ts';
import { openWorld } from './support/world.ts';

type Task = {
  readonly kind: string;
  readonly role: string;
  readonly state: string;
  readonly projectId: string | null;
  readonly lot: string | null;
  readonly detail: string | null;
  readonly until: string | null;
};
type Answer = { readonly tasks: readonly Task[]; readonly counts: Record<string, number>; readonly truncated: boolean };

let app: TestApp;
let world: World;
let cast: Cast;
let published: Published;
let closeWorld: () => void;

const answerOf = ({ client }: Pick<TestPerson, 'client'>) => client.call<Answer>('GET', '/api/tasks');
/** `kind state` of the person's tasks, each once, in the order of the alphabet. */
async function seen(person: Pick<TestPerson, 'client'>): Promise<string[]> {
  const { tasks } = await answerOf(person);
  return [...new Set(tasks.map(({ kind, state }) => `${kind} ${state}`))].sort();
}

beforeAll(async () => {
  app = await startApp();
  ({ world, close: closeWorld } = await openWorld(app, 0.01));
  cast = await castOf(world, bidderCount, 5);
  published = await prepare(world, cast);
}, 180_000);
afterAll(async () => {
  await app.close();
  closeWorld();
});

describe('tasks along a tender', () => {
  it('before the deadline are those of the parties who prepared it', async () => {
    expect(await seen(cast.host)).toEqual(['assign-witness soon']);
    expect(await seen(cast.witness)).toEqual([]);
    await roster(cast, published);
    expect(await seen(cast.host)).toEqual([]);
    expect(await seen(cast.witness)).toEqual(['record-step soon']);
    const { tasks } = await answerOf(cast.witness);
    expect(tasks.map(({ detail }) => detail).sort()).toEqual(
      ['announcement', 'award', 'close', 'evaluation-end', 'evaluation-entry', 'opening', 'release'].sort(),
    );
    for (const person of [cast.auditor, ...cast.experts, ...cast.bidders]) expect(await seen(person)).toEqual([]);
  });

  it('of a bidder are its own: a filing begun shows to nobody else', async () => {
    await bid(world, cast, published);
    const bidders = await Promise.all(cast.bidders.map(seen));
    expect(bidders.flat().every((task) => task === 'file-tender done')).toBe(true);
    expect(bidders.filter((tasks) => tasks.length === 1).length).toBeGreaterThan(3);
    // Staff see the same as before anybody filed.
    expect(await seen(cast.host)).toEqual([]);
    expect(await seen(cast.tenderer)).toEqual([]);
  });

  it('in the hall follow the opening step by step', async () => {
    await world.advanceTo(later(published.deadline, 6));
    await expect.poll(() => seen(cast.supervisor), { timeout: 20_000 }).toEqual(['release-shares to-do']);
    const closed = await answerOf(cast.witness);
    expect(closed.tasks.filter(({ state }) => state === 'to-do').map(({ kind, detail }) => [kind, detail])).toEqual(
      expect.arrayContaining([
        ['record-step', 'close'],
        ['release-shares', null],
      ]),
    );
    await openTenders(world, cast, published);
    expect(await seen(cast.supervisor)).toEqual([]);
    expect(await seen(cast.host)).toEqual(['draw-up-record to-do']);
    const states = new Set((await Promise.all(cast.bidders.map(seen))).flat());
    expect([...states]).toEqual(['confirm-offer done']);
    await world.advanceTo(later(world.now().toString(), 11 * 60));
    expect((await Promise.all(cast.bidders.map(seen))).flat()).toEqual([]);
    await drawUpRecord(world, cast, published);
    expect(await seen(cast.host)).toEqual(['sign-record to-do']);
    expect(await seen(cast.witness)).toContain('sign-record to-do');
    await signRecord(world, cast, published, ['host', 'witness']);
    expect(await seen(cast.host)).toEqual([]);
    expect(await seen(cast.tenderer)).toEqual(['form-committee to-do']);
  });

  it('of the committee are each member’s own', async () => {
    const { lot } = published;
    await enter(world, cast, published);
    expect(await seen(cast.tenderer)).toEqual([]);
    for (const expert of cast.experts) expect(await seen(expert)).toEqual(['mark-offers to-do']);
    expect(await seen(cast.host)).toEqual(['compute-ranking waiting']);
    await lockSheet(cast.experts[0]!, published, 0);
    expect(await seen(cast.experts[0]!)).toEqual(['mark-offers done']);
    expect(await seen(cast.experts[1]!)).toEqual(['mark-offers to-do']);
    await Promise.all(cast.experts.slice(1).map((expert, i) => lockSheet(expert, published, i + 1)));
    expect(await seen(cast.host)).toEqual(['compute-ranking to-do']);
    await cast.host.client.call('POST', `/api/evaluations/${lot}/ranking`, {});
    expect(await seen(cast.host)).toEqual(['draft-report to-do']);
    await cast.host.client.call('POST', `/api/evaluations/${lot}/report`);
    for (const { client } of cast.experts) {
      expect(await seen({ client })).toEqual(['answer-report to-do']);
      const { report } = await client.call<{ report: string }>('GET', `/api/evaluations/${lot}/report/text`);
      await client.call('POST', `/api/evaluations/${lot}/report/sign`, { signature: client.sign(utf8(report)) });
    }
    const { tasks } = await answerOf(cast.witness);
    expect(tasks.find(({ detail }) => detail === 'evaluation-end')?.state).toBe('to-do');
    await witnessStep(world, cast.witness, lot, 'evaluation-end', ['评分表全部锁定']);
    expect(await seen(cast.host)).toEqual(['finish-evaluation to-do']);
    await cast.host.client.call('POST', `/api/evaluations/${lot}/finish`);
    expect(await seen(cast.host)).toEqual([]);
  });

  it('of the award run by its clocks', async () => {
    const { lot } = published;
    const act = (what: string, body: unknown = {}) =>
      cast.tenderer.client.call('POST', `/api/awards/${lot}/${what}`, body);
    expect(await seen(cast.tenderer)).toEqual(['publish-candidates to-do']);
    await publishCandidates(world, cast, published);
    expect(await seen(cast.tenderer)).toEqual(['make-award waiting']);
    const open = (await Promise.all(cast.bidders.map(answerOf))).flatMap(({ tasks }) => tasks);
    expect(new Set(open.map(({ kind }) => kind))).toEqual(new Set(['result-open-to-objection']));
    const filed = await cast.bidders[1]!.client.call<{ objections: readonly { id: string }[] }>(
      'POST',
      `/api/awards/${lot}/objections`,
      { text: '请说明依据。' },
    );
    const { tasks, counts } = await answerOf(cast.tenderer);
    expect(tasks[0]).toMatchObject({
      kind: 'answer-result-objection',
      state: 'to-do',
      lot,
      projectId: published.project,
    });
    expect(tasks[0]!.until! > world.now().toString()).toBe(true);
    expect(counts).toEqual({ 'answer-result-objection': 1 });
    await act('answers', { objection: tasks[0]!.detail, outcome: 'rejected', text: '已核实。' });
    expect(filed.objections.map(({ id }) => id)).toEqual([tasks[0]!.detail]);
    await world.advanceTo(later(world.now().toString(), 9 * 86_400));
    expect(await seen(cast.tenderer)).toEqual(['make-award to-do']);
    await witnessStep(world, cast.witness, lot, 'award', ['公示期已满']);
    const shown = await cast.tenderer.client.call<{
      candidates: { manifestSha256: string; organisation: { id: string } }[];
    }>('GET', `/api/awards/${lot}`);
    const first = shown.candidates[0]!;
    await act('award', { manifestSha256: first.manifestSha256 });
    expect(await seen(cast.tenderer)).toEqual(['issue-notice to-do', 'report-award to-do']);
    await act('notice');
    const winner = cast.bidders.find(({ organisation }) => organisation === first.organisation.id)!;
    const losers = cast.bidders.filter((bidder) => bidder !== winner);
    expect(await seen(winner)).toEqual(['confirm-award to-do']);
    expect((await Promise.all(losers.map(seen))).flat()).toEqual([]);
    await winner.client.call('POST', `/api/awards/${lot}/confirmation`, {});
    await act('supervisor-report');
    expect(await seen(cast.supervisor)).toEqual(['look-at-award-report soon']);
    expect(await seen(cast.tenderer)).toEqual(['issue-certificate to-do']);
    await act('certificate');
    expect(await seen(cast.tenderer)).toEqual([]);
    expect(await seen(winner)).toEqual([]);
  });
});
