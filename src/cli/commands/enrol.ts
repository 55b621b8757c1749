import { writeFileSync } from 'node:fs';
import { certificateSha256 } from '../../formats/cms.ts';
import { type Command, CommandError, connected, needed, say } from '../command.ts';
import { enrol, makeKey, toPkcs12 } from '../enrol.ts';

/** `yangguang enrol`: makes a key here, fetches its certificate with a one-time code, keeps both as PKCS#12. */
export const enrolCommand: Command = {
  name: 'enrol',
  zh: '凭开通码领取证书，私钥在本机生成，存为 PKCS#12',
  en: 'fetch a certificate with a one-time code; the key is made here and kept as PKCS#12',
  usage: 'YANGGUANG_PASSPHRASE=... yangguang enrol --server URL --code CODE --out me.p12',
  options: { server: { type: 'string' }, code: { type: 'string' }, out: { type: 'string' } },
  run: async (invocation) => {
    const passphrase = process.env.YANGGUANG_PASSPHRASE;
    // Checked before the code is used up: other letters would be lost in the PKCS#12 file.
    if (!passphrase || !/^[ -~]{8,}$/.test(passphrase))
      throw new CommandError(
        'passphrase-missing',
        '请用 YANGGUANG_PASSPHRASE 提供至少 8 个字符的口令（字母、数字、符号）/ give a passphrase of at least 8 printable ASCII characters in YANGGUANG_PASSPHRASE',
      );
    const out = needed(invocation, 'out');
    const client = await connected(invocation);
    const key = await enrol(client, needed(invocation, 'code'), await makeKey(3072));
    writeFileSync(out, toPkcs12(key, passphrase), { mode: 0o600, flag: 'wx' });
    const certSha256 = certificateSha256(key.certificate);
    say(invocation, `证书已存入 ${out} / certificate kept in ${out}\n  SHA-256 ${certSha256}`, { out, certSha256 });
    return 0;
  },
};
