/** What the tenders room refuses, in both languages. A late tender is not among them: it is a rejection, with an entry. */
import { refusalsOf } from '../platform/refusal.ts';

export const tenderRefusals = {
  'lot-unknown': { status: 404, zh: '没有这个标段', en: 'There is no such lot' },
  'lot-not-open': { status: 409, zh: '该标段现在不接收投标', en: 'The lot does not take tenders now' },
  'not-invited': { status: 403, zh: '贵单位不在邀请名单内', en: 'Your organisation was not invited' },
  'upload-unknown': { status: 404, zh: '没有这次上传', en: 'There is no such upload' },
  'upload-offset': {
    status: 409,
    zh: '续传位置不符，请从所示位置继续',
    en: 'The offset differs; go on from the one shown',
  },
  'upload-busy': {
    status: 409,
    zh: '这次上传正在另一连接中进行；若它已中断，请几秒后重试',
    en: 'The upload is under way in another connection; if that one broke off, try again in a few seconds',
  },
  'upload-incomplete': { status: 409, zh: '文件尚未传完', en: 'The upload is not complete' },
  'uploads-too-many': {
    status: 429,
    zh: '未完成的上传过多，请先完成或放弃一个',
    en: 'Too many unfinished uploads; finish or drop one first',
  },
  'tender-malformed': {
    status: 422,
    zh: '投标文件不合格式，未接收；原因见详情',
    en: 'The tender does not have the form asked for and was not taken; see the reason in the details',
  },
  'manifest-not-yours': {
    status: 403,
    zh: '清单签名不是贵单位的证书',
    en: "The manifest was not signed by your organisation's certificate",
  },
  'manifest-known': {
    status: 409,
    zh: '同一份清单已由他人递交，请重新密封',
    en: 'This very manifest has been filed by somebody else; seal anew',
  },
  'signer-changed': {
    status: 409,
    zh: '与前次投标所用证书不同，须先以原证书办理变更',
    en: 'The certificate differs from that of your earlier act; a change signed by the old one is needed first',
  },
  'chain-broken': {
    status: 409,
    zh: '清单的序号或前一份与记录不符',
    en: 'The number or predecessor of the manifest does not follow your last act',
  },
  'policy-not-current': {
    status: 409,
    zh: '清单所依据的开标规则已被取代，请按现行规则重新密封',
    en: 'The manifest names another opening policy than the one in force; seal again under the current one',
  },
  'deadline-moved': {
    status: 409,
    zh: '截标时间刚刚延后，请重新递交',
    en: 'The deadline has just been put off; file again',
  },
  'nothing-to-withdraw': { status: 409, zh: '没有可撤回的投标', en: 'There is no standing tender to withdraw' },
  'bond-missing': {
    status: 409,
    zh: '尚未登记投标保证金（保函）',
    en: 'No bid bond or guarantee has been recorded for your organisation',
  },
  'bidder-unknown': { status: 404, zh: '没有这个投标单位', en: 'There is no such bidding organisation' },
  'bond-recorded': { status: 409, zh: '保证金已登记', en: 'The guarantee is recorded already' },
  'bond-too-small': { status: 422, zh: '保证金金额不足', en: 'The guarantee is smaller than the bond asked for' },
  'questions-closed': { status: 409, zh: '提问时间已过', en: 'The time for questions is over' },
  'acts-too-many': {
    status: 429,
    zh: '贵单位在该标段的递交次数已达上限',
    en: 'Your organisation has filed as many acts on this lot as are taken',
  },
  'tender-none': { status: 404, zh: '没有投标记录', en: 'There is no tender of yours on this lot' },
} as const;
export type TenderRefusal = keyof typeof tenderRefusals;
export const tenderRefusal = refusalsOf<TenderRefusal>(tenderRefusals);
