/** The public channel `log`: every new leaf, and the size it brought the log to. Sequences are tree sizes. */
import { type Channel, type ChannelEvent, channel } from '../platform/http/sockets.ts';
import type { Journal } from './act.ts';
import type { Following, LogEntry } from './feed.ts';
import { presentLeaf } from './routes.ts';

/** A client that missed more gets a snapshot: it reads the rest over /log/entries. */
const maxGap = 500;

/** The channel at /ws/log; an event of sequence n is the leaf with index n - 1. */
export function logChannel(journal: Journal): Channel {
  const subscribers = new Set<(event: ChannelEvent) => void>();
  const eventOf = (entry: LogEntry): ChannelEvent => ({ seq: Number(entry.index) + 1, data: presentLeaf(entry) });
  /** One reader for all clients of this node, while there are any. */
  let following: Following | null = null;
  const follow = () =>
    journal.follow(journal.size(), async (entries) => {
      for (const entry of entries) for (const send of subscribers) send(eventOf(entry));
    });
  const leave = (send: (event: ChannelEvent) => void) => {
    subscribers.delete(send);
    if (subscribers.size > 0) return;
    void following?.stop();
    following = null;
  };
  return channel({
    name: 'log',
    path: '/ws/log',
    who: 'anyone',
    newest: async () => Number(journal.size()),
    since: async (_, seq) => {
      if (Number(journal.size()) - seq > maxGap) return null;
      return (await journal.entries(BigInt(seq), maxGap)).map(eventOf);
    },
    snapshot: async () => {
      const seq = Number(journal.size());
      return { seq, data: { size: seq, checkpoint: await journal.checkpoint() } };
    },
    subscribe: (_, send) => {
      following ??= follow();
      subscribers.add(send);
      return () => leave(send);
    },
  });
}
