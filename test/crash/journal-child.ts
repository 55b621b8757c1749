/** A node that appends without end and tells each receipt it got, one JSON line each, until it is killed. */

import { readConfig } from '../../src/platform/config.ts';
import { openDatabase } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/ids.ts';
import { createLogger } from '../../src/platform/log.ts';
import { journalOn, testMigrations } from '../support/journal.ts';

const [dataDir = '', databaseUrl = ''] = process.argv.slice(2);
const config = readConfig({ DATA_DIR: dataDir, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) });
const db = await openDatabase({ config, logger: createLogger('silent'), entities: [], migrations: testMigrations });
const node = await journalOn(db, dataDir);

async function appendForEver(): Promise<never> {
  for (;;) {
    const { entryIds } = await node.acted(newId(), { type: 'add', amounts: [1, 2] });
    const { index, text } = await node.journal.receipt(entryIds[0]!, 30_000);
    process.stdout.write(`${JSON.stringify({ entryId: entryIds[0], index: index.toString(), text })}\n`);
  }
}
await Promise.all(Array.from({ length: 4 }, appendForEver));
