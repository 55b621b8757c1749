/**
 * What a client of a channel knows, as a fold over the server's frames (platform/http/sockets.ts): hello with the newest sequence,
 * the gap or a snapshot, then events. Nothing is shown twice, and a hole is never passed over.
 */
export type Frame =
  | { readonly type: 'hello'; readonly seq: number }
  | { readonly type: 'snapshot' | 'event'; readonly seq: number; readonly data: unknown }
  | { readonly type: 'pong' };

/** `seq`: the last sequence taken, null before the first. `newest`: what hello promised; caught up once it is reached. */
export type Place = { readonly seq: number | null; readonly newest: number | null };
export const nowhere: Place = { seq: null, newest: null };

export type Taken = {
  readonly place: Place;
  /** For the page; null for hello, pong and repetitions. */
  readonly given: { readonly kind: 'snapshot' | 'event'; readonly seq: number; readonly data: unknown } | null;
  /** An event is missing or the frame is none: connect anew, and take a snapshot. */
  readonly broken: boolean;
};

/** A frame of the server; null for anything else. */
export function frameOf(text: string): Frame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { type, seq } = (value ?? {}) as { type?: unknown; seq?: unknown };
  if (type === 'pong') return { type };
  if (type !== 'hello' && type !== 'snapshot' && type !== 'event') return null;
  return Number.isSafeInteger(seq) ? (value as Frame) : null;
}

export function takeFrame(place: Place, frame: Frame): Taken {
  if (frame.type === 'pong') return { place, given: null, broken: false };
  if (frame.type === 'hello') return { place: { ...place, newest: frame.seq }, given: null, broken: false };
  const { seq, data } = frame;
  const given = { kind: frame.type, seq, data } as const;
  if (frame.type === 'snapshot') return { place: { ...place, seq }, given, broken: false };
  if (place.seq !== null && seq <= place.seq) return { place, given: null, broken: false };
  if (place.seq === null || seq > place.seq + 1) return { place: nowhere, given: null, broken: true };
  return { place: { ...place, seq }, given, broken: false };
}

/** Whether everything that stood at the hello is here. */
export const caughtUp = ({ seq, newest }: Place): boolean => newest !== null && seq !== null && seq >= newest;

/** A channel's address with the last sequence taken. */
export const channelUrl = (origin: string, path: string, { seq }: Place): string =>
  `${origin.replace(/^http/, 'ws')}${path}${seq === null ? '' : `?after=${seq}`}`;

/** Pause before the n-th new attempt in milliseconds: doubling to 15 s, half of it by chance, so that 200 screens do not come at once. */
export const pauseBefore = (attempt: number, chance: number): number => {
  const full = Math.min(15_000, 500 * 2 ** attempt);
  return full / 2 + (full / 2) * chance;
};
