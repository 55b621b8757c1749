/** Registration, opening policy, publication. */
import { generateIdentity, identityToRecipient } from '../../sealing/index.ts';
import { answerRehearsal, giveOpeningKey, signPolicy } from '../programs/release-keys.ts';
import type { TestPerson } from './city.ts';
import { tenderDocument } from './papers.ts';
import { type Officer, short, type World } from './stage.ts';

export type Cast = {
  readonly tenderer: TestPerson;
  /** Where there is one, it registers and publishes for the tenderer. */
  readonly agency?: TestPerson | undefined;
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

/** What is to be bought, and when. */
export type Plan = {
  readonly name: string;
  readonly type: string;
  readonly lot: string;
  /** In fen; the ceiling is the estimate. */
  readonly estimateFen: string;
  readonly approval: { readonly authority: string; readonly number: string };
  readonly qualification: string;
  readonly questionsUntil: string;
  readonly deadline: string;
  readonly rooms: readonly [opening: string, evaluation: string];
  /** Names what the technical part judges; works are judged by their method statement. */
  readonly technical: { readonly zh: string; readonly en: string };
  readonly invited?: readonly string[];
  /** The project that failed and is tendered again. */
  readonly follows?: string;
};

export type Project = {
  readonly id: string;
  readonly code: string;
  readonly opening: string;
  readonly lots: readonly { readonly id: string }[];
  readonly schedule: { readonly deadline: string };
};

export type Published = {
  readonly plan: Plan;
  readonly project: string;
  readonly code: string;
  readonly lot: string;
  readonly opening: string;
  readonly deadline: string;
  readonly officers: readonly Officer[];
};

const zone = 'Asia/Shanghai';
const dayNow = ({ now }: Pick<World, 'now'>) => now().toZonedDateTimeISO(zone).toPlainDate();

/** A day's time of the clock in Beijing, as the platform writes instants. */
export const beijing = (day: Temporal.PlainDate, plainTime: string): string =>
  day.toZonedDateTime({ timeZone: zone, plainTime }).toInstant().toString({ smallestUnit: 'microsecond' });

/** The project of the chain, with the shortest lawful dates from now on. */
function waterworks(world: World): Plan {
  const today = dayNow(world);
  return {
    name: '海滨市第二水厂扩建工程施工',
    type: 'construction-open-works',
    lot: '第一标段 土建与设备安装',
    estimateFen: '1050000000',
    approval: { authority: '海滨市发展和改革委员会', number: '海发改〔2026〕118 号' },
    qualification: '具备市政公用工程施工总承包一级资质，近五年完成过日处理五万吨以上水厂工程。',
    questionsUntil: beijing(today.add({ days: 9 }), '17:00'),
    // Five days over the twenty of TL 24, so that a rest day at the end does not make it too short.
    deadline: beijing(today.add({ days: 26 }), '10:00'),
    rooms: ['第一开标厅', '评标室 301'],
    technical: { zh: '施工组织设计', en: 'Method statement' },
  };
}

const buyerOf = ({ agency, tenderer }: Cast): TestPerson => agency ?? tenderer;

/** The tenderer, or its agency, registers the project. */
export async function register(world: World, cast: Cast, plan: Plan): Promise<Project> {
  const today = dayNow(world);
  return buyerOf(cast).client.call<Project>('POST', '/api/projects', {
    name: plan.name,
    type: plan.type,
    tenderer: cast.tenderer.organisation,
    agency: cast.agency?.organisation ?? null,
    approval: plan.approval,
    qualification: plan.qualification,
    lots: [{ name: plan.lot, estimateFen: plan.estimateFen, ceilingFen: plan.estimateFen }],
    schedule: {
      documentsFrom: today.toString(),
      documentsUntil: today.add({ days: 10 }).toString(),
      questionsUntil: plan.questionsUntil,
      deadline: plan.deadline,
      openingRoom: plan.rooms[0],
      evaluationRoom: plan.rooms[1],
    },
    invited: plan.invited ?? null,
    invitationGround: plan.invited ? 'few-able' : null,
    follows: plan.follows ?? null,
    evaluation: {
      method: 'trimmed-average',
      params: { full: '60' },
      criteria: [
        { id: 'T1', part: 'technical', name: plan.technical, max: '25', step: '0.5' },
        { id: 'C1', part: 'commercial', name: { zh: '企业业绩', en: 'Record of the company' }, max: '15', step: '1' },
      ],
    },
  });
}

/** Officers make fresh opening keys, sign the policy and pass a rehearsal. */
export async function formPolicy(world: World, cast: Cast, project: Project): Promise<Officer[]> {
  const { opening } = project;
  const officers = await Promise.all(
    (['host', 'tenderer', 'witness', 'supervisor'] as const).map(
      async (role): Promise<Officer> => ({ ...cast[role], role, identity: await generateIdentity() }),
    ),
  );
  await cast.host.client.call('PUT', `/api/openings/${opening}/policy`, {
    lots: project.lots.map((l) => l.id),
    deadline: project.schedule.deadline,
    mode: 'quorum',
    k: 3,
    officers: officers.map(({ role, id, client }) => ({ role, person: id, certSha256: client.session?.certSha256 })),
  });
  await Promise.all(
    officers.map(async ({ client, identity }) => giveOpeningKey(client, opening, await identityToRecipient(identity))),
  );
  const signed = await Promise.all(officers.map(({ client }) => signPolicy(client, opening)));
  const policy = signed.find(({ inForce }) => inForce !== null)?.inForce ?? '';
  world.tell(
    '开标规则生效：4 人中须 3 人同时放钥 / opening policy in force: 3 of 4 officers',
    `policy ${short(policy)}`,
  );
  await cast.host.client.call('POST', `/api/openings/${opening}/rehearsal`, {});
  await Promise.all(officers.map(({ client, identity }) => answerRehearsal(client, opening, identity)));
  world.tell('演练通过：每位开启人员都解开了测试值 / every officer passed the rehearsal');
  return officers;
}

/** Registration, officers and rules; only then are notice and documents published. */
export async function prepare(world: World, cast: Cast, plan: Plan = waterworks(world)): Promise<Published> {
  const { tell } = world;
  const project = await register(world, cast, plan);
  tell(`登记 ${project.code}；法定期限由规则表计算 / registered, dates computed by the rule table`);
  const officers = await formPolicy(world, cast, project);
  await attachDocument(cast, project);
  await buyerOf(cast).client.call('POST', `/api/projects/${project.id}/publication`, {
    text: `${plan.name}${plan.invited ? '投标邀请书' : '招标公告'}`,
  });
  const { deadline } = project.schedule;
  tell(`公告与招标文件已发布，${deadline} 截标 / published`);
  const { id, code, opening, lots } = project;
  return { plan, project: id, code, lot: lots[0]?.id ?? '', opening, deadline, officers };
}

/** The tender document, as a PDF. */
export async function attachDocument(cast: Cast, project: Project): Promise<void> {
  const path = `/api/projects/${project.id}/documents`;
  const name = { 'x-file-name': encodeURIComponent('招标文件.pdf') };
  await buyerOf(cast).client.upload('POST', path, once(await tenderDocument(project.code)), name);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
