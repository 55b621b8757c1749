/** Sealed tenders over HTTP. Answers show a bidder its own acts only; nobody else sees names or counts before the opening. */
import { z } from 'zod';
import { fromBase64 } from '../formats/bytes.ts';
import { base64Text, fenText, handleText, identifier, sha256Text } from '../formats/primitives.ts';
import type { Journal } from '../journal/index.ts';
import { callerOf, type Route, route } from '../platform/http/route.ts';
import { isRefusal } from '../platform/refusal.ts';
import { tenderRefusal, tenderRefusals } from './refusals.ts';
import type { ChainState } from './rules.ts';
import type { TenderService } from './service.ts';

const lotParams = z.strictObject({ lot: identifier });
const uploadParams = lotParams.extend({ upload: identifier });
const refusals = Object.keys(tenderRefusals);
const bidder = ['bidder'] as const;
const uploadView = z.object({ id: identifier, lot: identifier, bytes: z.number(), received: z.number() });

const filedView = z.object({
  outcome: z.enum(['sealed', 'withdrawn', 'late']),
  at: z.string(),
  seq: z.number(),
  manifestSha256: sha256Text,
  /** C2SP tlog-proof; its extra line opens the sealed leaf for the bidder alone. */
  receipt: z.string(),
  refusal: z.object({ document: z.string(), signature: z.string() }).nullable(),
});
const ownView = z.object({
  handle: handleText,
  next: z.object({ seq: z.number(), prev: sha256Text.nullable() }),
  acts: z.array(
    z.object({
      act: z.enum(['seal', 'withdraw']),
      seq: z.number(),
      manifestSha256: sha256Text,
      policy: sha256Text,
      at: z.string(),
    }),
  ),
  late: z.array(z.object({ manifestSha256: sha256Text, at: z.string() })),
  bond: z.object({ amountFen: fenText, at: z.string() }).nullable(),
  questions: z.array(z.object({ sha256: sha256Text, text: z.string(), at: z.string() })),
});

export function tenderRoutes({ journal, tenders }: { journal: Journal; tenders: TenderService }): Route[] {
  return [...uploadRoutes(tenders), ...filingRoutes(journal, tenders), ...otherActRoutes(journal, tenders)];
}

function uploadRoutes(tenders: TenderService): Route[] {
  const own = async (params: { lot: string; upload: string }, call: Parameters<typeof callerOf>[0]) =>
    tenders.uploads.find(
      params.upload,
      params.lot,
      tenders.handle(params.lot, callerOf(call).principal.organisation ?? ''),
    );
  return [
    route(
      {
        method: 'POST',
        path: '/api/lots/:lot/uploads',
        name: 'beginUpload',
        who: bidder,
        summary: { zh: '开始上传密封文件', en: 'Begin the upload of a sealed tender' },
        params: lotParams,
        body: z.strictObject({ bytes: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
        answer: uploadView,
        status: 201,
        refusals,
      },
      async ({ params, body, ...call }) => tenders.beginUpload(params.lot, body.bytes, callerOf(call)),
    ),
    route(
      {
        method: 'GET',
        path: '/api/lots/:lot/uploads/:upload',
        name: 'showUpload',
        who: bidder,
        summary: { zh: '查询已收到的字节', en: 'How many bytes have arrived' },
        params: uploadParams,
        answer: uploadView,
        refusals,
      },
      async ({ params, ...call }) => own(params, call),
    ),
    route(
      {
        method: 'PATCH',
        path: '/api/lots/:lot/uploads/:upload',
        name: 'continueUpload',
        who: bidder,
        summary: { zh: '从断点续传', en: 'Send bytes from the offset of the Upload-Offset header' },
        params: uploadParams,
        body: 'stream',
        answer: uploadView,
        refusals,
      },
      async ({ params, headers, stream, ...call }) => {
        const said = String(headers['upload-offset'] ?? '');
        const upload = await own(params, call);
        if (!/^\d{1,15}$/.test(said)) return tenderRefusal('upload-offset', { received: upload.received });
        return tenders.uploads.append(upload, Number(said), stream);
      },
    ),
    route(
      {
        method: 'DELETE',
        path: '/api/lots/:lot/uploads/:upload',
        name: 'dropUpload',
        who: bidder,
        summary: { zh: '放弃上传', en: 'Drop an unfinished upload' },
        params: uploadParams,
        answer: z.object({}),
        refusals,
      },
      async ({ params, ...call }) => {
        const { id } = await own(params, call);
        await tenders.uploads.drop(
          id,
          params.lot,
          tenders.handle(params.lot, callerOf(call).principal.organisation ?? ''),
        );
        return {};
      },
    ),
  ];
}

const lotView = z.object({
  project: identifier,
  code: z.string(),
  lot: identifier,
  name: z.string(),
  opening: identifier,
  deadline: z.string(),
  ceilingFen: fenText.nullable(),
  /** The opening policy that a tender must name; read it at /api/policies/:sha256. */
  policySha256: sha256Text.nullable(),
});

function filingRoutes(journal: Journal, tenders: TenderService): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/lots/:lot',
        name: 'showLot',
        who: 'anyone',
        summary: { zh: '标段与现行开标规则', en: 'A lot and its opening policy in force' },
        params: lotParams,
        answer: lotView,
        refusals,
      },
      async ({ params }) => tenders.showLot(params.lot),
    ),
    route(
      {
        method: 'POST',
        path: '/api/lots/:lot/tenders',
        name: 'fileTender',
        who: bidder,
        summary: { zh: '递交、替换或撤回密封投标', en: 'File, replace or withdraw a sealed tender' },
        params: lotParams,
        body: z.strictObject({
          upload: identifier.nullable(),
          manifest: base64Text.max(20_000),
          signature: base64Text.max(40_000),
          envelopes: z
            .array(z.strictObject({ x: z.number().int().min(1).max(20), bytes: base64Text.max(6000) }))
            .max(20),
        }),
        answer: filedView,
        refusals,
      },
      async ({ params, body, ...call }) => {
        const filed = await tenders.fileTender(
          params.lot,
          {
            upload: body.upload,
            manifest: fromBase64(body.manifest),
            signature: fromBase64(body.signature),
            envelopes: body.envelopes.map((e) => ({ x: e.x, bytes: fromBase64(e.bytes) })),
          },
          callerOf(call),
        );
        if (isRefusal(filed)) return filed;
        const { entry, ...answer } = filed;
        return { ...answer, receipt: (await journal.receipt(entry)).text };
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/lots/:lot/tenders/mine',
        name: 'showOwnTenders',
        who: bidder,
        summary: { zh: '本单位在该标段的全部递交', en: "One's own acts on the lot" },
        params: lotParams,
        answer: ownView,
        refusals,
      },
      async ({ params, ...call }) => {
        const caller = callerOf(call);
        const whose = tenders.handle(params.lot, caller.principal.organisation ?? '');
        return ownOf(whose, await tenders.ownChain(params.lot, caller));
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/lots/:lot/tenders/mine/:manifest/receipt',
        name: 'readTenderReceipt',
        who: bidder,
        summary: { zh: '取回执（含最新联签）', en: 'The receipt of an own act, with the newest cosignatures' },
        params: lotParams.extend({ manifest: sha256Text }),
        answer: z.object({ receipt: z.string() }),
        refusals,
      },
      async ({ params, ...call }) => {
        const filed = await tenders.filedBefore(params.lot, params.manifest, callerOf(call));
        return filed ? { receipt: (await journal.receipt(filed.entry)).text } : tenderRefusal('tender-none');
      },
    ),
  ];
}

function otherActRoutes(journal: Journal, tenders: TenderService): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/lots/:lot/questions',
        name: 'askQuestion',
        who: bidder,
        summary: { zh: '不具名提问', en: 'Ask a question without a name' },
        params: lotParams,
        body: z.strictObject({ text: z.string().trim().min(1).max(4000) }),
        answer: z.object({ receipt: z.string() }),
        refusals,
      },
      async ({ params, body, ...call }) => {
        const acted = await tenders.askQuestion(params.lot, body.text, callerOf(call));
        return isRefusal(acted) ? acted : { receipt: (await journal.receipt(acted.entryIds[0] ?? '')).text };
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/lots/:lot/questions',
        name: 'listQuestions',
        who: ['tenderer', 'agency', 'host', 'supervisor'],
        summary: { zh: '收到的提问（不显示提问单位）', en: 'Questions received, without names' },
        params: lotParams,
        answer: z.array(z.object({ sha256: sha256Text, text: z.string() })),
        refusals,
      },
      async ({ params, ...call }) => tenders.questionsOf(params.lot, callerOf(call)),
    ),
    route(
      {
        method: 'POST',
        path: '/api/lots/:lot/guarantees',
        name: 'recordGuarantee',
        who: ['finance'],
        summary: { zh: '登记投标保函', en: 'Record a bid guarantee for an organisation' },
        params: lotParams,
        body: z.strictObject({
          organisation: identifier,
          amountFen: fenText,
          issuer: z.string().trim().min(1).max(200),
          number: z.string().trim().min(1).max(100),
        }),
        answer: z.object({ at: z.string() }),
        refusals,
      },
      async ({ params, body, ...call }) => {
        const acted = await tenders.recordGuarantee(params.lot, body, callerOf(call));
        return isRefusal(acted) ? acted : { at: acted.at };
      },
    ),
  ];
}

function ownOf(handle: string, chain: ChainState | null) {
  const acts = chain?.acts ?? [];
  const last = acts.at(-1);
  return {
    handle,
    next: { seq: (last?.seq ?? 0) + 1, prev: last?.manifestSha256 ?? null },
    acts: acts.map(({ act, seq, manifestSha256, policy, at }) => ({ act, seq, manifestSha256, policy, at })),
    late: [...(chain?.late ?? [])],
    bond: chain?.bond ? { amountFen: chain.bond.amountFen, at: chain.bond.at } : null,
    questions: [...(chain?.questions ?? [])],
  };
}
