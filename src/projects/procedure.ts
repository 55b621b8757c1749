/** The project as the journal knows it: its rules, its row, and what strangers see of each event. */
import { sha256Hex, utf8 } from '../formats/bytes.ts';
import { canonicalJson } from '../formats/canonical.ts';
import type { Procedure } from '../journal/index.ts';
import { evolveProject, initialProject } from './evolve.ts';
import { keepBookings } from './rooms.ts';
import { decideProject } from './rules.ts';
import type { ProjectCommand, ProjectEvent, ProjectFacts, ProjectState, Registration } from './state.ts';

export const projectProcedure: Procedure<ProjectState, ProjectCommand, ProjectEvent, Omit<ProjectFacts, 'now'>> = {
  kind: 'project',
  initial: initialProject,
  decide: decideProject,
  evolve: evolveProject,
  columns: ({ code, type, status, name, opening, schedule, publishedAt, tenderer, agency, follows }) => ({
    code,
    type,
    status,
    name,
    opening,
    deadline: schedule.deadline,
    published_at: publishedAt,
    tenderer,
    agency,
    follows,
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
  RegistrationReviewed: 'project-reviewed',
  RoomsAssigned: 'project-rooms-assigned',
  ProjectPublished: 'project-published',
  NoticeChanged: 'notice-changed',
  DeadlineMoved: 'deadline-moved',
  QuestionAnswered: 'question-answered',
  DocumentsObjectionRaised: 'documents-objection',
  DocumentsObjectionAnswered: 'documents-objection-answered',
  ProjectTerminated: 'project-terminated',
};

/** Names and number of those who may bid are secret (TL 22), so not even a count of the invited is published. */
const shownOf = (registration: Registration) => ({ ...registration, invited: registration.invited !== null });

/** SHA-256(`yangguang.org/registration/v1` LF salt LF canonical registration as shown). */
const commitmentTo = (registration: Registration, salt: string): string =>
  sha256Hex(utf8(`yangguang.org/registration/v1\n${salt}\n${canonicalJson(shownOf(registration))}`));

function bodyOf(event: ProjectEvent, project: string): Record<string, unknown> {
  switch (event.type) {
    case 'ProjectRegistered':
    case 'RegistrationChanged':
      // Nothing of a project is public before its publication; that opens this commitment.
      return {
        project,
        ...('code' in event ? { code: event.code } : {}),
        registrationSha256: commitmentTo(event.registration, event.salt),
      };
    case 'DocumentAttached':
      return { project, sha256: event.document.sha256, bytes: event.document.bytes };
    case 'DocumentsObjectionRaised': {
      const { by: _by, ...objection } = event.objection;
      return { project, objection };
    }
    case 'ProjectPublished':
      return {
        project,
        notice: event.notice,
        policySha256: event.policySha256,
        lots: event.registration.lots.map(({ id }) => ({ id })),
        registration: shownOf(event.registration),
        salt: event.salt,
      };
    case 'DeadlineMoved':
      return { project, from: event.from, deadline: event.deadline };
    default: {
      const { type: _type, ...body } = event;
      return { project, ...body };
    }
  }
}
