/** The demo's world in a test: one server in this process, whose clock is moved and whose due acts are done at once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCity } from '../../src/cli/demo/city.ts';
import { readTrust, type World } from '../../src/cli/demo/stage.ts';
import { silent } from '../../src/cli/progress.ts';
import type { TestApp } from './app.ts';

export type TestWorld = { readonly world: World; close(): void };

/** `close` removes what the parties kept on their own machines; the server is the caller's. */
export async function openWorld(app: TestApp, megabytes: number): Promise<TestWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'yangguang-world-'));
  const { trust, roots } = await readTrust(app.base, null);
  const world: World = {
    base: app.base,
    folder,
    city: await openCity(app),
    now: () => app.clock.now(),
    advanceTo: async (instant) => {
      // A few milliseconds past it: on PostgreSQL the database's clock and this one are not the same to the microsecond.
      const ahead = Temporal.Instant.from(instant).add({ milliseconds: 5 }).since(app.clock.now());
      if (ahead.sign > 0) app.clock.advance(ahead);
      await app.rooms.due.runDue();
    },
    trust,
    roots,
    progress: silent,
    tell: () => {},
    megabytes,
  };
  return { world, close: () => rmSync(folder, { recursive: true, force: true }) };
}
