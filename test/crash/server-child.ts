/**
 * The whole server, killed by SIGKILL inside the transaction of the n-th event of a type that it writes to an opening: what the
 * event's act had done so far is lost, what was committed before it is not. It answers `audit` by what the audit finds, and
 * `events` by how often each event of an opening was written.
 */
import { createInterface } from 'node:readline';
import { start } from '../../src/main.ts';
import { openingProcedure } from '../../src/openings/index.ts';
import { readConfig } from '../../src/platform/config.ts';
import { createLogger } from '../../src/platform/log.ts';
import { auditOf } from '../support/audit.ts';

const [type = '', nth = '1'] = process.argv.slice(2);
const { publish } = openingProcedure;
let seen = 0;
Object.assign(openingProcedure, {
  publish: (...[event, context]: Parameters<typeof publish>) => {
    if (event.type === type) seen += 1;
    if (event.type === type && seen === Number(nth)) process.kill(process.pid, 'SIGKILL');
    return publish(event, context);
  },
});

const tell = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const config = readConfig(process.env);
const running = await start({ config, logger: createLogger('silent'), requestsPerMinute: 1_000_000 });
tell({ base: running.base });
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'audit') {
    await running.rooms.stop();
    tell({ audit: await auditOf(running.journal) });
  }
  if (line === 'events') {
    const rows = await running.journal.db.query(
      `select event ->> 'type' as type, count(*)::int as n from journal_entry where subject_kind = 'opening' group by 1`,
    );
    tell({ events: Object.fromEntries(rows.map(({ type, n }) => [type, n])) });
  }
}
