/** The demo city: ten projects at different stages, made over HTTP as their people would make them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoAccount } from '../../demo-accounts.ts';
import { makeKey } from '../enrol.ts';
import { silent } from '../progress.ts';
import { leaveAccounts } from './accounts.ts';
import { serverClock } from './clock.ts';
import { type Citizens, citizenCount, settle } from './people.ts';
import { cityEnd, type Day, dayFrom, nameOf, type StoryId, storyIds } from './plans.ts';
import { type MovableClock, playTogether } from './schedule.ts';
import { readTrust, type World } from './stage.ts';
import { stories, type Told } from './stories.ts';

export type SeedOptions = {
  readonly base: string;
  /** The server's: its first administrator's code is read there, and the log-ins are left there (demo-accounts.ts). */
  readonly dataDir: string;
  /** Left out: POST /demo/clock of the server. A test in the server's process may move its clock itself. */
  readonly clock?: MovableClock;
  /** Which stories; all of them unless said. */
  readonly only?: readonly StoryId[];
  /** A line of progress. */
  readonly say?: (line: string) => void;
  /** Keys of the people where they were made before (made here otherwise). */
  readonly keys?: readonly ReturnType<typeof makeKey>[];
};

export type Seeded = {
  readonly accounts: readonly DemoAccount[];
  readonly projects: Readonly<Partial<Record<StoryId, Told>>>;
  readonly people: Citizens;
  /** Instants of the city's days, counted from its first Monday. */
  readonly day: Day;
};

/**
 * Builds the city in a server that has just been started, empty, with DEMO=1 (or DEMO_CLOCK=1, without the routes of the
 * log-ins) and its clock on a Monday morning (`demoStart`). Leaves the clock at Friday of the fifth week, 9:30 in Beijing, half
 * an hour before the deadline of the story `bidding`. Everything goes over HTTP.
 *
 * A test of the web starts a server and asks for what it needs; a story alone takes about a quarter of the city's time:
 *
 *     const app = await startApp({ DEMO: '1' });
 *     const { projects, accounts } = await seedCity({ base: app.base, dataDir: app.dataDir, only: ['bidding'] });
 *     // projects.bidding.lot, .opening, .officers[n].identity; accounts[n].p12 with its passphrase
 *
 * Throws the first failure of a story, with its refusal; the server is then half built and of no use.
 */
export async function seedCity(options: SeedOptions): Promise<Seeded> {
  const { base, dataDir, only = storyIds, say = () => {} } = options;
  const clock = options.clock ?? (await serverClock(base));
  const folder = await mkdtemp(join(tmpdir(), 'yangguang-city-'));
  try {
    const day = dayFrom(clock.now());
    const { city, ...people } = await settle({ base, dataDir, clock }, options.keys ?? makeKeys());
    say('单位与人员已登记，各自的证书已签发 / organisations and people registered, certificates issued');
    const common = {
      base,
      city,
      now: () => clock.now(),
      ...(await readTrust(base, null)),
      progress: silent,
      tell: () => {},
      megabytes: 0.06,
    };
    const told: Partial<Record<StoryId, Told>> = {};
    let done = 0;
    const play = (id: StoryId) => async (advanceTo: World['advanceTo']) => {
      const world: World = { ...common, folder: join(folder, id), advanceTo };
      await stories[id]({ world, people, day, failed: () => told.failed?.project ?? null }, (one) => {
        told[id] = one;
      });
      done += 1;
      say(`${String(done).padStart(2)}/${only.length}  ${told[id]?.code}  ${nameOf(id)}：${stages[id]}`);
    };
    await playTogether(only.map(play), clock, Temporal.Instant.from(cityEnd(day)));
    const accounts = await leaveAccounts(dataDir, people, Object.values(told));
    return { accounts, projects: told, people, day };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A key for everybody; begun early, they are made while the server starts. */
export const makeKeys = (): ReturnType<typeof makeKey>[] => Array.from({ length: citizenCount }, () => makeKey());

const stages: Readonly<Record<StoryId, string>> = {
  registered: '已登记，待核对 / registered, awaiting review',
  questions: '投标中，有提问与答复 / open for tenders, questions answered',
  bidding: '半小时后截标 / closes in half an hour',
  changed: '已变更并延期 / changed and postponed',
  invited: '邀请招标，投标中 / invited tender, open',
  record: '已开标，记录待签 / opened, record to be signed',
  evaluation: '评标中 / under evaluation',
  publicity: '候选人公示中 / candidates in publicity',
  awarded: '已发中标通知书与结果凭证 / notice and certificate issued',
  failed: '不足三家，已终止 / fewer than three tenders, ended',
};
