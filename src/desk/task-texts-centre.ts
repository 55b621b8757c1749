/** What the officers of an opening and the host have to do, in words. */
import { of, regulation, tenderingLaw } from './task-kinds.ts';

export const officerTexts = {
  'give-opening-key': of(
    '交开启公钥',
    'Give your opening key',
    '请为这场开标新生成钥匙并交公钥；缺一把，开标规则不能成文。',
    'Make a fresh key for this opening and give its public part; the policy needs every one.',
  ),
  'sign-policy': of(
    '签署开标规则',
    'Sign the opening policy',
    '请核对并签名；没有全部签名不能发布公告。',
    'Check and sign it; nothing is published without every signature.',
  ),
  'pass-rehearsal': of(
    '完成开启演练',
    'Pass the rehearsal',
    '请用您的钥匙解开演练信封；现在发现问题，好过开标当天。',
    'Open the rehearsal envelope with your key; better to find a fault now.',
  ),
  'release-shares': of(
    '交出钥匙份额',
    'Release your shares',
    '请交出份额；人数不足，开标不能进行。',
    'Release your shares; with too few the opening cannot go on.',
    tenderingLaw(36),
  ),
};

export const hostTexts = {
  'review-registration': of(
    '核对项目登记',
    'Review a registration',
    '请核对后接受或退回；不办理，招标人不能发布。',
    'Accept or return it; the tenderer cannot publish before.',
  ),
  'assign-rooms': of(
    '安排场所',
    'Assign rooms',
    '登记的场所尚未确定，请安排开标厅和评标室。',
    'The rooms are not settled: assign the hall and the evaluation room.',
  ),
  'draft-policy': of(
    '拟定开标规则',
    'Draft the opening policy',
    '请指定开启人员和人数；没有规则不能发布公告。',
    'Name the officers and how many open; nothing is published without a policy.',
  ),
  'assign-witness': of(
    '指派见证人',
    'Assign a witness',
    '请为要见证的环节指派见证人；缺见证记录，下一步不能进行。',
    'Assign a witness to each step; without the record the next step cannot go on.',
  ),
  'set-held-up-right': of(
    '处理暂缓的开启',
    'Put a held-up opening right',
    '有投标未能开启，请查明原因后重试。',
    'A tender could not be opened: find the cause and try again.',
  ),
  'announce-offers': of(
    '唱标',
    'Read out the offers',
    '已全部开启，请当众宣读。',
    'All are opened: read them out in public.',
    tenderingLaw(36),
  ),
  'answer-opening-objection': of(
    '答复开标异议',
    'Answer an objection at the opening',
    '请当场答复并记录。',
    'Answer it on the spot and record it.',
    regulation(44),
  ),
  'draw-up-record': of(
    '起草开标记录',
    'Draw up the record',
    '请起草开标记录，由主持人和见证人签名，存档备查。',
    'Draw it up for host and witness to sign; it is kept for reference.',
    tenderingLaw(36),
  ),
  'sign-record': of(
    '签署开标记录',
    'Sign the opening record',
    '请核对并签名；签齐后签发文件。',
    'Check and sign it; the document is issued when all have signed.',
    tenderingLaw(36),
  ),
  'begin-evaluation': of(
    '开始评标',
    'Begin the evaluation',
    '委员会已组建，请开始评标。',
    'The committee stands: begin.',
    tenderingLaw(38),
  ),
  'settle-review': of(
    '确认初步评审结论',
    'Settle the review',
    '全部评委已完成初步评审，请确认结论。',
    'All members have reviewed: settle it.',
  ),
  'compute-ranking': of(
    '计算名次',
    'Compute the ranking',
    '全部评分表已锁定，请计算名次。',
    'All sheets are locked: compute the ranking.',
  ),
  'draft-report': of(
    '起草评标报告',
    'Draft the report',
    '名次已计算，请起草报告供评委签署。',
    'The ranking stands: draft the report for signature.',
    regulation(53),
  ),
  'finish-evaluation': of(
    '完成评标',
    'Finish the evaluation',
    '请在评委签署后完成；拒绝签字又不说明的，视为同意。',
    'Finish when members have answered; silence counts as consent.',
    regulation(53),
  ),
};
