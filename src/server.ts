/** The list of rooms: their routes, entities and background work. No logic. */
import { awards } from './awards/index.ts';
import { bundles } from './bundles/index.ts';
import { demoAccountRoutes } from './demo-accounts.ts';
import { demoClockRoutes } from './demo-clock.ts';
import { desk } from './desk/index.ts';
import { evaluations } from './evaluations/index.ts';
import { gazette } from './gazette/index.ts';
import type { Journal } from './journal/act.ts';
import { logChannel } from './journal/channel.ts';
import { type DueTimer, openDue } from './journal/due.ts';
import { journalRoutes } from './journal/routes.ts';
import { openings } from './openings/index.ts';
import { parties } from './parties/index.ts';
import type { AccessLog } from './platform/http/access-log.ts';
import type { Principal, Route } from './platform/http/route.ts';
import type { Channel } from './platform/http/sockets.ts';
import type { RoomDeps } from './platform/room.ts';
import { policies } from './policies/index.ts';
import { projects } from './projects/index.ts';
import { systemRoutes } from './system.ts';
import { tenders } from './tenders/index.ts';
import { witness } from './witness/index.ts';

export type ServerDeps = RoomDeps<Journal> & {
  readonly origin: () => string;
  /** Whether a balancer may send requests to this node; for /readyz. */
  readonly ready: () => boolean;
  /** Told when the demo clock was moved on this node. */
  readonly clockMoved: () => void;
  /** Whether nodes hear each other; for /api/health. */
  readonly natsState: () => 'off' | 'connected' | 'disconnected';
};

export type Rooms = {
  readonly routes: readonly Route[];
  readonly channels: readonly Channel[];
  /** Tests drive it by `runDue`; the demo clock wakes it. */
  readonly due: DueTimer;
  /** Takes what staff have read; tests flush it. */
  readonly accessLog: Pick<AccessLog, 'record' | 'flush'>;
  /** What the desk's timer does, at once; for tests. */
  readonly sweep: () => Promise<void>;
  identify(cookie: string | undefined): Promise<{ principal: Principal; csrf: string } | null>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

export const entities: readonly unknown[] = [];

/** Builds every room from its dependencies, left to right as the arrows go. */
export async function buildRooms(deps: ServerDeps): Promise<Rooms> {
  const partiesRoom = await parties(deps);
  const known = { ...deps, parties: partiesRoom };
  const policiesRoom = policies(known);
  const projectsRoom = projects({ ...known, policies: policiesRoom });
  const left = { ...known, policies: policiesRoom, projects: projectsRoom };
  const tendersRoom = tenders(left);
  const witnessRoom = witness(left);
  const openingsRoom = openings({ ...left, tenders: tendersRoom, witness: witnessRoom });
  const evaluationsRoom = evaluations({ ...left, witness: witnessRoom, openings: openingsRoom });
  const awardsRoom = awards({ ...left, witness: witnessRoom, openings: openingsRoom, evaluations: evaluationsRoom });
  const bundlesRoom = bundles({
    ...left,
    tenders: tendersRoom,
    openings: openingsRoom,
    evaluations: evaluationsRoom,
    awards: awardsRoom,
  });
  const deskRoom = desk({
    ...left,
    tenders: tendersRoom,
    routes: () => rooms.flatMap((room): readonly Route[] => room.routes),
  });
  const rooms: readonly { readonly routes: readonly Route[] }[] = [
    partiesRoom,
    policiesRoom,
    projectsRoom,
    tendersRoom,
    witnessRoom,
    openingsRoom,
    evaluationsRoom,
    awardsRoom,
    bundlesRoom,
    gazette(known),
    deskRoom,
  ];
  const running = [partiesRoom, tendersRoom, openingsRoom, deskRoom];
  const routes = [
    ...journalRoutes(deps.journal),
    ...rooms.flatMap((room) => room.routes),
    // Among those that the interface's document names: the web is typed by it.
    ...demoAccountRoutes(deps),
  ];
  const due = openDue({ ...deps, handlers: { opening: openingsRoom.due, award: awardsRoom.due } });
  return {
    routes: [
      ...routes,
      ...systemRoutes(deps, routes),
      ...demoClockRoutes({
        ...deps,
        enabled: deps.config.demoClock,
        moved: () => {
          due.wake();
          deps.clockMoved();
        },
      }),
    ],
    channels: [logChannel(deps.journal), openingsRoom.channel],
    due,
    accessLog: deskRoom.accessLog,
    sweep: deskRoom.sweep,
    identify: partiesRoom.identify,
    start: async () => {
      for (const room of running) await room.start();
      await due.start();
    },
    stop: async () => {
      await due.stop();
      for (const room of running.toReversed()) await room.stop();
    },
  };
}
