/** A member's own desk: verdicts, marks, lock, signature. Everybody sees his own only. */
import { z } from 'zod';
import { fromBase64, fromUtf8 } from '../formats/bytes.ts';
import { base64Text, identifier, sha256Text } from '../formats/primitives.ts';
import type { Acted } from '../journal/act.ts';
import { instantText } from '../platform/clock/clock.ts';
import { type Role, type Route, route } from '../platform/http/route.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import { askerOf, type Calling } from './asker.ts';
import type { EvaluationDeps } from './deps.ts';
import { draftOf, saveDraft } from './drafts.ts';
import { evaluationRefusal, evaluationRefusals } from './refusals.ts';
import type { EvaluationEvent, EvaluationState, Seat } from './rules.ts';
import type { EvaluationService } from './service.ts';
import { desk, deskOf, dissentText, sheetText, writtenSheet } from './views.ts';

const lotParams = z.strictObject({ lot: identifier });
const codes = Object.keys(evaluationRefusals);
const signatureCodes = ['signature-invalid', 'certificate-untrusted', 'certificate-revoked', 'certificate-unknown'];

/** Experts, and representatives of the tenderer; that the caller sits on this committee is the rules' question. */
const members: readonly Role[] = ['expert', 'tenderer', 'agency'];

const signature = base64Text.min(1).max(100_000);
const article = z.string().trim().min(1).max(200);
const verdict = z.discriminatedUnion('verdict', [
  z.strictObject({ offer: sha256Text, verdict: z.literal('pass') }),
  z.strictObject({
    offer: sha256Text,
    verdict: z.literal('reject'),
    code: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/),
    article,
    reason: z.string().trim().min(1).max(2_000),
  }),
]);

type Deps = EvaluationDeps & { readonly evaluations: EvaluationService };
type Own = { readonly state: EvaluationState; readonly seat: Seat };

/** What a member gets back: his own desk, never the whole state. */
const done = z.object({ at: z.string(), entryIds: z.array(z.string()), phase: z.string() });
const doneOf = (answer: Refusal | Acted<EvaluationState, EvaluationEvent>) =>
  isRefusal(answer) ? answer : { at: answer.at, entryIds: [...answer.entryIds], phase: answer.state.phase };

async function ownSeat({ evaluations, journal }: Deps, lot: string, call: Calling): Promise<Own | Refusal> {
  const state = await evaluations.state(journal.db.read(), lot);
  const seat = state?.seats.find((s) => s.person === askerOf(call).person);
  return state && seat ? { state, seat } : evaluationRefusal('not-a-member');
}

export function memberRoutes(deps: Deps): Route[] {
  return [...deskRoutes(deps), ...sheetRoutes(deps), ...answerRoutes(deps)];
}

function deskRoutes(deps: Deps): Route[] {
  const { evaluations, journal } = deps;
  return [
    route(
      {
        method: 'GET',
        path: '/api/evaluations',
        name: 'listEvaluationDuties',
        who: members,
        summary: { zh: '我的评标任务', en: 'Lots on whose committee I sit' },
        answer: z.object({ duties: z.array(z.object({ lot: z.string(), phase: z.string(), seat: z.number() })) }),
        refusals: [],
      },
      async (call) => {
        const { person } = askerOf(call);
        const found = await evaluations.dutiesOf(journal.db.read(), person);
        return {
          duties: found.map(({ id, phase, seats }) => ({
            lot: id,
            phase,
            seat: seats.find((s) => s.person === person)?.seat ?? 0,
          })),
        };
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/evaluations/:lot/mine',
        name: 'readEvaluationDesk',
        who: members,
        summary: { zh: '我的评审桌面', en: 'My own verdicts, marks and what is to do' },
        params: lotParams,
        answer: desk,
        refusals: ['not-a-member'],
      },
      async (call) => {
        const own = await ownSeat(deps, call.params.lot, call);
        if (isRefusal(own)) return own;
        return deskOf(own.state, own.seat, await draftOf(journal.db.read(), own.state.id, own.seat.person));
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/evaluations/:lot/review',
        name: 'reviewOffers',
        who: members,
        summary: { zh: '初步评审结论', en: 'My verdicts on qualification and responsiveness' },
        params: lotParams,
        body: z.strictObject({
          verdicts: z.array(verdict).max(2_000),
          competition: z.enum(['go-on', 'reject-all']).nullable().default(null),
        }),
        answer: done,
        refusals: codes,
      },
      async (call) => {
        const { verdicts, competition } = call.body;
        return doneOf(await evaluations.review(call.params.lot, verdicts, competition, askerOf(call)));
      },
    ),
  ];
}

function sheetRoutes(deps: Deps): Route[] {
  const { evaluations, journal, clock } = deps;
  return [
    route(
      {
        method: 'PUT',
        path: '/api/evaluations/:lot/sheet',
        name: 'saveSheet',
        who: members,
        summary: { zh: '暂存评分', en: 'Save the unfinished sheet; not an act' },
        params: lotParams,
        body: writtenSheet,
        maxBytes: 4 * 1024 * 1024,
        answer: z.object({ at: z.string() }),
        refusals: codes,
      },
      async (call) => saveDraft(journal, evaluations.state, call.params.lot, askerOf(call).person, call.body),
    ),
    route(
      {
        method: 'POST',
        path: '/api/evaluations/:lot/sheet/text',
        name: 'draftSheetText',
        who: members,
        summary: { zh: '生成待签的评分表（不保存）', en: 'The canonical sheet to sign; nothing is stored' },
        params: lotParams,
        body: writtenSheet,
        maxBytes: 4 * 1024 * 1024,
        answer: z.object({ sheet: z.string() }),
        refusals: codes,
      },
      async (call) => {
        const own = await ownSeat(deps, call.params.lot, call);
        return isRefusal(own) ? own : sheetText(own.state, own.seat, call.body, instantText(clock.now()));
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/evaluations/:lot/sheet/lock',
        name: 'lockSheet',
        who: members,
        summary: { zh: '锁定已签名的评分表', en: 'Lock the signed sheet (base64 of the text and of the CMS)' },
        params: lotParams,
        body: z.strictObject({ sheet: base64Text.min(1).max(6_000_000), signature }),
        maxBytes: 7 * 1024 * 1024,
        answer: done,
        refusals: [...codes, ...signatureCodes],
      },
      async (call) => {
        const { sheet, signature: p7s } = call.body;
        return doneOf(await evaluations.lockSheet(call.params.lot, fromBase64(sheet), fromBase64(p7s), askerOf(call)));
      },
    ),
  ];
}

function answerRoutes(deps: Deps): Route[] {
  const { evaluations, clock } = deps;
  return [
    route(
      {
        method: 'GET',
        path: '/api/evaluations/:lot/report/text',
        name: 'readReportText',
        who: members,
        summary: { zh: '待签的评标报告', en: 'The canonical report that I sign' },
        params: lotParams,
        answer: z.object({ report: z.string() }),
        refusals: ['not-a-member', 'report-missing'],
      },
      async (call) => {
        const own = await ownSeat(deps, call.params.lot, call);
        if (isRefusal(own)) return own;
        const text = await evaluations.reportText(call.params.lot);
        return text ? { report: fromUtf8(text) } : evaluationRefusal('report-missing');
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/evaluations/:lot/report/sign',
        name: 'signEvaluationReport',
        who: members,
        summary: { zh: '签署评标报告', en: 'Sign the report (base64 of the CMS over its bytes)' },
        params: lotParams,
        body: z.strictObject({ signature }),
        answer: done,
        refusals: [...codes, ...signatureCodes],
      },
      async (call) =>
        doneOf(await evaluations.signReport(call.params.lot, fromBase64(call.body.signature), askerOf(call))),
    ),
    route(
      {
        method: 'POST',
        path: '/api/evaluations/:lot/report/dissent/text',
        name: 'draftDissentText',
        who: members,
        summary: { zh: '生成待签的书面不同意见（不保存）', en: 'The canonical dissent to sign; nothing is stored' },
        params: lotParams,
        body: z.strictObject({ text: z.string().trim().min(1).max(4_000) }),
        answer: z.object({ dissent: z.string() }),
        refusals: codes,
      },
      async (call) => {
        const own = await ownSeat(deps, call.params.lot, call);
        return isRefusal(own) ? own : dissentText(own.state, own.seat, call.body.text, instantText(clock.now()));
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/evaluations/:lot/report/dissent',
        name: 'dissentFromReport',
        who: members,
        summary: { zh: '提交书面不同意见', en: 'Hand in the signed dissent' },
        params: lotParams,
        body: z.strictObject({ dissent: base64Text.min(1).max(40_000), signature }),
        answer: done,
        refusals: [...codes, ...signatureCodes],
      },
      async (call) => {
        const { dissent, signature: p7s } = call.body;
        return doneOf(await evaluations.dissent(call.params.lot, fromBase64(dissent), fromBase64(p7s), askerOf(call)));
      },
    ),
  ];
}
