import { readFileSync } from 'node:fs';
import { type Command, connected, needed, now, say, signingKey, trustOf } from '../command.ts';
import { releaseLot } from '../programs/release-keys.ts';

/** `yangguang release`: checks the close for itself, then releases the officer's shares of a lot. */
export const releaseCommand: Command = {
  name: 'release',
  zh: '核对截标锁定后放出本人的钥匙份额（不能收回）',
  en: "check the close, then release one's own shares; this cannot be taken back",
  usage: 'yangguang release --server URL --key me.p12 --trust trust.json --opening ID --lot LOT --file opening.key',
  options: {
    server: { type: 'string' },
    key: { type: 'string' },
    trust: { type: 'string' },
    opening: { type: 'string' },
    lot: { type: 'string' },
    file: { type: 'string' },
  },
  run: async (invocation) => {
    const { trust, roots } = trustOf(invocation);
    const client = await connected(invocation, signingKey(invocation));
    const released = await releaseLot({
      client,
      trust,
      roots,
      opening: needed(invocation, 'opening'),
      lot: needed(invocation, 'lot'),
      identity: readFileSync(needed(invocation, 'file'), 'utf8').trim(),
      now: now(),
    });
    const witnessed = trust.witnessPolicy === null ? '（日志无外部联签 unwitnessed）' : '';
    say(
      invocation,
      `已放出 ${released.tenders} 份，其中 ${released.faults} 份有问题 / released ${released.tenders}, ${released.faults} at fault ${witnessed}`,
      released,
    );
    return 0;
  },
};
