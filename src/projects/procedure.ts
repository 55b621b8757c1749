/** The project as the journal knows it: its rules, its row, and what strangers see of each event. */
import type { Procedure } from '../journal/index.ts';
import { evolveProject, initialProject } from './evolve.ts';
import { keepBookings } from './rooms.ts';
import { decideProject } from './rules.ts';
import type { ProjectCommand, ProjectEvent, ProjectFacts, ProjectState } from './state.ts';

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

function bodyOf(event: ProjectEvent, project: string): Record<string, unknown> {
  switch (event.type) {
    case 'ProjectRegistered':
    case 'RegistrationChanged':
      // Names and number of those who may bid are secret (TL 22), so not even a count of the invited is published.
      return {
        project,
        ...('code' in event ? { code: event.code } : {}),
        registration: { ...event.registration, invited: event.registration.invited !== null },
      };
    case 'DocumentsObjectionRaised': {
      const { by: _by, ...objection } = event.objection;
      return { project, objection };
    }
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
