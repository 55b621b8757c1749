/** Runs the sequencer on the node that holds the lease; on the others it watches for what that node publishes. */
import { openCheckpoint } from '../formats/log/checkpoint.ts';
import type { Database } from '../platform/database.ts';
import { checkHead, writeHead } from './head.ts';
import { acquireLease, holdLease, type Lease, LeaseLost, releaseLease } from './lease.ts';
import { leaseName, openSequencer, type Published, type Sequencer, type SequencerDeps } from './sequencer.ts';

export type RunnerDeps = Omit<SequencerDeps, 'writeHead' | 'publish'> & {
  readonly dataDir: string;
  /** Told of every newer checkpoint, by whichever node; `entryIds` are all that got an index since the last one told. */
  publish(published: Published): void;
};

export type Runner = {
  /** Runs until `stop`. Whoever starts it has checked that the tree extends what was signed before (head.ts). */
  start(): Promise<void>;
  /** Finishes the batch under way and gives the lease back. */
  stop(): Promise<void>;
  wake(): void;
  /** Whether this node sequences now. */
  leads(): boolean;
};

/** Checkpoints are at least so far apart: under load a batch shares its three round trips and its fsync. */
const gapMilliseconds = 20;
/** Other nodes' entries and checkpoints are looked for so often: well within the 200 ms of trust protocol 4. */
const pollMilliseconds = 100;
const renewMilliseconds = 1_000;
const afterErrorMilliseconds = 500;

type Held = { readonly lease: Lease; readonly sequencer: Sequencer; renewedAt: number };

/** Builds the runner; it does nothing before `start`. */
export function openRunner(deps: RunnerDeps): Runner {
  const { db, tree, logger, dataDir, signer, publish } = deps;
  let held: Held | null = null;
  let triedAt = Number.NEGATIVE_INFINITY;
  let knownSize = 0n;
  let stopping = false;
  let done: Promise<void> = Promise.resolve();
  const rest = sleeper();

  const announce = async (published: Published): Promise<void> => {
    const { size, entryIds } = published;
    // After an error, or on another node, entries got indexes that were not told here yet.
    const untold = BigInt(entryIds.length) < size - knownSize;
    publish(untold ? { ...published, entryIds: await entriesBetween(db, knownSize, size) } : published);
    knownSize = size;
  };
  const take = async (): Promise<Held | null> => {
    if (performance.now() - triedAt < renewMilliseconds) return null;
    triedAt = performance.now();
    const lease = await acquireLease(db, leaseName);
    if (!lease) return null;
    try {
      tree.forget();
      await checkHead(db, tree, signer.key, dataDir);
      const sequencer = await openSequencer(
        { ...deps, publish: announce, writeHead: (text) => writeHead(dataDir, text) },
        lease,
      );
      logger.info({ epoch: lease.epoch }, '日志排序器已接管 / sequencer lease taken');
      return { lease, sequencer, renewedAt: performance.now() };
    } catch (error) {
      await releaseLease(db, leaseName, lease);
      throw error;
    }
  };
  const lead = async (current: Held): Promise<void> => {
    if (await current.sequencer.step()) {
      current.renewedAt = performance.now();
      return rest.pause(gapMilliseconds);
    }
    if (performance.now() - current.renewedAt > renewMilliseconds) {
      await db.transaction((em) => holdLease(em, leaseName, current.lease));
      current.renewedAt = performance.now();
    }
    await rest.untilWoken(pollMilliseconds);
  };
  const turn = async (): Promise<void> => {
    held ??= await take();
    if (held) return lead(held);
    const published = await newerCheckpoint(deps, knownSize);
    if (published) await announce(published);
    // Another node may tell that it has published (over NATS); this one's own commits wake it too, by hundreds a second.
    await rest.pause(gapMilliseconds);
    await rest.untilWoken(pollMilliseconds);
  };
  const run = async (): Promise<void> => {
    while (!stopping) {
      try {
        await turn();
      } catch (error) {
        // What was committed is not known after an error: the state in memory is dropped and read again.
        held = null;
        if (stopping) break;
        if (error instanceof LeaseLost)
          logger.warn('日志排序器已由其他节点接管 / another node took the sequencer lease');
        else logger.error({ err: error }, '日志排序失败，将重试 / sequencing failed, will try again');
        await rest.pause(afterErrorMilliseconds);
      }
    }
    if (held) await releaseLease(db, leaseName, held.lease).catch(() => {});
  };

  return {
    start: async () => {
      // What was published before needs no telling: who asks for it finds it by a query.
      const before = await newerCheckpoint(deps, -1n);
      if (before) {
        knownSize = before.size;
        publish(before);
      }
      done = run();
    },
    stop: async () => {
      stopping = true;
      rest.wake();
      await done;
    },
    wake: rest.wake,
    leads: () => held !== null,
  };
}

/** What another node has published beyond the known size; null when nothing. */
async function newerCheckpoint(
  { db, signer }: { db: Database; signer: RunnerDeps['signer'] },
  known: bigint,
): Promise<Published | null> {
  const [row] = await db.query('select note from journal_checkpoint where size > ? order by size desc limit 1', [
    known.toString(),
  ]);
  if (!row) return null;
  const text = String(row.note);
  const { origin, size, root } = openCheckpoint(text, signer.key);
  return { origin, size, root, text, entryIds: [] };
}

async function entriesBetween(db: Database, from: bigint, to: bigint): Promise<string[]> {
  const rows = await db.query(
    'select entry_id::text as id from journal_leaf where log_index >= ? and log_index < ? order by log_index',
    [from.toString(), to.toString()],
  );
  return rows.map(({ id }) => String(id));
}

/** Waits that `wake` cuts short: `untilWoken` always, `pause` only when the runner stops. */
function sleeper() {
  let woken = false;
  let end: (() => void) | null = null;
  const wait = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  return {
    wake: () => {
      woken = true;
      end?.();
    },
    untilWoken: async (milliseconds: number) => {
      if (!woken) await wait(milliseconds);
      woken = false;
      end = null;
    },
    pause: async (milliseconds: number) => {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
    },
  };
}
