/** A live channel on a page: 直播中, 正在重连, 已断开. After a cut it goes on behind the last sequence taken. */
import { useEffect, useEffectEvent, useState } from 'react';
import {
  caughtUp,
  channelUrl,
  frameOf,
  nowhere,
  type Place,
  pauseBefore,
  type Taken,
  takeFrame,
} from './live-frames.ts';

/** `off`: several attempts in a row have failed; it keeps trying. */
export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'off';
type Given = NonNullable<Taken['given']>;

const attemptsUntilOff = 4;
/** Asked for a sign of life, and how long the line may be silent before it counts as cut. */
const pingMilliseconds = 15_000;
const silenceMilliseconds = 40_000;

const chance = () => crypto.getRandomValues(new Uint16Array(1))[0]! / 65_536;

type Handlers = { give(given: Given): void; say(state: LiveState): void };

/** Follows a channel until it is left; answers how to leave. Apart from React, for tests. */
export function follow(
  path: string,
  { give, say }: Handlers,
  origin: string = location.origin,
  open: (url: string) => WebSocket = (url) => new WebSocket(url),
): () => void {
  let place: Place = nowhere;
  let attempt = 0;
  let socket: WebSocket | null = null;
  let again: ReturnType<typeof setTimeout> | null = null;
  let heard = 0;
  let left = false;
  const take = (text: string) => {
    heard = performance.now();
    const frame = frameOf(text);
    if (!frame) return socket?.close();
    const taken = takeFrame(place, frame);
    place = taken.place;
    if (taken.broken) return socket?.close();
    if (taken.given) give(taken.given);
    if (!caughtUp(place)) return;
    attempt = 0;
    say('live');
  };
  const connect = () => {
    heard = performance.now();
    place = { ...place, newest: null };
    socket = open(channelUrl(origin, path, place));
    const own = socket;
    own.onmessage = ({ data }: MessageEvent) => {
      if (own === socket && !left) take(String(data));
    };
    own.onclose = () => {
      if (left || own !== socket) return;
      attempt += 1;
      say(attempt > attemptsUntilOff ? 'off' : 'reconnecting');
      again = setTimeout(connect, pauseBefore(attempt, chance()));
    };
  };
  const beat = setInterval(() => {
    if (socket?.readyState !== 1) return;
    if (performance.now() - heard > silenceMilliseconds) socket.close();
    else socket.send('{"type":"ping"}');
  }, pingMilliseconds);
  connect();
  return () => {
    left = true;
    clearInterval(beat);
    if (again) clearTimeout(again);
    socket?.close();
  };
}

/** Follows `path` while the page shows it; null waits. `onGiven` gets a snapshot first, then each event once and in order. */
export function useLive(path: string | null, onGiven: (given: Given) => void): LiveState {
  const [state, say] = useState<LiveState>('connecting');
  const give = useEffectEvent(onGiven);
  useEffect(() => (path === null ? undefined : follow(path, { give: (given) => give(given), say })), [path]);
  return state;
}
