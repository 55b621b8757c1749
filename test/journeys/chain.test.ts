import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Played, playChain } from '../../src/cli/demo/chain.ts';
import { openCity } from '../../src/cli/demo/city.ts';
import { readTrust, type World } from '../../src/cli/demo/stage.ts';
import { silent } from '../../src/cli/progress.ts';
import { startApp, type TestApp } from '../support/app.ts';

let app: TestApp;
let folder: string;
let played: Played;
const story: string[] = [];

beforeAll(async () => {
  app = await startApp();
  folder = mkdtempSync(join(tmpdir(), 'yangguang-journey-'));
  const { trust, roots } = await readTrust(app.base, null);
  const world: World = {
    base: app.base,
    folder,
    city: await openCity(app),
    now: () => app.clock.now(),
    advanceTo: async (instant) => {
      const ahead = Temporal.Instant.from(instant).since(app.clock.now());
      if (ahead.sign > 0) app.clock.advance(ahead);
      await app.rooms.due.runDue();
    },
    trust,
    roots,
    progress: silent,
    tell: (text, proof) => story.push(proof === undefined ? text : `${text} [${proof}]`),
    megabytes: 0.1,
  };
  played = await playChain(world);
}, 180_000);
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('one tender from registration to its certificate', () => {
  it('ends with an award notice and a result certificate', () => {
    expect(Object.keys(played.documents).sort()).toEqual(['award-notice', 'result-certificate']);
  });
});
