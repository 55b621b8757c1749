/** The five lanes of sealing. A lane never runs backwards, and the page hears of it at most ten times a second. */
export const lanes = ['pack', 'encrypt', 'shares', 'sign', 'upload'] as const;
export type Lane = (typeof lanes)[number];

export type LaneState = {
  readonly lane: Lane;
  readonly bytes: number;
  readonly total: number;
  /** Whole percent, rounded down: 100 means done. */
  readonly percent: number;
  /** From the lane's own speed so far; null while that is unknown. */
  readonly secondsLeft: number | null;
};

const everyMilliseconds = 100;

/** `now` is a monotonic clock in milliseconds. `resumed` bytes of a lane were there before and say nothing of its speed. */
export function progressOf(say: (state: LaneState) => void, now: () => number) {
  const known = new Map<Lane, { began: number; first: number; bytes: number; percent: number }>();
  let spoken = Number.NEGATIVE_INFINITY;
  return (lane: Lane, bytes: number, total: number): void => {
    const at = now();
    const before = known.get(lane) ?? { began: at, first: bytes, bytes: 0, percent: -1 };
    const reached = Math.max(before.bytes, Math.min(bytes, total));
    const percent = Math.max(before.percent, total > 0 ? Math.floor((reached / total) * 100) : 0);
    known.set(lane, { ...before, bytes: reached, percent: Math.max(before.percent, percent) });
    const ended = percent === 100 && before.percent < 100;
    if (!ended && at - spoken < everyMilliseconds) return;
    spoken = at;
    const speed = (reached - before.first) / (at - before.began);
    const secondsLeft = speed > 0 && Number.isFinite(speed) ? Math.ceil((total - reached) / speed / 1000) : null;
    say({ lane, bytes: reached, total, percent, secondsLeft });
  };
}
