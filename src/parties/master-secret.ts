/** The secret from which the keys of the lots are derived, and the check that database and secrets belong together. */
import { hkdfSync } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex, toHex } from '../formats/bytes.ts';
import { type Certificate, certificateSha256 } from '../formats/cms.ts';
import type { Journal } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import { newId, randomOctets } from '../platform/ids.ts';
import { Secret } from '../platform/secret.ts';

/** 32 bytes in a file of mode 0600 that never enter the database: who bid stays hidden from whoever reads it. */
export function openMasterSecret(folder: string): Secret<Uint8Array> {
  const file = join(folder, 'master-secret');
  if (!existsSync(file)) {
    const part = join(folder, `master-secret-${newId()}.part`);
    writeFileSync(part, `${toHex(randomOctets(32))}\n`, { mode: 0o600, flag: 'wx', flush: true });
    try {
      // A link, unlike a rename, never replaces what another node has put there meanwhile.
      linkSync(part, file);
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
    } finally {
      rmSync(part);
    }
  }
  const secret = fromHex(readFileSync(file, 'utf8').trim());
  if (secret.length !== 32) throw new Error(`${file} 不是32字节的主密钥 / does not hold a master secret of 32 bytes`);
  return new Secret(secret);
}

/**
 * The first start notes the root and a one-way check of the master secret; later ones compare. A node with a data folder of its
 * own would make its own root and could derive nobody's handle, so it must not start.
 */
export async function requireSameSecrets(
  journal: Journal,
  root: Certificate,
  master: Secret<Uint8Array>,
): Promise<void> {
  const check = Buffer.from(hkdfSync('sha256', master.reveal(), '', 'yangguang.org/master-check/v1', 32)).toString(
    'hex',
  );
  const mine = [certificateSha256(root), check] as const;
  const [row] = await journal.keep(async (tx) => {
    await tx.em.execute('insert into platform_authority values (1, ?, ?) on conflict do nothing', [...mine]);
    return (await tx.em.execute('select root_sha256, master_check from platform_authority where id = 1')) as Row[];
  });
  if (row?.root_sha256 === mine[0] && row?.master_check === mine[1]) return;
  throw new Error(
    `拒绝启动：DATA_DIR/secrets 与此数据库不属于同一平台（各节点须共用同一份）。\nRefusing to start: DATA_DIR/secrets does not belong to this database (all nodes share one copy).`,
  );
}
