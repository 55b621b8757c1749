/** What the policies room refuses, in both languages. */
import { refusalsOf } from '../platform/refusal.ts';

export const policyRefusals = {
  'opening-unknown': { status: 404, zh: '没有这个开标', en: 'There is no such opening' },
  'deadline-not-future': {
    status: 422,
    zh: '截标时间必须在将来',
    en: 'The deadline must lie in the future',
  },
  'quorum-too-weak': {
    status: 422,
    zh: '门限过低：主持人与招标人两方不得单独凑齐开启所需人数',
    en: 'The quorum is too weak: host and tenderer alone could open the tenders',
  },
  'officers-too-few': {
    status: 422,
    zh: '开启人员不足：人数不得少于开启门限',
    en: 'There are fewer officers than the quorum needs',
  },
  'officer-twice': { status: 422, zh: '同一人只能担任一个开启人员', en: 'One person can be one officer only' },
  'officer-role-missing': {
    status: 422,
    zh: '该人员没有所列的角色',
    en: 'The person does not hold the role given for the officer',
  },
  'mode-fixed': {
    status: 409,
    zh: '规则生效后不能再改变开启方式：可能已有投标按原方式密封',
    en: 'The way of opening cannot change once a policy was in force: tenders may be sealed for it',
  },
  'officers-too-changed': {
    status: 409,
    zh: '原规则的开启人员须至少保留开启所需人数，否则按原规则密封的投标无法开启',
    en: 'As many officers of the earlier policy as it needs must stay, or tenders sealed under it could never be opened',
  },
  'officer-moved': {
    status: 409,
    zh: '留任的开启人员须保持原席位',
    en: 'Officers who stay keep their seat',
  },
  'policy-unchanged': {
    status: 409,
    zh: '与已有的开标规则完全相同，无须更换',
    en: 'This is the very policy that exists already; there is nothing to change',
  },
  'not-an-officer': { status: 403, zh: '您不是本次开标的开启人员', en: 'You are not an officer of this opening' },
  'recipient-reused': {
    status: 409,
    zh: '开启钥匙只能用于一次开标，请为本次新生成一把',
    en: 'An opening key serves one opening only; make a new one for this opening',
  },
  'recipient-malformed': { status: 422, zh: '不是有效的 age 公钥', en: 'This is not a valid age recipient' },
  'policy-not-drafted': { status: 409, zh: '开标规则尚未起草', en: 'The opening policy has not been drafted' },
  'policy-not-assembled': {
    status: 409,
    zh: '还有开启人员未交公钥，规则尚未成文',
    en: 'Some officers have not given their keys yet; there is no policy to sign',
  },
  'policy-changed': {
    status: 409,
    zh: '所签内容不是当前的开标规则',
    en: 'The signature is not over the present opening policy',
  },
  'already-signed': { status: 409, zh: '您已签署', en: 'You have signed already' },
  'policy-not-in-force': { status: 409, zh: '开标规则尚未生效', en: 'The opening policy is not in force yet' },
  'rehearsal-not-set': { status: 409, zh: '没有待完成的演练', en: 'There is no rehearsal to answer' },
  'rehearsal-wrong': {
    status: 422,
    zh: '演练值不符：请检查开启钥匙，必要时更换规则',
    en: 'The rehearsal value differs: check the opening key, and draft a new policy if it is lost',
  },
} as const;
export type PolicyRefusal = keyof typeof policyRefusals;
export const policyRefusal = refusalsOf<PolicyRefusal>(policyRefusals);
