/** Who of the city's people visitors may be, and what each can do where the city stops. One log-in or more of every role. */
import type { Citizen, Citizens } from './people.ts';

export type Login = {
  readonly id: string;
  readonly en: string;
  readonly of: (people: Citizens) => Citizen;
  readonly hint: readonly [zh: string, en: string];
};

const login = (id: string, en: string, of: Login['of'], ...hint: Login['hint']): Login => ({ id, en, of, hint });
const nth = <T>(list: readonly T[], i: number): T => list[i] as T;

/** The default log-in of a role comes first. An id is the role and a number. */
export const logins: readonly Login[] = [
  login(
    'bidder-1',
    'Chen Jiamin',
    ({ bidders }) => nth(bidders, 0),
    '民众街道排涝泵站项目 10 时截标，您还没有投标。',
    'The pumping station closes at 10:00, and you have not filed a tender yet.',
  ),
  login(
    'bidder-2',
    'Huang Zhiqiang',
    ({ bidders }) => nth(bidders, 1),
    '您已向排涝泵站项目投标，截标前可以替换或撤回。',
    'You have filed for the pumping station; replace or withdraw it before the deadline.',
  ),
  login(
    'bidder-3',
    'Li Wenbo',
    ({ bidders }) => nth(bidders, 2),
    '您收到应急供水设备采购的投标邀请。',
    'You are invited to tender for the emergency water supply.',
  ),
  login(
    'tenderer-1',
    'Zhou Ming',
    ({ tenderers }) => tenderers[0],
    '绿道项目有一条提问待答复；老旧小区改造正在公示中标候选人。',
    'A question on the greenway awaits your answer; the candidates of the housing renewal are in publicity.',
  ),
  login(
    'tenderer-2',
    'Xie Siyuan',
    ({ tenderers }) => tenderers[1],
    '排涝泵站项目今日 10 时截标，您是开启人员。',
    'The pumping station closes at 10:00 today; you are one of its officers.',
  ),
  login(
    'tenderer-3',
    'Xu Wenjing',
    ({ tenderers }) => tenderers[2],
    '办公家具采购已唱标，开标记录待见证人签署。',
    'The furniture tenders are announced; the record awaits the witness.',
  ),
  login(
    'agency-1',
    'Ouyang Yi',
    ({ agency }) => agency,
    '您代理文化中心勘察设计（已延期）和应急供水设备采购。',
    'You run the cultural centre (postponed) and the emergency water supply.',
  ),
  login(
    'host-1',
    'Lin Lan',
    ({ host }) => host,
    '请主持 10 时排涝泵站开标；新登记的监理项目待核对。',
    'Host the opening of the pumping station at 10:00; a new registration awaits your review.',
  ),
  login(
    'witness-1',
    'He Jing',
    ({ witness }) => witness,
    '请签署办公家具开标记录；10 时见证泵站开标。',
    'Sign the furniture opening record; witness the pumping station at 10:00.',
  ),
  login(
    'supervisor-1',
    'Fang Zheng',
    ({ supervisor }) => supervisor,
    '您是各场开标的开启人员，可解除叫停、下载审计材料。',
    'You are an officer of every opening; you may lift stops and download audit bundles.',
  ),
  login(
    'finance-1',
    'Zhong Hui',
    ({ finance }) => finance,
    '查看各项目的保证金要求。',
    'See what bonds the projects ask for.',
  ),
  login(
    'expert-1',
    'Su Jianguo',
    ({ experts }) => nth(experts, 0),
    '污水处理厂二期正在评标，您的评分表填了一半。',
    'The sewage works are being evaluated; your sheet is half done.',
  ),
  login(
    'expert-2',
    'Tan Lijuan',
    ({ experts }) => nth(experts, 1),
    '污水处理厂二期正在评标，您还没有打分。',
    'The sewage works are being evaluated; you have not marked yet.',
  ),
  login(
    'expert-3',
    'Feng Weiming',
    ({ experts }) => nth(experts, 2),
    '您的评分表已锁定，等待其他成员。',
    'Your sheet is locked; the other members are awaited.',
  ),
  login(
    'auditor-1',
    'Shen Shi',
    ({ auditor }) => auditor,
    '下载任一项目的审计材料并离线核验。',
    'Download any audit bundle and verify it offline.',
  ),
  login(
    'administrator-1',
    'System administrator',
    ({ administrator }) => administrator,
    '登记单位与人员，发开通码，吊销证书。',
    'Register organisations and people, issue codes, revoke certificates.',
  ),
];
