import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type City, openCity } from '../src/cli/demo/city.ts';
import { until } from '../src/cli/demo/stage.ts';
import { certificatesFromPem } from '../src/formats/cms.ts';
import { parseCheckpoint } from '../src/formats/log/checkpoint.ts';
import { LogRefusesToStart } from '../src/journal/index.ts';
import type { Running } from '../src/main.ts';
import { metrics } from '../src/platform/http/metrics.ts';
import { newId } from '../src/platform/ids.ts';
import { adminQuery } from './support/journal.ts';
import { openPlatform, type Platform } from './support/nodes.ts';
import {
  blockOf,
  configurationTable,
  operationsPage,
  runBlock,
  runProgram,
  tableOfPage,
} from './support/operations-page.ts';

describe('the operations page', () => {
  it('shows every variable of the configuration with its default (npx node test/support/operations-page.ts writes it)', () => {
    expect(tableOfPage()).toBe(configurationTable());
    for (const row of configurationTable().trimEnd().split('\n').slice(2))
      expect(row).toMatch(/\p{Script=Han}.*\/ .*[a-z]/u);
  });

  it('names metrics that there are, and all of our own', async () => {
    const there = (await metrics.registry.getMetricsAsJSON()).map(({ name }) => name);
    const section = operationsPage().split('## 监控')[1]!.split('\n## ')[0]!;
    const named = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name!);
    expect(there).toEqual(expect.arrayContaining(named));
    expect(named).toEqual(expect.arrayContaining(there.filter((name) => !/^(nodejs|process)_/.test(name))));
  });
});

describe('a start that is refused', () => {
  it('names the variable at fault, without a stack', async () => {
    const serve = fileURLToPath(new URL('../src/cli/serve.ts', import.meta.url));
    const failed = await runProgram(process.execPath, [serve], { PORT: 'eighty' }).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/配置有误 \/ bad configuration:\n {2}PORT: /),
    });
    expect((failed as { stderr: string }).stderr).not.toMatch(/^\s+at /m);
  });
});

const server = process.env.DATABASE_URL ?? '';

describe.skipIf(server === '')('on PostgreSQL (DATABASE_URL), the page’s own commands', () => {
  let platform: Platform;
  let node: Running;
  let city: City;
  const scratch = mkdtempSync(join(tmpdir(), 'yangguang-operations-'));
  const role = `yg_app_${newId().slice(-12)}`;
  const databases: string[] = [];

  const appUrl = () => {
    const url = new URL(platform.databaseUrl);
    url.username = role;
    url.password = role;
    return url.toString();
  };
  const register = async (on: Running, name: string): Promise<bigint> => {
    platform.balancer.use(on.base);
    const id = await city.organisation('bidder', name);
    const [row] = await on.journal.db.query('select id::text as id from journal_entry where subject = ?', [id]);
    return on.journal.whenSequenced(String(row?.id));
  };
  /** A new database and folder, filled from a backup by the page's commands. */
  const restore = async (backup: string, newestHead: string): Promise<Record<string, string>> => {
    const name = `yg_restored_${newId().replaceAll('-', '')}`;
    databases.push(name);
    const url = new URL(server);
    url.pathname = `/${name}`;
    const env = { DATABASE_URL: url.toString(), DATA_DIR: join(scratch, name) };
    await runBlock('sh: restore', {
      SERVER_URL: server,
      BACKUP: backup,
      NEW_DATABASE: name,
      NEW_DATABASE_URL: env.DATABASE_URL,
      NEW_DATA_DIR: env.DATA_DIR,
      NEWEST_LOG_HEAD: newestHead,
    });
    return env;
  };
  const back = async (name: string): Promise<string> => {
    const BACKUP = join(scratch, name);
    mkdirSync(BACKUP);
    await runBlock('sh: backup', { BACKUP, DATABASE_URL: platform.databaseUrl, DATA_DIR: platform.dataDir });
    return BACKUP;
  };

  beforeAll(async () => {
    platform = await openPlatform(server, { DEMO_CLOCK: '0' });
    node = await platform.node();
    platform.balancer.use(node.base);
    city = await openCity({ base: platform.balancer.base, dataDir: platform.dataDir, clock: node.clock });
  }, 120_000);
  afterAll(async () => {
    await platform.close();
    for (const name of databases) await adminQuery(server, `drop database if exists ${name} with (force)`);
    await adminQuery(server, `drop role if exists ${role}`);
    rmSync(scratch, { recursive: true, force: true });
  });

  it('let the application only append to the journal, and it works so', async () => {
    await node.close();
    await adminQuery(server, `create role ${role} login password '${role}'`);
    const sql = join(scratch, 'least-privilege.sql');
    writeFileSync(sql, blockOf('sql: least-privilege'));
    await runProgram('psql', [platform.databaseUrl, '-qwv', 'ON_ERROR_STOP=1', '-v', `app=${role}`, '-f', sql], {});
    node = await platform.node({ DATABASE_URL: appUrl() });
    expect(await register(node, '最小权限下登记的公司')).toBeGreaterThan(0n);
    const client = new pg.Client({ connectionString: appUrl() });
    await client.connect();
    const refused = async (statement: string) =>
      client.query(statement).then(
        () => 'done',
        (error: { code?: string }) => error.code,
      );
    const journal = ['journal_entry', 'journal_leaf', 'journal_checkpoint', 'journal_cosignature'];
    const statements = journal.flatMap((table) => [
      `delete from ${table}`,
      `truncate ${table}`,
      `alter table ${table} disable trigger all`,
      `drop trigger ${table}_append_only on ${table}`,
      `drop table ${table}`,
    ]);
    const others = [
      "update journal_entry set actor = ''",
      'update journal_leaf set log_index = 0',
      "update journal_checkpoint set note = ''",
      'delete from journal_tile',
      'delete from journal_lease',
      "update platform_authority set root_sha256 = ''",
      'delete from schema_migration',
      'create table own (id int)',
      'set session_replication_role = replica',
    ];
    for (const statement of [...statements, ...others])
      expect([statement, await refused(statement)]).toEqual([statement, '42501']);
    await client.end();
  });

  it('rotate the issuing key: who had a certificate keeps it, new ones come from the new key, and the root can be gone', async () => {
    const { administrator } = city;
    const before = await (await fetch(`${node.base}/api/trust/issuing`)).text();
    await node.close();
    const secrets = join(platform.dataDir, 'secrets');
    const offline = join(scratch, 'root.pem');
    cpSync(join(secrets, 'root', 'root.pem'), offline);
    rmSync(join(secrets, 'root'), { recursive: true });
    await runBlock('sh: rotate', {
      AUTHORITY: join(secrets, 'authority'),
      ROOT_KEY: offline,
      CITY: 'yangguang.example',
    });
    node = await platform.node();
    platform.balancer.use(node.base);
    const after = await (await fetch(`${node.base}/api/trust/issuing`)).text();
    expect(after).not.toBe(before);
    // The certificate of before, without its chain: the platform knows the former issuing key.
    const former = administrator.key!;
    await administrator.as({ ...former, chain: [] });
    const witness = await city.person('witness');
    const [issuing] = certificatesFromPem(after);
    expect(witness.client.key?.certificate.isIssuer(issuing!)).toBe(true);
    const centre = await (await fetch(`${node.base}/api/trust/centre`)).text();
    expect(certificatesFromPem(centre)[0]!.isIssuer(issuing!)).toBe(true);
  });

  it('back up and restore: the log goes on where it stood', async () => {
    const last = await register(node, '备份前登记的公司');
    await node.close();
    const env = await restore(await back('whole'), join(platform.dataDir, 'log-head'));
    const restored = await platform.node(env);
    expect(await register(restored, '恢复后登记的公司')).toBe(last + 1n);
    await restored.close();
    node = await platform.node();
  });

  it('an older dump under the newest log head is refused at the start', async () => {
    const backup = await back('older');
    const size = async () => parseCheckpoint(await node.journal.checkpoint()).size;
    const then = await size();
    await register(node, '备份后登记的公司');
    expect(await size()).toBeGreaterThan(then);
    await node.close();
    const head = join(platform.dataDir, 'log-head');
    expect(parseCheckpoint(readFileSync(head, 'utf8')).size).toBeGreaterThan(then);
    const env = await restore(backup, head);
    const refusal = await platform.node(env).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(LogRefusesToStart);
    // The page quotes it, so that whoever searches for the message finds what to do.
    const [, quoted = '?'] = /Refusal to start\*\* `([^`]+)`/.exec(operationsPage()) ?? [];
    expect(String(refusal)).toContain(quoted);
    const name = databases.at(-1);
    node = await platform.node();
    await until(
      () => node.journal.db.query('select 1 from pg_stat_activity where datname = ?', [name]),
      (rows) => rows.length === 0,
      'the refused node to let go of the database',
    );
    await until(async () => node.journal.leads(), Boolean, 'the true database to go on');
  });
});
