/** Reading one project, its timeline and its documents. */
import { z } from 'zod';
import { identifier, sha256Text } from '../formats/primitives.ts';
import type { Journal, Reader } from '../journal/index.ts';
import type { Parties } from '../parties/index.ts';
import { type Clock, instantText } from '../platform/clock/clock.ts';
import type { FileStore } from '../platform/files.ts';
import { BinaryAnswer, type Principal, type Route, route } from '../platform/http/route.ts';
import { procedureOf } from './procedures/registry.ts';
import type { CentreRule } from './procedures/rule-table.ts';
import { projectRefusal, projectRefusals } from './refusals.ts';
import { projectView, viewOf } from './schemas.ts';
import type { ProjectService } from './service.ts';
import type { ProjectState } from './state.ts';
import { timelineOf } from './timeline.ts';

type Deps = {
  readonly journal: Journal;
  readonly parties: Parties;
  readonly projects: ProjectService;
  readonly files: FileStore;
  readonly clock: Clock;
  readonly centre: readonly CentreRule[];
};

const refusals = Object.keys(projectRefusals);
const params = z.strictObject({ id: identifier });
/** Before its publication a project is seen by its own side and the centre only. */
export function maySee(state: ProjectState, principal: Principal | null): boolean {
  if (state.publishedAt !== null) return true;
  if (!principal) return false;
  if (principal.roles.some((r) => r === 'host' || r === 'supervisor' || r === 'auditor' || r === 'witness'))
    return true;
  return (
    principal.organisation !== null &&
    (principal.organisation === state.tenderer || principal.organisation === state.agency)
  );
}

/** The documents of an invited tender are for the invited and the project's own side; all others are public once published. */
export function maySeeDocuments(state: ProjectState, principal: Principal | null): boolean {
  if (!maySee(state, principal)) return false;
  if (state.invited === null || maySee({ ...state, publishedAt: null }, principal)) return true;
  return principal?.organisation !== null && state.invited.includes(principal?.organisation ?? '');
}

const timelineView = z.object({
  now: z.string(),
  stages: z.array(
    z.object({
      id: z.string(),
      zh: z.string(),
      en: z.string(),
      article: z.string(),
      articleEn: z.string(),
      who: z.array(z.string()),
      phase: z.enum(['done', 'current', 'ahead', 'later', 'stopped']),
      from: z.string().nullable(),
      until: z.string().nullable(),
      witness: z.array(z.string()),
      figures: z.array(z.record(z.string(), z.unknown())),
    }),
  ),
});

/** Names for the ids of a project, so that a page needs no further question. */
async function namesOf(parties: Parties, projects: ProjectService, reader: Reader, state: ProjectState) {
  const { tenderer, agency, follows, type } = state;
  const found = await parties.organisationsByIds(reader, agency === null ? [tenderer] : [tenderer, agency]);
  const nameOf = (id: string | null) => found.find((o) => o.id === id)?.name ?? null;
  const procedure = procedureOf(type);
  return {
    followedBy: await projects.followersOf(reader, state.id),
    followsCode: follows === null ? null : ((await projects.project(reader, follows))?.code ?? null),
    tendererName: nameOf(tenderer),
    agencyName: nameOf(agency),
    typeName: { zh: procedure?.zh ?? type, en: procedure?.en ?? type },
  };
}

export function readRoutes({ journal, parties, projects, files, clock, centre }: Deps): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/projects/:id',
        name: 'showProject',
        who: 'anyone',
        summary: { zh: '项目详情', en: 'A project' },
        params,
        answer: projectView.extend({
          followedBy: z.array(z.object({ id: identifier, code: z.string() })),
          followsCode: z.string().nullable(),
          tendererName: z.string().nullable(),
          agencyName: z.string().nullable(),
          typeName: z.object({ zh: z.string(), en: z.string() }),
        }),
        refusals,
      },
      async ({ params: { id }, principal }) => {
        const reader = journal.db.read();
        const state = await projects.project(reader, id);
        if (!state || !maySee(state, principal)) return projectRefusal('project-unknown');
        return { ...viewOf(state), ...(await namesOf(parties, projects, reader, state)) };
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/projects/:id/timeline',
        name: 'showTimeline',
        who: 'anyone',
        summary: { zh: '项目各阶段的时间与依据', en: 'The stages of a project with dates, figures and sources' },
        params,
        answer: timelineView,
        refusals,
      },
      async ({ params: { id }, principal }) => {
        const state = await projects.project(journal.db.read(), id);
        if (!state || !maySee(state, principal)) return projectRefusal('project-unknown');
        return { now: instantText(clock.now()), stages: timelineOf(state, instantText(clock.now()), centre) };
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/projects/:id/documents/:sha256',
        name: 'downloadDocument',
        who: 'anyone',
        summary: { zh: '下载招标文件（不记录下载人）', en: 'A tender document; who downloads is not recorded' },
        params: params.extend({ sha256: sha256Text }),
        answer: 'binary',
        refusals,
      },
      async ({ params: { id, sha256 }, principal }) => {
        const state = await projects.project(journal.db.read(), id);
        const document =
          state && maySeeDocuments(state, principal) ? state.documents.find((d) => d.sha256 === sha256) : undefined;
        if (!document) return projectRefusal('document-unknown');
        return new BinaryAnswer(files.open(sha256), document.mediaType, {
          'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(document.name)}`,
          'Content-Length': String(document.bytes),
        });
      },
    ),
  ];
}
