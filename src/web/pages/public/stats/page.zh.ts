const text = {
  title: '统计',
  description: '项目、成交和节约，都从公开日志算出。',
  lead: '每个数都能从公开日志重新算出来。',
  projects: '受理项目',
  awards: '成交',
  sum: '成交金额',
  saving: '平均节约（相对最高限价）',
  days: '从公告到成交（中位数）',
  rejected: '今日被拒递交',
  unit: { projects: '宗', days: '天' },
  byType: '按类型',
  byMonth: '每月发布',
  awardsByMonth: '每月成交',
  type: '类型',
  published: '进行或完成',
  terminated: '终止',
  total: '合计',
  month: '月份',
  count: '宗数',
  none: '还没有数据。第一个项目发布后会出现在这里。',
  chart: (name: string) => `${name}（图，数据见下表）`,
};

export type Text = typeof text;
export default text;
