import { verifyCommand as run } from '../../verify/report.ts';
import { type Command, CommandError, optional } from '../command.ts';

/** `yangguang verify BUNDLE --trust FILE`: rebuilds everything from the bundle and the trust roots; never asks the server. */
export const verifyCommand: Command = {
  name: 'verify',
  zh: '离线核验一份材料（信任根来自材料之外）',
  en: 'check a bundle offline; the trust roots come from outside it',
  usage: 'yangguang verify BUNDLE --trust trust.json [--receipt FILE]... [--json]',
  options: { trust: { type: 'string' }, receipt: { type: 'string', multiple: true } },
  run: async (invocation) => {
    const [path] = invocation.positionals;
    if (path === undefined) throw new CommandError('usage', '用法 / usage: yangguang verify BUNDLE --trust trust.json');
    const receipts = invocation.values.receipt;
    return run(path, optional(invocation, 'trust') ?? null, {
      json: invocation.json,
      ...(Array.isArray(receipts) ? { receipts: receipts.map(String) } : {}),
    });
  },
};
