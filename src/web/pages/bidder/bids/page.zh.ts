const text = {
  title: '我的投标',
  own: '本单位的投标',
  noOwn: '本单位还没有递交过投标，也没有受邀项目。递交或受邀后出现在这里。',
  open: '可以投标的公开项目',
  noOpen: '现在没有未截标的公开项目。有项目公告后出现在这里。',
  lot: (name: string) => `标段：${name}`,
  deadline: '距截标',
  standing: { none: '尚未递交', sealed: '已递交', withdrawn: '已撤回' },
  missing: { none: '还缺：密封并递交', sealed: '不缺。截标前可以替换。', withdrawn: '已撤回，没有有效投标' },
  bond: '保证金',
  over: '已截标',
  seal: '密封并递交',
  look: '查看',
  project: '项目公告',
};
export type Text = typeof text;
export default text;
