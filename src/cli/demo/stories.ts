/** How each project of the demo city came to where it stands: acts of its people over HTTP, by the city's days. */
import { decide, publishCandidates } from './awarding.ts';
import { fileTender } from './bidding.ts';
import { drawUpRecord, later, openTenders, roster, signRecord } from './hall.ts';
import { beginSheet, enter, judge, lockSheet } from './judging.ts';
import type { Citizen, Citizens } from './people.ts';
import { type Day, planOf, type StoryId } from './plans.ts';
import { attachDocument, type Cast, formPolicy, type Project, type Published, prepare, register } from './prepare.ts';
import { type Officer, until, type World } from './stage.ts';

/** What a story leaves for the log-ins of its people. */
export type Told = Pick<Published, 'project' | 'code' | 'opening' | 'lot'> & { readonly officers: readonly Officer[] };

export type Scene = {
  readonly world: World;
  readonly people: Citizens;
  readonly day: Day;
  /** The failed project, where its story is part of the city and has begun; its second tender names it. */
  failed(): string | null;
};

/** Tells where the project stands as soon as there is something, and goes on. */
type Telling = (scene: Scene, keep: (told: Told) => void) => Promise<void>;

type Rest = Partial<Pick<Cast, 'agency' | 'bidders' | 'experts'>>;
const castFor = ({ people }: Scene, tenderer: Citizen, rest: Rest = {}): Cast => {
  const { host, witness, supervisor, auditor } = people;
  return { host, witness, supervisor, auditor, tenderer, bidders: [], experts: [], ...rest };
};

/** Offers of the bidders in turn, as shares of the ceiling. */
const shares = [934n, 951n, 948n, 962n];

/** Each bidder of the cast seals and files one tender; side by side, as they would. */
async function tendersOf(world: World, cast: Cast, published: Published): Promise<void> {
  const ceiling = BigInt(published.plan.estimateFen);
  const file = (bidder: Cast['bidders'][number], i: number) => {
    const priceFen = ((ceiling * shares[i % shares.length]!) / 1000n).toString();
    return fileTender(world, bidder, published, i, { priceFen, durationDays: 300 - 10 * i });
  };
  await Promise.all(cast.bidders.map(file));
}

/** Registered, published, the witness on duty. */
async function begin(
  scene: Scene,
  cast: Cast,
  id: StoryId,
  more: { invited?: readonly string[] } = {},
): Promise<Published> {
  const published = await prepare(scene.world, cast, { ...planOf(id, scene.day), ...more });
  await roster(cast, published);
  return published;
}

/** Bidder `i` asks through the platform, which keeps the name; the tenderer answers everybody. */
async function ask(
  cast: Cast,
  bidder: Citizen,
  { lot, project }: Published,
  question: string,
  answer: string,
): Promise<void> {
  await bidder.client.call('POST', `/api/lots/${lot}/questions`, { text: question });
  await cast.tenderer.client.call('POST', `/api/projects/${project}/answers`, { question, answer });
}

const registered: Telling = async (scene, keep) => {
  const { world, people, day } = scene;
  const cast = castFor(scene, people.tenderers[0]);
  await world.advanceTo(day(30, '16:00'));
  const follows = scene.failed();
  const plan = planOf('registered', day);
  const project: Project = await register(world, cast, follows === null ? plan : { ...plan, follows });
  await attachDocument(cast, project);
  const officers = await formPolicy(world, cast, project);
  keep({ project: project.id, code: project.code, opening: project.opening, lot: project.lots[0]?.id ?? '', officers });
};

const questions: Telling = async (scene, keep) => {
  const { world, people, day } = scene;
  const cast = castFor(scene, people.tenderers[0]);
  await world.advanceTo(day(28, '09:00'));
  const published = await begin(scene, cast, 'questions');
  keep(published);
  await world.advanceTo(day(30, '09:40'));
  await ask(
    cast,
    people.bidders[4]!,
    published,
    '驿站屋面做法图纸与工程量清单不一致，以何为准？',
    '以施工图为准，清单第 47 项已按图纸复核，工程量不变。',
  );
  await ask(
    cast,
    people.bidders[0]!,
    published,
    '沿河段施工是否允许占用现状人行道？',
    '允许分段占用，须保留不小于 1.5 米的通道。',
  );
  await world.advanceTo(day(32, '08:50'));
  const text = '绿道照明灯具的色温要求是否为 3000K？';
  await people.bidders[5]!.client.call('POST', `/api/lots/${published.lot}/questions`, { text });
};

const bidding: Telling = async (scene, keep) => {
  const { world, people, day } = scene;
  const bidders = [people.bidders[1]!, people.bidders[2]!, people.bidders[5]!];
  const cast = castFor(scene, people.tenderers[1], { bidders });
  await world.advanceTo(day(7, '09:00'));
  const published = await begin(scene, cast, 'bidding');
  keep(published);
  await world.advanceTo(day(10, '11:00'));
  await ask(cast, people.bidders[0]!, published, '水泵是否指定品牌？', '不指定品牌，性能参数须满足招标文件第五章。');
  await world.advanceTo(day(25, '15:00'));
  await tendersOf(world, cast, published);
};

const changed: Telling = async (scene, keep) => {
  const { world, people, day } = scene;
  const cast = castFor(scene, people.tenderers[0], { agency: people.agency });
  await world.advanceTo(day(17, '09:00'));
  const published = await begin(scene, cast, 'changed');
  keep(published);
  await world.advanceTo(day(31, '16:00'));
  await people.agency.client.call('POST', `/api/projects/${published.project}/notices`, {
    kind: 'postponement',
    text: '设计任务书增加地下停车库 120 个车位，投标截止时间延至 4 月 24 日 10 时，请重新下载招标文件。',
    affectsTenders: true,
    deadline: day(53, '10:00'),
  });
};

const invited: Telling = async (scene, keep) => {
  const { world, people, day } = scene;
  const guests = [people.bidders[0]!, people.bidders[2]!, people.bidders[3]!, people.bidders[6]!];
  const cast = castFor(scene, people.tenderers[1], { agency: people.agency, bidders: [guests[3]!] });
  await world.advanceTo(day(24, '09:00'));
  const published = await begin(scene, cast, 'invited', { invited: guests.map((guest) => guest.organisation) });
  keep(published);
  await world.advanceTo(day(31, '17:00'));
  await tendersOf(world, cast, published);
};

/** From the publication to the hour before the opening, with these bidders' tenders. */
async function tendered(
  scene: Scene,
  cast: Cast,
  id: StoryId,
  from: number,
  keep: (told: Told) => void,
): Promise<Published> {
  const { world, day } = scene;
  await world.advanceTo(day(from, '09:00'));
  const published = await begin(scene, cast, id);
  keep(published);
  await world.advanceTo(day(from + 18, '15:00'));
  await tendersOf(world, cast, published);
  return published;
}

/** The opening of a project, to its signed record. */
async function opened(scene: Scene, cast: Cast, published: Published): Promise<void> {
  const { world } = scene;
  await openTenders(world, cast, published);
  await world.advanceTo(later(world.now().toString(), 11 * 60));
  await drawUpRecord(world, cast, published);
  await signRecord(world, cast, published, ['host', 'witness']);
}

const record: Telling = async (scene, keep) => {
  const { world, people } = scene;
  const bidders = [people.bidders[0]!, people.bidders[3]!, people.bidders[6]!];
  const cast = castFor(scene, people.tenderers[2], { bidders });
  const published = await tendered(scene, cast, 'record', 7, keep);
  await openTenders(world, cast, published);
  await world.advanceTo(later(world.now().toString(), 11 * 60));
  await drawUpRecord(world, cast, published);
  await signRecord(world, cast, published, ['host']);
};

const evaluation: Telling = async (scene, keep) => {
  const { world, people, day } = scene;
  const bidders = [people.bidders[0]!, people.bidders[1]!, people.bidders[2]!, people.bidders[5]!];
  const experts = people.experts.slice(0, 5);
  const cast = castFor(scene, people.tenderers[1], { bidders, experts });
  const published = await tendered(scene, cast, 'evaluation', 7, keep);
  await opened(scene, cast, published);
  await world.advanceTo(day(31, '14:00'));
  await enter(world, cast, published);
  // The first two are the experts that visitors play: one has begun the sheet, one has not.
  await beginSheet(experts[0]!, published, 0);
  await Promise.all(experts.slice(2).map((expert, i) => lockSheet(expert, published, i + 2)));
};

const publicity: Telling = async (scene, keep) => {
  const { world, people, day } = scene;
  const bidders = [people.bidders[0]!, people.bidders[3]!, people.bidders[5]!];
  const cast = castFor(scene, people.tenderers[0], { bidders, experts: people.experts.slice(2) });
  const published = await tendered(scene, cast, 'publicity', 7, keep);
  await opened(scene, cast, published);
  await world.advanceTo(day(30, '14:00'));
  await judge(world, cast, published);
  await world.advanceTo(day(31, '09:00'));
  await publishCandidates(world, cast, published);
};

const awarded: Telling = async (scene, keep) => {
  const { world, people, day } = scene;
  const bidders = [people.bidders[0]!, people.bidders[1]!, people.bidders[2]!, people.bidders[3]!];
  const cast = castFor(scene, people.tenderers[1], { bidders, experts: people.experts.slice(1, 6) });
  const published = await tendered(scene, cast, 'awarded', 0, keep);
  await opened(scene, cast, published);
  await world.advanceTo(day(22, '14:00'));
  await judge(world, cast, published);
  await world.advanceTo(day(23, '09:00'));
  await publishCandidates(world, cast, published);
  await world.advanceTo(day(29, '09:30'));
  await decide(world, cast, published);
};

/** Two tenders are too few (TR 44): the lot fails at its close, nothing is opened, and the tenderer ends the project. */
const failed: Telling = async (scene, keep) => {
  const { world, people, day } = scene;
  const cast = castFor(scene, people.tenderers[0], { bidders: [people.bidders[7]!, people.bidders[0]!] });
  const published = await tendered(scene, cast, 'failed', 0, keep);
  await world.advanceTo(later(published.deadline, 6));
  const view = () =>
    people.host.client.call<{ lots: readonly { status: string }[] }>('GET', `/api/openings/${published.opening}`);
  await until(view, ({ lots }) => lots[0]?.status === 'failed', 'the failed close');
  await world.advanceTo(day(23, '10:00'));
  await cast.tenderer.client.call('POST', `/api/projects/${published.project}/termination`, {
    text: '投标人少于三个，依法不予开标，本次招标终止，将重新招标。',
  });
};

export const stories: Readonly<Record<StoryId, Telling>> = {
  registered,
  questions,
  bidding,
  changed,
  invited,
  record,
  evaluation,
  publicity,
  awarded,
  failed,
};
