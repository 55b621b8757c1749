/** Carries out the project procedure and answers the rooms to the right. */
import { toHex } from '../formats/bytes.ts';
import { databaseNow, type Journal, type Reader, type Tx } from '../journal/index.ts';
import type { Parties } from '../parties/index.ts';
import { dayOf } from '../platform/clock/calendar.ts';
import type { Clock } from '../platform/clock/clock.ts';
import type { Row } from '../platform/database.ts';
import type { FileStore } from '../platform/files.ts';
import type { Caller } from '../platform/http/route.ts';
import { randomOctets } from '../platform/ids.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import type { Policies } from '../policies/index.ts';
import { storeDocument } from './documents.ts';
import { projectProcedure } from './procedure.ts';
import { procedureOf } from './procedures/registry.ts';
import type { CentreRule } from './procedures/rule-table.ts';
import {
  followersOf,
  lockLot,
  lockOpening,
  lotPlace,
  lotsTakingTenders,
  projectState,
  publishedOpenings,
  questionsFor,
  terminatedOpenings,
} from './reads.ts';
import { projectRefusal } from './refusals.ts';
import { idFor } from './request-ids.ts';
import { takenRooms } from './rooms.ts';
import type { Lot, ProjectCommand, ProjectFacts, ProjectState, Registration, Schedule } from './state.ts';

/** A registration as it is asked for; lots and opening get their ids here. */
export type RegistrationInput = Omit<Registration, 'lots' | 'opening'> & { readonly lots: readonly Omit<Lot, 'id'>[] };

export type ProjectService = ReturnType<typeof projectService>;

type Deps = {
  readonly journal: Journal;
  readonly parties: Parties;
  readonly policies: Policies;
  readonly files: FileStore;
  readonly clock: Clock;
  readonly centre: readonly CentreRule[];
};

/** Who acts in which request: a person, or a pseudonym. */
export type ActCall = Pick<Caller, 'requestId' | 'idempotencyKey'> & { readonly actor: string };

/** Commands after which the rooms are booked for another time, or other rooms. */
const bookers: ReadonlySet<ProjectCommand['type']> = new Set(['publishProject', 'changeNotice', 'assignRooms']);

export function projectService({ journal, parties, policies, files, centre, clock }: Deps) {
  const factsOf = async (
    tx: Tx,
    id: string,
    command: ProjectCommand,
    schedule: Partial<Schedule>,
  ): Promise<Omit<ProjectFacts, 'now'>> => {
    const state = await projectState(tx.em, id);
    const registration = 'registration' in command ? command.registration : null;
    const inForce = command.type === 'publishProject' && state ? await policies.inForce(tx.em, state.opening) : null;
    const asked = state && { ...state, schedule: { ...state.schedule, ...schedule } };
    const followed = registration?.follows ? await projectState(tx.em, registration.follows) : null;
    return {
      centre,
      salt: toHex(randomOctets(32)),
      nextCode: command.type === 'registerProject' ? await nextCode(tx, command.registration.type) : '',
      unfitParties: registration ? await unfitParties(parties, tx.em, registration) : [],
      followed: followed && {
        tenderer: followed.tenderer,
        status: followed.status,
        deadline: followed.schedule.deadline,
      },
      roomsTaken: asked && bookers.has(command.type) ? await takenRooms(tx, asked) : [],
      policy: inForce && { lots: inForce.policy.lots, deadline: inForce.policy.deadline, sha256: inForce.sha256 },
    };
  };

  /** One act on a project; `schedule` holds the dates and rooms that the command asks for, so that rooms are checked for them. */
  const act = (id: string, command: ProjectCommand, call: ActCall, schedule: Partial<Schedule> = {}) =>
    journal.act(projectProcedure, {
      subject: id,
      command,
      actor: call.actor,
      requestId: call.requestId,
      ...(call.idempotencyKey === undefined ? {} : { idempotencyKey: call.idempotencyKey }),
      facts: (tx) => factsOf(tx, id, command, schedule),
    });

  return {
    act,
    project: projectState,
    lot: lotPlace,
    lockLot,
    lockOpening,
    publishedOpenings,
    terminatedOpenings,
    /** By the database's clock with the demo's offset, as every act judges deadlines. */
    lotsTakingTenders: async (reader: Reader) => lotsTakingTenders(reader, await databaseNow(reader, clock)),
    questionsFor,
    followersOf,
    register: async (input: RegistrationInput, call: Caller): Promise<Refusal | ProjectState> => {
      const registration: Registration = {
        ...input,
        opening: idFor(call, 'opening'),
        lots: input.lots.map((lot, i) => ({ ...lot, id: idFor(call, `lot ${i}`) })),
      };
      const acted = await act(idFor(call, 'project'), { type: 'registerProject', registration }, asActor(call));
      return isRefusal(acted) ? acted : acted.state;
    },
    attach: async (id: string, name: string, stream: AsyncIterable<Uint8Array>, maxBytes: number, call: Caller) => {
      const document = await storeDocument(files, name, stream, maxBytes);
      if (!document) return projectRefusal('document-type');
      return act(id, { type: 'attachDocument', document }, asActor(call));
    },
  };
}

/** The person behind a session acts in their own name. */
export const asActor = (call: Caller): ActCall => ({ ...call, actor: call.principal.person });

/** Organisations of a registration that nobody registered, or not as tenderer, agency or bidder. */
async function unfitParties(
  parties: Parties,
  reader: Reader,
  { tenderer, agency, invited }: Registration,
): Promise<string[]> {
  const seats = [
    { id: tenderer, kind: 'tenderer' },
    ...(agency === null ? [] : [{ id: agency, kind: 'agency' }]),
    ...(invited ?? []).map((id) => ({ id, kind: 'bidder' })),
  ];
  const known = await parties.organisationsByIds(
    reader,
    seats.map((s) => s.id),
  );
  return seats.filter(({ id, kind }) => !known.find((o) => o.id === id)?.kinds.includes(kind)).map(({ id }) => id);
}

/** ZS-2026-GC-0001: letters by type, numbers by year. The counter rolls back with the act, so no number is ever missing. */
async function nextCode(tx: Tx, type: string): Promise<string> {
  const prefix = `ZS-${dayOf(tx.now).year}-${procedureOf(type)?.letters ?? 'XX'}-`;
  const [row] = (await tx.em.execute(
    `insert into project_number (prefix, last) values (?, 1)
     on conflict (prefix) do update set last = project_number.last + 1 returning last`,
    [prefix],
  )) as Row[];
  return `${prefix}${String(row?.last).padStart(4, '0')}`;
}
