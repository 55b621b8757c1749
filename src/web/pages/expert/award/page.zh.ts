type Act = [string, string, string];
const text = {
  title: '定标',
  candidates: '中标候选人',
  none: '还没有公示候选人。评标报告签发后可以公示。',
  objections: '异议',
  noObjections: '没有异议。',
  answerText: '答复内容',
  outcomes: { rejected: '不成立', upheld: '成立' } as Record<string, string>,
  answered: '已答复',
  answerBy: '答复期限',
  lastDay: '公示到',
  publish: ['公示中标候选人', '公开候选人和报价，公示 3 日，', '公示后不能撤下。'] as Act,
  answer: ['答复异议', '答复记入公开日志（只写哈希），', '提交后不能修改。'] as Act,
  award: ['确定排名在前的候选人中标', '中标结果公开，', '不能撤回。'] as Act,
  notice: ['签发中标通知书', '通知书有法律约束力，', '签发后改变结果须负责任。'] as Act,
  report: ['登记书面报告', '记录已向监督部门报告，', '不能撤回。'] as Act,
  certificate: ['签发结果凭证', '凭证公开可核验，', '签发后不能修改。'] as Act,
  documents: '已签发的文件',
  kinds: { 'award-notice': '中标通知书', 'result-certificate': '结果凭证' } as Record<string, string>,
};

export type Text = typeof text;
export default text;
