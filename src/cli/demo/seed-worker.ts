/** Builds the city beside the server's thread, so that two cores share the work. Keys are made while the server still starts. */
import { parentPort } from 'node:worker_threads';
import { makeKeys, seedCity } from './seed.ts';

export type SeedOrder = { readonly base: string; readonly dataDir: string };
export type SeedNews =
  | { readonly type: 'line'; readonly line: string }
  | { readonly type: 'built' }
  | { readonly type: 'failed'; readonly message: string };

const tell = (news: SeedNews) => parentPort?.postMessage(news);
const keys = makeKeys();

parentPort?.once('message', ({ base, dataDir }: SeedOrder) => {
  seedCity({ base, dataDir, keys, say: (line) => tell({ type: 'line', line }) }).then(
    () => tell({ type: 'built' }),
    (error: unknown) => tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
});
