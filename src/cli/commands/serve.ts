import { type Command, optional } from '../command.ts';

/** `yangguang serve`: the platform, configured by the environment (README). */
export const serveCommand: Command = {
  name: 'serve',
  zh: '启动平台（由环境变量配置）',
  en: 'run the platform, configured by the environment',
  usage: 'yangguang serve',
  options: {},
  run: async () => {
    await import('../serve.ts');
    return 0;
  },
};

/** `yangguang demo`: plays one whole tender against a freshly started server. */
export const demoCommand: Command = {
  name: 'demo',
  zh: '演示一项招标的全过程，结果在 demo-out',
  en: 'play one whole tender; results in demo-out',
  usage: 'yangguang demo [--out demo-out] [--megabytes 3]',
  options: { out: { type: 'string' }, megabytes: { type: 'string' } },
  run: async (invocation) => {
    const { runDemo } = await import('../demo/run.ts');
    return runDemo({
      out: optional(invocation, 'out') ?? 'demo-out',
      megabytes: Number(optional(invocation, 'megabytes') ?? '3'),
      json: invocation.json,
    });
  },
};
