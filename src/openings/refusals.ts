/** What the openings room refuses, in both languages. */
import { refusalsOf } from '../platform/refusal.ts';

export const openingRefusals = {
  'opening-unknown': { status: 404, zh: '没有这场开标', en: 'There is no such opening' },
  'lot-not-in-opening': { status: 404, zh: '该标段不在这场开标内', en: 'The lot is not part of this opening' },
  'deadline-not-reached': { status: 409, zh: '尚未到截标时间', en: 'The deadline has not come yet' },
  'project-paused': {
    status: 409,
    zh: '对招标文件的异议尚未答复，程序暂停（招标投标法实施条例第二十二条）',
    en: 'An objection to the documents has not been answered; the procedure is paused (TR 22)',
  },
  'lot-not-closed': { status: 409, zh: '该标段尚未截标锁定', en: 'The lot has not been closed yet' },
  'lot-failed': {
    status: 409,
    zh: '投标人少于三家，不得开标，应当重新招标（招标投标法实施条例第四十四条）',
    en: 'Fewer than three tenders: the lot is not opened and must be tendered again (TR 44)',
  },
  'lot-terminated': {
    status: 409,
    zh: '项目已终止，该标段的投标不再开启',
    en: 'The project has ended; the tenders of the lot are not opened',
  },
  'acts-under-way': {
    status: 409,
    zh: '截标时刻前后的递交尚在处理，请稍候几秒',
    en: 'Acts around the deadline are still being taken; wait some seconds',
  },
  'close-not-cosigned': {
    status: 409,
    zh: '截标锁定尚未得到外部见证联签，请稍候',
    en: 'The close has not been cosigned by the outside witnesses yet; wait a moment',
  },
  'witness-missing': {
    status: 409,
    zh: '见证人尚未签署上一环节，不得进入下一环节',
    en: 'The witness has not signed the step before; the next may not begin',
  },
  'witness-stopped': { status: 409, zh: '见证人已叫停该环节', en: 'The witness has stopped this step' },
  'not-an-officer': { status: 403, zh: '您不是本次开标的开启人员', en: 'You are not an officer of this opening' },
  'already-released': { status: 409, zh: '您已放出钥匙', en: 'You have released your keys already' },
  'release-malformed': { status: 422, zh: '放钥文件不合格式', en: 'The key release does not have the form asked for' },
  'release-close': { status: 422, zh: '放钥文件不是针对本次截标锁定', en: 'The key release is for another close' },
  'release-incomplete': {
    status: 422,
    zh: '放钥文件须包含且只包含全部有效投标',
    en: 'The key release must cover every standing tender and no other',
  },
  'release-not-needed': { status: 409, zh: '本环节不需要开启人员放钥', en: 'No release by officers is needed here' },
  'keys-closed': { status: 409, zh: '投标人解密时间已过', en: "The time for the bidders' keys is over" },
  'keys-not-asked': { status: 409, zh: '本次开标不由投标人解密', en: 'This opening does not ask bidders for keys' },
  'key-given-already': { status: 409, zh: '贵单位已交过钥匙', en: 'You have given your key already' },
  'tender-not-stalled': { status: 409, zh: '该投标没有暂缓开启', en: 'The opening of this tender is not held up' },
  'officers-not-heard': {
    status: 409,
    zh: '还有开启人员未放出钥匙，须全部到场后才可按视为撤回处理',
    en: 'Some officers have not released yet; a tender is set aside only when all were heard',
  },
  'repair-time-running': {
    status: 409,
    zh: '排除故障的时间未到',
    en: 'The time to put the trouble right is still running',
  },
  'key-wrong': { status: 422, zh: '钥匙与投标不符', en: 'The key does not belong to the tender' },
  'tender-not-yours': { status: 403, zh: '贵单位在该标段没有有效投标', en: 'You have no standing tender on this lot' },
  'already-opened': { status: 409, zh: '该投标已开启', en: 'The tender has been opened already' },
  'not-all-opened': { status: 409, zh: '还有投标未开启完毕', en: 'Some tenders have no result yet' },
  'not-announced': { status: 409, zh: '尚未唱标', en: 'The offers have not been announced yet' },
  'already-announced': { status: 409, zh: '已经唱标', en: 'The offers have been announced already' },
  'confirmation-over': { status: 409, zh: '确认时间已过', en: 'The time to confirm or object is over' },
  'confirmation-running': {
    status: 409,
    zh: '确认时间未到且尚有投标人未确认',
    en: 'The time to confirm or object is running and not everybody has confirmed',
  },
  'objection-open': { status: 409, zh: '有异议尚未当场答复', en: 'An objection has not been answered yet' },
  'objection-unknown': { status: 404, zh: '没有这条异议', en: 'There is no such objection' },
  'record-not-ready': { status: 409, zh: '开标记录尚未形成', en: 'The opening record has not been drawn up yet' },
  'witness-not-on-duty': {
    status: 403,
    zh: '您不是本场开标的当值见证人',
    en: 'You are not the witness on duty at this opening',
  },
  'record-changed': { status: 422, zh: '所签内容不是开标记录', en: 'The signature is not over the opening record' },
  'record-signed': { status: 409, zh: '该角色已签署', en: 'This role has signed already' },
  'identities-enough': {
    status: 409,
    zh: '再公开一把开启钥匙，就会有人能读出已撤回或未开启的投标',
    en: 'One more identity would let anybody read tenders that were withdrawn or never opened',
  },
  'identity-wrong': {
    status: 422,
    zh: '公开的开启钥匙与规则中的公钥不符',
    en: 'The disclosed opening identity does not belong to the recipient in the policy',
  },
} as const;
export type OpeningRefusal = keyof typeof openingRefusals;
export const openingRefusal = refusalsOf<OpeningRefusal>(openingRefusals);
