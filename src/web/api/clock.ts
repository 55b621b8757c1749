/**
 * The server's time on this page: the local monotonic clock plus an offset, the median of five round trips, measured again each
 * minute and when the page wakes. It shows; it never decides.
 */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { epochOf } from '../i18n/format.ts';

type Measure = () => Promise<string>;

const askServer: Measure = async () => {
  const response = await fetch('/api/clock', { cache: 'no-store' });
  return ((await response.json()) as { now: string }).now;
};

/** Monotonic milliseconds since the page's origin, as epoch milliseconds of this machine. */
const local = () => performance.timeOrigin + performance.now();

let offset: number | null = null;
const listeners = new Set<() => void>();

/** Asks the server five times and keeps the median offset; a failed trip is left out. */
export async function measureOffset(measure: Measure = askServer): Promise<void> {
  const found: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    const sent = local();
    try {
      const server = epochOf(await measure());
      found.push(server - (sent + local()) / 2);
    } catch {
      // The next minute tries again.
    }
  }
  if (found.length === 0) return;
  offset = found.toSorted((a, b) => a - b)[Math.floor(found.length / 2)]!;
  for (const listener of listeners) listener();
}

let timer: ReturnType<typeof setInterval> | null = null;
const wake = () => {
  if (document.visibilityState === 'visible') void measureOffset();
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!timer) {
    void measureOffset();
    timer = setInterval(() => void measureOffset(), 60_000);
    document.addEventListener('visibilitychange', wake);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || !timer) return;
    clearInterval(timer);
    timer = null;
    document.removeEventListener('visibilitychange', wake);
  };
}

/** Server time in epoch milliseconds now; null until it is known. */
export const serverNow = (): number | null => (offset === null ? null : local() + offset);

/** Server time, drawn anew each second (or as often as asked); null until it is known, as on the server. */
export function useServerNow(everyMilliseconds = 1000): number | null {
  const known = useSyncExternalStore(
    subscribe,
    () => offset,
    () => null,
  );
  const [, tick] = useState(0);
  useEffect(() => {
    if (known === null) return;
    const beat = setInterval(() => tick((n) => n + 1), everyMilliseconds);
    return () => clearInterval(beat);
  }, [known, everyMilliseconds]);
  return known === null ? null : serverNow();
}
