/** What the verifier answers: a verdict, and for each step of the protocol what it found and how to check it with other tools. */
import type { ReasonCode } from '../formats/format-error.ts';

/** The steps in the order of the protocol; each names the foreign command that checks the same. */
export const steps = {
  trust: {
    zh: '信任根来自材料之外',
    en: 'trust roots come from outside the bundle',
    command: 'openssl x509 -in ca.pem -noout -fingerprint -sha256',
  },
  leaks: {
    zh: '公开材料不含投标密文与份额',
    en: 'a public bundle holds no tender and no share',
    command: "grep -rlE 'age-encryption.org|AGE-SECRET-KEY|share/v1' .",
  },
  log: {
    zh: '日志叶子、根哈希、检查点签名与见证联署',
    en: 'leaves, root, checkpoint signature and cosignatures',
    command: 'python3 verify.py log . LOG_VKEY',
  },
  consistency: {
    zh: '日志只增不改（与此前所见一致）',
    en: 'the log extends what was seen before',
    command: 'python3 verify.py prefix . CHECKPOINT_FILE LOG_VKEY',
  },
  entries: {
    zh: '日志条目格式',
    en: 'entries of the log are well-formed',
    command: 'base64 -d <<< "$(sed -n 1p log/leaves.txt)" | python3 -m json.tool',
  },
  policy: {
    zh: '开标规则由全体开启人签名并已入日志',
    en: 'the opening policy is logged and signed by every officer',
    command:
      'openssl cms -verify -binary -inform DER -in policy-1.json.p7s -content policy.json -CAfile ca.pem -purpose any -out /dev/null',
  },
  close: {
    zh: '封存清单：承诺、顺序、最后一次为准、截止界线',
    en: 'close set: commitments, chains, latest act, barrier',
    command: 'python3 verify.py acts . LOT',
  },
  receipts: {
    zh: '手中回执均在清单内',
    en: 'every receipt given is in the close set',
    command: 'python3 verify.py receipt RECEIPT LOG_VKEY',
  },
  commitments: {
    zh: '所有密封条目均已打开，化名与投标人相符',
    en: 'every sealed leaf is opened; handles belong to the bidders',
    command: 'python3 verify.py acts . LOT',
  },
  manifests: {
    zh: '投标清单与投标人签名',
    en: 'manifests and the signatures of the bidders',
    command:
      'openssl cms -verify -binary -inform DER -in manifests/HEX.json.p7s -content manifests/HEX.json -CAfile ca.pem -purpose any -out /dev/null',
  },
  releases: {
    zh: '钥匙在封存之后由足够的开启人交出',
    en: 'keys were released after the close by enough officers',
    command: 'sha256sum releases/*.json',
  },
  openings: {
    zh: '每份有效投标都有开启结果，报价与承诺相符',
    en: 'every standing tender has a result; offers fit their hashes',
    command: 'sha256sum offers/*.json',
  },
  tenders: {
    zh: '用份额重新开启每份投标',
    en: 'every tender is opened again from the shares',
    command:
      'python3 verify.py identity manifests/HEX.json releases/LOT-*.json > identity.txt && age -d -i identity.txt tenders/HEX.age | tar -t',
  },
  evaluation: {
    zh: '评分表签名，名次重新计算',
    en: 'score sheets are signed; the ranking is recomputed',
    command:
      'openssl cms -verify -binary -inform DER -in sheets/HEX.json.p7s -content sheets/HEX.json -CAfile ca.pem -purpose any -out /dev/null',
  },
  documents: {
    zh: '凭证 PDF 签名覆盖全文，内容与日志一致',
    en: 'signed PDFs are whole and agree with the log',
    command: 'pdfsig certificates-issued/HEX.pdf && sha256sum certificates-issued/HEX.pdf',
  },
} as const satisfies Record<string, { zh: string; en: string; command: string }>;

export type StepName = keyof typeof steps;

export type Step = {
  readonly name: StepName;
  readonly zh: string;
  readonly en: string;
  readonly ok: boolean;
  /** The one reason of a failure; null where it holds, or where it could not be judged. */
  readonly code: ReasonCode | null;
  readonly detail: string;
  readonly standardCommand: string;
};

/**
 * `invalid`: something is proved wrong, and `code` is the first thing. `unknown`: nothing is proved wrong, but a file that the
 * proof needs is not there.
 */
export type Verdict = {
  readonly ok: boolean;
  readonly verdict: 'valid' | 'invalid' | 'unknown';
  readonly code: ReasonCode | null;
  /** Whether a quorum of outside witnesses excludes a second history; false is not a failure. */
  readonly witnessed: boolean;
  readonly steps: readonly Step[];
};

/** A file that a step needs is not in the bundle, or the step before it failed: nothing is proved either way. */
export class NotJudged extends Error {}

export function stepOf(name: StepName, found: { ok: boolean; code: ReasonCode | null; detail: string }): Step {
  const { zh, en, command } = steps[name];
  return { name, zh, en, ...found, standardCommand: command };
}

export function verdictOf(found: readonly Step[], witnessed: boolean): Verdict {
  const code = found.find((step) => step.code !== null)?.code ?? null;
  const ok = found.every((step) => step.ok);
  return { ok, verdict: code ? 'invalid' : ok ? 'valid' : 'unknown', code, witnessed, steps: found };
}
