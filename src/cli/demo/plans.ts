/** The ten projects of the demo city. Days count from the Monday on which the city begins; amounts are in fen. */
import { beijing, type Plan } from './prepare.ts';

export type StoryId =
  | 'registered'
  | 'questions'
  | 'bidding'
  | 'changed'
  | 'invited'
  | 'record'
  | 'evaluation'
  | 'publicity'
  | 'awarded'
  | 'failed';

export type Day = (offset: number, plainTime: string) => string;

/** Instants of the city's days. */
export const dayFrom = (start: Temporal.Instant): Day => {
  const first = start.toZonedDateTimeISO('Asia/Shanghai').toPlainDate();
  return (offset, plainTime) => beijing(first.add({ days: offset }), plainTime);
};

/** Where the city stops: Friday, 9:30, half an hour before the deadline of `bidding`. */
export const cityEnd = (day: Day): string => day(32, '09:30');

type Bought = Pick<Plan, 'name' | 'type' | 'lot' | 'estimateFen' | 'qualification'> & {
  readonly approval: string;
  readonly deadline: readonly [day: number, time: string];
  readonly room: number;
  readonly technical?: Plan['technical'];
};

const supply = { zh: '供货与安装方案', en: 'Supply and installation' };
const service = { zh: '监理大纲', en: 'Supervision plan' };

const bought: Readonly<Record<StoryId, Bought>> = {
  registered: {
    name: '城区道路品质提升工程监理（第二次）',
    type: 'construction-open-services',
    lot: '监理服务',
    estimateFen: '240000000',
    qualification: '具备市政公用工程监理甲级资质。',
    approval: '市发改审〔2026〕39 号',
    deadline: [56, '10:00'],
    room: 3,
    technical: service,
  },
  questions: {
    name: '岐江河滨水绿道提升工程（二期）施工',
    type: 'construction-open-works',
    lot: '绿道、驿站与沿线绿化',
    estimateFen: '3860000000',
    qualification: '具备市政公用工程施工总承包二级及以上资质。',
    approval: '市发改审〔2026〕52 号',
    deadline: [51, '10:00'],
    room: 1,
  },
  bidding: {
    name: '民众街道排涝泵站改造工程施工',
    type: 'construction-open-works',
    lot: '泵房改造与机电安装',
    estimateFen: '1680000000',
    qualification: '具备水利水电工程施工总承包二级及以上资质。',
    approval: '市发改审〔2026〕41 号',
    deadline: [32, '10:00'],
    room: 2,
  },
  changed: {
    name: '东区文化中心勘察设计',
    type: 'construction-open-design',
    lot: '方案、初步设计与施工图设计',
    estimateFen: '920000000',
    qualification: '具备建筑行业（建筑工程）设计甲级资质。',
    approval: '市发改审〔2026〕33 号',
    deadline: [44, '10:00'],
    room: 4,
    technical: { zh: '设计方案', en: 'Design' },
  },
  invited: {
    name: '城市应急供水特种设备采购',
    type: 'construction-invited-goods',
    lot: '移动式净水与供水设备',
    estimateFen: '760000000',
    qualification: '具备同类特种供水设备的生产和安装业绩。',
    approval: '市发改审〔2026〕45 号',
    deadline: [46, '15:00'],
    room: 5,
    technical: supply,
  },
  record: {
    name: '市直机关办公楼改造工程办公家具采购',
    type: 'construction-open-goods',
    lot: '办公家具供货与安装',
    estimateFen: '530000000',
    qualification: '提供样品检测报告，近三年完成过同类项目。',
    approval: '市发改审〔2026〕28 号',
    deadline: [32, '09:00'],
    room: 6,
    technical: supply,
  },
  evaluation: {
    name: '南朗污水处理厂二期扩建工程施工',
    type: 'construction-open-works',
    lot: '土建与工艺设备安装',
    estimateFen: '2950000000',
    qualification: '具备市政公用工程施工总承包一级资质。',
    approval: '市发改审〔2026〕21 号',
    deadline: [31, '10:00'],
    room: 1,
  },
  publicity: {
    name: '中心城区老旧小区改造（第三批）施工',
    type: 'construction-open-works',
    lot: '八个小区的管网、立面与道路',
    estimateFen: '1120000000',
    qualification: '具备建筑工程施工总承包二级及以上资质。',
    approval: '市发改审〔2026〕17 号',
    deadline: [30, '10:00'],
    room: 1,
  },
  awarded: {
    name: '石岐街道供水管网更新工程施工',
    type: 'construction-open-works',
    lot: '管网更新',
    estimateFen: '1350000000',
    qualification: '具备市政公用工程施工总承包二级及以上资质。',
    approval: '市发改审〔2026〕9 号',
    deadline: [22, '10:00'],
    room: 1,
  },
  failed: {
    name: '城区道路品质提升工程监理',
    type: 'construction-open-services',
    lot: '监理服务',
    estimateFen: '240000000',
    qualification: '具备市政公用工程监理甲级资质。',
    approval: '市发改审〔2026〕11 号',
    deadline: [22, '15:00'],
    room: 2,
    technical: service,
  },
};

export const storyIds = Object.keys(bought) as StoryId[];
export const nameOf = (id: StoryId): string => bought[id].name;

/** The plan of a project, for the days of this city. */
export function planOf(id: StoryId, day: Day): Plan {
  const { approval, deadline, room, technical, ...rest } = bought[id];
  const [last, time] = deadline;
  return {
    ...rest,
    technical: technical ?? { zh: '施工组织设计', en: 'Method statement' },
    approval: { authority: '市发展和改革局', number: approval },
    questionsUntil: day(last - 12, '17:00'),
    deadline: day(last, time),
    rooms: [`第${'一二三四五六'[room - 1]}开标厅`, `评标室 30${room}`],
  };
}
