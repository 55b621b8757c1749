const text = {
  title: '结果与动态',
  description: '中标候选人公示、中标结果、变更和终止，每条都有公开日志的记录号。',
  kinds: {
    notice: '公告',
    change: '变更澄清',
    opening: '开标',
    candidates: '候选人公示',
    result: '中标结果',
    termination: '终止与失败',
  } as Record<string, string>,
  all: '全部',
  none: '这一类还没有内容。发生后会立刻出现在这里。',
  total: (n: number) => `共 ${n} 条`,
  next: '下一页',
  previous: '上一页',
  choose: '分类',
};

export type Text = typeof text;
export default text;
