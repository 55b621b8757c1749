/** What a process and its disk can say of themselves. */
import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

export type Vitals = {
  /** Milliseconds; since the last call. */
  eventLoop(): { readonly mean: number; readonly max: number };
  process(): { readonly memoryBytes: number; readonly uptimeSeconds: number };
  /** Size of the folder, counted at most once a minute, and of the disk that it lies on. */
  disk(): Promise<{ readonly bytes: number; readonly freeBytes: number; readonly diskBytes: number }>;
  stop(): void;
};

const countMilliseconds = 60_000;

export function openVitals(folder: string): Vitals {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  let counted: { readonly until: number; readonly bytes: Promise<number> } | null = null;
  return {
    eventLoop: () => {
      const [mean, max] = delay.count === 0 ? [0, 0] : [delay.mean / 1e6, delay.max / 1e6];
      delay.reset();
      return { mean, max };
    },
    process: () => ({ memoryBytes: process.memoryUsage.rss(), uptimeSeconds: Math.floor(process.uptime()) }),
    disk: async () => {
      if (!counted || counted.until < performance.now())
        counted = { until: performance.now() + countMilliseconds, bytes: sizeOf(folder) };
      const { bavail, blocks, bsize } = await statfs(folder);
      return { bytes: await counted.bytes, freeBytes: bavail * bsize, diskBytes: blocks * bsize };
    },
    stop: () => delay.disable(),
  };
}

/** One folder after another: a count must not make the disk busy. A file that goes meanwhile counts nothing. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    bytes += entry.isDirectory()
      ? await sizeOf(path)
      : await stat(path).then(
          ({ size }) => size,
          () => 0,
        );
  }
  return bytes;
}
