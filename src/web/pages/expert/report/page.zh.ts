const text = {
  title: '评标报告',
  crumbs: '评标任务',
  ranking: '排名',
  rank: '名次',
  tenderer: '投标人',
  price: '报价',
  total: '总分或评标价',
  rejected: '否决的投标',
  method: '评标办法',
  hash: '报告哈希',
  whole: '全文（您签名的正是这些字节）',
  answered: { signed: '您已签署报告。', dissent: '您已提交书面不同意见。' },
  sign: '签署报告',
  signTitle: '签署评标报告？',
  signFacts: ['您同意报告的排名和结论，签名后不能撤回。', '不同意的，应当写明不同意见，不要签署。'] as [string, string],
  dissent: '写书面不同意见',
  dissentHelp: '拒绝签字又不陈述不同意见和理由的，视为同意（招标投标法实施条例第五十三条）。',
  dissentTitle: '提交书面不同意见？',
  dissentFacts: ['您的意见连同签名附入报告，不能撤回。', '提交后您不再签署报告。'] as [string, string],
  reasons: '不同意的内容和理由',
  submitDissent: '签名并提交',
  keyReason: '签署评标报告',
  keyReasonDissent: '签署书面不同意见',
  code: '编号',
};

export type Text = typeof text;
export default text;
