import { readFileSync, writeFileSync } from 'node:fs';
import { type Command, needed, optional, say } from '../command.ts';
import { readTrust } from '../demo/stage.ts';

/** `yangguang trust`: notes the trust roots of a server at a first visit; compare them with what others have. */
export const trustCommand: Command = {
  name: 'trust',
  zh: '首次访问时记下信任根（日志公钥、根证书），以后离线核验用',
  en: "note a server's trust roots (log key, CA root) for later offline checks",
  usage: 'yangguang trust --server URL --out trust.json [--policy tlog-policy.txt]',
  options: { server: { type: 'string' }, out: { type: 'string' }, policy: { type: 'string' } },
  run: async (invocation) => {
    const policy = optional(invocation, 'policy');
    const { trust } = await readTrust(
      needed(invocation, 'server'),
      policy === undefined ? null : readFileSync(policy, 'utf8'),
    );
    const out = needed(invocation, 'out');
    writeFileSync(out, `${JSON.stringify(trust, null, 2)}\n`);
    say(
      invocation,
      `信任根已记入 ${out}；请与监督部门公布的核对 / noted in ${out}; compare with what the supervisor publishes\n  ${trust.logVkey}`,
      { out, logVkey: trust.logVkey },
    );
    return 0;
  },
};
