/** Reading projects, their documents and the rule tables. */
import { z } from 'zod';
import { identifier, sha256Text } from '../formats/primitives.ts';
import type { Journal } from '../journal/index.ts';
import type { FileStore } from '../platform/files.ts';
import { BinaryAnswer, type Principal, type Route, route } from '../platform/http/route.ts';
import { procedures } from './procedures/registry.ts';
import { projectRefusal, projectRefusals } from './refusals.ts';
import { projectView, viewOf } from './schemas.ts';
import type { ProjectService } from './service.ts';
import type { ProjectState } from './state.ts';

type Deps = { readonly journal: Journal; readonly projects: ProjectService; readonly files: FileStore };

const refusals = Object.keys(projectRefusals);
const params = z.strictObject({ id: identifier });
const listQuery = z.strictObject({
  q: z.string().trim().max(100).optional(),
  type: z.string().max(60).optional(),
  /** Code of the last project of the page before. */
  after: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
const listView = z.object({
  projects: z.array(
    z.object({
      id: identifier,
      code: z.string(),
      name: z.string(),
      type: z.string(),
      status: z.string(),
      deadline: z.string(),
      publishedAt: z.string().nullable(),
    }),
  ),
  next: z.string().nullable(),
});

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

export function readRoutes({ journal, projects, files }: Deps): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/projects',
        name: 'listProjects',
        who: 'anyone',
        summary: { zh: '项目列表', en: 'Published projects' },
        query: listQuery,
        answer: listView,
        sharedMilliseconds: 1_000,
        refusals,
      },
      async ({ query: { q, type, after, limit } }) => {
        const conditions = ['published_at is not null'];
        const values: unknown[] = [];
        const add = (condition: string, ...more: unknown[]) => {
          conditions.push(condition);
          values.push(...more);
        };
        if (q) add(`(name ilike ? or code ilike ?)`, `%${escapeLike(q)}%`, `%${escapeLike(q)}%`);
        if (type) add('type = ?', type);
        if (after) add('(published_at, code) < (select published_at, code from project where code = ?)', after);
        const rows = await journal.db.query<z.input<typeof listView>['projects'][number]>(
          `select id, code, name, type, status, deadline, published_at as "publishedAt" from project
           where ${conditions.join(' and ')} order by published_at desc, code desc limit ?`,
          [...values, limit],
        );
        return { projects: rows, next: rows.length === limit ? (rows.at(-1)?.code ?? null) : null };
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/projects/:id',
        name: 'showProject',
        who: 'anyone',
        summary: { zh: '项目详情', en: 'A project' },
        params,
        answer: projectView,
        refusals,
      },
      async ({ params: { id }, principal }) => {
        const state = await projects.project(journal.db.read(), id);
        return state && maySee(state, principal) ? viewOf(state) : projectRefusal('project-unknown');
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
          state && maySee(state, principal) ? state.documents.find((d) => d.sha256 === sha256) : undefined;
        if (!document) return projectRefusal('document-unknown');
        return new BinaryAnswer(files.open(sha256), document.mediaType, {
          'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(document.name)}`,
          'Content-Length': String(document.bytes),
        });
      },
    ),
    ruleRoute,
  ];
}

const ruleView = z.array(
  z.object({
    type: z.string(),
    zh: z.string(),
    en: z.string(),
    rules: z.array(z.record(z.string(), z.unknown())),
    stages: z.array(z.record(z.string(), z.unknown())),
  }),
);
const ruleRoute = route(
  {
    method: 'GET',
    path: '/api/rules',
    name: 'listRules',
    who: 'anyone',
    summary: { zh: '规则表（含法条与出处）', en: 'The rule tables with their sources' },
    answer: ruleView,
    refusals: [],
  },
  async () =>
    procedures.map(({ type, zh, en, rules, stages }) => ({
      type,
      zh,
      en,
      rules: rules.map((r) => ({ ...r })),
      stages: stages.map((s) => ({ ...s })),
    })),
);

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
