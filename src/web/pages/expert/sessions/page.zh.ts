const text = {
  title: '评标任务',
  none: '现在没有您参加的评标。评标委员会组成后会出现在这里。',
  open: '打开',
  phases: {
    none: '未开始',
    formed: '已入委员会，等待开始',
    reviewing: '初步评审',
    scoring: '评分中',
    ranked: '已排名，等待报告',
    reported: '报告待签',
    finished: '已完成',
    failed: '已否决全部或竞争不足',
  } as Record<string, string>,
  seat: (n: number) => `第 ${n} 席`,
};

export type Text = typeof text;
export default text;
