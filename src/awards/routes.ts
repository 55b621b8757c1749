/** Awards over HTTP: publicity, objections, award, notice, confirmation, certificate, report; the public view. */
import { z } from 'zod';
import { identifier, sha256Text } from '../formats/primitives.ts';
import { type Caller, callerOf, type Route, route, type Who } from '../platform/http/route.ts';
import { commonRefusal, isRefusal, type Refusal } from '../platform/refusal.ts';
import type { AwardDeps } from './deps.ts';
import { awardRefusal, awardRefusals } from './refusals.ts';
import { type AwardCommand, type AwardState, type DocumentKind, passOverGrounds } from './rules.ts';
import type { AwardService } from './service.ts';
import { awardView, objectionView, viewAward, viewObjections } from './views.ts';

const params = z.strictObject({ lot: identifier });
const refusals = Object.keys(awardRefusals);
const prose = z.string().trim().min(1).max(4_000);
const tendererSide = ['tenderer', 'agency'] as const;
const nothing = z.strictObject({});

type Body = { readonly [key: string]: unknown };
type Tools = ReturnType<typeof toolsOf>;

export function awardRoutes(deps: AwardDeps, awards: AwardService): Route[] {
  const tools = toolsOf(deps, awards);
  return [
    ...publicityRoutes(tools),
    ...decisionRoutes(tools),
    ...documentRoutes(tools),
    ...readRoutes(deps, awards, tools),
  ];
}

function toolsOf({ journal, parties }: AwardDeps, awards: AwardService) {
  const view = async (result: Refusal | AwardState) =>
    isRefusal(result) ? result : viewAward(journal.db.read(), parties, result);

  /** A POST that submits one command and answers the award as it then stands. */
  const command = <B extends Body>(
    spec: { path: string; name: string; who: Who; zh: string; en: string; body: z.ZodType<B> },
    of: (body: B, call: Caller) => AwardCommand | Refusal,
  ): Route =>
    route(
      {
        method: 'POST',
        path: `/api/awards/:lot/${spec.path}`,
        name: spec.name,
        who: spec.who,
        summary: { zh: spec.zh, en: spec.en },
        params,
        body: spec.body,
        maxBytes: 32 * 1024,
        answer: awardView,
        refusals,
      },
      async ({ params: { lot }, body, ...rest }) => {
        const call = callerOf(rest);
        const asked = of(body, call);
        if (isRefusal(asked)) return asked;
        const done = await awards.act(lot, asked, call);
        return view(isRefusal(done) ? done : done.state);
      },
    );

  /** A POST that makes, signs and issues a document. */
  const document = (kind: DocumentKind, path: string, name: string, zh: string, en: string): Route =>
    route(
      {
        method: 'POST',
        path: `/api/awards/:lot/${path}`,
        name,
        who: [...tendererSide, 'host'],
        summary: { zh, en },
        params,
        body: nothing,
        answer: awardView,
        refusals,
      },
      async ({ params: { lot }, ...call }) => view(await awards.issue(lot, kind, callerOf(call))),
    );

  return { view, command, document };
}

function publicityRoutes({ command }: Tools): Route[] {
  return [
    command(
      {
        path: 'publicity',
        name: 'publishCandidates',
        who: tendererSide,
        zh: '公示中标候选人',
        en: 'Publish the candidates',
        body: z.strictObject({ days: z.number().int().min(1).max(60).default(3) }),
      },
      ({ days }) => ({ type: 'publishCandidates', days }),
    ),
    command(
      {
        path: 'objections',
        name: 'objectToResult',
        who: ['bidder'],
        zh: '对评标结果提出异议',
        en: 'Object to the result within the publicity',
        body: z.strictObject({ about: sha256Text.nullable().default(null), text: prose }),
      },
      ({ about, text }, { principal: { organisation } }) =>
        organisation === null ? awardRefusal('not-a-bidder') : { type: 'fileObjection', organisation, about, text },
    ),
    command(
      {
        path: 'answers',
        name: 'answerResultObjection',
        who: tendererSide,
        zh: '答复异议',
        en: 'Answer an objection',
        body: z.strictObject({ objection: identifier, outcome: z.enum(['rejected', 'upheld']), text: prose }),
      },
      (body) => ({ type: 'answerObjection', ...body }),
    ),
  ];
}

function decisionRoutes({ command }: Tools): Route[] {
  return [
    command(
      {
        path: 'passed-over',
        name: 'passOverCandidate',
        who: tendererSide,
        zh: '排名在前的候选人不能中标，说明理由',
        en: 'Pass a candidate over on a ground of TR 55',
        body: z.strictObject({ manifestSha256: sha256Text, ground: z.enum(passOverGrounds), reason: prose }),
      },
      (body) => ({ type: 'passOver', ...body }),
    ),
    command(
      {
        path: 'award',
        name: 'awardLot',
        who: tendererSide,
        zh: '确定中标人',
        en: 'Award the lot',
        body: z.strictObject({ manifestSha256: sha256Text }),
      },
      ({ manifestSha256 }) => ({ type: 'award', manifestSha256 }),
    ),
    command(
      {
        path: 'supervisor-report',
        name: 'reportAwardToSupervisor',
        who: tendererSide,
        zh: '登记已向监督部门提交书面报告',
        en: 'Record the written report to the supervisor',
        body: nothing,
      },
      () => ({ type: 'reportToSupervisor' }),
    ),
    command(
      {
        path: 'end',
        name: 'endWithoutAward',
        who: tendererSide,
        zh: '没有可定的候选人，终止并重新招标',
        en: 'End the lot without an award, to be tendered again',
        body: z.strictObject({ reason: prose }),
      },
      ({ reason }) => ({ type: 'endWithoutAward', reason }),
    ),
  ];
}

function documentRoutes({ command, document }: Tools): Route[] {
  return [
    document('award-notice', 'notice', 'issueAwardNotice', '签发中标通知书', 'Issue the signed award notice'),
    command(
      {
        path: 'confirmation',
        name: 'confirmAward',
        who: ['bidder', ...tendererSide],
        zh: '确认收到中标通知书（招标人可登记送达）',
        en: 'Confirm receipt of the notice, or record its delivery',
        body: nothing,
      },
      (_, { principal: { organisation } }) =>
        organisation === null ? commonRefusal('not-permitted') : { type: 'confirmAward', organisation },
    ),
    document(
      'result-certificate',
      'certificate',
      'issueResultCertificate',
      '签发结果凭证',
      'Issue the result certificate',
    ),
  ];
}

function readRoutes({ journal, projects }: AwardDeps, awards: AwardService, { view }: Tools): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/awards/:lot',
        name: 'showAward',
        who: 'anyone',
        summary: { zh: '公示、定标与凭证', en: 'Publicity, award and documents of a lot' },
        params,
        answer: awardView,
        refusals: ['award-unknown'],
      },
      async ({ params: { lot } }) =>
        view((await awards.state(journal.db.read(), lot)) ?? awardRefusal('award-unknown')),
    ),
    route(
      {
        method: 'GET',
        path: '/api/awards/:lot/objections',
        name: 'listResultObjections',
        who: ['bidder', ...tendererSide, 'supervisor', 'auditor'],
        summary: {
          zh: '异议与答复的内容（投标人只见自己的）',
          en: 'Objections with their texts; a bidder sees its own',
        },
        params,
        answer: z.object({ objections: z.array(objectionView) }),
        refusals: ['award-unknown', 'lot-unknown'],
      },
      async ({ params: { lot }, ...rest }) => {
        const { principal } = callerOf(rest);
        const reader = journal.db.read();
        const [place, state] = [await projects.lot(reader, lot), await awards.state(reader, lot)];
        if (!place) return awardRefusal('lot-unknown');
        if (!state) return awardRefusal('award-unknown');
        const all = principal.roles.some((role) => role === 'supervisor' || role === 'auditor');
        return { objections: viewObjections(state, place.project, { organisation: principal.organisation, all }) };
      },
    ),
  ];
}
