/** Evaluation: committee, review, signed score sheets, ranking, signed report. */
import { sha256Hex, toBase64, utf8 } from '../../formats/bytes.ts';
import type { TestPerson } from './city.ts';
import { witnessStep } from './hall.ts';
import type { Cast, Published } from './prepare.ts';
import { short, type World } from './stage.ts';

type Desk = { readonly toReview: readonly string[]; readonly toMark: readonly string[] };

/** The committee's work on the lot, to the report that every member has signed. */
export async function judge(world: World, cast: Cast, published: Published): Promise<void> {
  await enter(world, cast, published);
  await Promise.all(cast.experts.map((expert, i) => lockSheet(expert, published, i)));
  await report(world, cast, published);
}

/** The committee is formed, comes in, and settles which offers are fit to be marked. */
export async function enter(world: World, { host, witness, experts }: Cast, { lot }: Published): Promise<void> {
  const path = `/api/evaluations/${lot}`;
  await host.client.call('POST', `${path}/committee`, {
    members: experts.map(({ id }) => ({ person: id, kind: 'expert' })),
  });
  await witnessStep(world, witness, lot, 'evaluation-entry', ['成员身份核对', '通讯工具已收存']);
  await host.client.call('POST', `${path}/begin`);
  world.tell(`评标委员会 ${experts.length} 人入场，姓名在结果公布前保密 / the committee begins, names stay secret`);
  const review = async ({ client }: TestPerson) => {
    const desk = await client.call<Desk>('GET', `${path}/mine`);
    const verdicts = desk.toReview.map((offer) => ({ offer, verdict: 'pass' }));
    await client.call('POST', `${path}/review`, { verdicts });
  };
  await Promise.all(experts.map(review));
  await host.client.call('POST', `${path}/review/settle`);
}

/** Ranking and report of the locked sheets, signed by every member. */
async function report(world: World, { host, witness, experts }: Cast, { lot }: Published): Promise<void> {
  const path = `/api/evaluations/${lot}`;
  await host.client.call('POST', `${path}/ranking`, {});
  await host.client.call('POST', `${path}/report`);
  const sign = async ({ client }: TestPerson) => {
    const { report } = await client.call<{ report: string }>('GET', `${path}/report/text`);
    await client.call('POST', `${path}/report/sign`, { signature: client.sign(utf8(report)) });
  };
  await Promise.all(experts.map(sign));
  await witnessStep(world, witness, lot, 'evaluation-end', ['评分表全部锁定', '报告由全体成员签署']);
  await host.client.call('POST', `${path}/finish`);
  const ranking = await host.client.download(`${path}/ranking.json`);
  world.tell(
    '排名由公式逐步得出，可重算；评标报告已签署 / ranking with its trace; report signed',
    `ranking ${short(sha256Hex(ranking))}`,
  );
}

/** An expert's marks as the desk asks for them; another expert's differ a little. */
async function marksOf({ client }: TestPerson, path: string, i: number) {
  const { toMark } = await client.call<Desk>('GET', `${path}/mine`);
  return toMark.flatMap((offer, n) => [
    { offer, criterion: 'T1', mark: `${18 + ((n + i) % 5)}.5` },
    { offer, criterion: 'C1', mark: String(9 + ((2 * n + i) % 5)) },
  ]);
}

/** An expert has marked some offers and goes on later. */
export async function beginSheet(expert: TestPerson, { lot }: Published, i: number): Promise<void> {
  const path = `/api/evaluations/${lot}`;
  const marks = await marksOf(expert, path, i);
  await expert.client.call('PUT', `${path}/sheet`, { marks: marks.slice(0, marks.length / 2), remarks: [] });
}

/** One expert marks every offer and locks the signed sheet. */
export async function lockSheet(expert: TestPerson, { lot }: Published, i: number): Promise<void> {
  const path = `/api/evaluations/${lot}`;
  const { client } = expert;
  const marks = await marksOf(expert, path, i);
  const { sheet } = await client.call<{ sheet: string }>('POST', `${path}/sheet/text`, { marks, remarks: [] });
  await client.call('POST', `${path}/sheet/lock`, {
    sheet: toBase64(utf8(sheet)),
    signature: client.sign(utf8(sheet)),
  });
}
