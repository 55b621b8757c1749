/**
 * The log's memory outside the database: the last signed checkpoint as a file. A database restored from an older dump has a tree
 * that does not extend it; the log would then sign a second history, so it refuses to start.
 */
import { join } from 'node:path';
import { equalBytes } from '../formats/bytes.ts';
import { openCheckpoint, type ReadCheckpoint } from '../formats/log/checkpoint.ts';
import type { VerifierKey } from '../formats/log/note.ts';
import type { Database } from '../platform/database.ts';
import { readFileIfThere, replaceFile } from '../platform/durable-file.ts';
import type { Tree } from './tree.ts';

/** The start is refused; the message says in both languages what was found and what to do. */
export class LogRefusesToStart extends Error {
  constructor(zh: string, en: string) {
    super(`${zh}\n${en}`);
    this.name = 'LogRefusesToStart';
  }
}

export const headFile = (dataDir: string): string => join(dataDir, 'log-head');

export const writeHead = (dataDir: string, text: string): Promise<void> => replaceFile(headFile(dataDir), text);

/**
 * Checks that the tree in the database extends the newest checkpoint that this log ever signed, by the head file and by the
 * database's own checkpoints. Throws LogRefusesToStart.
 */
export async function checkHead(
  db: Pick<Database, 'query'>,
  tree: Tree,
  key: VerifierKey,
  dataDir: string,
): Promise<void> {
  const file = await readFileIfThere(headFile(dataDir));
  const [newest] = await db.query('select note from journal_checkpoint order by size desc limit 1');
  const [leaves] = await db.query('select coalesce(max(log_index) + 1, 0)::text as size from journal_leaf');
  const size = BigInt(String(leaves!.size));
  for (const [note, place] of [
    [file, headFile(dataDir)],
    [newest?.note, 'journal_checkpoint'],
  ] as const) {
    if (typeof note === 'string') await requireExtends(tree, size, readOwn(note, key, place), place);
  }
}

function readOwn(note: string, key: VerifierKey, place: string): ReadCheckpoint {
  try {
    return openCheckpoint(note, key);
  } catch (error) {
    throw new LogRefusesToStart(
      `拒绝启动：${place} 中的检查点不是本日志（${key.name}）用当前密钥签发的。请恢复 DATA_DIR/secrets/log-key 和 CITY 的原值。`,
      `Refusing to start: the checkpoint in ${place} was not signed by this log (${key.name}) with its present key (${(error as Error).message}). Restore DATA_DIR/secrets/log-key and the former CITY.`,
    );
  }
}

async function requireExtends(tree: Tree, size: bigint, head: ReadCheckpoint, place: string): Promise<void> {
  if (size < head.size) throw rolledBack(`${size} < ${head.size}`, place);
  if (!equalBytes(await tree.root(head.size), head.root)) throw rolledBack(`size ${head.size}: another root`, place);
}

/** The refusal for a tree that lacks what the log has signed before. */
export function rolledBack(found: string, place: string): LogRefusesToStart {
  return new LogRefusesToStart(
    `拒绝启动：数据库中的日志没有延续已签发的检查点（${place}；${found}）。数据库很可能是从较旧的备份恢复的。请恢复更新的备份或补齐 WAL；继续运行会使日志分叉。如确认数据已永久丢失，须更换 CITY（新的日志名称）并公告。`,
    `Refusing to start: the log in the database does not extend a checkpoint already signed (${place}; ${found}). The database was probably restored from an older dump. Restore a newer one or replay the WAL; to go on would fork the log. If the data are lost for good, choose a new CITY (a new log name) and announce it.`,
  );
}
