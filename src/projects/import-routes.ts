/** OCDS in and out. */
import { z } from 'zod';
import { identifier } from '../formats/primitives.ts';
import type { Journal } from '../journal/index.ts';
import type { Parties } from '../parties/index.ts';
import { callerOf, type Route, route } from '../platform/http/route.ts';
import { isRefusal } from '../platform/refusal.ts';
import { projectFromOcds, releaseOf } from './ocds.ts';
import { projectRefusal, projectRefusals } from './refusals.ts';
import { projectView, viewOf } from './schemas.ts';
import type { ProjectService } from './service.ts';

type Deps = { readonly journal: Journal; readonly projects: ProjectService; readonly parties: Parties };
const refusals = Object.keys(projectRefusals);

export function importRoutes({ journal, projects, parties }: Deps): Route[] {
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
        answer: z.object({ project: projectView, notes: z.array(z.string()) }),
        status: 201,
        refusals,
      },
      async ({ body, ...rest }) => {
        const call = callerOf(rest);
        const own = call.principal.organisation ?? '';
        const now = await journal.keep(async (tx) => tx.now);
        let read: ReturnType<typeof projectFromOcds>;
        try {
          read = projectFromOcds(body.release, body.tenderer ?? own, now);
        } catch (error) {
          if (error instanceof z.ZodError)
            return projectRefusal('ocds-invalid', {
              message: error.issues[0]?.message,
              path: error.issues[0]?.path.join('.'),
            });
          throw error;
        }
        const agency = body.tenderer !== undefined && body.tenderer !== own ? own : null;
        const registered = await projects.register({ ...read.registration, agency }, call);
        return isRefusal(registered) ? registered : { project: viewOf(registered), notes: [...read.notes] };
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/projects/:id/ocds',
        name: 'exportOcds',
        who: 'anyone',
        summary: { zh: '以 OCDS 发布导出', en: 'A published project as an OCDS release' },
        params: z.strictObject({ id: identifier }),
        answer: z.record(z.string(), z.unknown()),
        refusals,
      },
      async ({ params: { id } }) => {
        const reader = journal.db.read();
        const state = await projects.project(reader, id);
        if (!state?.publishedAt) return projectRefusal('project-unknown');
        const buyer = await parties.organisation(reader, state.tenderer);
        return releaseOf(state, { id: state.tenderer, name: buyer?.name ?? state.tenderer });
      },
    ),
  ];
}
