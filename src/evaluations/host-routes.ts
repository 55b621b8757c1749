/** Running an evaluation: committee, beginning, review, reopening, ranking, report. */
import { z } from 'zod';
import { identifier, sha256Text } from '../formats/primitives.ts';
import { callerOf, type Role, type Route, route } from '../platform/http/route.ts';
import { commonRefusal, type Refusal } from '../platform/refusal.ts';
import { askerOf, type Calling } from './asker.ts';
import type { EvaluationDeps } from './deps.ts';
import { evaluationRefusal, evaluationRefusals } from './refusals.ts';
import type { Asker, EvaluationService } from './service.ts';
import { acted, answered } from './views.ts';

const codes = Object.keys(evaluationRefusals);
const lotParams = z.strictObject({ lot: identifier });
const seatParams = z.strictObject({ lot: identifier, seat: z.coerce.number().int().min(1).max(99) });
const member = z.strictObject({ person: identifier, kind: z.enum(['expert', 'representative']) });
const reason = z.string().trim().min(1).max(300);

/** The committee is formed by the tenderer by law (TL 37); the host enters it where the tenderer asks. */
const formers: readonly Role[] = ['host', 'tenderer', 'agency'];

type Deps = EvaluationDeps & { readonly evaluations: EvaluationService };

/** A tenderer or its agency may act on its own projects only. */
async function mayForm({ projects, journal }: Deps, lot: string, call: Calling): Promise<Refusal | null> {
  const place = await projects.lot(journal.db.read(), lot);
  if (!place) return evaluationRefusal('lot-unknown');
  const { roles, organisation } = callerOf(call).principal;
  const own = organisation !== null && [place.project.tenderer, place.project.agency].includes(organisation);
  return roles.includes('host') || own ? null : commonRefusal('not-permitted');
}

export function committeeRoutes(deps: Deps): Route[] {
  const { evaluations } = deps;
  return [
    route(
      {
        method: 'POST',
        path: '/api/evaluations/:lot/committee',
        name: 'formCommittee',
        who: formers,
        summary: { zh: '组成评标委员会', en: 'Form the evaluation committee of a lot' },
        params: lotParams,
        body: z.strictObject({ members: z.array(member).min(1).max(99) }),
        answer: acted,
        refusals: codes,
      },
      async (call) =>
        (await mayForm(deps, call.params.lot, call)) ??
        answered(await evaluations.formCommittee(call.params.lot, call.body.members, askerOf(call)), 'host'),
    ),
    route(
      {
        method: 'POST',
        path: '/api/evaluations/:lot/committee/:seat/replacement',
        name: 'replaceCommitteeMember',
        who: formers,
        summary: { zh: '更换评标委员会成员', en: 'Replace a member; whatever he concluded is void' },
        params: seatParams,
        body: member.extend({ reason }),
        answer: acted,
        refusals: codes,
      },
      async (call) => {
        const { lot, seat } = call.params;
        const { reason: why, ...successor } = call.body;
        return (
          (await mayForm(deps, lot, call)) ??
          answered(await evaluations.replaceMember(lot, seat, successor, why, askerOf(call)), 'host')
        );
      },
    ),
  ];
}

export function hostRoutes(deps: Deps): Route[] {
  const { evaluations } = deps;
  const step = (
    path: string,
    name: string,
    summary: { zh: string; en: string },
    work: (lot: string, by: Asker) => ReturnType<EvaluationService['begin']>,
  ): Route =>
    route(
      {
        method: 'POST',
        path: `/api/evaluations/:lot/${path}`,
        name,
        who: ['host'],
        summary,
        params: lotParams,
        answer: acted,
        refusals: codes,
      },
      async (call) => answered(await work(call.params.lot, askerOf(call)), 'host'),
    );
  return [
    step('begin', 'beginEvaluation', { zh: '开始评标', en: 'Begin the evaluation' }, evaluations.begin),
    step(
      'review/settle',
      'settleReview',
      { zh: '汇总初步评审', en: 'Settle the review by majority' },
      evaluations.settleReview,
    ),
    step(
      'report',
      'draftEvaluationReport',
      { zh: '生成评标报告', en: 'Draft the evaluation report' },
      evaluations.draftReport,
    ),
    step(
      'finish',
      'finishEvaluation',
      { zh: '完成评标，签发报告', en: 'Finish: the report is complete and its PDF issued' },
      evaluations.finish,
    ),
    route(
      {
        method: 'POST',
        path: '/api/evaluations/:lot/sheets/:seat/reopen',
        name: 'reopenSheet',
        who: ['host'],
        summary: { zh: '重新开启评分表并记录理由', en: 'Reopen a locked sheet, with the reason on the record' },
        params: seatParams,
        body: z.strictObject({ reason }),
        answer: acted,
        refusals: codes,
      },
      async (call) => {
        const { lot, seat } = call.params;
        return answered(await evaluations.reopenSheet(lot, seat, call.body.reason, askerOf(call)), 'host');
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/evaluations/:lot/ranking',
        name: 'computeRanking',
        who: ['host'],
        summary: { zh: '计算排名', en: 'Compute the ranking of the locked sheets' },
        params: lotParams,
        body: z.strictObject({
          /** The order that a draw on the spot gave to tied offers; it stands in the report that all members sign. */
          tieOrder: z.array(sha256Text).max(2_000).default([]),
        }),
        answer: acted,
        refusals: codes,
      },
      async (call) =>
        answered(await evaluations.computeRanking(call.params.lot, call.body.tieOrder, askerOf(call)), 'host'),
    ),
  ];
}
