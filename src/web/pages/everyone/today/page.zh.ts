const text = {
  title: '今天',
  hello: (name: string) => `${name}，您好`,
  toDo: '要办的事',
  waiting: '在等别人',
  none: '现在没有要办的事。轮到您时会出现在这里，并给出截止时间。',
  until: '截止',
  project: '打开项目',
  open: '去办理',
  notices: '消息',
  noNotices: '没有新消息。项目变更、开标和结果会出现在这里。',
  readAll: '全部标为已读',
  law: '依据',
  fresh: '新',
};

export type Text = typeof text;
export default text;
