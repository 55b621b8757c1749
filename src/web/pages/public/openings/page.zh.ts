const text = {
  title: '开标场次',
  description: '今天和将来的开标，任何人都可以在线旁观。',
  help: '开标公开进行，不用登录就能旁观。截标前没有人知道有几家投标。',
  none: '还没有排定的开标。项目发布后会出现在这里。',
  watch: '观看开标',
  view: '进入大厅',
  states: { coming: '未开始', now: '正在开标', ended: '已结束' },
  quorum: (k: number, n: number) => `${n} 把钥匙，${k} 把可开`,
  room: '开标室',
  calendar: '加到日历（iCal）',
  stopped: '已终止',
};

export type Text = typeof text;
export default text;
