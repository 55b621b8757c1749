import { bundleLevel } from '../../formats/bundle.ts';
import { type Command, CommandError, connected, needed, optional, say, signingKey } from '../command.ts';
import { saveBundle } from '../programs/save-bundle.ts';

/** `yangguang bundle`: fetches the evidence of a project, to be checked offline. */
export const bundleCommand: Command = {
  name: 'bundle',
  zh: '下载核验材料（public 公开、audit 审计、personal 本单位）',
  en: 'fetch the evidence bundle of a project (public, audit, personal)',
  usage: 'yangguang bundle --server URL --project ID --level public --out DIR [--key me.p12]',
  options: {
    server: { type: 'string' },
    project: { type: 'string' },
    level: { type: 'string' },
    out: { type: 'string' },
    key: { type: 'string' },
  },
  run: async (invocation) => {
    const level = bundleLevel.safeParse(optional(invocation, 'level') ?? 'public');
    if (!level.success) throw new CommandError('level-invalid', '--level: public | audit | personal');
    const key = optional(invocation, 'key') === undefined ? undefined : signingKey(invocation);
    const client = await connected(invocation, key);
    const out = needed(invocation, 'out');
    const files = await saveBundle(client, needed(invocation, 'project'), level.data, out);
    say(invocation, `已存入 ${out}，共 ${files} 个文件 / ${files} files saved in ${out}`, { out, files });
    return 0;
  },
};
