/** Evaluation: committee, review, signed score sheets, ranking, signed report. */
import { toBase64, utf8 } from '../../formats/bytes.ts';
import type { TestPerson } from './city.ts';
import { witnessStep } from './hall.ts';
import type { Cast, Published } from './prepare.ts';
import { short, type World } from './stage.ts';

type Desk = { readonly toReview: readonly string[]; readonly toMark: readonly string[] };

/** The committee's work on the lot, to the report that every member has signed. */
export async function judge(world: World, cast: Cast, { lot }: Published): Promise<void> {
  const { host, witness, experts } = cast;
  const path = `/api/evaluations/${lot}`;
  await host.client.call('POST', `${path}/committee`, {
    members: experts.map(({ id }) => ({ person: id, kind: 'expert' })),
  });
  await witnessStep(world, witness, lot, 'evaluation-entry', ['成员身份核对', '通讯工具已收存']);
  await host.client.call('POST', `${path}/begin`);
  world.tell(`评标委员会 ${experts.length} 人入场，姓名在结果公布前保密 / the committee begins, names stay secret`);
  for (const { client } of experts) {
    const desk = await client.call<Desk>('GET', `${path}/mine`);
    await client.call('POST', `${path}/review`, {
      verdicts: desk.toReview.map((offer) => ({ offer, verdict: 'pass' })),
    });
  }
  await host.client.call('POST', `${path}/review/settle`);
  for (const [i, expert] of experts.entries()) {
    await lockSheet(expert, path, i);
    world.progress.update('锁定评分表 locking score sheets', i + 1, experts.length);
  }
  await host.client.call('POST', `${path}/ranking`, {});
  await host.client.call('POST', `${path}/report`);
  for (const { client } of experts) {
    const { report } = await client.call<{ report: string }>('GET', `${path}/report/text`);
    await client.call('POST', `${path}/report/sign`, { signature: client.sign(utf8(report)) });
  }
  await witnessStep(world, witness, lot, 'evaluation-end', ['评分表全部锁定', '报告由全体成员签署']);
  await host.client.call('POST', `${path}/finish`);
  const ranking = await host.client.download(`${path}/ranking.json`);
  world.tell(
    '排名由公式逐步得出，可重算；评标报告已签署 / ranking with its trace; report signed',
    `ranking ${short(Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(ranking))).toString('hex'))}`,
  );
}

/** One expert marks every offer and locks the signed sheet. */
async function lockSheet({ client }: TestPerson, path: string, i: number): Promise<void> {
  const { toMark } = await client.call<Desk>('GET', `${path}/mine`);
  const marks = toMark.flatMap((offer, n) => [
    { offer, criterion: 'T1', mark: `${18 + ((n + i) % 5)}.5` },
    { offer, criterion: 'C1', mark: String(9 + ((2 * n + i) % 5)) },
  ]);
  const { sheet } = await client.call<{ sheet: string }>('POST', `${path}/sheet/text`, { marks, remarks: [] });
  await client.call('POST', `${path}/sheet/lock`, {
    sheet: toBase64(utf8(sheet)),
    signature: client.sign(utf8(sheet)),
  });
}
