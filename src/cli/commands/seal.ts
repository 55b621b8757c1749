import { join } from 'node:path';
import { fenText } from '../../formats/primitives.ts';
import { type Command, CommandError, connected, needed, now, optional, say, signingKey, trustOf } from '../command.ts';
import { fileFromFolder, sealIntoFolder, withdraw } from '../programs/file-tender.ts';
import { silent, terminalProgress } from '../progress.ts';

/** `yangguang seal`: seals a tender on this machine and files it; --resume goes on after a cut, --withdraw takes it back. */
export const sealCommand: Command = {
  name: 'seal',
  zh: '在本机密封投标并递交（可续传、替换、撤回）',
  en: 'seal a tender on this machine and file it (resume, replace, withdraw)',
  usage: `yangguang seal --server URL --key me.p12 --trust trust.json --lot LOT --price-fen N [--days N] [--quality T] [--manager T] --out DIR FILE...
yangguang seal --server URL --key me.p12 --lot LOT --resume DIR
yangguang seal --server URL --key me.p12 --lot LOT --withdraw --out DIR

口令 / passphrases: YANGGUANG_PASSPHRASE (certificate), YANGGUANG_KIT_PASSPHRASE (your own copy of the tender key).`,
  options: {
    server: { type: 'string' },
    key: { type: 'string' },
    trust: { type: 'string' },
    lot: { type: 'string' },
    'price-fen': { type: 'string' },
    days: { type: 'string' },
    quality: { type: 'string' },
    manager: { type: 'string' },
    out: { type: 'string' },
    resume: { type: 'string' },
    withdraw: { type: 'boolean' },
  },
  run: async (invocation) => {
    const progress = invocation.json ? silent : terminalProgress();
    const client = await connected(invocation, signingKey(invocation));
    const lot = needed(invocation, 'lot');
    const at = now();
    const resume = optional(invocation, 'resume');
    const folder = resume ?? needed(invocation, 'out');
    if (resume === undefined && invocation.values.withdraw !== true) {
      const { roots } = trustOf(invocation);
      await sealIntoFolder({
        client,
        lot,
        roots,
        folder,
        now: at,
        progress,
        files: invocation.positionals,
        readOut: readOutOf(invocation),
        passphrase: kitPassphrase(),
      });
    }
    const filed =
      invocation.values.withdraw === true
        ? await withdraw(client, lot, folder, at)
        : await fileFromFolder(client, lot, folder, progress);
    progress.end();
    const what = {
      sealed: '已接收 received',
      withdrawn: '已撤回 withdrawn',
      late: '已过截标时间，未接收 late, not taken',
    }[filed.outcome];
    say(
      invocation,
      `${what} ${filed.at}\n  清单 manifest ${filed.manifestSha256}\n  回执 receipt ${join(folder, 'receipt.tlog-proof')}`,
      { ...filed },
    );
    return filed.outcome === 'late' ? 4 : 0;
  },
};

function readOutOf(invocation: Parameters<Command['run']>[0]) {
  const priceFen = needed(invocation, 'price-fen');
  if (!fenText.safeParse(priceFen).success)
    throw new CommandError('price-invalid', `--price-fen 须为整数分 / must be a whole number of fen: ${priceFen}`);
  const days = optional(invocation, 'days');
  if (days !== undefined && !/^\d{1,5}$/.test(days))
    throw new CommandError('days-invalid', `--days 须为天数 / must be a number of days: ${days}`);
  const quality = optional(invocation, 'quality');
  const manager = optional(invocation, 'manager');
  return {
    priceFen,
    ...(days === undefined ? {} : { durationDays: Number(days) }),
    ...(quality === undefined ? {} : { quality }),
    ...(manager === undefined ? {} : { manager }),
  };
}

function kitPassphrase(): string {
  const passphrase = process.env.YANGGUANG_KIT_PASSPHRASE;
  if (!passphrase || passphrase.length < 8)
    throw new CommandError(
      'kit-passphrase',
      '请用 YANGGUANG_KIT_PASSPHRASE 提供至少 8 个字符的口令 / give a passphrase of at least 8 characters in YANGGUANG_KIT_PASSPHRASE',
    );
  return passphrase;
}
