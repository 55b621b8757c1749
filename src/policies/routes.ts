/** Opening policies over HTTP: drafting, officers' keys, signatures, rehearsal; the formed policy is public. */
import { z } from 'zod';
import { fromBase64, toBase64 } from '../formats/bytes.ts';
import { officerRole, openingMode } from '../formats/opening-policy.ts';
import { base64Text, identifier, instantUtc, sha256Text } from '../formats/primitives.ts';
import type { Journal } from '../journal/index.ts';
import { BinaryAnswer, callerOf, type Route, route } from '../platform/http/route.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import { policyRefusal, policyRefusals } from './refusals.ts';
import type { PolicyState } from './rules.ts';
import type { Policies } from './service.ts';

const params = z.strictObject({ opening: identifier });
const officers = ['host', 'tenderer', 'agency', 'witness', 'supervisor'] as const;
const refusals = Object.keys(policyRefusals);

const policyView = z.object({
  opening: identifier,
  lots: z.array(identifier),
  deadline: z.string().nullable(),
  mode: openingMode.nullable(),
  k: z.number().nullable(),
  officers: z.array(
    z.object({
      x: z.number(),
      role: officerRole,
      person: z.string(),
      certSha256: sha256Text,
      recipient: z.string().nullable(),
      signed: z.boolean(),
      rehearsal: z.object({ envelope: z.string(), passedAt: z.string().nullable() }).nullable(),
    }),
  ),
  /** The canonical text to sign once every key is given. */
  document: z.string().nullable(),
  policySha256: sha256Text.nullable(),
  inForce: sha256Text.nullable(),
});

export function policyRoutes({ journal, policies }: { journal: Journal; policies: Policies }): Route[] {
  const answer = (result: Refusal | { state: PolicyState } | null) =>
    result === null ? policyRefusal('opening-unknown') : isRefusal(result) ? result : view(result.state);
  return [
    route(
      {
        method: 'PUT',
        path: '/api/openings/:opening/policy',
        name: 'draftOpeningPolicy',
        who: ['host'],
        summary: { zh: '起草开标规则（开启人员与门限）', en: 'Draft the opening policy: officers and quorum' },
        params,
        body: z.strictObject({
          lots: z.array(identifier).min(1).max(200),
          deadline: instantUtc,
          mode: openingMode.default('quorum'),
          k: z.number().int().min(1).max(20).default(3),
          officers: z
            .array(z.strictObject({ role: officerRole, person: identifier, certSha256: sha256Text }))
            .min(1)
            .max(20),
          logPolicySha256: sha256Text.nullable().default(null),
        }),
        answer: policyView,
        refusals,
      },
      async ({ params: { opening }, body, ...call }) => answer(await policies.draft(opening, body, callerOf(call))),
    ),
    route(
      {
        method: 'POST',
        path: '/api/openings/:opening/keys',
        name: 'giveOpeningKey',
        who: officers,
        summary: {
          zh: '交开启公钥（私钥只在本人设备）',
          en: "Give one's opening recipient; the key stays with the officer",
        },
        params,
        body: z.strictObject({ recipient: z.string().max(200) }),
        answer: policyView,
        refusals,
      },
      async ({ params: { opening }, body, ...call }) =>
        answer(await policies.giveKey(opening, body.recipient, callerOf(call))),
    ),
    route(
      {
        method: 'POST',
        path: '/api/openings/:opening/policy/signatures',
        name: 'signOpeningPolicy',
        who: officers,
        summary: { zh: '签署开标规则', en: 'Sign the opening policy' },
        params,
        body: z.strictObject({ signature: base64Text.max(40_000) }),
        answer: policyView,
        refusals,
      },
      async ({ params: { opening }, body, ...call }) =>
        answer(await policies.sign(opening, fromBase64(body.signature), callerOf(call))),
    ),
    route(
      {
        method: 'POST',
        path: '/api/openings/:opening/rehearsal',
        name: 'startRehearsal',
        who: ['host'],
        summary: { zh: '发起开启演练', en: 'Start the rehearsal: a test value for each officer' },
        params,
        body: z.strictObject({}),
        answer: policyView,
        refusals,
      },
      async ({ params: { opening }, ...call }) => answer(await policies.rehearse(opening, callerOf(call))),
    ),
    route(
      {
        method: 'POST',
        path: '/api/openings/:opening/rehearsal/answers',
        name: 'answerRehearsal',
        who: officers,
        summary: { zh: '提交演练值', en: 'Answer the rehearsal with the decrypted value' },
        params,
        body: z.strictObject({ value: sha256Text }),
        answer: policyView,
        refusals,
      },
      async ({ params: { opening }, body, ...call }) =>
        answer(await policies.answerRehearsal(opening, body.value, callerOf(call))),
    ),
    route(
      {
        method: 'GET',
        path: '/api/openings/:opening/policy',
        name: 'showOpeningPolicy',
        who: [...officers, 'auditor'],
        summary: { zh: '查看开标规则的办理情况', en: 'State of the opening policy' },
        params,
        answer: policyView,
        refusals,
      },
      async ({ params: { opening } }) => {
        const state = await policies.state(journal.db.read(), opening);
        return state ? view(state) : policyRefusal('opening-unknown');
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/policies/:sha256',
        name: 'readOpeningPolicy',
        who: 'anyone',
        summary: { zh: '下载生效的开标规则及全部签名', en: 'The formed policy with every signature' },
        params: z.strictObject({ sha256: sha256Text }),
        answer: z.object({
          document: z.string(),
          sha256: sha256Text,
          signatures: z.array(z.object({ x: z.number(), p7s: z.string() })),
        }),
        refusals,
      },
      async ({ params: { sha256 } }) => {
        const found = await policies.bySha256(journal.db.read(), sha256);
        if (!found) return policyRefusal('opening-unknown');
        return {
          document: new TextDecoder().decode(found.bytes),
          sha256,
          signatures: found.signatures.map((s) => ({ x: s.x, p7s: toBase64(s.p7s) })),
        };
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/policies/:sha256/document',
        name: 'downloadOpeningPolicy',
        who: 'anyone',
        summary: { zh: '开标规则原文（被签署的字节）', en: 'The signed bytes of the policy' },
        params: z.strictObject({ sha256: sha256Text }),
        answer: 'binary',
        refusals,
      },
      async ({ params: { sha256 } }) => {
        const found = await policies.bySha256(journal.db.read(), sha256);
        return found ? new BinaryAnswer(found.bytes, 'application/json') : policyRefusal('opening-unknown');
      },
    ),
  ];
}

function view(state: PolicyState) {
  const complete = state.draft?.officers.every((o) => o.recipient !== null) ?? false;
  const latest = complete ? state.policies.at(-1) : undefined;
  return {
    opening: state.id,
    lots: [...(state.draft?.lots ?? [])],
    deadline: state.draft?.deadline ?? null,
    mode: state.draft?.mode ?? null,
    k: state.draft?.k ?? null,
    officers: (state.draft?.officers ?? []).map(({ x, role, person, certSha256, recipient, rehearsal }) => ({
      x,
      role,
      person,
      certSha256,
      recipient,
      signed: latest?.signatures.some((s) => s.x === x) ?? false,
      rehearsal: rehearsal && { envelope: rehearsal.envelope, passedAt: rehearsal.passedAt },
    })),
    document: latest?.text ?? null,
    policySha256: latest?.sha256 ?? null,
    inForce: state.inForce,
  };
}
