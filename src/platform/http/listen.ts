/** The HTTP server: bounds on what a client can hold (headers, sockets, idle time) and a shutdown that finishes what is under way. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { awaitContinue } from './body.ts';

export type HttpLimits = {
  readonly headerBytes: number;
  /** From the first byte of a request to the end of its headers. */
  readonly headersMilliseconds: number;
  /** Without a byte in either direction. Uploads have no total limit: a 500 MB tender over a slow line takes hours. */
  readonly idleMilliseconds: number;
  readonly keepAliveMilliseconds: number;
  readonly connections: number;
  /** How long an unread body may go on arriving after its request has been answered. */
  readonly lingerMilliseconds: number;
};

export const httpLimits: HttpLimits = {
  headerBytes: 16 * 1024,
  headersMilliseconds: 15_000,
  idleMilliseconds: 120_000,
  keepAliveMilliseconds: 5_000,
  connections: 4_096,
  lingerMilliseconds: 2_000,
};

export type Listener = {
  /** For socket upgrades. */
  readonly server: Server;
  /** True from the moment that shutdown begins; new requests are then refused. */
  closing(): boolean;
  /** Answers requests with the handler from now on; resolves with the port. */
  listen(handler: RequestListener, port: number, host: string): Promise<number>;
  /** Stops accepting, lets running requests end until the deadline, then cuts what is left. */
  close(deadlineMilliseconds: number): Promise<void>;
};

/** Builds the server; it accepts nothing before `listen`. */
export function openListener(overrides: Partial<HttpLimits> = {}): Listener {
  const limits = { ...httpLimits, ...overrides };
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMilliseconds,
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveMilliseconds,
    connectionsCheckingInterval: Math.min(5_000, limits.headersMilliseconds),
  });
  server.maxHeadersCount = 100;
  server.maxConnections = limits.connections;
  server.timeout = limits.idleMilliseconds;
  server.on('clientError', refuseUnreadable);
  let closing = false;
  return {
    server,
    closing: () => closing,
    listen: async (handler, port, host) => {
      const serve = (request: IncomingMessage, response: ServerResponse) => {
        response.once('finish', () => afterAnswer(request, closing, limits.lingerMilliseconds));
        return handler(request, response);
      };
      server.on('request', serve);
      // Without this Node invites every upload before anybody has looked at who is asking.
      server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
        awaitContinue(request);
        // Refused unread, the sender may send its body or the next request: nobody can tell which, so the connection ends.
        response.shouldKeepAlive = false;
        return serve(request, response);
      });
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, resolve);
      });
      return (server.address() as AddressInfo).port;
    },
    close: async (deadlineMilliseconds) => {
      closing = true;
      const deadline = setTimeout(() => server.closeAllConnections(), deadlineMilliseconds);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      clearTimeout(deadline);
    },
  };
}

/**
 * An answered request whose body is still arriving: the rest is read and thrown away, so that the client sees the answer and the
 * connection stays of use; not for long, or an attacker would keep the line busy and the next request would hide behind it.
 */
function afterAnswer(request: IncomingMessage, closing: boolean, lingerMilliseconds: number): void {
  const { socket } = request;
  if (request.complete) {
    if (closing) socket.end();
    return;
  }
  // Node itself does this only for a body that nobody began to read.
  request.resume();
  setTimeout(() => {
    if (!request.complete) socket.destroy();
  }, lingerMilliseconds).unref();
}

/** Bytes that are no HTTP request, or headers too large or too slow: a short problem document, then the end. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, zh, en] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'headers-too-large', '请求头过大', 'The request headers are too large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'request-too-slow', '请求发送过慢', 'The request came too slowly']
        : ['400 Bad Request', 'bad-request', '请求无法识别', 'The request cannot be read'];
  const body = JSON.stringify({
    type: `urn:yangguang:refusal:${code}`,
    title: `${zh} / ${en}`,
    status: Number.parseInt(status ?? '400', 10),
    code,
    zh,
    en,
  });
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
