/** OCDS in and out. */
import { z } from 'zod';
import { identifier } from '../formats/primitives.ts';
import type { Journal } from '../journal/index.ts';
import type { Parties } from '../parties/index.ts';
import { withCalendar } from '../platform/clock/calendar.ts';
import { type Clock, instantText } from '../platform/clock/clock.ts';
import { callerOf, type Route, route } from '../platform/http/route.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import { type OcdsImport, projectFromOcds } from './ocds.ts';
import { releaseOf, releasePackage } from './ocds-release.ts';
import { projectRefusal, projectRefusals } from './refusals.ts';
import { projectView, registrationInput, viewOf } from './schemas.ts';
import type { ProjectService } from './service.ts';

type Deps = {
  readonly journal: Journal;
  readonly projects: ProjectService;
  readonly parties: Parties;
  readonly clock: Clock;
  readonly origin: () => string;
};
const refusals = Object.keys(projectRefusals);

const invalid = ({ issues: [issue] }: z.ZodError) =>
  projectRefusal('ocds-invalid', { message: issue?.message, path: issue?.path.join('.') });

/** The registration that a document asks for, checked by the same schema as one that is typed in. */
function readDocument(document: unknown, tenderer: string, now: string): OcdsImport | Refusal {
  try {
    const read = projectFromOcds(document, tenderer, now);
    const checked = registrationInput.safeParse(read.registration);
    return checked.success ? { ...read, registration: checked.data } : invalid(checked.error);
  } catch (error) {
    if (error instanceof z.ZodError) return invalid(error);
    throw error;
  }
}

export function importRoutes({ journal, projects, parties, clock, origin }: Deps): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/projects/import/ocds',
        name: 'importOcds',
        who: ['tenderer', 'agency'],
        summary: { zh: '由 OCDS 发布登记项目', en: 'Register a project from an OCDS release' },
        body: z.strictObject({ release: z.unknown(), tenderer: identifier.optional() }),
        maxBytes: 4 * 1024 * 1024,
        answer: z.object({
          project: projectView,
          /** `path：说明 / what`, one a field that was not taken over as it stood. */
          notes: z.array(z.string()),
        }),
        status: 201,
        refusals,
      },
      async ({ body, ...rest }) => {
        const call = callerOf(rest);
        const own = call.principal.organisation ?? '';
        const tenderer = body.tenderer ?? own;
        const read = withCalendar(
          () => readDocument(body.release, tenderer, instantText(clock.now())),
          (year) => projectRefusal('calendar-missing', { year }),
        );
        if (isRefusal(read)) return read;
        const agency = tenderer === own ? null : own;
        const registered = await projects.register({ ...read.registration, agency }, call);
        if (isRefusal(registered)) return registered;
        const notes = read.notes.map(({ path, zh, en }) => `${path}：${zh} / ${en}`);
        return { project: viewOf(registered), notes };
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/projects/:id/ocds',
        name: 'exportOcds',
        who: 'anyone',
        summary: { zh: '以 OCDS 发布包导出', en: 'A published project as an OCDS release package' },
        params: z.strictObject({ id: identifier }),
        answer: z.record(z.string(), z.unknown()),
        refusals,
      },
      async ({ params: { id } }) => {
        const reader = journal.db.read();
        const state = await projects.project(reader, id);
        if (!state?.publishedAt) return projectRefusal('project-unknown');
        const tenderer = await parties.organisation(reader, state.tenderer);
        if (!tenderer) return projectRefusal('project-unknown');
        const agency = state.agency === null ? null : await parties.organisation(reader, state.agency);
        return releasePackage(releaseOf(state, tenderer, agency, origin()), origin(), id);
      },
    ),
  ];
}
