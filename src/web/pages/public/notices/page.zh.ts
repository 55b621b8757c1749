const text = {
  title: '公告',
  description: '全部招标公告，按名称、类型和状态检索。',
  placeholder: '项目名称或编号',
  type: '类型',
  phase: '状态',
  every: '全部',
  phases: { open: '投标中', closed: '已截标' } as Record<string, string>,
  total: (n: number) => `共 ${n} 个项目`,
  deadline: '截标',
  tenderer: '招标人',
  code: '编号',
  name: '项目',
  none: '没有符合条件的项目。换个词，或者清除筛选。',
  clear: '清除筛选',
  more: '下一页',
  feeds: '订阅',
  terminated: '已终止',
};

export type Text = typeof text;
export default text;
