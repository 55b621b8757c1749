/** What the projects room refuses, in both languages; a statutory refusal carries figure, article and earliest date in its details. */
import { refusalsOf } from '../platform/refusal.ts';

export const projectRefusals = {
  'project-unknown': { status: 404, zh: '没有这个项目', en: 'There is no such project' },
  'type-unknown': { status: 422, zh: '没有这种交易类型', en: 'There is no such transaction type' },
  'not-your-project': { status: 403, zh: '这不是贵单位的项目', en: 'This is not a project of your organisation' },
  'status-wrong': { status: 409, zh: '项目当前状态不允许此操作', en: 'The state of the project does not allow this' },
  'deadline-passed': { status: 409, zh: '已过截标时间', en: 'The deadline has passed' },
  'documents-missing': { status: 422, zh: '尚未上传招标文件', en: 'No tender document has been uploaded' },
  'document-type': { status: 415, zh: '只接受 PDF、ZIP 或 OOXML 文件', en: 'Only PDF, ZIP and OOXML files are taken' },
  'document-unknown': { status: 404, zh: '没有这份文件', en: 'There is no such document' },
  'documents-period-short': {
    status: 422,
    zh: '招标文件发售期不足',
    en: 'The documents are available for too short a time',
  },
  'deadline-too-early': {
    status: 422,
    zh: '截标时间早于法定最早日期',
    en: 'The deadline lies before the earliest lawful day',
  },
  'deadline-not-later': {
    status: 422,
    zh: '新的截标时间须晚于原时间',
    en: 'A new deadline must lie after the old one',
  },
  'clarification-moves-deadline': {
    status: 422,
    zh: '距截标不足十五日，此项修改须同时顺延截标时间',
    en: 'Fewer than 15 days are left: this change must move the deadline as well',
  },
  'questions-after-deadline': { status: 422, zh: '提问截止须早于截标', en: 'Questions must end before the deadline' },
  'bond-too-high': { status: 422, zh: '投标保证金超过上限', en: 'The bid bond is above its cap' },
  'estimate-zero': { status: 422, zh: '估算价须大于零', en: 'The estimate must be above zero' },
  'invited-too-few': { status: 422, zh: '受邀单位不足三家', en: 'Fewer than three organisations are invited' },
  'invited-not-allowed': {
    status: 422,
    zh: '公开招标不设邀请名单',
    en: 'An open tender has no list of invited bidders',
  },
  'registration-fixed': {
    status: 409,
    zh: '交易类型与招标人不能修改，请另行登记',
    en: 'Type and tenderer of a registration stay; register another project instead',
  },
  'invitation-ground-missing': {
    status: 422,
    zh: '依法必须招标的项目采用邀请招标，须写明法定情形并附批准信息',
    en: 'A mandatory tender by invitation names its lawful ground and its approval',
  },
  'party-unfit': {
    status: 422,
    zh: '招标人、代理机构或受邀单位未登记，或单位类别不符',
    en: 'A tenderer, agency or invited organisation is not registered as such',
  },
  'follows-invalid': {
    status: 422,
    zh: '重新招标须指向本单位已截标或已终止的项目',
    en: 'A repeated tender names a closed or terminated project of the same tenderer',
  },
  'ceiling-zero': { status: 422, zh: '最高投标限价须大于零', en: 'The ceiling price must be above zero' },
  'documents-after-deadline': {
    status: 422,
    zh: '文件获取截止不得晚于截标日',
    en: 'The documents cannot be offered beyond the day of the deadline',
  },
  'postponement-without-deadline': {
    status: 422,
    zh: '延期公告须写明新的截标时间',
    en: 'A postponement names the new deadline',
  },
  'review-missing': {
    status: 409,
    zh: '登记内容尚未经交易中心核对',
    en: 'The centre has not accepted the registration yet',
  },
  'list-full': { status: 409, zh: '已达数量上限', en: 'The list has reached its limit' },
  'evaluation-invalid': { status: 422, zh: '评标办法参数有误', en: 'The evaluation scheme is not valid' },
  'room-taken': { status: 409, zh: '该场所在此时段已被预订', en: 'The room is booked at that time' },
  'policy-missing': {
    status: 409,
    zh: '开标规则尚未由全体开启人员签署生效，文件不得发布',
    en: 'The opening policy is not signed by every officer yet; documents cannot be published before',
  },
  'policy-differs': {
    status: 409,
    zh: '开标规则所列标段或截标时间与项目不一致',
    en: 'Lots or deadline of the opening policy differ from the project',
  },
  'question-unknown': { status: 404, zh: '没有这个提问或异议', en: 'There is no such question or objection' },
  'objection-too-late': {
    status: 409,
    zh: '对招标文件的异议应在截标十日前提出',
    en: 'The time for objections to the documents is over',
  },
  'calendar-missing': {
    status: 422,
    zh: '该年度节假日安排尚未发布，无法计算期限',
    en: 'The rest days of that year are not published yet; the term cannot be computed',
  },
  'ocds-invalid': { status: 422, zh: '不是可识别的 OCDS 发布', en: 'This is not an OCDS release that can be read' },
} as const;
export type ProjectRefusal = keyof typeof projectRefusals;
export const projectRefusal = refusalsOf<ProjectRefusal>(projectRefusals);
