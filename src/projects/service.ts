/** Carries out the project procedure and answers the rooms to the right. */
import type { Journal, Procedure, Reader, Tx } from '../journal/index.ts';
import { dayOf } from '../platform/clock/calendar.ts';
import type { Row } from '../platform/database.ts';
import type { FileStore } from '../platform/files.ts';
import type { Caller } from '../platform/http/route.ts';
import { newId } from '../platform/ids.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import type { Policies } from '../policies/index.ts';
import { procedureOf } from './procedures/registry.ts';
import { projectRefusal } from './refusals.ts';
import { keepBookings, takenRooms } from './rooms.ts';
import { decideProject, evolveProject, initialProject } from './rules.ts';
import type {
  Document,
  Lot,
  ProjectCommand,
  ProjectEvent,
  ProjectFacts,
  ProjectState,
  Registration,
  Schedule,
} from './state.ts';

export const projectProcedure: Procedure<ProjectState, ProjectCommand, ProjectEvent, Omit<ProjectFacts, 'now'>> = {
  kind: 'project',
  initial: initialProject,
  decide: decideProject,
  evolve: evolveProject,
  columns: ({ code, type, status, name, opening, schedule, publishedAt }) => ({
    code,
    type,
    status,
    name,
    opening,
    deadline: schedule.deadline,
    published_at: publishedAt,
  }),
  publish: (event, { subject }) => ({ open: kinds[event.type], body: bodyOf(event, subject) }),
  project: async (tx, state, events) => {
    if (events.some((e) => e.type === 'ProjectRegistered' || e.type === 'RegistrationChanged')) {
      await tx.em.execute('delete from project_lot where project = ?', [state.id]);
      for (const lot of state.lots)
        await tx.em.execute('insert into project_lot (lot, project) values (?, ?)', [lot.id, state.id]);
    }
    await keepBookings(tx, state);
  },
};

const kinds: Readonly<Record<ProjectEvent['type'], string>> = {
  ProjectRegistered: 'project-registered',
  RegistrationChanged: 'project-changed',
  DocumentAttached: 'document-attached',
  ProjectPublished: 'project-published',
  NoticeChanged: 'notice-changed',
  DeadlineMoved: 'deadline-moved',
  QuestionAnswered: 'question-answered',
  DocumentsObjectionRaised: 'documents-objection',
  DocumentsObjectionAnswered: 'documents-objection-answered',
  ProjectTerminated: 'project-terminated',
};

function bodyOf(event: ProjectEvent, project: string): Record<string, unknown> {
  switch (event.type) {
    case 'ProjectRegistered':
    case 'RegistrationChanged':
      // The invited stay unnamed until the opening (TL 22: who will bid is secret).
      return {
        project,
        ...('code' in event ? { code: event.code } : {}),
        registration: { ...event.registration, invited: event.registration.invited?.length ?? null },
      };
    case 'ProjectPublished':
      return { project, notice: event.notice, policySha256: event.policySha256 };
    case 'DeadlineMoved':
      return { project, from: event.from, deadline: event.deadline };
    default: {
      const { type: _type, ...body } = event;
      return { project, ...body };
    }
  }
}

/** A registration as it is asked for; lots and opening get their ids here. */
export type RegistrationInput = Omit<Registration, 'lots' | 'opening'> & { readonly lots: readonly Omit<Lot, 'id'>[] };

export type ProjectService = ReturnType<typeof projectService>;

export function projectService({
  journal,
  policies,
  files,
}: {
  journal: Journal;
  policies: Policies;
  files: FileStore;
}) {
  const project = async (reader: Reader, id: string): Promise<ProjectState | null> => {
    const [row] = (await reader.execute('select state from project where id = ?', [id])) as Row[];
    return (row?.state as ProjectState | undefined) ?? null;
  };
  const ofLot = (state: ProjectState | undefined, lotId: string) => {
    const lot = state?.lots.find((l) => l.id === lotId);
    return state && lot ? { project: state, lot } : null;
  };
  const byLot = async (reader: Reader, lotId: string, lock: '' | 'for share of p') => {
    const [row] = (await reader.execute(
      `select p.state from project_lot l join project p on p.id = l.project where l.lot = ? ${lock}`,
      [lotId],
    )) as Row[];
    return ofLot(row?.state as ProjectState | undefined, lotId);
  };

  const act = async (
    id: string,
    command: ProjectCommand,
    call: Pick<Caller, 'requestId' | 'idempotencyKey'> & { actor: string },
    schedule?: Partial<Schedule>,
  ) =>
    journal.act(projectProcedure, {
      subject: id,
      command,
      actor: call.actor,
      requestId: call.requestId,
      ...(call.idempotencyKey === undefined ? {} : { idempotencyKey: call.idempotencyKey }),
      facts: async (tx) => {
        const state = await project(tx.em, id);
        const type = command.type === 'registerProject' ? command.registration.type : (state?.type ?? '');
        const inForce = state?.opening ? await policies.inForce(tx.em, state.opening) : null;
        const asked = state && { ...state, schedule: { ...state.schedule, ...schedule } };
        return {
          nextCode: command.type === 'registerProject' ? await nextCode(tx, type) : '',
          roomsTaken: asked ? await takenRooms(tx, asked) : [],
          policy: inForce && { lots: inForce.policy.lots, deadline: inForce.policy.deadline, sha256: inForce.sha256 },
        };
      },
    });

  return {
    project,
    act,
    lot: (reader: Reader, lotId: string) => byLot(reader, lotId, ''),
    /** The lot with its project's row locked for sharing: a change of the deadline and a sealed tender wait for each other. */
    lockLot: (tx: Tx, lotId: string) => byLot(tx.em, lotId, 'for share of p'),
    /** The project of an opening, locked for sharing. */
    lockOpening: async (tx: Tx, opening: string): Promise<ProjectState | null> => {
      const [row] = (await tx.em.execute('select state from project where opening = ? for share', [opening])) as Row[];
      return (row?.state as ProjectState | undefined) ?? null;
    },
    publishedOpenings: async (reader: Reader) => {
      const rows = (await reader.execute(`select state from project where status = 'published' order by id`)) as Row[];
      return rows.map((row) => {
        const { id, opening, lots, schedule } = row.state as ProjectState;
        return { opening, project: id, lots: lots.map((l) => l.id), deadline: schedule.deadline };
      });
    },
    lotsTakingTenders: async (reader: Reader): Promise<string[]> => {
      const rows = (await reader.execute(
        `select l.lot from project_lot l join project p on p.id = l.project where p.status = 'published'
         and p.deadline > to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
      )) as Row[];
      return rows.map((row) => String(row.lot));
    },
    register: async (input: RegistrationInput, call: Caller): Promise<Refusal | ProjectState> => {
      const id = newId();
      const registration: Registration = {
        ...input,
        opening: newId(),
        lots: input.lots.map((lot) => ({ ...lot, id: newId() })),
      };
      const acted = await act(id, { type: 'registerProject', registration }, { ...call, actor: call.principal.person });
      return isRefusal(acted) ? acted : acted.state;
    },
    attach: async (id: string, name: string, stream: AsyncIterable<Uint8Array>, maxBytes: number, call: Caller) => {
      const stored = await files.put(stream, maxBytes);
      const mediaType = await mediaTypeOf(files, stored.sha256);
      if (!mediaType) return projectRefusal('document-type');
      const document: Document = { ...stored, name: cleanName(name), mediaType };
      return act(id, { type: 'attachDocument', document }, { ...call, actor: call.principal.person });
    },
  };
}

/** ZS-2026-GC-0001: letters by type, numbers by year without gaps, taken under a lock inside the act. */
async function nextCode(tx: Tx, type: string): Promise<string> {
  const letters = procedureOf(type)?.letters ?? 'XX';
  const prefix = `ZS-${dayOf(tx.now).year}-${letters}-`;
  await tx.em.execute('select pg_advisory_xact_lock(hashtextextended(?, 2))', [prefix]);
  const [row] = (await tx.em.execute(`select max(code) as last from project where code like ?`, [
    `${prefix}%`,
  ])) as Row[];
  const last = row?.last ? Number(String(row.last).slice(prefix.length)) : 0;
  return `${prefix}${String(last + 1).padStart(4, '0')}`;
}

/** The media type by the first bytes, not by the name; null for what is not taken. */
async function mediaTypeOf(files: FileStore, sha256: string): Promise<string | null> {
  let head = new Uint8Array();
  for await (const chunk of files.open(sha256)) {
    head = new Uint8Array((chunk as Uint8Array).subarray(0, 8));
    break;
  }
  const text = String.fromCharCode(...head);
  if (text.startsWith('%PDF-')) return 'application/pdf';
  return text.startsWith('PK\u0003\u0004') ? 'application/zip' : null;
}

/** A file name for display: no path, no control characters. */
const cleanName = (name: string): string =>
  name
    .split(/[\\/]/)
    .at(-1)!
    .replace(/[\p{C}<>:"|?*]/gu, '')
    .slice(0, 200) || 'document';
