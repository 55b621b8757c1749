/** Tasks in words: title, what is to do and what happens if not, and the article behind it. */
import { of, regulation, type TaskKind, type TaskText, tenderingLaw } from './task-kinds.ts';
import { hostTexts, officerTexts } from './task-texts-centre.ts';

const bidderTexts = {
  'file-tender': of(
    '递交投标文件',
    'File the tender',
    '请在截止前密封并递交；过时拒收，不能补交。',
    'Seal and file it before the deadline; a late tender is refused.',
    tenderingLaw(28),
  ),
  'give-key': of(
    '交出解密钥匙',
    'Give your key',
    '请在时限内交出钥匙；不交视为撤销投标。',
    'Give the key in time; a tender without its key counts as withdrawn.',
  ),
  'confirm-offer': of(
    '核对唱标内容',
    'Check what was read out',
    '请确认或当场提出异议；过时视为无异议。',
    'Confirm it or object on the spot; silence counts as no objection.',
    regulation(44),
  ),
  'result-open-to-objection': of(
    '结果公示中',
    'The result is published',
    '对结果有异议的，请在公示期内提出；过期不受理。',
    'Object while it is published; later objections are not taken.',
    regulation(54),
  ),
  'confirm-award': of(
    '确认收到中标通知书',
    'Confirm the award notice',
    '请确认，并在通知书发出后三十日内签合同；放弃中标可能失去保证金。',
    'Confirm it and sign the contract within thirty days; who gives up may lose the bond.',
    tenderingLaw(46),
  ),
};

const buyerTexts = {
  'correct-registration': of(
    '修改退回的登记',
    'Correct the registration',
    '登记已退回，请按意见修改；改好之前不能发布公告。',
    'It was returned; change it as the review says. It cannot be published before.',
  ),
  'await-review': of(
    '等待核对登记',
    'The review is awaited',
    '交易中心正在核对，您现在不用做什么。',
    'The centre reviews it; there is nothing for you to do now.',
  ),
  'publish-project': of(
    '发布招标公告',
    'Publish the notice',
    '请发布公告；晚于计划发布会使法定期限不足。',
    'Publish it; a late publication leaves too few days for the legal terms.',
    tenderingLaw(24),
  ),
  'answer-questions': of(
    '答复提问',
    'Answer questions',
    '请答复，答复发给所有人；影响投标的澄清至少早于截止十五日。',
    'Answer them for everybody; what touches tenders comes at least fifteen days before the deadline.',
    regulation(21),
  ),
  'answer-documents-objection': of(
    '答复对招标文件的异议',
    'Answer an objection to the documents',
    '请在三日内答复；答复前招标活动暂停。',
    'Answer within three days; the tendering stands still until then.',
    regulation(22),
  ),
  'form-committee': of(
    '组建评标委员会',
    'Form the committee',
    '请组建五人以上单数的委员会；没有委员会不能评标。',
    'Form it of five or more, an odd number; there is no evaluation without it.',
    tenderingLaw(37),
  ),
  'publish-candidates': of(
    '公示中标候选人',
    'Publish the candidates',
    '请在收到评标报告之日起三日内公示，不少于三日。',
    'Publish them within three days of the report, for at least three days.',
    regulation(54),
  ),
  'answer-result-objection': of(
    '答复对结果的异议',
    'Answer an objection to the result',
    '请在三日内答复；答复前不得定标，逾期会留下记录。',
    'Answer within three days; nothing is awarded before, and lateness is recorded.',
    regulation(54),
  ),
  'make-award': of(
    '定标',
    'Make the award',
    '公示期满且异议已答复，请确定中标人。',
    'The publicity is over and objections are answered: name the winner.',
    regulation(55),
  ),
  'issue-notice': of(
    '发出中标通知书',
    'Issue the award notice',
    '请发出通知书并告知所有投标人；合同须在三十日内签订。',
    'Issue the notice and tell all bidders; the contract is due within thirty days.',
    tenderingLaw(45),
  ),
  'report-award': of(
    '提交招标投标情况报告',
    'Report to the supervisor',
    '请在定标之日起十五日内报告；逾期会留下记录。',
    'Report within fifteen days of the award; lateness is recorded.',
    tenderingLaw(47),
  ),
  'issue-certificate': of(
    '签发结果凭证',
    'Issue the result certificate',
    '中标人已确认，请签发可离线核验的结果凭证。',
    'The winner has confirmed: issue the certificate that anyone can check.',
  ),
};

const watcherTexts = {
  'record-step': of(
    '签署见证记录',
    'Sign the witness record',
    '请写明所见并签名；缺记录，下一步不能进行。',
    'Write down what you saw and sign; the next step waits for it.',
  ),
  'lift-stop': of(
    '处理被中止的环节',
    'Decide on a stopped step',
    '见证人中止了环节，请查明后解除；解除前不能继续。',
    'A witness stopped a step: look into it and lift the stop, or it stays.',
  ),
  'look-at-award-report': of(
    '查看招标投标情况报告',
    'Look at the report on the award',
    '招标人已报告，请查看。',
    'The tenderer has reported: please look at it.',
    tenderingLaw(47),
  ),
};

const expertTexts = {
  'sign-pledge': of(
    '准备评标',
    'Prepare for the evaluation',
    '您是评委，请等候开始；与投标人有利害关系的，请立即申请回避。',
    'You are a member: wait for the beginning, and step back at once if a bidder is close to you.',
    tenderingLaw(37),
  ),
  'review-offers': of(
    '初步评审',
    'Review the offers',
    '请逐份评审并提交；缺您一份，评审不能结束。',
    'Review each offer; the review waits for you.',
    regulation(51),
  ),
  'mark-offers': of(
    '评分并签名',
    'Mark the offers and sign',
    '请独立评分，签名后锁定；缺您一份，不能计算名次。',
    'Mark them on your own and sign; the ranking waits for your sheet.',
    tenderingLaw(40),
  ),
  'answer-report': of(
    '签署评标报告',
    'Answer the report',
    '请签署，或书面说明不同意见；不答复视为同意。',
    'Sign it or write your dissent; silence counts as consent.',
    regulation(53),
  ),
};

const officeTexts = {
  'decide-registration': of(
    '办理注册申请',
    'Decide an application',
    '请核对后核准或退回；办理前申请人不能投标。',
    'Approve or reject it; the applicant cannot bid before.',
  ),
  'decide-binding': of(
    '办理证书绑定',
    'Decide a binding',
    '请核对外部证书是否属于该人员。',
    'Check that the outside certificate belongs to the person.',
  ),
  'record-guarantees': of(
    '登记投标保函',
    'Record guarantees',
    '收到保函请在截止前登记；未登记的，投标不能递交。',
    'Record guarantees before the deadline; a tender is not taken without one.',
    regulation(26),
  ),
};

export const taskTexts: Readonly<Record<TaskKind, TaskText>> = {
  ...bidderTexts,
  ...buyerTexts,
  ...officerTexts,
  ...hostTexts,
  ...watcherTexts,
  ...expertTexts,
  ...officeTexts,
};
