/** Reading an evaluation: those who run and watch it while it lasts, the report once it is complete. */
import { z } from 'zod';
import { allMethods } from '../../evaluation/registry.ts';
import { toBase64 } from '../formats/bytes.ts';
import { identifier } from '../formats/primitives.ts';
import { BinaryAnswer, callerOf, type Principal, type Role, type Route, route } from '../platform/http/route.ts';
import { commonRefusal, isRefusal, type Refusal } from '../platform/refusal.ts';
import type { Calling } from './asker.ts';
import type { EvaluationDeps } from './deps.ts';
import type { EvaluationService } from './service.ts';
import { evaluationView, type Sight, viewOf } from './views.ts';

const lotParams = z.strictObject({ lot: identifier });

const watchers: readonly Role[] = ['host', 'supervisor', 'witness', 'auditor'];
/** The tenderer gets the report of its own project (TL 40); bidders and the public read the notice in the awards room. */
const reportReaders: readonly Role[] = [...watchers, 'tenderer', 'agency'];

type Deps = EvaluationDeps & { readonly evaluations: EvaluationService };

const sightOf = ({ roles }: Principal): Sight =>
  roles.includes('host') ? 'host' : roles.includes('supervisor') ? 'supervisor' : 'reader';

/** A finished evaluation that this caller may read, or a refusal. */
async function finishedFor(
  { evaluations, projects, journal }: Deps,
  lot: string,
  call: Calling,
): Promise<Refusal | null> {
  const reader = journal.db.read();
  const { principal } = callerOf(call);
  if (!principal.roles.some((role) => watchers.includes(role))) {
    const place = await projects.lot(reader, lot);
    const parties = [place?.project.tenderer, place?.project.agency];
    if (principal.organisation === null || !parties.includes(principal.organisation)) return commonRefusal('not-found');
  }
  return (await evaluations.result(reader, lot)) ? null : commonRefusal('not-found');
}

export function readRoutes(deps: Deps): Route[] {
  return [methodsRoute(), viewRoute(deps), ...reportRoutes(deps)];
}

const methodView = z.object({
  id: z.string(),
  name: z.object({ zh: z.string(), en: z.string() }),
  source: z.string(),
  yields: z.enum(['price-score', 'evaluated-price', 'points-per-price']),
  needsCeiling: z.boolean(),
  /** JSON Schema of the parameters that a scheme may give. */
  parameters: z.unknown(),
});

/** The methods that a scheme may name: what a tenderer chooses from, and what a bidder reads. */
function methodsRoute(): Route {
  const methods = allMethods.map(({ id, name, source, yields, needsCeiling, parameters }) => ({
    id,
    name,
    source,
    yields,
    needsCeiling,
    parameters: z.toJSONSchema(parameters, { io: 'input' }),
  }));
  return route(
    {
      method: 'GET',
      path: '/api/evaluation-methods',
      name: 'listEvaluationMethods',
      who: 'anyone',
      summary: { zh: '评标办法一览', en: 'Evaluation methods with their parameters' },
      answer: z.object({ methods: z.array(methodView) }),
      refusals: [],
    },
    async () => ({ methods }),
  );
}

function viewRoute({ evaluations, journal }: Deps): Route {
  return route(
    {
      method: 'GET',
      path: '/api/evaluations/:lot',
      name: 'readEvaluation',
      who: watchers,
      summary: { zh: '查看评标进度与结果', en: 'Progress of the evaluation; its result once it is complete' },
      params: lotParams,
      answer: evaluationView,
      refusals: ['not-found'],
    },
    async (call) => {
      const state = await evaluations.state(journal.db.read(), call.params.lot);
      return state ? viewOf(state, sightOf(callerOf(call).principal)) : commonRefusal('not-found');
    },
  );
}

function reportRoutes(deps: Deps): Route[] {
  const { evaluations, journal, files } = deps;
  const read = (
    path: string,
    name: string,
    summary: { zh: string; en: string },
    work: (lot: string) => Promise<BinaryAnswer>,
  ) =>
    route(
      {
        method: 'GET',
        path: `/api/evaluations/:lot/${path}`,
        name,
        who: reportReaders,
        summary,
        params: lotParams,
        answer: 'binary',
        refusals: ['not-found'],
      },
      async (call) => (await finishedFor(deps, call.params.lot, call)) ?? work(call.params.lot),
    );
  return [
    read('report.pdf', 'readEvaluationReportPdf', { zh: '评标报告（PDF）', en: 'The signed report' }, async (lot) => {
      const result = await evaluations.result(journal.db.read(), lot);
      return new BinaryAnswer(files.open(result!.pdfSha256), 'application/pdf');
    }),
    read(
      'report.json',
      'readEvaluationReport',
      { zh: '评标报告数据', en: 'The report that was signed' },
      async (lot) => {
        const report = await evaluations.report(journal.db.read(), lot);
        return new BinaryAnswer(report!.bytes, 'application/json');
      },
    ),
    read('ranking.json', 'readRanking', { zh: '排名及计算过程', en: 'The ranking with its trace' }, async (lot) => {
      const ranking = await evaluations.ranking(journal.db.read(), lot);
      return new BinaryAnswer(ranking!.bytes, 'application/json');
    }),
    route(
      {
        method: 'GET',
        path: '/api/evaluations/:lot/sheets',
        name: 'readSheets',
        who: ['host', 'supervisor', 'auditor'],
        summary: { zh: '已锁定的评分表及签名', en: 'The locked sheets with their signatures' },
        params: lotParams,
        answer: z.object({
          sheets: z.array(
            z.object({
              seat: z.number(),
              expert: z.string(),
              sha256: z.string(),
              sheet: z.string(),
              signature: z.string(),
            }),
          ),
        }),
        refusals: ['not-found'],
      },
      async (call) => {
        const refusal = await finishedFor(deps, call.params.lot, call);
        if (isRefusal(refusal)) return refusal;
        const sheets = await evaluations.sheets(journal.db.read(), call.params.lot);
        return {
          sheets: sheets!.map(({ seat, expert, sha256, text, p7s }) => ({
            seat,
            expert,
            sha256,
            sheet: toBase64(text),
            signature: toBase64(p7s),
          })),
        };
      },
    ),
  ];
}
