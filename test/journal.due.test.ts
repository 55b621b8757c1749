import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseNow } from '../src/journal/act.ts';
import { type DueTimer, openDue } from '../src/journal/due.ts';
import { newId } from '../src/platform/ids.ts';
import { createLogger } from '../src/platform/log.ts';
import { startJournal, type TestJournal } from './support/journal.ts';

let test: TestJournal;
let due: DueTimer;
const broken = new Set<string>();
const ticked: string[] = [];
const listeners = new Set<() => void>();

beforeAll(async () => {
  test = await startJournal();
  due = openDue({
    ...test,
    logger: createLogger('silent'),
    handlers: {
      tally: async (subject) => {
        if (broken.has(subject)) throw new Error('this handler fails');
        await test.acted(subject, { type: 'tick' });
        ticked.push(subject);
        for (const listener of listeners) listener();
      },
    },
  });
});
afterAll(async () => {
  await due.stop();
  await test.close();
});

const inSeconds = async (seconds: number): Promise<string> =>
  Temporal.Instant.from(await databaseNow(test.db.read(), test.clock))
    .add({ seconds })
    .toString({ smallestUnit: 'microsecond' });
const dueRows = (subject: string) => test.db.query('select tick from due where subject = ?', [subject]);

describe('the due timer', () => {
  it('hands out what is due, once, and leaves alone what is not', async () => {
    const [early, late] = [newId(), newId()];
    await test.acted(early, { type: 'schedule', at: await inSeconds(-1) });
    await test.acted(late, { type: 'schedule', at: await inSeconds(3_600) });
    expect(await due.runDue()).toBe(1);
    expect(await due.runDue()).toBe(0);
    expect([await dueRows(early), (await dueRows(late)).length]).toEqual([[], 1]);
    expect(ticked).toEqual([early]);
  });

  it('survives a handler that fails, and serves the others', async () => {
    const [bad, good] = [newId(), newId()];
    broken.add(bad);
    await test.acted(bad, { type: 'schedule', at: await inSeconds(-2) });
    await test.acted(good, { type: 'schedule', at: await inSeconds(-1) });
    await due.runDue();
    expect([ticked.includes(bad), ticked.includes(good), (await dueRows(bad)).length]).toEqual([false, true, 1]);
    broken.delete(bad);
    await due.runDue();
    expect(ticked).toContain(bad);
  });

  it('a rolled-back act leaves no due row', async () => {
    const subject = newId();
    await test.act(subject, { type: 'schedule', at: await inSeconds(-1) }, { dryRun: true });
    expect(await dueRows(subject)).toEqual([]);
  });

  it('wakes by itself for what an act has scheduled, and when the demo clock is moved', async () => {
    await due.start();
    const seen = (subject: string) =>
      new Promise<void>((resolve) => {
        listeners.add(() => ticked.includes(subject) && resolve());
      });
    const [now, tomorrow] = [newId(), newId()];
    const both = [seen(now), seen(tomorrow)];
    await test.acted(tomorrow, { type: 'schedule', at: await inSeconds(86_400) });
    await test.acted(now, { type: 'schedule', at: await inSeconds(0) });
    await both[0];
    test.clock.advance(Temporal.Duration.from({ hours: 25 }));
    due.wake();
    await both[1];
    expect(await dueRows(tomorrow)).toEqual([]);
  });
});
