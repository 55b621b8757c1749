import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Played, playChain } from '../../src/cli/demo/chain.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { openWorld } from '../support/world.ts';

let app: TestApp;
let closeWorld: () => void;
let played: Played;

beforeAll(async () => {
  app = await startApp();
  const opened = await openWorld(app, 0.1);
  closeWorld = opened.close;
  played = await playChain(opened.world);
}, 180_000);
afterAll(async () => {
  await app.close();
  closeWorld();
});

describe('one tender from registration to its certificate', () => {
  it('ends with an award notice and a result certificate', () => {
    expect(Object.keys(played.documents).sort()).toEqual(['award-notice', 'result-certificate']);
  });
});
