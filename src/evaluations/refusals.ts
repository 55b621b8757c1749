import { type RefusalTable, refusalsOf } from '../platform/refusal.ts';

/** Refusals of the evaluation room. TL: 招标投标法, TR: 实施条例, EC: 评标委员会和评标方法暂行规定 (no. 12). */
export const evaluationRefusals = {
  'lot-unknown': { status: 404, zh: '没有此标段', en: 'There is no such lot' },
  'committee-exists': {
    status: 409,
    zh: '评标委员会已组成，请办理更换（实施条例第四十八条）',
    en: 'The committee is formed; record a replacement instead (TR 48)',
  },
  'committee-missing': { status: 409, zh: '尚未组成评标委员会', en: 'The committee has not been formed' },
  'committee-even': {
    status: 422,
    zh: '评标委员会成员应为单数（招标投标法第三十七条）',
    en: 'The committee must have an odd number of members (TL 37)',
  },
  'committee-too-small': {
    status: 422,
    zh: '评标委员会成员人数不足（招标投标法第三十七条：五人以上）',
    en: 'The committee has too few members (TL 37: at least five)',
  },
  'experts-too-few': {
    status: 422,
    zh: '技术、经济等方面的专家不得少于成员总数的三分之二（招标投标法第三十七条）',
    en: 'Experts must make at least two thirds of the members (TL 37)',
  },
  'member-duplicate': { status: 422, zh: '同一人不能占两个席位', en: 'One person cannot hold two seats' },
  'person-unknown': { status: 404, zh: '没有此人', en: 'There is no such person' },
  'member-unfit': {
    status: 422,
    zh: '此人不能担任评标委员会成员（招标投标法第三十七条，评标委员会规定第十一、十二条）',
    en: 'This person cannot sit on the committee (TL 37, EC 11-12)',
  },
  'member-must-recuse': {
    status: 409,
    zh: '成员与投标人有利害关系，应当回避并更换（招标投标法第三十七条，实施条例第四十八条，评标委员会规定第十二条）',
    en: 'A member is tied to a bidder and must be replaced (TL 37, TR 48, EC 12)',
  },
  'seat-unknown': { status: 404, zh: '没有此席位', en: 'There is no such seat' },
  'not-a-member': { status: 403, zh: '您不是本标段评标委员会成员', en: 'You are not on the committee of this lot' },
  'not-opened': {
    status: 409,
    zh: '开标记录尚未公布，不能开始评标（招标投标法第三十四条）',
    en: 'The opening has not been announced; evaluation cannot begin (TL 34)',
  },
  'scheme-missing': {
    status: 409,
    zh: '招标文件未登记评标标准和方法（招标投标法第四十条）',
    en: 'No evaluation scheme was registered with the documents (TL 40)',
  },
  'scheme-invalid': {
    status: 422,
    zh: '登记的评标标准和方法不能使用',
    en: 'The registered evaluation scheme cannot be used',
  },
  'draw-missing': {
    status: 409,
    zh: '评标参数须在唱标前公开抽取，没有抽取记录不能开始评标',
    en: 'The scheme has parameters that a public draw fixes before the prices are read; there is no record of the draw',
  },
  'step-unwitnessed': {
    status: 409,
    zh: '须先有见证人签名的评标环节见证记录',
    en: 'The witness on duty must sign the record of this step of the evaluation first',
  },
  'step-stopped': {
    status: 409,
    zh: '见证人已叫停，须由监督人员解除',
    en: 'The witness stopped this step; a supervisor must lift the stop first',
  },
  'wrong-phase': { status: 409, zh: '当前阶段不能进行此操作', en: 'This cannot be done at the present stage' },
  'offer-unknown': { status: 422, zh: '没有此投标或其不在评审范围', en: 'There is no such offer to review' },
  'verdict-duplicate': { status: 422, zh: '同一投标只能有一个结论', en: 'An offer has two verdicts' },
  'review-undecided': {
    status: 409,
    zh: '尚有投标未获过半数成员一致结论',
    en: 'Some offers have no verdict of more than half of the members',
  },
  'competition-undecided': {
    status: 409,
    zh: '有效投标不足三个，须由过半数成员决定继续评标或否决全部投标（评标委员会规定第二十七条）',
    en: 'Fewer than three valid offers: more than half of the members must decide to go on or to reject all (EC 27)',
  },
  'sheet-malformed': {
    status: 422,
    zh: '评分表不合格式（须为规范 JSON）',
    en: 'The score sheet does not have its canonical form',
  },
  'sheet-context': {
    status: 422,
    zh: '评分表与标段、评标标准、评委或版次不符',
    en: 'The score sheet names another lot, scheme, member or revision',
  },
  'marks-invalid': {
    status: 422,
    zh: '打分缺漏、超出范围或不合步长',
    en: 'A mark is missing, out of its range or between two steps',
  },
  'marks-unordered': {
    status: 422,
    zh: '评分应按投标、评审项排序且不重复',
    en: 'Marks must stand in order of offer and criterion, none twice',
  },
  'sheet-locked': {
    status: 409,
    zh: '评分表已锁定，不能修改（重新开启须记录理由）',
    en: 'The sheet is locked and cannot be changed (reopening is recorded with its reason)',
  },
  'sheet-not-locked': { status: 409, zh: '评分表尚未锁定', en: 'The sheet is not locked' },
  'sheets-open': { status: 409, zh: '尚有成员未锁定评分表', en: 'Some members have not locked their sheets' },
  'signer-not-member': {
    status: 403,
    zh: '签名证书不属于该成员',
    en: 'The signing certificate is not that of the member',
  },
  'ranking-impossible': { status: 422, zh: '不能计算排名', en: 'The ranking cannot be computed' },
  'ranking-changed': {
    status: 409,
    zh: '计算期间数据有变化，请重试',
    en: 'The data changed while the ranking was computed; try again',
  },
  'tie-undecided': {
    status: 409,
    zh: '候选人名次并列，须抽签后以抽签顺序重新计算',
    en: 'Candidates are tied; compute again with the order of a draw',
  },
  'ranking-missing': { status: 409, zh: '尚未计算排名', en: 'The ranking has not been computed' },
  'report-missing': { status: 409, zh: '尚未生成评标报告', en: 'The evaluation report has not been drafted' },
  'report-changed': {
    status: 409,
    zh: '评标报告已变化，请重新签署',
    en: 'The report has changed; sign the present one',
  },
  'report-signed': {
    status: 409,
    zh: '评标报告已完成，不能更改',
    en: 'The evaluation report is complete and cannot be changed',
  },
  'already-signed': { status: 409, zh: '您已签署或已提出异议', en: 'You have signed or dissented already' },
  'dissent-malformed': { status: 422, zh: '书面不同意见不合格式', en: 'The dissent does not have its canonical form' },
  'document-impossible': {
    status: 422,
    zh: '评标报告不能制成文书（名称中有字体所没有的字）',
    en: 'The report cannot be printed: a name holds a character that no font has',
  },
  'signatures-open': {
    status: 409,
    zh: '尚有成员未签署且未到视为同意的时间（实施条例第五十三条）',
    en: 'Some members have not signed and the time of deemed agreement has not come (TR 53)',
  },
} as const satisfies RefusalTable<string>;

export type EvaluationRefusalCode = keyof typeof evaluationRefusals;
export const evaluationRefusal = refusalsOf<EvaluationRefusalCode>(evaluationRefusals);
