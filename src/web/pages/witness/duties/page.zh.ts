const text = {
  title: '见证任务',
  lead: '您见证、记录，可以叫停；您不参与决定。',
  open: '等您做',
  later: '之后的环节',
  done: '已签完',
  none: '现在没有等您见证的环节。主持人安排后会出现在这里。',
  kinds: { opening: '开标', lot: '评标与定标', project: '评标与定标' } as Record<string, string>,
  signed: (n: number, all: number) => `已签 ${n} / ${all}`,
  stopped: '已叫停，等监督人员',
  begin: '打开',
  next: (step: string) => `下一步：${step}`,
  deadline: '截标',
};

export type Text = typeof text;
export default text;
