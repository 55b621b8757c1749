/** Writes src/web/api/contracts.gen.ts: starts the platform's rooms on an empty embedded database in memory and reads their routes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '../main.ts';
import { readConfig } from '../platform/config.ts';
import { createLogger } from '../platform/log.ts';
import { contractsFile, type OpenApi } from './contract-types.ts';

const target = new URL('../web/api/contracts.gen.ts', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'yangguang-contracts-'));
try {
  const config = readConfig({ PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'error', DEMO: '1', DEMO_CLOCK: '1' });
  const running = await start({ config, logger: createLogger('error') });
  const document = (await (await fetch(`${running.base}/openapi.json`)).json()) as OpenApi;
  const text = contractsFile(document);
  const before = (() => {
    try {
      return readFileSync(target, 'utf8');
    } catch {
      return '';
    }
  })();
  if (before !== text) writeFileSync(target, text);
  await running.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
