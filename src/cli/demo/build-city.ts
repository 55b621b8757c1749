/** `npm start` of a demo: builds the city at its first start, and says who can log in at every start. */
import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { type DemoAccount, demoAccount, demoFiles } from '../../demo-accounts.ts';
import type { Config } from '../../platform/config.ts';
import { emptyDemoFolder, folderKind, markFolder, refuseRealDatabase } from './folder.ts';
import type { SeedNews, SeedOrder } from './seed-worker.ts';

type Say = (line: string) => void;

export type CityBuilder = {
  /** Resolves when the city stands; at once where it stood already. */
  build(order: SeedOrder): Promise<void>;
};

type CityPlace = Pick<Config, 'dataDir' | 'databaseUrl'>;

/** Before the server starts: a folder whose building was cut is emptied, and a new city's keys are begun. */
export async function openCityFolder({ dataDir, databaseUrl }: CityPlace, say: Say): Promise<CityBuilder> {
  if (folderKind(dataDir) === 'built') return { build: async () => {} };
  if (folderKind(dataDir) === 'building') {
    say(
      '演示城市上次没有建完，清空后重新建立。/ The demo city was not finished last time; its folder is emptied and it is built anew.',
    );
    emptyDemoFolder(dataDir);
  }
  if (databaseUrl) await refuseRealDatabase(databaseUrl.reveal());
  say(
    '首次启动：先建数据库，再通过接口建立演示城市，约一分钟。/ First start: the database, then the demo city over the interface, about a minute.',
  );
  markFolder(dataDir, 'building');
  const worker = new Worker(new URL('./seed-worker.ts', import.meta.url));
  worker.unref();
  return {
    build: async (order) => {
      worker.ref();
      await built(worker, order, say);
      markFolder(dataDir, 'built');
      await worker.terminate();
    },
  };
}

function built(worker: Worker, order: SeedOrder, say: Say): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', (news: SeedNews) => {
      if (news.type === 'line') say(news.line);
      else if (news.type === 'built') resolve();
      else reject(new Error(`演示城市未能建成 / the demo city could not be built: ${news.message}`));
    });
    worker.postMessage(order);
  });
}

const titles: Readonly<Record<string, string>> = {
  bidder: '投标人',
  tenderer: '招标人',
  agency: '代理机构',
  host: '开标主持人',
  witness: '见证人',
  supervisor: '监督人员',
  finance: '财务',
  expert: '评标专家',
  auditor: '审计人员',
  administrator: '管理员',
};

/** The lines that a start of the city ends with: its address, its time, a line for each role. */
export async function cityLines(dataDir: string, address: string, now: Temporal.Instant): Promise<string[]> {
  const accounts = z.array(demoAccount).parse(JSON.parse(await readFile(demoFiles(dataDir).accounts, 'utf8')));
  const time = now.toZonedDateTimeISO('Asia/Shanghai').toPlainDateTime().toString({ smallestUnit: 'minute' });
  const roles = Map.groupBy(accounts, ({ role }) => role);
  const who = ({ id, name, organisation }: DemoAccount) => `${name.zh}（${organisation?.name ?? ''}）${id}`;
  return [
    '',
    `阳光交易演示城市 / demo city   ${address}   演示时间 demo time ${time.replace('T', ' ')}`,
    `登录钥匙 / log-in keys: ${address}/demo/accounts   口令 passphrase: ${accounts[0]?.passphrase ?? ''}`,
    ...[...roles].map(([role, people]) => `  ${titles[role] ?? role} ${role}: ${people.map(who).join('、')}`),
    '空平台 / an empty platform: DEMO=0 DATA_DIR=other-folder npm start',
  ];
}
