/** Openings over HTTP: the hall's view, officers' releases, bidders' keys, announcement, confirmation, record. */
import { z } from 'zod';
import { fromBase64 } from '../formats/bytes.ts';
import { base64Text, identifier, sha256Text } from '../formats/primitives.ts';
import type { FileStore } from '../platform/files.ts';
import { BinaryAnswer, callerOf, type Route, route } from '../platform/http/route.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import { priceList } from './announce.ts';
import { openingRefusal, openingRefusals } from './refusals.ts';
import type { OpeningService } from './service.ts';
import type { OpeningState } from './state.ts';
import { openingView, priceView, view } from './view.ts';

const params = z.strictObject({ opening: identifier });
const lotParams = params.extend({ lot: identifier });
const refusals = Object.keys(openingRefusals);
const officers = ['host', 'tenderer', 'agency', 'witness', 'supervisor'] as const;

type Deps = { readonly openings: OpeningService; readonly files: FileStore };

export function openingRoutes({ openings, files }: Deps): Route[] {
  return [
    ...publicRoutes(openings, files),
    ...releaseRoutes(openings),
    ...hallRoutes(openings),
    ...stalledRoutes(openings),
    ...recordRoutes(openings, files),
  ];
}

/** The view of an act's answer. */
const answer = (result: Refusal | { state: OpeningState }) => (isRefusal(result) ? result : view(result.state));

function publicRoutes(openings: OpeningService, files: FileStore): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/openings/:opening',
        name: 'showOpening',
        who: 'anyone',
        summary: { zh: '开标进程', en: 'How far an opening has come' },
        params,
        answer: openingView,
        refusals,
      },
      async ({ params: { opening } }) => {
        const state = await openings.stateOf(opening);
        return state ? view(state) : openingRefusal('opening-unknown');
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/openings/:opening/lots/:lot/offers',
        name: 'listOffers',
        who: 'anyone',
        summary: { zh: '唱标一览', en: 'The announced offers' },
        params: lotParams,
        answer: priceView,
        refusals,
      },
      async ({ params: { opening, lot } }) => {
        const found = (await openings.stateOf(opening))?.lots.find((l) => l.lot === lot);
        return found
          ? priceList(found).map((o) => ({ ...o, offer: o.offer && { ...o.offer } }))
          : openingRefusal('lot-not-in-opening');
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/openings/:opening/lots/:lot/close-set',
        name: 'readCloseSet',
        who: 'anyone',
        summary: { zh: '截标锁定的全部递交（唱标后公开）', en: 'The close set, once the offers are announced' },
        params: lotParams,
        answer: 'binary',
        refusals,
      },
      async ({ params: { opening, lot } }) => {
        const found = (await openings.stateOf(opening))?.lots.find((l) => l.lot === lot);
        const shown = found?.status === 'announced' || found?.status === 'failed';
        if (!found?.close || !shown) return openingRefusal('not-announced');
        return new BinaryAnswer(await files.read(found.close.setSha256), 'application/json');
      },
    ),
  ];
}

function releaseRoutes(openings: OpeningService): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/openings/:opening/lots/:lot/release',
        name: 'readReleaseWork',
        who: officers,
        summary: { zh: '放钥所需的全部材料与证明', en: 'What an officer checks and decrypts' },
        params: lotParams,
        answer: z.record(z.string(), z.unknown()),
        refusals,
      },
      async ({ params, ...call }) => openings.releaseWork(params.opening, params.lot, callerOf(call)),
    ),
    route(
      {
        method: 'POST',
        path: '/api/openings/:opening/lots/:lot/releases',
        name: 'releaseKeys',
        who: officers,
        summary: { zh: '放出钥匙份额（已签名）', en: "Hand in one's signed key release" },
        params: lotParams,
        body: z.strictObject({ release: base64Text.max(12_000_000), signature: base64Text.max(40_000) }),
        maxBytes: 13_000_000,
        answer: openingView,
        refusals,
      },
      async ({ params, body, ...call }) =>
        answer(
          await openings.releaseKeys(
            params.opening,
            params.lot,
            { bytes: fromBase64(body.release), signature: fromBase64(body.signature) },
            callerOf(call),
          ),
        ),
    ),
    route(
      {
        method: 'POST',
        path: '/api/openings/:opening/lots/:lot/keys',
        name: 'giveTenderKey',
        who: ['bidder'],
        summary: {
          zh: '投标人解密：交出本次投标的一次性钥匙',
          en: "Bidder mode: give the tender's one-time key after the close",
        },
        params: lotParams,
        body: z.strictObject({ identity: z.string().regex(/^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/) }),
        answer: openingView,
        refusals,
      },
      async ({ params, body, ...call }) =>
        answer(await openings.giveKey(params.opening, params.lot, body.identity, callerOf(call))),
    ),
    route(
      {
        method: 'POST',
        path: '/api/openings/:opening/identities',
        name: 'discloseOpeningIdentity',
        who: officers,
        summary: {
          zh: '唱标后公开本次开启钥匙（供核验）',
          en: 'Disclose an opening identity after the announcement, for the audit',
        },
        params,
        body: z.strictObject({
          policy: sha256Text,
          identity: z.string().regex(/^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/),
        }),
        answer: openingView,
        refusals,
      },
      async ({ params, body, ...call }) =>
        answer(await openings.discloseIdentity(params.opening, body.policy, body.identity, callerOf(call))),
    ),
  ];
}

function hallRoutes(openings: OpeningService): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/openings/:opening/lots/:lot/announcement',
        name: 'announceOffers',
        who: ['host'],
        summary: { zh: '唱标', en: 'Announce the offers' },
        params: lotParams,
        body: z.strictObject({}),
        answer: openingView,
        refusals,
      },
      async ({ params, ...call }) => answer(await openings.announce(params.opening, params.lot, callerOf(call))),
    ),
    route(
      {
        method: 'POST',
        path: '/api/openings/:opening/lots/:lot/confirmation',
        name: 'confirmOffer',
        who: ['bidder'],
        summary: { zh: '确认开标结果', en: 'Confirm the announced offer' },
        params: lotParams,
        body: z.strictObject({}),
        answer: openingView,
        refusals,
      },
      async ({ params, ...call }) =>
        answer(await openings.answerOffer(params.opening, params.lot, null, callerOf(call))),
    ),
    route(
      {
        method: 'POST',
        path: '/api/openings/:opening/lots/:lot/objections',
        name: 'objectAtOpening',
        who: ['bidder'],
        summary: { zh: '当场提出异议', en: 'Object on the spot' },
        params: lotParams,
        body: z.strictObject({ text: z.string().trim().min(1).max(2000) }),
        answer: openingView,
        refusals,
      },
      async ({ params, body, ...call }) =>
        answer(await openings.answerOffer(params.opening, params.lot, body.text, callerOf(call))),
    ),
    route(
      {
        method: 'POST',
        path: '/api/openings/:opening/lots/:lot/objections/:id/answer',
        name: 'answerOpeningObjection',
        who: ['host'],
        summary: { zh: '当场答复异议', en: 'Answer an objection on the spot' },
        params: lotParams.extend({ id: identifier }),
        body: z.strictObject({ text: z.string().trim().min(1).max(2000) }),
        answer: openingView,
        refusals,
      },
      async ({ params, body, ...call }) =>
        answer(await openings.answerObjection(params.opening, params.lot, params.id, body.text, callerOf(call))),
    ),
  ];
}

/** The ways on where the opening of a tender is held up. */
function stalledRoutes(openings: OpeningService): Route[] {
  const tenderParams = lotParams.extend({ manifest: sha256Text });
  return [
    route(
      {
        method: 'POST',
        path: '/api/openings/:opening/lots/:lot/tenders/:manifest/retry',
        name: 'retryOpening',
        who: ['host'],
        summary: { zh: '故障排除后再次开启', en: 'Open a held-up tender again, after the cause was put right' },
        params: tenderParams,
        body: z.strictObject({}),
        answer: openingView,
        refusals,
      },
      async ({ params: { opening, lot, manifest }, ...call }) =>
        answer(await openings.retryTender(opening, lot, manifest, callerOf(call))),
    ),
    route(
      {
        method: 'POST',
        path: '/api/openings/:opening/lots/:lot/tenders/:manifest/setting-aside',
        name: 'setTenderAside',
        who: ['host'],
        summary: {
          zh: '非投标人原因无法解密的投标，视为撤回（电子招标投标办法第三十一条）',
          en: 'A tender that nobody can open counts as withdrawn, and the others go on (EB 31)',
        },
        params: tenderParams,
        body: z.strictObject({ reason: z.string().trim().min(1).max(2000) }),
        answer: openingView,
        refusals,
      },
      async ({ params: { opening, lot, manifest }, body, ...call }) =>
        answer(
          await openings.setTenderAside(
            opening,
            lot,
            { manifestSha256: manifest, reason: body.reason },
            callerOf(call),
          ),
        ),
    ),
  ];
}

function recordRoutes(openings: OpeningService, files: FileStore): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/openings/:opening/record/facts',
        name: 'readOpeningRecordFacts',
        who: ['host', 'witness', 'supervisor', 'auditor'],
        summary: { zh: '待签的开标记录原文', en: 'The bytes of the opening record to sign' },
        params,
        answer: 'binary',
        refusals,
      },
      async ({ params: { opening } }) => {
        const record = (await openings.stateOf(opening))?.record;
        return record
          ? new BinaryAnswer(await files.read(record.factsSha256), 'application/json')
          : openingRefusal('record-not-ready');
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/openings/:opening/record',
        name: 'drawUpOpeningRecord',
        who: ['host'],
        summary: { zh: '形成开标记录', en: 'Draw up the opening record' },
        params,
        body: z.strictObject({}),
        answer: openingView,
        refusals,
      },
      async ({ params, ...call }) => answer(await openings.drawUpRecord(params.opening, callerOf(call))),
    ),
    route(
      {
        method: 'POST',
        path: '/api/openings/:opening/record/signatures',
        name: 'signOpeningRecord',
        who: ['host', 'witness'],
        summary: { zh: '签署开标记录', en: 'Sign the opening record' },
        params,
        body: z.strictObject({ signature: base64Text.max(40_000) }),
        answer: openingView,
        refusals,
      },
      async ({ params, body, ...call }) =>
        answer(await openings.signRecord(params.opening, fromBase64(body.signature), callerOf(call))),
    ),
  ];
}
