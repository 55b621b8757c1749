/** Nodes of one platform: one PostgreSQL database, one data folder, one public address, behind a small balancer. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Running, start } from '../../src/main.ts';
import { readConfig } from '../../src/platform/config.ts';
import { createLogger } from '../../src/platform/log.ts';
import { adminQuery } from './journal.ts';

const logger = createLogger(process.env.TEST_LOG ?? 'silent');

export type Platform = {
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly balancer: Balancer;
  /** The environment of a node; its port is free to choose. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts a node; it is stopped with the platform unless it was before. */
  node(more?: Record<string, string>): Promise<Running>;
  close(): Promise<void>;
};

/** An empty database on the server, an empty folder, and a balancer in front of nobody yet. */
export async function openPlatform(server: string, settings: Record<string, string> = {}): Promise<Platform> {
  const dataDir = mkdtempSync(join(tmpdir(), 'yangguang-nodes-'));
  const name = `yg_nodes_${process.pid}_${performance.now().toString(36).replace('.', '_')}`;
  await adminQuery(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const balancer = await openBalancer();
  const env = {
    PORT: '0',
    DATA_DIR: dataDir,
    DATABASE_URL: url.toString(),
    ORIGIN: balancer.base,
    DEMO_CLOCK: '1',
    DEMO_CLOCK_START: '2026-03-02T01:00:00Z',
    ...settings,
  };
  const running = new Set<Running>();
  return {
    dataDir,
    databaseUrl: url.toString(),
    balancer,
    env,
    node: async (more = {}) => {
      const node = await start({ config: readConfig({ ...env, ...more }), logger, requestsPerMinute: 1_000_000 });
      const stopped: Running = {
        ...node,
        close: async () => {
          if (running.delete(stopped)) await node.close();
        },
      };
      running.add(stopped);
      return stopped;
    },
    close: async () => {
      for (const node of running) await node.close();
      await balancer.close();
      await adminQuery(server, `drop database if exists ${name} with (force)`);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export type Balancer = {
  readonly base: string;
  /** Sends what comes to these addresses in turn, as long as their /readyz says yes. */
  use(...bases: string[]): void;
  close(): Promise<void>;
};

/** A reverse proxy as an operator would put before the nodes; it keeps no connection and asks /readyz before each request. */
async function openBalancer(): Promise<Balancer> {
  let targets: readonly string[] = [];
  let turn = 0;
  const pick = async (): Promise<string | null> => {
    for (let tries = 0; tries < targets.length; tries += 1) {
      const target = targets[turn++ % targets.length]!;
      if (targets.length === 1 || (await isReady(target))) return target;
    }
    return null;
  };
  const server: Server = createServer((near, answer) => {
    void pick().then((target) => {
      if (!target) return answer.writeHead(502).end();
      const far = request(target + near.url, { method: near.method, headers: near.headers, agent: false }, (from) => {
        answer.writeHead(from.statusCode ?? 502, from.headers);
        from.pipe(answer);
      });
      far.on('error', () => answer.destroy());
      // A client that goes away in the middle takes its request with it.
      near.on('error', () => far.destroy());
      return near.pipe(far);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    use: (...bases) => {
      targets = bases;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a balancer sees: whether the address answers /readyz with 200. */
export async function isReady(base: string): Promise<boolean> {
  return fetch(`${base}/readyz`).then(
    (answer) => answer.ok,
    () => false,
  );
}
