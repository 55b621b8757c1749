/** Registration, opening policy, publication. */
import { generateIdentity, identityToRecipient } from '../../sealing/index.ts';
import { answerRehearsal, giveOpeningKey, signPolicy } from '../programs/release-keys.ts';
import type { TestPerson } from './city.ts';
import { tenderDocument } from './papers.ts';
import { type Officer, short, type World } from './stage.ts';

export type Cast = {
  readonly tenderer: TestPerson;
  readonly host: TestPerson;
  readonly witness: TestPerson;
  readonly supervisor: TestPerson;
  readonly auditor: TestPerson;
  readonly bidders: readonly TestPerson[];
  readonly experts: readonly TestPerson[];
};

/** Registers everybody; each makes an own key, the server sees certificate requests only. */
export async function castOf(world: World, bidders: number, experts: number): Promise<Cast> {
  const { city, progress } = world;
  const total = 5 + bidders + experts;
  let done = 0;
  const made = async (person: Promise<TestPerson>) => {
    const made = await person;
    done += 1;
    progress.update('发放证书 issuing certificates', done, total);
    return made;
  };
  const tenderer = await made(
    city.person('tenderer', await city.organisation('tenderer', '海滨市水务集团有限公司'), '周明'),
  );
  const host = await made(city.person('host', undefined, '林岚'));
  const witness = await made(city.person('witness', undefined, '何静'));
  const supervisor = await made(city.person('supervisor', undefined, '方正'));
  const auditor = await made(city.person('auditor', undefined, '沈实'));
  const bidding: TestPerson[] = [];
  for (let i = 0; i < bidders; i++) {
    const home = await city.organisation('bidder', `${'甲乙丙丁戊己庚辛'[i] ?? i}方建设工程有限公司`);
    bidding.push(await made(city.person('bidder', home, `投标代表${i + 1}`)));
  }
  const judging: TestPerson[] = [];
  for (let i = 0; i < experts; i++) judging.push(await made(city.person('expert', undefined, `评标专家${i + 1}`)));
  return { tenderer, host, witness, supervisor, auditor, bidders: bidding, experts: judging };
}

export type Published = {
  readonly project: string;
  readonly code: string;
  readonly lot: string;
  readonly opening: string;
  readonly deadline: string;
  readonly officers: readonly Officer[];
};

type ProjectAnswer = {
  readonly id: string;
  readonly code: string;
  readonly opening: string;
  readonly lots: readonly { readonly id: string }[];
  readonly schedule: { readonly deadline: string };
};

/** The tenderer registers the project with the shortest lawful dates. */
async function register({ now }: World, { tenderer }: Cast): Promise<ProjectAnswer> {
  const zone = 'Asia/Shanghai';
  const today = now().toZonedDateTimeISO(zone).toPlainDate();
  const at = (day: Temporal.PlainDate, plainTime: string) =>
    day.toZonedDateTime({ timeZone: zone, plainTime }).toInstant().toString({ smallestUnit: 'microsecond' });
  // Five days over the twenty of TL 24, so that a rest day at the end does not make it too short.
  const deadline = today.add({ days: 26 });
  return tenderer.client.call<ProjectAnswer>('POST', '/api/projects', {
    name: '海滨市第二水厂扩建工程施工',
    type: 'construction-open-works',
    tenderer: tenderer.organisation,
    approval: { authority: '海滨市发展和改革委员会', number: '海发改〔2026〕118 号' },
    qualification: '具备市政公用工程施工总承包一级资质，近五年完成过日处理五万吨以上水厂工程。',
    lots: [{ name: '第一标段 土建与设备安装', estimateFen: '1050000000', ceilingFen: '1050000000' }],
    schedule: {
      documentsFrom: today.toString(),
      documentsUntil: today.add({ days: 10 }).toString(),
      questionsUntil: at(today.add({ days: 9 }), '17:00'),
      deadline: at(deadline, '10:00'),
      openingRoom: '第一开标厅',
      evaluationRoom: '评标室 301',
    },
    evaluation: {
      method: 'trimmed-average',
      params: { full: '60' },
      criteria: [
        { id: 'T1', part: 'technical', name: { zh: '施工组织设计', en: 'Method statement' }, max: '25', step: '0.5' },
        { id: 'C1', part: 'commercial', name: { zh: '企业业绩', en: 'Record of the company' }, max: '15', step: '1' },
      ],
    },
  });
}

/** Officers make fresh opening keys, sign the policy and pass a rehearsal; only then are the documents published. */
export async function prepare(world: World, cast: Cast): Promise<Published> {
  const { tell } = world;
  const project = await register(world, cast);
  tell(`登记 ${project.code}；法定期限由规则表计算 / registered, dates computed by the rule table`);
  const opening = project.opening;
  const { deadline } = project.schedule;
  const officers: Officer[] = [];
  for (const role of ['host', 'tenderer', 'witness', 'supervisor'] as const)
    officers.push({ ...cast[role], role, identity: await generateIdentity() });
  await cast.host.client.call('PUT', `/api/openings/${opening}/policy`, {
    lots: project.lots.map((l) => l.id),
    deadline,
    mode: 'quorum',
    k: 3,
    officers: officers.map(({ role, id, client }) => ({ role, person: id, certSha256: client.session?.certSha256 })),
  });
  for (const { client, identity } of officers)
    await giveOpeningKey(client, opening, await identityToRecipient(identity));
  let policy = '';
  for (const { client } of officers) policy = (await signPolicy(client, opening)).inForce ?? '';
  tell('开标规则生效：4 人中须 3 人同时放钥 / opening policy in force: 3 of 4 officers', `policy ${short(policy)}`);
  await cast.host.client.call('POST', `/api/openings/${opening}/rehearsal`, {});
  for (const { client, identity } of officers) await answerRehearsal(client, opening, identity);
  tell('演练通过：每位开启人员都解开了测试值 / every officer passed the rehearsal');
  await cast.tenderer.client.upload(
    'POST',
    `/api/projects/${project.id}/documents`,
    once(await tenderDocument(project.code)),
    {
      'x-file-name': encodeURIComponent('招标文件.pdf'),
    },
  );
  await cast.tenderer.client.call('POST', `/api/projects/${project.id}/publication`, {
    text: '海滨市第二水厂扩建工程施工招标公告',
  });
  tell(`公告与招标文件已发布，${deadline} 截标 / published`);
  return { project: project.id, code: project.code, lot: project.lots[0]?.id ?? '', opening, deadline, officers };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
