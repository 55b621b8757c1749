/**
 * Live channels over WebSocket (RFC 6455). A channel is a value; the server checks path, Origin, session and the channel's `who`
 * before the upgrade, caps and parses what comes in, and sends: hello with the newest sequence, what the client missed or a
 * snapshot, then events. A client that lags is cut off and comes back with its last sequence.
 */
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Logger } from '../log.ts';
import { sessionCookie } from './app.ts';
import { mayCall, type Principal, type Who } from './route.ts';

/** An event of a channel; sequences of one channel instance grow without gaps. */
export type ChannelEvent = { readonly seq: number; readonly data: unknown };

/** What a channel offers one client; `params` are those of the path. */
export type Channel = {
  readonly name: string;
  /** `/ws/log`, `/ws/halls/:opening`. */
  readonly path: string;
  readonly who: Who;
  /** Permission beyond the role; nothing is said to who may not see. */
  may?(params: ChannelParams, principal: Principal | null): Promise<boolean>;
  /** The newest sequence; the client's gap begins after its own. */
  newest(params: ChannelParams): Promise<number>;
  /** Events after a sequence up to the newest; null when they are too many or gone: then the client gets a snapshot. */
  since(params: ChannelParams, seq: number): Promise<readonly ChannelEvent[] | null>;
  /** The whole present state, as of the sequence it names. */
  snapshot(params: ChannelParams): Promise<ChannelEvent>;
  /** Calls `send` for each new event, in order; answers how to leave. */
  subscribe(params: ChannelParams, send: (event: ChannelEvent) => void): () => void;
};
export type ChannelParams = Readonly<Record<string, string>>;

/** A channel as a value; the identity, so that rooms read alike. */
export const channel = (value: Channel): Channel => value;

export type SocketOptions = {
  readonly channels: readonly Channel[];
  readonly logger: Logger;
  readonly identify: (cookie: string | undefined) => Promise<{ principal: Principal } | null>;
  readonly origin: () => string;
  readonly heartbeatMilliseconds?: number;
};

/** What a client may send: that it is there. Everything else ends the connection. */
const clientFrame = z.strictObject({ type: z.literal('ping') });
const maxFrameBytes = 4_096;
/** Bytes that may wait for a slow client before it is cut off. */
const maxBufferedBytes = 4_000_000;
const maxConnections = 5_000;

const closePolicy = 1008;
const closeGoingAway = 1001;
const closeTryAgain = 1013;

/** Attaches the channels to an HTTP server; `close` ends every connection. */
export function attachSockets(server: Server, options: SocketOptions): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: maxFrameBytes });
  const alive = new WeakSet<WebSocket>();
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    admit(request, options)
      .then((admitted) => {
        if (sockets.clients.size >= maxConnections) return reject(socket, 503);
        if (typeof admitted === 'number') return reject(socket, admitted);
        sockets.handleUpgrade(request, socket, head, (client) => {
          alive.add(client);
          client.on('pong', () => alive.add(client));
          client.on('error', () => client.terminate());
          serve(client, admitted, options.logger);
        });
      })
      .catch((error: unknown) => {
        options.logger.error({ err: error }, 'socket upgrade failed');
        reject(socket, 500);
      });
  };
  server.on('upgrade', upgrade);
  const heartbeat = setInterval(() => {
    for (const client of sockets.clients) {
      if (!alive.has(client)) client.terminate();
      alive.delete(client);
      client.ping();
    }
  }, options.heartbeatMilliseconds ?? 30_000);
  heartbeat.unref();
  return {
    close: () => {
      clearInterval(heartbeat);
      server.off('upgrade', upgrade);
      for (const client of sockets.clients) client.close(closeGoingAway);
      setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, 1_000).unref();
    },
  };
}

type Admitted = { readonly channel: Channel; readonly params: ChannelParams; readonly after: number | null };

/** Finds the channel and checks who asks; a number is the HTTP status of the refusal. */
async function admit(request: IncomingMessage, options: SocketOptions): Promise<Admitted | number> {
  const url = URL.parse(request.url ?? '/', 'http://host');
  const found =
    url &&
    options.channels
      .map((one) => ({ channel: one, params: matchPath(one.path, url.pathname) }))
      .find(({ params }) => params);
  if (!url || !found?.params) return 404;
  // Browsers always send Origin; another site's page must not ride on a visitor's session.
  const from = request.headers.origin;
  if (from !== undefined && from !== options.origin()) return 403;
  const identified = await options.identify(cookieOf(request, sessionCookie));
  const principal = identified?.principal ?? null;
  if (!mayCall(found.channel.who, principal)) return principal ? 403 : 401;
  if (found.channel.may && !(await found.channel.may(found.params, principal))) return 404;
  const after = url.searchParams.get('after');
  if (after !== null && !/^(0|[1-9][0-9]{0,14})$/.test(after)) return 400;
  return { channel: found.channel, params: found.params, after: after === null ? null : Number(after) };
}

function reject(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Sends hello, the gap or a snapshot, then live events without a hole between them. */
function serve(client: WebSocket, { channel: source, params, after }: Admitted, logger: Logger): void {
  /** Live events that come while the gap is read; null once the client is up to date. */
  let held: ChannelEvent[] | null = [];
  let sent = 0;
  const send = (type: string, body: object) => {
    if (client.bufferedAmount > maxBufferedBytes) client.close(closeTryAgain);
    else client.send(JSON.stringify({ type, channel: source.name, ...body }));
  };
  const sendEvent = (event: ChannelEvent) => {
    if (event.seq <= sent) return;
    sent = event.seq;
    send('event', event);
  };
  const leave = source.subscribe(params, (event) => (held ? held.push(event) : sendEvent(event)));
  client.on('close', leave);
  client.on('message', (bytes, isBinary) => {
    if (isBinary || !isClientFrame(String(bytes))) client.close(closePolicy);
    else send('pong', {});
  });
  const catchUp = async () => {
    const newest = await source.newest(params);
    send('hello', { seq: newest });
    const gap = after === null || after > newest ? null : await source.since(params, after);
    if (gap) {
      sent = after ?? 0;
      for (const event of gap) sendEvent(event);
    } else {
      const snapshot = await source.snapshot(params);
      sent = snapshot.seq;
      send('snapshot', snapshot);
    }
    for (const event of held ?? []) sendEvent(event);
    held = null;
  };
  catchUp().catch((error: unknown) => {
    logger.error({ err: error, channel: source.name }, 'channel failed');
    client.close(closeTryAgain);
  });
}

function isClientFrame(text: string): boolean {
  try {
    return clientFrame.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** Params of a path under a pattern with `:name` segments; null where it does not fit. */
function matchPath(pattern: string, path: string): ChannelParams | null {
  const wanted = pattern.split('/');
  const parts = path.split('/');
  if (wanted.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [i, name] of wanted.entries()) {
    const part = parts[i]!;
    if (name.startsWith(':') && /^[A-Za-z0-9-]{1,100}$/.test(part)) params[name.slice(1)] = part;
    else if (name !== part) return null;
  }
  return params;
}

function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  for (const part of (headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}
