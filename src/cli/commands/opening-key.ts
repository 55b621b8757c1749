import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { generateIdentity, identityToRecipient } from '../../sealing/index.ts';
import { type Command, connected, needed, say, signingKey } from '../command.ts';
import { answerRehearsal, giveOpeningKey, signPolicy } from '../programs/release-keys.ts';

/** `yangguang opening-key`: an officer's fresh key for one opening; the secret half stays in the file. */
export const openingKeyCommand: Command = {
  name: 'opening-key',
  zh: '为一场开标新生成开启钥匙，交公钥；--sign 签署规则，--rehearse 应答演练',
  en: 'make a fresh opening key for one opening and hand in its recipient; --sign the policy, --rehearse',
  usage: 'yangguang opening-key --server URL --key me.p12 --opening ID --file opening.key [--sign] [--rehearse]',
  options: {
    server: { type: 'string' },
    key: { type: 'string' },
    opening: { type: 'string' },
    file: { type: 'string' },
    sign: { type: 'boolean' },
    rehearse: { type: 'boolean' },
  },
  run: async (invocation) => {
    const opening = needed(invocation, 'opening');
    const file = needed(invocation, 'file');
    const client = await connected(invocation, signingKey(invocation));
    if (invocation.values.sign === true) {
      // With the key at hand the policy must name it: another recipient in this officer's seat is not signed.
      const own = await identityToRecipient(readFileSync(file, 'utf8').trim());
      const { inForce } = await signPolicy(client, opening, own);
      say(
        invocation,
        inForce
          ? `已签署，规则生效 signed, in force: ${inForce}`
          : '已签署，等待其他开启人员 signed, others are awaited',
        { inForce },
      );
      return 0;
    }
    if (invocation.values.rehearse === true) {
      await answerRehearsal(client, opening, readFileSync(file, 'utf8').trim());
      say(invocation, '演练通过 rehearsal passed', {});
      return 0;
    }
    // An existing file is this officer's key from a try that was cut; a second key would shut the first one's owner out.
    if (!existsSync(file))
      writeFileSync(file, `${await generateIdentity()}\n`, { mode: 0o600, flag: 'wx', flush: true });
    const recipient = await identityToRecipient(readFileSync(file, 'utf8').trim());
    await giveOpeningKey(client, opening, recipient);
    say(
      invocation,
      `公钥已交，私钥只在 ${file}，请离线备份 / recipient handed in; the key is only in ${file}: ${recipient}`,
      { recipient, file },
    );
    return 0;
  },
};
