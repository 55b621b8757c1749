/**
 * Wake-ups between nodes: "something was committed", "a checkpoint was published", "the demo clock moved". They carry nothing
 * but their name, and nothing depends on them: every listener also looks by itself at intervals, so a lost message only delays,
 * and whoever forges one makes the nodes look once more at the database.
 */
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from './log.ts';
import type { Secret } from './secret.ts';

export type WakeTopic = 'committed' | 'published' | 'clock';

export type Wakeups = {
  /** Tells the other nodes; never waits and never throws. What is told within a few milliseconds becomes one message. */
  tell(topic: WakeTopic): void;
  /** Calls the listener when another node has told, at most once per gap; and after each (re)connection, for what was missed. */
  on(topic: WakeTopic, listener: () => void, gapMilliseconds?: number): void;
  /** Whether the nodes hear each other now; `off` where no server is configured. */
  state(): 'off' | 'connected' | 'disconnected';
  /** Resolves when the connection is gone; nothing is called any more. */
  close(): Promise<void>;
};

export type WakeupOptions = {
  /** Null: one node alone, nothing is told to anybody. Several servers are parted by commas. */
  readonly url: Secret<string> | null;
  /** Keeps platforms that share a NATS server apart; letters, digits and hyphens. */
  readonly scope: string;
  readonly logger: Logger;
  /** Told of each (re)connection; for tests. */
  readonly connected?: () => void;
};

const tellGapMilliseconds = 3;
const hearGapMilliseconds = 5;
const connectMilliseconds = 3_000;
const retryMilliseconds = 1_000;

const alone: Wakeups = { tell: () => {}, on: () => {}, state: () => 'off', close: async () => {} };

/** Begins to connect and goes on at once: a node starts and works without NATS. */
export function openWakeups({ url, scope, logger, connected = () => {} }: WakeupOptions): Wakeups {
  if (!url) return alone;
  const address = parseAddress(url.reveal());
  const subjectOf = (topic: string) => `yangguang.${scope}.${topic}`;
  const listeners = new Map<string, Paced[]>();
  const tellers = new Map<string, Paced>();
  const end = Promise.withResolvers<void>();
  let closed = false;
  let connection: NatsConnection | null = null;
  /** From a connection to its loss. */
  let live = false;

  const hear = (topic: string) => {
    if (!closed) for (const listener of listeners.get(topic) ?? []) listener.call();
  };
  const missed = () => {
    live = true;
    for (const topic of listeners.keys()) hear(topic);
    connected();
  };
  const join = async (): Promise<void> => {
    const opened = await connect({
      ...address,
      name: 'yangguang',
      noEcho: true,
      timeout: connectMilliseconds,
      maxReconnectAttempts: -1,
      reconnectTimeWait: retryMilliseconds,
      ignoreAuthErrorAbort: true,
    });
    if (closed) return opened.close();
    connection = opened;
    opened.subscribe(subjectOf('*'), { callback: (_, { subject }) => hear(subject.slice(subjectOf('').length)) });
    // The server knows the subscription once it has answered this.
    await opened.flush();
    logger.info({ servers: address.servers }, '已连接NATS / connected to NATS');
    missed();
    void watch(opened, logger, missed, () => {
      live = false;
    });
  };
  const run = async (): Promise<void> => {
    for (let attempt = 0; !closed; attempt += 1) {
      try {
        return await join();
      } catch (error) {
        await connection?.close().catch(() => {});
        connection = null;
        // Once an outage, not once an attempt.
        if (attempt === 0) logger.warn({ err: error, servers: address.servers }, unreachable);
        await Promise.race([new Promise((resolve) => setTimeout(resolve, retryMilliseconds)), end.promise]);
      }
    }
  };
  const running = run();

  return {
    tell: (topic) => {
      let teller = tellers.get(topic);
      if (!teller) {
        teller = paced(() => publish(connection, subjectOf(topic)), tellGapMilliseconds);
        tellers.set(topic, teller);
      }
      if (!closed) teller.call();
    },
    on: (topic, listener, gap = hearGapMilliseconds) => {
      listeners.set(topic, [...(listeners.get(topic) ?? []), paced(listener, gap)]);
    },
    state: () => (live && !closed ? 'connected' : 'disconnected'),
    close: async () => {
      closed = true;
      end.resolve();
      for (const one of [...tellers.values(), ...[...listeners.values()].flat()]) one.stop();
      await running;
      await connection?.close();
    },
  };
}

const unreachable =
  '无法连接NATS，将重试；其间各节点按轮询工作 / NATS cannot be reached, will try again; until then the nodes poll';

/** What is told while the connection is down is dropped: the others look at everything when theirs is back, and poll. */
function publish(connection: NatsConnection | null, subject: string): void {
  if (!connection || connection.isClosed()) return;
  try {
    connection.publish(subject);
  } catch {
    // Closing or disconnected between the look and the call.
  }
}

/** Says when the line is lost and when it is back. */
async function watch(connection: NatsConnection, logger: Logger, missed: () => void, lost: () => void): Promise<void> {
  for await (const { type } of connection.status()) {
    if (type === 'disconnect') {
      lost();
      logger.warn(unreachable);
    }
    if (type === 'reconnect') {
      logger.info('已重新连接NATS / connected to NATS again');
      // What is told before the server knows the subscription again would be missed too; a line that breaks again comes here again.
      void connection.flush().then(missed, () => {});
    }
  }
}

type Paced = { call(): void; stop(): void };

/** Runs the work at once, and what is asked within the gap once more at its end. */
function paced(work: () => void, gapMilliseconds: number): Paced {
  let timer: NodeJS.Timeout | undefined;
  let again = false;
  const run = () => {
    again = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (again) run();
    }, gapMilliseconds);
    work();
  };
  return {
    call: () => {
      if (timer) again = true;
      else run();
    },
    stop: () => clearTimeout(timer),
  };
}

type Address = { readonly servers: string[]; readonly user?: string; readonly pass?: string; readonly tls?: object };

/** nats://user:password@host:4222, tls:// for an encrypted line; the client library reads neither from a URL. */
function parseAddress(text: string): Address {
  const urls = text.split(',').map((one) => new URL(one.trim()));
  const user = decodeURIComponent(urls[0]?.username ?? '');
  const pass = decodeURIComponent(urls[0]?.password ?? '');
  return {
    servers: urls.map(({ host }) => host),
    ...(user ? { user, pass } : {}),
    ...(urls[0]?.protocol === 'tls:' ? { tls: {} } : {}),
  };
}
