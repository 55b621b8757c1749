type Pair = [string, string];
const text = {
  title: '主持评标',
  acts: {
    begin: ['开始评标', '固定要评审的投标、限价和评标办法，', '之后不能改变。'],
    settle: ['汇总初步评审', '按多数意见确定否决的投标，', '之后进入评分。'],
    ranking: ['计算排名', '由已锁定的评分表按公式计算，', '结果和每一步都留存。'],
    report: ['生成评标报告', '生成后成员开始签名，', '评分表不能再打开。'],
    finish: ['完成评标', '签发报告的 PDF，', '评标到此结束，不能再改。'],
  } as Record<string, [string, string, string]>,
  form: '组成委员会',
  formFacts: ['名单在结果公布前保密，', '成员入场后只能逐个更换并写明原因。'] as Pair,
  choose: '选择评标专家',
  chosen: (n: number) => `已选 ${n} 人`,
  members: '委员会',
  seat: (n: number) => `第 ${n} 席`,
  reviewed: '已评审',
  locked: '已锁定评分表',
  answers: { signed: '已签报告', dissent: '有不同意见' } as Record<string, string>,
  waits: '未交',
  ranked: '排名',
  nothing: '评标已结束。',
  pdf: '评标报告（PDF）',
};

export type Text = typeof text;
export default text;
