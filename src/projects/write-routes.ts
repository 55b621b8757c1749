/** Registering and publishing projects, and what may change afterwards. A tenderer or agency acts on its own projects only. */
import { z } from 'zod';
import { identifier, instantUtc } from '../formats/primitives.ts';
import { handleOf, lotKey } from '../formats/sealed-act.ts';
import type { Journal } from '../journal/index.ts';
import type { Parties } from '../parties/index.ts';
import type { Caller, Role } from '../platform/http/route.ts';
import { callerOf, type Route, route } from '../platform/http/route.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import { projectRefusal, projectRefusals } from './refusals.ts';
import { idFor } from './request-ids.ts';
import { noticeText, projectView, registrationInput, viewOf } from './schemas.ts';
import type { ProjectService } from './service.ts';
import type { ProjectCommand, ProjectState, Schedule } from './state.ts';

type Deps = { readonly journal: Journal; readonly projects: ProjectService; readonly parties: Parties };

const refusals = Object.keys(projectRefusals);
const params = z.strictObject({ id: identifier });
const buyers = ['tenderer', 'agency'] as const;
const text = noticeText;
const documentBytes = 200 * 1024 * 1024;

export function writeRoutes(deps: Deps): Route[] {
  return [...registrationRoutes(deps), ...noticeRoutes(deps), ...questionRoutes(deps)];
}

/** Whether the caller's organisation stands in the project as tenderer or agency. */
function isOwn(call: Caller, { tenderer, agency }: Pick<ProjectState, 'tenderer' | 'agency'>): boolean {
  const { organisation } = call.principal;
  return organisation !== null && (organisation === tenderer || organisation === agency);
}

/** Acts on a project of the caller's own organisation. */
function ownAct({ journal, projects }: Deps) {
  return async (id: string, command: ProjectCommand, call: Caller, schedule?: Partial<Schedule>) => {
    const state = await projects.project(journal.db.read(), id);
    if (!state) return projectRefusal('project-unknown');
    if (!isOwn(call, state)) return projectRefusal('not-your-project');
    return answer(await projects.act(id, command, { ...call, actor: call.principal.person }, schedule));
  };
}

const answer = (acted: Refusal | { state: ProjectState }) => (isRefusal(acted) ? acted : viewOf(acted.state));

const spec = (name: string, path: string, zh: string, en: string, who: readonly Role[] = buyers) =>
  ({ method: 'POST', path, name, who, summary: { zh, en }, params, answer: projectView, refusals }) as const;

function registrationRoutes(deps: Deps): Route[] {
  const { projects, journal } = deps;
  const act = ownAct(deps);
  return [
    route(
      {
        method: 'POST',
        path: '/api/projects',
        name: 'registerProject',
        who: buyers,
        summary: { zh: '登记项目', en: 'Register a project' },
        body: registrationInput,
        answer: projectView,
        status: 201,
        refusals,
      },
      async ({ body, ...rest }) => {
        const call = callerOf(rest);
        if (!isOwn(call, body)) return projectRefusal('not-your-project');
        const registered = await projects.register(body, call);
        return isRefusal(registered) ? registered : viewOf(registered);
      },
    ),
    route(
      {
        ...spec(
          'changeRegistration',
          '/api/projects/:id/registration',
          '修改登记（发布前）',
          'Change the registration before publication',
        ),
        body: registrationInput,
      },
      async ({ params: { id }, body, ...call }) => {
        const state = await projects.project(journal.db.read(), id);
        if (!state) return projectRefusal('project-unknown');
        // Ids stay with the lots in their order: an opening policy may already name them.
        const caller = callerOf(call);
        const lots = body.lots.map((lot, i) => ({ ...lot, id: state.lots[i]?.id ?? idFor(caller, `lot ${i}`) }));
        return act(id, { type: 'changeRegistration', registration: { ...body, lots, opening: state.opening } }, caller);
      },
    ),
    route(
      {
        ...spec(
          'attachDocument',
          '/api/projects/:id/documents',
          '上传招标文件（X-File-Name 为文件名）',
          'Upload a document; its name in the header X-File-Name',
        ),
        body: 'stream',
      },
      async ({ params: { id }, stream, headers, ...rest }) => {
        const call = callerOf(rest);
        const state = await projects.project(journal.db.read(), id);
        if (!state) return projectRefusal('project-unknown');
        if (!isOwn(call, state)) return projectRefusal('not-your-project');
        return answer(await projects.attach(id, fileName(headers['x-file-name']), stream, documentBytes, call));
      },
    ),
    route(
      {
        ...spec('publishProject', '/api/projects/:id/publication', '发布公告与文件', 'Publish notice and documents'),
        body: z.strictObject({ text }),
      },
      async ({ params: { id }, body, ...rest }) => {
        const call = callerOf(rest);
        return act(id, { type: 'publishProject', text: body.text, notice: idFor(call, 'notice') }, call);
      },
    ),
  ];
}

function fileName(header: string | string[] | undefined): string {
  try {
    return decodeURIComponent(String(header ?? 'document'));
  } catch {
    return 'document';
  }
}

function noticeRoutes(deps: Deps): Route[] {
  const act = ownAct(deps);
  return [
    route(
      {
        ...spec(
          'changeNotice',
          '/api/projects/:id/notices',
          '变更、澄清或延期公告',
          'A change notice, clarification or postponement',
        ),
        body: z.strictObject({
          kind: z.enum(['change', 'clarification', 'postponement']),
          text,
          affectsTenders: z.boolean(),
          deadline: instantUtc.nullable().default(null),
        }),
      },
      async ({ params: { id }, body, ...rest }) => {
        const call = callerOf(rest);
        const moved = body.deadline === null ? {} : { deadline: body.deadline };
        return act(id, { type: 'changeNotice', notice: idFor(call, 'notice'), ...body }, call, moved);
      },
    ),
    route(
      {
        ...spec('terminateProject', '/api/projects/:id/termination', '终止招标', 'Terminate a project'),
        body: z.strictObject({ text }),
      },
      async ({ params: { id }, body, ...rest }) => {
        const call = callerOf(rest);
        return act(id, { type: 'terminateProject', notice: idFor(call, 'notice'), text: body.text }, call);
      },
    ),
  ];
}

function questionRoutes(deps: Deps): Route[] {
  const act = ownAct(deps);
  return [
    route(
      {
        ...spec(
          'answerQuestion',
          '/api/projects/:id/answers',
          '公开答复提问（不具名）',
          'Publish the answer to a question, without a name',
        ),
        body: z.strictObject({ question: text, answer: text, affectsTenders: z.boolean().default(false) }),
      },
      async ({ params: { id }, body, ...rest }) => {
        const call = callerOf(rest);
        return act(id, { type: 'answerQuestion', id: idFor(call, 'answer'), ...body }, call);
      },
    ),
    route(
      {
        ...spec(
          'objectToDocuments',
          '/api/projects/:id/objections',
          '对招标文件提出异议',
          'Object to the tender documents',
          ['bidder'],
        ),
        body: z.strictObject({ text }),
      },
      async ({ params: { id }, body, ...rest }) => {
        const call = callerOf(rest);
        // A pseudonym acts: who objects would show who means to bid.
        const actor = handleOf(lotKey(deps.parties.masterSecret().reveal(), id), call.principal.organisation ?? '', id);
        const acted = await deps.projects.act(
          id,
          { type: 'objectToDocuments', id: idFor(call, 'objection'), by: actor, text: body.text },
          { ...call, actor },
        );
        return answer(acted);
      },
    ),
    route(
      {
        ...spec(
          'answerDocumentsObjection',
          '/api/projects/:id/objections/:objection/answer',
          '答复异议',
          'Answer an objection to the documents',
        ),
        params: params.extend({ objection: identifier }),
        body: z.strictObject({ text }),
      },
      async ({ params: { id, objection }, body, ...call }) =>
        act(id, { type: 'answerObjection', id: objection, text: body.text }, callerOf(call)),
    ),
  ];
}
