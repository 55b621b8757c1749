/** What the awards room refuses, in both languages, each with its article in the details where the law gives one. */
import { refusalsOf } from '../platform/refusal.ts';

export const awardRefusals = {
  'lot-unknown': { status: 404, zh: '没有这个标段', en: 'There is no such lot' },
  'award-unknown': {
    status: 404,
    zh: '该标段尚未公示中标候选人',
    en: 'No candidates have been published for this lot',
  },
  'document-unknown': { status: 404, zh: '没有签发过这份文件', en: 'No such certificate was issued' },
  'not-your-project': {
    status: 403,
    zh: '只有本项目的招标人或代理机构可以办理',
    en: "Only this project's tenderer or agency may do this",
  },
  'not-a-bidder': {
    status: 403,
    zh: '只有本标段的投标人可以提出异议',
    en: 'Only a bidder of this lot may object',
  },
  'objections-too-many': {
    status: 422,
    zh: '贵方在本次公示中提出的异议已达上限',
    en: 'You have filed as many objections as one publicity takes',
  },
  'project-terminated': {
    status: 409,
    zh: '项目已终止招标，不再公示或定标',
    en: 'The tendering was called off; nothing is published or awarded any more',
  },
  'not-the-winner': { status: 403, zh: '只有中标人可以确认', en: 'Only the successful bidder may confirm' },
  'evaluation-not-reported': {
    status: 409,
    zh: '评标报告尚未签署完成',
    en: 'The evaluation report has not been signed yet',
  },
  'report-changed': {
    status: 409,
    zh: '评标报告已更正，须重新公示',
    en: 'The evaluation report was corrected; the candidates must be published again',
  },
  'no-candidates': { status: 409, zh: '评标报告没有推荐中标候选人', en: 'The report recommends no candidate' },
  'already-published': { status: 409, zh: '中标候选人已公示', en: 'The candidates have been published already' },
  'publicity-too-short': {
    status: 422,
    zh: '公示期短于法定期限',
    en: 'The publicity is shorter than the law asks for',
  },
  'publicity-not-started': { status: 409, zh: '中标候选人尚未公示', en: 'The candidates have not been published' },
  'publicity-running': {
    status: 409,
    zh: '公示期未满，不得定标',
    en: 'The publicity still runs; no award before it ends',
  },
  'publicity-over': {
    status: 409,
    zh: '公示期已过，异议应在公示期内提出',
    en: 'The publicity is over; an objection must be raised within it',
  },
  'objection-unknown': { status: 404, zh: '没有这件异议', en: 'There is no such objection' },
  'objection-answered': { status: 409, zh: '该异议已答复', en: 'This objection has been answered' },
  'objection-open': {
    status: 409,
    zh: '有异议尚未答复，招标投标活动暂停',
    en: 'An objection waits for its answer; the procedure is paused',
  },
  'objection-upheld': {
    status: 409,
    zh: '异议成立：须更正评标结果或说明理由后另定候选人',
    en: 'An objection was upheld: correct the result, or pass the candidate over with its ground',
  },
  'candidate-unknown': { status: 422, zh: '不是公示的中标候选人', en: 'This is none of the published candidates' },
  'candidate-passed-over': { status: 409, zh: '该候选人已不再递补', en: 'This candidate has been passed over' },
  'not-next-candidate': {
    status: 409,
    zh: '应当确定排名在前的候选人为中标人',
    en: 'The award goes to the candidate who stands first',
  },
  'already-awarded': { status: 409, zh: '已经定标', en: 'The award has been made' },
  'not-awarded': { status: 409, zh: '尚未定标', en: 'No award has been made yet' },
  'award-ended': { status: 409, zh: '本标段已终止，未定标', en: 'This lot has ended without an award' },
  'award-certified': {
    status: 409,
    zh: '结果凭证已签发',
    en: 'The result certificate has been issued',
  },
  'award-changed': {
    status: 409,
    zh: '文件制作期间情况已变，请重试',
    en: 'Things changed while the document was made; try again',
  },
  'candidates-left': {
    status: 409,
    zh: '仍有可递补的候选人，不能重新招标',
    en: 'A candidate is left; there is no re-tender yet',
  },
  'notice-not-issued': { status: 409, zh: '中标通知书尚未发出', en: 'The award notice has not been issued' },
  'not-confirmed': { status: 409, zh: '中标通知书尚未确认送达', en: 'Receipt of the award notice is not confirmed' },
  'already-confirmed': { status: 409, zh: '已确认', en: 'This has been confirmed already' },
  'already-reported': { status: 409, zh: '已提交书面报告', en: 'The report has been handed in' },
  'document-issued': { status: 409, zh: '该文件已签发', en: 'This document has been issued' },
  'witness-unsigned': {
    status: 409,
    zh: '见证人尚未签署本环节的见证记录',
    en: 'The witness has not signed the record of this step',
  },
  'witness-stopped': { status: 409, zh: '见证人已中止本环节', en: 'The witness has stopped this step' },
  'glyph-missing': {
    status: 422,
    zh: '文件中有字库缺少的字，无法制作',
    en: 'A character has no glyph in the installed fonts; the document cannot be made',
  },
  'calendar-missing': {
    status: 422,
    zh: '尚无该年度的放假安排，不能计算期限',
    en: 'The holidays of that year are not known yet; the date cannot be counted',
  },
} as const;
export type AwardRefusal = keyof typeof awardRefusals;
export const awardRefusal = refusalsOf<AwardRefusal>(awardRefusals);
