import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { openCheckpoint, parseCheckpoint } from '../../src/formats/log/checkpoint.ts';
import { verifyConsistency } from '../../src/formats/log/merkle.ts';
import { parseVkey } from '../../src/formats/log/note.ts';
import { parseTlogProof } from '../../src/formats/log/tlog-proof.ts';
import { auditAll } from '../../src/journal/audit.ts';
import { headFile } from '../../src/journal/head.ts';
import { readConfig } from '../../src/platform/config.ts';
import { type Database, openDatabase } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/ids.ts';
import { createLogger } from '../../src/platform/log.ts';
import { dataFolder, freshDatabase, journalOn, tally, testMigrations } from '../support/journal.ts';

type Told = { entryId: string; index: string; text: string };
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Starts the appending node; `lines` resolves when it has told so many receipts, `kill` ends it by SIGKILL. */
function startChild(dataDir: string, url: string | undefined) {
  const script = fileURLToPath(new URL('journal-child.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script, dataDir, ...(url ? [url] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const told: Told[] = [];
  let poke = () => {};
  createInterface({ input: child.stdout! }).on('line', (line) => {
    // The last line of a killed process may be cut short.
    if (line.endsWith('}')) told.push(JSON.parse(line) as Told);
    poke();
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  cleanups.push(async () => {
    if (!ended()) child.kill('SIGKILL');
    await gone;
  });
  return {
    told,
    tells: async (count: number) => {
      const start = told.length;
      while (told.length < start + count) {
        if (ended()) throw new Error('the node ended by itself');
        await new Promise<void>((resolve) => {
          poke = resolve;
          void gone.then(resolve);
        });
      }
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** A data folder and a database that a node can open again after its kill, and other nodes beside it on PostgreSQL. */
async function setting() {
  const folder = dataFolder();
  const database = await freshDatabase();
  cleanups.push(folder.remove, database.drop);
  const open = async (): Promise<Database> => {
    const env = { DATA_DIR: folder.path, ...(database.url ? { DATABASE_URL: database.url } : {}) };
    const db = await openDatabase({
      config: readConfig(env),
      logger: createLogger('silent'),
      entities: [],
      migrations: testMigrations,
    });
    cleanups.push(() => db.close());
    return db;
  };
  return { folder, url: database.url, open };
}

/** A data folder and an open database in which the same process starts the journal again. */
async function stoppedNode(entries: number) {
  const folder = dataFolder();
  const database = await freshDatabase();
  const db = await database.open();
  cleanups.push(folder.remove, database.drop, () => db.close());
  const node = await journalOn(db, folder.path);
  for (let i = 0; i < entries; i += 1)
    await node
      .acted(newId(), { type: 'add', amounts: [i] })
      .then(({ entryIds }) => node.journal.whenSequenced(entryIds[0]!));
  await node.journal.stop();
  return { folder, db, journal: node.journal };
}

describe('a node that is killed while it appends', () => {
  it('has lost nothing it gave a receipt for, reuses no index, and its tree extends every checkpoint it showed', async () => {
    const { folder, url, open } = await setting();
    const told: Told[] = [];
    // Opening the embedded database takes seconds; there one kill must do.
    for (const count of url ? [20, 37] : [25]) {
      const child = startChild(folder.path, url);
      await child.tells(count);
      await child.kill();
      told.push(...child.told);
    }
    const node = await journalOn(await open(), folder.path);
    cleanups.push(() => node.journal.stop());
    await node
      .acted(newId(), { type: 'add', amounts: [1] })
      .then(({ entryIds }) => node.journal.receipt(entryIds[0]!, 30_000));
    const newest = openCheckpoint(await node.journal.checkpoint(), parseVkey(node.journal.vkey()));
    for (const { entryId, index, text } of told) {
      expect((await node.journal.indexOf(node.db.read(), entryId))?.index).toBe(BigInt(index));
      const { size, root } = parseCheckpoint(parseTlogProof(text).checkpoint);
      const path = await node.journal.tree.consistencyPath(size, newest.size);
      verifyConsistency({ from: size, to: newest.size, fromRoot: root, toRoot: newest.root, path });
    }
    expect(new Set(told.map(({ index }) => index)).size).toBe(told.length);
    const { findings, entries } = await auditAll(node.journal, [tally]);
    const [row] = await node.db.query('select count(*)::text as n from journal_entry');
    expect([findings, entries]).toEqual([[], Number(row!.n)]);
  });
});

describe('a database that was restored from an older dump', () => {
  it('is refused, in words that say what to do', async () => {
    const { folder, db, journal } = await stoppedNode(3);
    // The older dump: the newest leaf and checkpoint are gone, as if they had never been.
    await journal.keep(async ({ em }) => {
      for (const table of ['journal_leaf', 'journal_checkpoint', 'journal_entry'])
        await em.execute(`alter table ${table} disable trigger all`);
      await em.execute('delete from journal_checkpoint where size = (select max(size) from journal_checkpoint)');
      await em.execute('delete from journal_entry where id in (select entry_id from journal_leaf where log_index = 2)');
      await em.execute('delete from journal_leaf where log_index = 2');
    });
    const again = journalOn(db, folder.path);
    await expect(again).rejects.toThrow('拒绝启动');
    await expect(again).rejects.toThrow('Restore a newer one');
  });

  it('is refused also when it holds other entries in their place', async () => {
    const { folder, db, journal } = await stoppedNode(2);
    await journal.keep(({ em }) =>
      em.execute('update journal_tile set hashes = substring(hashes from 33) || substring(hashes for 32)'),
    );
    await expect(journalOn(db, folder.path)).rejects.toThrow('another root');
  });

  it('is refused when the log key or the name of the log is another one', async () => {
    const { folder, db } = await stoppedNode(1);
    await expect(journalOn(db, folder.path, { city: 'other.example' })).rejects.toThrow('log-key');
    const stranger = dataFolder();
    cleanups.push(stranger.remove);
    await expect(journalOn(db, stranger.path)).rejects.toThrow('is missing');
  });

  it('a head file of a checkpoint that was signed but not yet published is no obstacle', async () => {
    const { folder, db, journal } = await stoppedNode(1);
    const head = readFileSync(headFile(folder.path), 'utf8');
    // As after a crash between the head file and the commit of the checkpoint.
    await journal.keep(async ({ em }) => {
      await em.execute('alter table journal_checkpoint disable trigger all');
      await em.execute('delete from journal_checkpoint where size = 1');
    });
    const again = await journalOn(db, folder.path);
    cleanups.push(() => again.journal.stop());
    await again
      .acted(newId(), { type: 'add', amounts: [1] })
      .then(({ entryIds }) => again.journal.whenSequenced(entryIds[0]!));
    const [row] = await db.query('select note from journal_checkpoint where size = 1');
    expect(row!.note).toBe(head);
  });
});

describe.runIf(process.env.DATABASE_URL)('two nodes on one database', () => {
  /** A second data folder with the same log key, as a second machine has it. */
  function secondFolder(first: string): string {
    const folder = dataFolder();
    cleanups.push(folder.remove);
    mkdirSync(join(folder.path, 'secrets'));
    copyFileSync(join(first, 'secrets', 'log-key'), join(folder.path, 'secrets', 'log-key'));
    return folder.path;
  }

  it('one sequences for both; when it stops the other goes on at once', async () => {
    const { folder, open } = await setting();
    const first = await journalOn(await open(), folder.path);
    await first
      .acted(newId(), { type: 'add', amounts: [1] })
      .then(({ entryIds }) => first.journal.whenSequenced(entryIds[0]!));
    const second = await journalOn(await open(), secondFolder(folder.path));
    cleanups.push(() => second.journal.stop());
    const { entryIds } = await second.acted(newId(), { type: 'add', amounts: [1] });
    expect((await second.journal.receipt(entryIds[0]!)).index).toBe(1n);
    expect([first.journal.leads(), second.journal.leads()]).toEqual([true, false]);
    await first.journal.stop();
    const after = await second.acted(newId(), { type: 'add', amounts: [1] });
    expect((await second.journal.receipt(after.entryIds[0]!)).index).toBe(2n);
    expect(second.journal.leads()).toBe(true);
  });

  it('when the one that sequences is killed the other takes over, with the same log', async () => {
    const { folder, url, open } = await setting();
    const child = startChild(folder.path, url);
    await child.tells(10);
    const second = await journalOn(await open(), secondFolder(folder.path));
    cleanups.push(() => second.journal.stop());
    const { entryIds } = await second.acted(newId(), { type: 'add', amounts: [1] });
    await child.kill();
    await second.journal.receipt(entryIds[0]!, 30_000);
    const after = await second.acted(newId(), { type: 'add', amounts: [1] });
    await second.journal.receipt(after.entryIds[0]!, 30_000);
    for (const { entryId, index } of child.told)
      expect((await second.journal.indexOf(second.db.read(), entryId))?.index).toBe(BigInt(index));
    expect((await auditAll(second.journal, [tally])).findings).toEqual([]);
  });

  it('one that slept through its lease writes nothing', async () => {
    const { folder, open } = await setting();
    const first = await journalOn(await open(), folder.path);
    cleanups.push(() => first.journal.stop());
    await first
      .acted(newId(), { type: 'add', amounts: [1] })
      .then(({ entryIds }) => first.journal.whenSequenced(entryIds[0]!));
    // Another owner with a later epoch, as after a takeover that the first has not noticed.
    await first.journal.keep(({ em }) =>
      em.execute(
        `update journal_lease set owner = 'another', epoch = epoch + 1, expires = clock_timestamp() + interval '1 second'`,
      ),
    );
    const { entryIds } = await first.acted(newId(), { type: 'add', amounts: [1] });
    const index = await first.journal.whenSequenced(entryIds[0]!, 30_000);
    const [lease] = await first.db.query('select owner, epoch::text as epoch from journal_lease');
    expect([index, lease!.owner === 'another', lease!.epoch]).toEqual([1n, false, '3']);
  });
});
