/**
 * What concerns one person, read in a fixed number of queries whatever the number of projects: first which projects, then one
 * query for each kind of subject that hangs on them. The desk stands right of all rooms and only reads.
 */
import type { Awards } from '../awards/index.ts';
import type { Evaluations } from '../evaluations/index.ts';
import { databaseNow, type Journal, type Reader, sqlArray } from '../journal/index.ts';
import type { OpeningState } from '../openings/index.ts';
import type { Parties } from '../parties/index.ts';
import type { Clock } from '../platform/clock/clock.ts';
import type { Row } from '../platform/database.ts';
import type { Principal, Role } from '../platform/http/route.ts';
import type { Policies } from '../policies/index.ts';
import type { ProjectState, Projects } from '../projects/index.ts';
import { type ChainState, chainId, type Tenders } from '../tenders/index.ts';
import type { WitnessState } from '../witness/index.ts';

export type PolicyState = NonNullable<Awaited<ReturnType<Policies['state']>>>;
export type EvaluationState = Awaited<ReturnType<Evaluations['dutiesOf']>>[number];
export type AwardState = NonNullable<Awaited<ReturnType<Awards['state']>>>;

export type DeskDeps = {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly parties: Parties;
  readonly projects: Projects;
  readonly tenders: Tenders;
};

export type Subjects = {
  readonly now: string;
  readonly projects: readonly ProjectState[];
  /** By project. */
  readonly openings: ReadonlyMap<string, OpeningState>;
  /** By opening. */
  readonly policies: ReadonlyMap<string, PolicyState>;
  /** By lot. */
  readonly evaluations: ReadonlyMap<string, EvaluationState>;
  readonly awards: ReadonlyMap<string, AwardState>;
  /** By subject: an opening, a lot or a project. */
  readonly records: ReadonlyMap<string, WitnessState>;
  /** By lot: the caller's own chain of sealed acts. */
  readonly chains: ReadonlyMap<string, ChainState>;
  /** Lots to which the caller is uploading. */
  readonly uploads: ReadonlySet<string>;
  /** Questions of a lot, without who asked. */
  readonly questions: readonly { readonly lot: string; readonly text: string }[];
  /** Projects with a room for opening or evaluation. */
  readonly booked: ReadonlySet<string>;
  readonly truncated: boolean;
};

/** At most so many projects concern one person at a time. */
export const mostProjects = 300;
/** Among so many lots that take tenders, or did a few days ago, a bidder's own are found by their handles. */
const mostLots = 5_000;
const keyDays = 7;
/** A bidder's desk shows opened tenders so long after their deadline. */
const lookBackDays = 180;

const notSettled = `(select count(*) from award a where a.project = p.id and a.status in ('certified', 'ended'))
  < jsonb_array_length(p.state -> 'lots')`;
const going = `(p.status = 'registered' or (p.status = 'published' and ${notSettled}))`;

/** Conditions by role; several roles are joined by `or`. Each answers SQL and its parameters. */
function conditionOf(role: Role, { person, organisation }: Principal): readonly [string, readonly string[]] | null {
  const own = organisation ?? '';
  const officer = [
    `p.opening in (select o.id from opening_policy o where o.state -> 'draft' -> 'officers' @> ?::jsonb)`,
    [JSON.stringify([{ person }])],
  ] as const;
  switch (role) {
    case 'tenderer':
    case 'agency':
      return [
        `(${going} and (p.tenderer = ? or p.agency = ? or ${officer[0]} or ${sitting}))`,
        [own, own, ...officer[1], JSON.stringify([person])],
      ];
    case 'host':
      return [going, []];
    case 'witness':
      return [
        `(${going} and (p.id in (select w.project from witness_record w where w.people @> ?::jsonb) or ${officer[0]}))`,
        [JSON.stringify([person]), ...officer[1]],
      ];
    case 'supervisor':
      return [
        `(${going} and (${officer[0]} or p.id in (select w.project from witness_record w where jsonb_path_exists(w.state, ?::jsonpath)))
         or p.id in (select a.project from award a where a.status in ('awarded', 'confirmed', 'certified') and a.state -> 'supervisor' ->> 'at' > ?))`,
        [...officer[1], '$.stops[*] ? (@.lifted == null)', 'reportedSince'],
      ];
    case 'expert':
      return [`(p.status = 'published' and ${sitting})`, [JSON.stringify([person])]];
    case 'finance':
      return [`(p.status = 'published' and p.deadline > ?)`, ['now']];
    case 'bidder':
      return [
        `(p.status = 'published' and (p.id = any(?::text[])
          or (p.deadline > ? and jsonb_typeof(p.state -> 'invited') = 'array' and jsonb_exists(p.state -> 'invited', ?))
          or (p.deadline > ? and p.id in (select o.project from opening o where o.state @> ?::jsonb))))`,
        ['filedFor', 'now', own, 'openedSince', JSON.stringify({ lots: [{ results: [{ bidder: own }] }] })],
      ];
    case 'auditor':
    case 'administrator':
      return null;
  }
}

const sitting = `p.id in (select l.project from project_lot l join evaluation e on e.id = l.lot where e.people @> ?::jsonb)`;

/** Everything that the person's tasks follow from. */
export async function gather(deps: DeskDeps, principal: Principal): Promise<Subjects> {
  const reader = deps.journal.db.read();
  const now = await databaseNow(reader, deps.clock);
  const ago = (days: number) =>
    Temporal.Instant.from(now)
      .subtract({ hours: days * 24 })
      .toString({ smallestUnit: 'microsecond' });
  const bidding = principal.roles.includes('bidder')
    ? await ownChains(deps, reader, ago(keyDays), principal)
    : noChains;
  const values: Record<string, string> = {
    now,
    openedSince: ago(lookBackDays),
    reportedSince: ago(30),
    filedFor: sqlArray([...bidding.filedFor]),
  };
  const conditions = principal.roles.flatMap((role) => {
    const found = conditionOf(role, principal);
    return found ? [found] : [];
  });
  let projects: ProjectState[] = [];
  if (conditions.length > 0) {
    const rows = await read<{ state: ProjectState }>(
      reader,
      `select p.state from project p where ${conditions.map(([sql]) => sql).join(' or ')} order by p.id desc limit ${mostProjects + 1}`,
      conditions.flatMap(([, params]) => params.map((value) => values[value] ?? value)),
    );
    projects = rows.map(({ state }) => state);
  }
  const truncated = projects.length > mostProjects;
  projects = projects.slice(0, mostProjects);
  return { now, truncated, projects, ...bidding, ...(await hanging(reader, projects)) };
}

type Bidding = Pick<Subjects, 'chains' | 'uploads'> & { readonly filedFor: ReadonlySet<string> };
const noChains: Bidding = { chains: new Map(), uploads: new Set(), filedFor: new Set() };

/** No row says who bids: the handles of the caller's organisation are computed for every lot and looked up together. */
async function ownChains(
  { tenders }: DeskDeps,
  reader: Reader,
  since: string,
  { organisation }: Principal,
): Promise<Bidding> {
  if (organisation === null) return noChains;
  const lots = await read<{ lot: string; project: string }>(
    reader,
    `select l.lot, l.project from project_lot l join project p on p.id = l.project
     where p.status = 'published' and p.deadline > ? order by p.deadline limit ${mostLots}`,
    [since],
  );
  const projectOf = new Map(lots.map(({ lot, project }) => [lot, project]));
  const ids = sqlArray(lots.map(({ lot }) => chainId(lot, tenders.handle(lot, organisation))));
  const chains = await read<{ state: ChainState }>(reader, 'select state from tender_chain where id = any(?::text[])', [
    ids,
  ]);
  const uploads = await read<{ lot: string }>(
    reader,
    `select distinct lot from tender_upload where lot || ':' || handle = any(?::text[])`,
    [ids],
  );
  const own = [...chains.map(({ state }) => state.lot), ...uploads.map(({ lot }) => lot)];
  return {
    chains: new Map(chains.map(({ state }) => [state.lot, state])),
    uploads: new Set(uploads.map(({ lot }) => lot)),
    filedFor: new Set(own.flatMap((lot) => projectOf.get(lot) ?? [])),
  };
}

/** The subjects that hang on the projects: one query a kind. */
async function hanging(reader: Reader, projects: readonly ProjectState[]) {
  const ids = sqlArray(projects.map(({ id }) => id));
  const lots = sqlArray(projects.flatMap((p) => p.lots.map(({ id }) => id)));
  const openingIds = sqlArray(projects.map(({ opening }) => opening));
  const states = <T>(table: string, column: string, keys: string) =>
    read<{ state: T }>(reader, `select state from ${table} where ${column} = any(?::text[])`, [keys]).then((rows) =>
      rows.map(({ state }) => state),
    );
  const openings = await states<OpeningState>('opening', 'project', ids);
  const policies = await states<PolicyState>('opening_policy', 'id', openingIds);
  const evaluations = await states<EvaluationState>('evaluation', 'id', lots);
  const awards = await states<AwardState>('award', 'id', lots);
  const records = await states<WitnessState>('witness_record', 'project', ids);
  const questions = await read<{ lot: string; text: string }>(
    reader,
    'select lot, text from tender_question where lot = any(?::text[]) limit 2000',
    [lots],
  );
  const booked = await read<{ project: string }>(
    reader,
    'select distinct project from room_booking where project = any(?::text[])',
    [ids],
  );
  return {
    openings: new Map(openings.map((state) => [state.project, state])),
    policies: byId(policies),
    evaluations: byId(evaluations),
    awards: byId(awards),
    records: byId(records),
    questions,
    booked: new Set(booked.map(({ project }) => project)),
  };
}

const byId = <T extends { readonly id: string }>(states: readonly T[]): Map<string, T> =>
  new Map(states.map((state) => [state.id, state]));

async function read<T extends Row>(reader: Reader, sql: string, params: readonly unknown[]): Promise<T[]> {
  return (await reader.execute(sql, [...params])) as T[];
}
