/**
 * A live channel: connects, says hello with the last sequence seen, takes what comes, and connects again after a cut with growing
 * pauses and jitter.
 */
import { useEffect, useEffectEvent, useState } from 'react';

export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'off';

/** Pause before the n-th new attempt in milliseconds: doubling to 15 s, with up to half of it by chance. */
export const pauseBefore = (attempt: number, chance: number): number => {
  const full = Math.min(15_000, 500 * 2 ** attempt);
  return full / 2 + (full / 2) * chance;
};

const chance = () => crypto.getRandomValues(new Uint16Array(1))[0]! / 65_536;

/** Follows `path` while the page shows it; `onMessage` gets parsed JSON frames, unreadable ones are dropped with the connection. */
export function useSocket(path: string | null, onMessage: (frame: unknown) => void): LiveState {
  const [state, setState] = useState<LiveState>('connecting');
  const receive = useEffectEvent(onMessage);
  useEffect(() => {
    if (path === null) return;
    let attempt = 0;
    let socket: WebSocket | null = null;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let ended = false;
    const connect = () => {
      socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`);
      socket.onopen = () => {
        attempt = 0;
        setState('live');
      };
      socket.onmessage = (event: MessageEvent<string>) => {
        try {
          receive(JSON.parse(event.data));
        } catch {
          socket?.close();
        }
      };
      socket.onclose = () => {
        if (ended) return;
        setState('reconnecting');
        timer = setTimeout(connect, pauseBefore(attempt, chance()));
        attempt += 1;
      };
    };
    connect();
    return () => {
      ended = true;
      if (timer) clearTimeout(timer);
      socket?.close();
      setState('off');
    };
  }, [path]);
  return state;
}
