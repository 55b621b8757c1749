/**
 * Whether a data folder is a demo city's. The city's keys are public, so a real platform must never start in its folder, nor a
 * city in a real platform's; and a city whose building was cut is built anew.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';

const mark = z.object({ state: z.enum(['building', 'built']) });

export type FolderKind = 'new' | 'building' | 'built' | 'real';

/** What a start leaves in its data folder; other files (a centre's own rules) are the operator's. */
const written = ['pglite', 'files', 'secrets', 'log-head', 'demo'];
const markOf = (dataDir: string) => join(dataDir, 'demo', 'city.json');

export function folderKind(dataDir: string): FolderKind {
  if (existsSync(markOf(dataDir))) return mark.parse(JSON.parse(readFileSync(markOf(dataDir), 'utf8'))).state;
  return written.some((name) => existsSync(join(dataDir, name))) ? 'real' : 'new';
}

export function markFolder(dataDir: string, state: 'building' | 'built'): void {
  mkdirSync(join(dataDir, 'demo'), { recursive: true });
  writeFileSync(markOf(dataDir), `${JSON.stringify({ state })}\n`, { flush: true });
}

/** Removes what a demo's start wrote; the mark goes last, so that a cut removal is still a demo's. */
export function emptyDemoFolder(dataDir: string): void {
  if (folderKind(dataDir) !== 'building') throw new Error(`${dataDir} holds no city under building`);
  for (const name of written) rmSync(join(dataDir, name), { recursive: true, force: true });
}

const sentences = {
  cityInRealFolder: (dataDir: string) =>
    `${dataDir} 里已有正式数据，不能再建演示城市；请换一个 DATA_DIR，或去掉 DEMO=1。/ ${dataDir} holds a real platform; give the demo city another DATA_DIR, or leave out DEMO=1.`,
  realInCityFolder: (dataDir: string) =>
    `${dataDir} 是演示城市的目录（钥匙是公开的），不能用于正式平台；请换一个 DATA_DIR。/ ${dataDir} belongs to a demo city, whose keys are public; give the real platform another DATA_DIR.`,
  cityInRealDatabase: () =>
    '该数据库里已有正式数据，不能建演示城市；请换一个 DATABASE_URL，或去掉 DEMO=1。/ The database holds a real platform; give the demo city another DATABASE_URL, or leave out DEMO=1.',
  cutOnPostgres: (dataDir: string) =>
    `演示城市上次没有建完。请重建该数据库并删除 ${dataDir}，然后再启动。/ The demo city was not finished last time. Create the database anew and remove ${dataDir}, then start again.`,
};

type Wish = { readonly demo: '0' | '1' | undefined; readonly dataDir: string; readonly databaseUrl: boolean };

/**
 * Whether this start is a demo city's: as asked, and where nothing is asked, on the embedded database in a new folder or in a
 * city's. Throws a sentence where the folder is of the other kind.
 */
export function isCity({ demo, dataDir, databaseUrl }: Wish): boolean {
  const kind = folderKind(dataDir);
  const city = demo === '1' || (demo === undefined && !databaseUrl && kind !== 'real');
  if (city && kind === 'real') throw new Error(sentences.cityInRealFolder(dataDir));
  if (!city && (kind === 'built' || kind === 'building')) throw new Error(sentences.realInCityFolder(dataDir));
  if (city && kind === 'building' && databaseUrl) throw new Error(sentences.cutOnPostgres(dataDir));
  return city;
}

/** Before a city is begun: throws a sentence where somebody holds a certificate of this database, whose clock must not be moved. */
export async function refuseRealDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query("select to_regclass('certificate') is not null as there");
    if (!rows[0]?.there) return;
    const held = await client.query('select 1 from certificate limit 1');
    if (held.rows.length > 0) throw new Error(sentences.cityInRealDatabase());
  } finally {
    await client.end();
  }
}
