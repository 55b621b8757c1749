const text = {
  title: '公共资源交易',
  description: '招标、开标、结果与凭证，全部公开，任何人都能核验。',
  headline: (halls: number, open: number) =>
    halls > 0
      ? [`今天有 ${halls} 场开标，`, `${open} 个项目正在投标。`]
      : open > 0
        ? [`今天没有开标，`, `${open} 个项目正在投标。`]
        : ['今天没有开标。'],
  lead: '每一步都留下凭证。不必相信我们，您可以自己核验。',
  placeholder: '项目名称或编号',
  today: '开标现场',
  allOpenings: '全部场次',
  noHalls: '近七天没有开标。排定的场次会出现在这里。',
  watch: '观看开标',
  view: '查看',
  hallStates: { coming: '未开始', now: '正在开标', ended: '已结束' },
  notices: '新公告',
  all: '全部公告',
  deadline: (at: string) => `${at} 截标`,
  noNotices: '还没有公告。发布后会出现在这里。',
  results: '结果公示',
  allResults: '全部结果',
  noResults: '还没有公示。评标结束后会出现在这里。',
  check: '查验凭证',
  checkHelp: '拖入 PDF，或输入凭证编号。文件不会离开您的设备。',
  checkOpen: '去查验',
  log: '公开日志',
  logOk: '连续',
  logSize: '记录总数',
  checkpoint: '最新校验点',
  witnesses: '外部见证',
  witnessed: (n: number) => `${n} 家已联签`,
  unwitnessed: '尚无外部联签',
  rejected: '今日被拒递交',
  logHelp: '任何人改动或删除一条旧记录，都会使校验点对不上。',
  first: '第一次来？',
  bid: '我要投标：从申请证书到递交',
  how: '怎样自己核验一份凭证',
  figures: { projects: '受理项目', awards: '成交金额', saving: '平均节约', days: '从公告到成交' },
  unit: { projects: '宗', saving: '%', days: '天' },
  none: '暂无',
};

export type Text = typeof text;
export default text;
