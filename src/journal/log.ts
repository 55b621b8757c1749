/** The log side of the journal: sequencing, receipts, checkpoints, cosignatures and the feed. Opened by openJournal. */
import { join } from 'node:path';
import { parseCheckpoint } from '../formats/log/checkpoint.ts';
import { formatVkey, logKeyType, type Signer } from '../formats/log/note.ts';
import { formatTlogProofLines } from '../formats/log/tlog-proof.ts';
import type { Config } from '../platform/config.ts';
import type { Database, Row } from '../platform/database.ts';
import type { Logger } from '../platform/log.ts';
import { readOrCreateSigner, readSigner } from '../platform/signer-file.ts';
import { openCosignatures } from './cosignatures.ts';
import { type Feed, openFeed } from './feed.ts';
import { checkHead, LogRefusesToStart } from './head.ts';
import { type PolicyFile, readPolicyFile } from './policy-file.ts';
import { entryReader, type Receipt } from './receipts.ts';
import { type Appended, openRecent } from './recent.ts';
import { openRunner } from './runner.ts';
import type { Published } from './sequencer.ts';
import { openTree, type Tree } from './tree.ts';
import { openWaiters } from './waiters.ts';
import { openWitnesses } from './witnesses.ts';

export type LogOptions = {
  readonly config: Pick<Config, 'dataDir' | 'city' | 'witnessUrls' | 'logPolicyFile'>;
  readonly logger: Logger;
  /** How often witnesses are asked while there is something new; trust protocol 4 says 5 to 10 s. */
  readonly witnessIntervalMilliseconds?: number;
};

/** What executes a reading query: `journal.db.read()` or `tx.em`. */
export type Reader = { execute(sql: string, params?: unknown[]): Promise<unknown> };

export type Log = Feed & {
  /** Makes or reads the log key, refuses a rolled-back tree (LogRefusesToStart), and starts the sequencer. */
  start(): Promise<void>;
  stop(): Promise<void>;
  wake(): void;
  /** Takes over what a transaction has just committed, for its receipts. */
  appended(entries: readonly Appended[]): void;
  /** Whether this node sequences (and runs timers) now. */
  leads(): boolean;
  /** The receipt of an entry, once it stands in a signed checkpoint; refuses `not-found`, `receipt-pending`. */
  receipt(entryId: string, timeoutMilliseconds?: number): Promise<Receipt>;
  /** Where the entry stands; null while it has no index. `leafSha256` is the Merkle leaf hash. */
  indexOf(reader: Reader, entryId: string): Promise<{ index: bigint; leafSha256: string } | null>;
  /** The entry's index, once it stands in a signed checkpoint; refuses `not-found`, `receipt-pending`. */
  whenSequenced(entryId: string, timeoutMilliseconds?: number): Promise<bigint>;
  /** The newest signed checkpoint, with the cosignatures there are. */
  checkpoint(): Promise<string>;
  /** The newest checkpoint that meets the policy's quorum; null while there is none and where no witness is asked for. */
  cosignedCheckpoint(): Promise<string | null>;
  /** Whether a checkpoint that meets the log policy covers this index; always true without witnesses (`unwitnessed`). */
  cosigned(index: bigint): Promise<boolean>;
  /** Asks the witnesses now (barriers, closes); resolves when each has answered or failed. */
  requestCosignatures(): Promise<void>;
  /** The log's public key. */
  vkey(): string;
  policyFile(): PolicyFile;
  readonly tree: Tree;
};

const defaultTimeout = 10_000;

/** The log over a database; it does nothing before `start`. */
export function openLog(db: Database, options: LogOptions): Log {
  const { config, logger } = options;
  const tree = openTree(db);
  const waiters = openWaiters();
  const recent = openRecent();
  const feed = openFeed(db, logger);
  const entry = entryReader(db);
  /** Owned by `publish`; null before the first checkpoint is known. */
  let latest: Published | null = null;
  const parts = lazily(() => {
    const signer = openSigner(config);
    const policyFile = readPolicyFile(config.logPolicyFile, signer.key);
    const cosignatures = openCosignatures(db, policyFile);
    const witnesses = openWitnesses({
      db,
      tree,
      signer,
      policyFile,
      cosignatures,
      logger,
      urls: config.witnessUrls,
      intervalMilliseconds: options.witnessIntervalMilliseconds ?? 5_000,
    });
    const publish = (published: Published) => {
      latest = published;
      recent.settle(published.size, published.entryIds);
      waiters.settle(published.size, published.entryIds);
      feed.advance(published.size);
    };
    const runner = openRunner({ db, tree, signer, logger, publish, dataDir: config.dataDir });
    return { signer, policyFile, cosignatures, witnesses, runner };
  });

  const published = (index: bigint | null | undefined): index is bigint =>
    typeof index === 'bigint' && latest !== null && index < latest.size;
  /** The entry's index once it is published; reads the database only for entries that this node does not remember. */
  const whenSequenced = async (entryId: string, timeout = defaultTimeout): Promise<bigint> => {
    const known = recent.indexOf(entryId);
    if (published(known)) return known;
    const waiting = waiters.wait(entryId, timeout);
    if (known === undefined) {
      try {
        const found = await entry(entryId);
        if (!published(found.index)) return await waiting.index;
        return found.index;
      } finally {
        waiters.cancel(waiting);
      }
    }
    return waiting.index;
  };
  const newest = async (): Promise<{ size: bigint; text: string }> => {
    if (latest) return latest;
    const [row] = await db.query('select note from journal_checkpoint order by size desc limit 1');
    if (!row) throw new LogRefusesToStart('日志尚未启动', 'the log has not been started');
    return { size: parseCheckpoint(String(row.note)).size, text: String(row.note) };
  };

  return {
    ...feed,
    tree,
    start: async () => {
      await requireKeyOfLog(db, config);
      const { signer, witnesses, runner } = parts();
      await checkHead(db, tree, signer.key, config.dataDir);
      await witnesses.check();
      await runner.start();
      witnesses.start();
    },
    stop: async () => {
      await feed.stop();
      await parts().witnesses.stop();
      await parts().runner.stop();
    },
    appended: recent.remember,
    wake: () => parts().runner.wake(),
    leads: () => parts().runner.leads(),
    receipt: async (entryId, timeout = defaultTimeout) => {
      const index = await whenSequenced(entryId, timeout);
      const found = recent.take(entryId) ?? (await entry(entryId));
      const best = await parts().cosignatures.newest();
      const cosigned = best !== null && best.size > index;
      const { size, text } = cosigned ? best : await newest();
      const pathLines = await tree.inclusionLines(index, size);
      const proof = formatTlogProofLines({ extra: found.extra, index, pathLines, checkpoint: text });
      return { entryId, index, leafSha256: found.leafSha256, text: proof, cosigned };
    },
    indexOf: async (reader, entryId) => {
      const [row] = (await reader.execute(
        `select l.log_index::text as index, encode(sha256('\\x00'::bytea || e.leaf), 'hex') as leaf
         from journal_leaf l join journal_entry e on e.id = l.entry_id where l.entry_id = ?`,
        [entryId],
      )) as Row[];
      return row ? { index: BigInt(String(row.index)), leafSha256: String(row.leaf) } : null;
    },
    whenSequenced,
    checkpoint: async () => {
      const { size, text } = await newest();
      return parts().cosignatures.attach(size, text);
    },
    cosignedCheckpoint: async () => (await parts().cosignatures.newest())?.text ?? null,
    cosigned: async (index) => {
      if (!parts().policyFile.witnessed) return true;
      return ((await parts().cosignatures.newest())?.size ?? 0n) > index;
    },
    requestCosignatures: () => parts().witnesses.ask(),
    vkey: () => formatVkey(parts().signer.key),
    policyFile: () => parts().policyFile,
  };
}

/** The origin line of the log: `log.CITY/yangguang`, one log without a yearly cut. */
export const logOrigin = (city: string): string => `log.${city}/yangguang`;

const keyFile = (dataDir: string): string => join(dataDir, 'secrets', 'log-key');

function openSigner({ dataDir, city }: LogOptions['config']): Signer {
  const origin = logOrigin(city);
  return readOrCreateSigner(keyFile(dataDir), origin, logKeyType);
}

/** A database that already has a log is not given a fresh key: its readers would see another log. */
async function requireKeyOfLog(db: Database, { dataDir, city }: LogOptions['config']): Promise<void> {
  if (readSigner(keyFile(dataDir), logOrigin(city), logKeyType)) return;
  const [row] = await db.query('select 1 as one from journal_checkpoint limit 1');
  if (row)
    throw new LogRefusesToStart(
      `拒绝启动：数据库中已有日志，但缺少日志密钥 ${keyFile(dataDir)}。请恢复该文件（多节点须使用同一密钥）。`,
      `Refusing to start: the database holds a log but its key ${keyFile(dataDir)} is missing. Restore the file (all nodes use the same key).`,
    );
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
