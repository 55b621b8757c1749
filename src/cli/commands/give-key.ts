import { readFileSync } from 'node:fs';
import { type Command, CommandError, connected, needed, now, say, signingKey } from '../command.ts';
import { giveTenderKey } from '../programs/give-key.ts';

/** `yangguang give-key`: in the bidder modes, hands in the tender's one-time key after the close. */
export const giveKeyCommand: Command = {
  name: 'give-key',
  zh: '投标人解密方式：截标锁定后交出本次投标的一次性钥匙',
  en: "bidder modes: give the tender's one-time key after the close",
  usage:
    'YANGGUANG_KIT_PASSPHRASE=... yangguang give-key --server URL --key me.p12 --opening ID --lot LOT --kit kit.age',
  options: {
    server: { type: 'string' },
    key: { type: 'string' },
    opening: { type: 'string' },
    lot: { type: 'string' },
    kit: { type: 'string' },
  },
  run: async (invocation) => {
    const passphrase = process.env.YANGGUANG_KIT_PASSPHRASE;
    if (!passphrase)
      throw new CommandError(
        'kit-passphrase',
        '请用 YANGGUANG_KIT_PASSPHRASE 提供钥匙口令 / give the kit passphrase in YANGGUANG_KIT_PASSPHRASE',
      );
    const kit = new Uint8Array(readFileSync(needed(invocation, 'kit')));
    const client = await connected(invocation, signingKey(invocation));
    await giveTenderKey(client, needed(invocation, 'opening'), needed(invocation, 'lot'), kit, passphrase, now());
    say(invocation, '钥匙已交，时间到后统一开启 / the key is in; all are opened together when the time is over', {});
    return 0;
  },
};
