import { join } from 'node:path';
import { runWitness } from '../../witness-node/witness.ts';
import { type Command, needed, optional, say } from '../command.ts';

/** `yangguang witness`: an outside cosigner of the log (C2SP tlog-witness). */
export const witnessCommand: Command = {
  name: 'witness',
  zh: '运行日志的外部见证（监督部门、投标人协会、媒体各自运行）',
  en: 'run an outside witness of the log (supervisor, bidders’ association, newspaper)',
  usage: 'yangguang witness --name witness.example/w1 --log-vkey VKEY --folder DIR [--host 127.0.0.1] [--port 0]',
  options: {
    name: { type: 'string' },
    'log-vkey': { type: 'string' },
    folder: { type: 'string' },
    host: { type: 'string' },
    port: { type: 'string' },
  },
  run: async (invocation) => {
    const folder = needed(invocation, 'folder');
    const running = await runWitness({
      name: needed(invocation, 'name'),
      logVkey: needed(invocation, 'log-vkey'),
      keyFile: join(folder, 'key'),
      stateFile: join(folder, 'state'),
      listen: { host: optional(invocation, 'host') ?? '127.0.0.1', port: Number(optional(invocation, 'port') ?? '0') },
    });
    say(invocation, `见证已运行 witness runs at ${running.url}\n  ${running.vkey}`, {
      url: running.url,
      vkey: running.vkey,
    });
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    });
    await running.close();
    return 0;
  },
};
