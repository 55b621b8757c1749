const text = {
  title: '公共资源交易',
  description: '招标、开标、结果与凭证，全部公开，任何人都能核验。',
  lead: '每一步都留下凭证。不必相信我们，您可以自己核验。',
  placeholder: '项目名称或编号',
  notices: '新公告',
  all: '全部公告',
  deadline: (at: string) => `${at} 截标`,
  none: '还没有公告。发布后会出现在这里。',
};

export type Text = typeof text;
export default text;
