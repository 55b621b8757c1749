/** The list of rooms: their routes, entities and background work. No logic. */
import type { Journal } from './journal/act.ts';
import { journalRoutes } from './journal/routes.ts';
import type { Principal, Route } from './platform/http/route.ts';
import type { RoomDeps } from './platform/room.ts';
import { systemRoutes } from './system.ts';

export type ServerDeps = RoomDeps<Journal> & { readonly origin: () => string };

export type Rooms = {
  readonly routes: readonly Route[];
  identify(cookie: string | undefined): Promise<{ principal: Principal; csrf: string } | null>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

export const entities: readonly unknown[] = [];

/** Builds every room from its dependencies, left to right as the arrows go. */
export async function buildRooms(deps: ServerDeps): Promise<Rooms> {
  const rooms: readonly Route[][] = [journalRoutes(deps.journal)];
  const routes = rooms.flat();
  return {
    routes: [...routes, ...systemRoutes(deps, routes)],
    identify: async () => null,
    start: async () => {},
    stop: async () => {},
  };
}
