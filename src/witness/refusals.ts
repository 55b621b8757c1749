import { type RefusalTable, refusalsOf } from '../platform/refusal.ts';

/** Refusals of the witness room. Source: rules 6 (见证人对重要环节实行书面记录，不参与决策). */
export const witnessRefusals = {
  'subject-unknown': { status: 404, zh: '没有此开标、标段或项目', en: 'There is no such opening, lot or project' },
  'subject-mismatch': {
    status: 409,
    zh: '该编号已按另一类对象或项目登记见证',
    en: 'This subject is already witnessed as another kind or for another project',
  },
  'person-unknown': { status: 404, zh: '没有此人', en: 'There is no such person' },
  'not-a-witness': { status: 422, zh: '此人不具有见证人角色', en: 'This person does not hold the role of witness' },
  'witness-has-part': {
    status: 422,
    zh: '见证人不得参与决策：招标人、代理、投标、评审、主持及系统管理人员不能担任见证人',
    en: 'A witness takes no part in the decision: people of the tenderer, agency, bidders, committee, hosts and administrators cannot witness',
  },
  'step-foreign': {
    status: 422,
    zh: '该环节不属于此类对象',
    en: 'This step does not belong to this kind of subject',
  },
  'step-has-witness': {
    status: 409,
    zh: '该环节已有当值见证人，请办理更换',
    en: 'The step has a witness on duty; record a replacement instead',
  },
  'no-witness': { status: 409, zh: '该环节尚未安排见证人', en: 'No witness is on duty for this step' },
  'same-person': {
    status: 403,
    zh: '须由另一人办理',
    en: 'This must be done by another person',
  },
  'not-on-duty': {
    status: 403,
    zh: '只有当值见证人可以记录此环节',
    en: 'Only the witness on duty may write about this step',
  },
  'signer-not-on-duty': {
    status: 403,
    zh: '签名证书不属于当值见证人',
    en: 'The signing certificate is not that of the witness on duty',
  },
  'record-malformed': {
    status: 422,
    zh: '见证记录不合格式（须为规范 JSON）',
    en: 'The witness record does not have its canonical form',
  },
  'record-context': {
    status: 422,
    zh: '见证记录与对象、环节或见证人不符',
    en: 'The witness record names another subject, step or witness',
  },
  'record-order': {
    status: 409,
    zh: '见证记录的序号或前一记录不符，请重新生成',
    en: 'The record does not follow the last one of this step; prepare it anew',
  },
  'record-stops': {
    status: 409,
    zh: '见证记录所列的叫停与登记不符，请重新生成',
    en: 'The stops in the record differ from those on file; prepare it anew',
  },
  'photo-unknown': {
    status: 422,
    zh: '照片未由当值见证人上传',
    en: 'A photo was not uploaded for this subject by the witness on duty',
  },
  'not-a-photo': { status: 415, zh: '只接受 JPEG 或 PNG 照片', en: 'Only JPEG or PNG photos are accepted' },
  'too-many-photos': { status: 409, zh: '照片数量已达上限', en: 'The number of photos has reached its limit' },
  'step-stopped': {
    status: 409,
    zh: '该环节已被见证人叫停，待监督人员解除',
    en: 'The witness stopped this step; a supervisor must lift the stop first',
  },
  'step-unwitnessed': {
    status: 409,
    zh: '前一环节的见证记录尚未签名，不能进行下一环节',
    en: 'The witness record of the step before is not signed yet; the next step must wait',
  },
  'already-stopped': { status: 409, zh: '该环节已处于叫停状态', en: 'The step is stopped already' },
  'not-stopped': { status: 409, zh: '该环节没有被叫停', en: 'The step is not stopped' },
  'steps-open': {
    status: 409,
    zh: '尚有环节未签名或被叫停，不能出具见证记录书',
    en: 'Some steps are unsigned or stopped; the whole record cannot be issued yet',
  },
  'glyph-missing': {
    status: 422,
    zh: '文书中有字体缺少的字',
    en: 'The document holds a character that no font has',
  },
  'records-moved-on': {
    status: 409,
    zh: '见证记录在制作文书期间有变化，请重试',
    en: 'The records changed while the document was made; try again',
  },
} as const satisfies RefusalTable<string>;

export type WitnessRefusalCode = keyof typeof witnessRefusals;
export const witnessRefusal = refusalsOf<WitnessRefusalCode>(witnessRefusals);
