/** Carries out the evaluation: gathers facts from rooms to the left, keeps signed texts in the file store, acts. */
import { EvaluationError } from '../../evaluation/evaluation-error.ts';
import { type Ranking, rank } from '../../evaluation/rank.ts';
import { sha256Hex } from '../formats/bytes.ts';
import { canonicalBytes, parseCanonical } from '../formats/canonical.ts';
import { type ReportDissent, rankingHash, reportDissent } from '../formats/evaluation-report.ts';
import { FormatError } from '../formats/format-error.ts';
import { type ScoreSheet, scoreSheet } from '../formats/score-sheet.ts';
import type { Acted, Tx } from '../journal/act.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import type { EvaluationDeps } from './deps.ts';
import { evaluationFacts } from './facts.ts';
import { evaluationProcedure } from './procedure.ts';
import { evaluationReads } from './reads.ts';
import { type EvaluationRefusalCode, evaluationRefusal } from './refusals.ts';
import { reportBytes } from './report.ts';
import { issueReport } from './report-document.ts';
import type {
  Competition,
  EvaluationCommand,
  EvaluationEvent,
  EvaluationFacts,
  EvaluationState,
  Proposed,
  Verdict,
} from './rules.ts';
import { inputOf } from './sheets.ts';

/** Who asks for an act. */
export type Asker = {
  readonly person: string;
  readonly requestId: string;
  readonly idempotencyKey?: string | undefined;
};

type Outcome = Refusal | Acted<EvaluationState, EvaluationEvent>;
type SomeFacts = Partial<Omit<EvaluationFacts, 'now'>>;

const noFacts: Omit<EvaluationFacts, 'now'> = {
  candidates: {},
  place: null,
  witnesses: [],
  opened: null,
  step: 'open',
  signer: null,
  salts: [],
  document: null,
  sheets: [],
};

export type EvaluationService = ReturnType<typeof evaluationService>;

export function evaluationService(deps: EvaluationDeps) {
  const { journal, files, parties } = deps;
  const reads = evaluationReads(files);
  const facts = evaluationFacts(deps, reads);

  const act = (lot: string, command: EvaluationCommand, asker: Asker, more: (tx: Tx) => Promise<SomeFacts>) =>
    journal.act(evaluationProcedure, {
      subject: lot,
      command,
      actor: asker.person,
      requestId: asker.requestId,
      ...(asker.idempotencyKey === undefined ? {} : { idempotencyKey: asker.idempotencyKey }),
      facts: async (tx) => ({ ...noFacts, ...(await more(tx)) }),
    });

  /** A member acts under his commitment: the log must not tell who he is before the result. */
  const actAsMember = async (
    lot: string,
    command: EvaluationCommand,
    asker: Asker,
    more: (tx: Tx) => Promise<SomeFacts>,
  ): Promise<Outcome> => {
    const seat = (await reads.state(journal.db.read(), lot))?.seats.find((s) => s.person === asker.person);
    if (!seat) return evaluationRefusal('not-a-member');
    return act(lot, command, { ...asker, person: seat.expert }, more);
  };

  /** Keeps a signed document and its signature, then acts on their hashes. */
  const actSigned = async (
    lot: string,
    text: Uint8Array,
    p7s: Uint8Array,
    asker: Asker,
    command: (hashes: { sha256: string; signatureSha256: string }) => EvaluationCommand,
  ): Promise<Outcome> => {
    // Only members may fill the store; the act judges it again under its lock.
    const seats = (await reads.state(journal.db.read(), lot))?.seats ?? [];
    if (!seats.some((s) => s.person === asker.person)) return evaluationRefusal('not-a-member');
    const [document, signature] = [await files.putBytes(text), await files.putBytes(p7s)];
    const made = command({ sha256: document.sha256, signatureSha256: signature.sha256 });
    return actAsMember(lot, made, asker, async ({ em, now }) => ({
      signer: await parties.verifySignature(em, text, p7s, now),
    }));
  };

  return {
    ...reads,
    formCommittee: (lot: string, members: readonly Proposed[], asker: Asker) =>
      act(lot, { type: 'formCommittee', by: asker.person, members }, asker, (tx) =>
        facts.ofPeople(
          tx,
          lot,
          members.map((m) => m.person),
        ),
      ),
    replaceMember: (lot: string, seat: number, member: Proposed, reason: string, asker: Asker) =>
      act(lot, { type: 'replaceMember', by: asker.person, seat, member, reason }, asker, (tx) =>
        facts.ofPeople(tx, lot, [member.person]),
      ),
    begin: (lot: string, asker: Asker) =>
      act(lot, { type: 'beginEvaluation', by: asker.person }, asker, (tx) => facts.ofBeginning(tx, lot)),
    review: (lot: string, verdicts: readonly Verdict[], competition: Competition | null, asker: Asker) =>
      actAsMember(lot, { type: 'reviewOffers', person: asker.person, verdicts, competition }, asker, async () => ({})),
    settleReview: (lot: string, asker: Asker) =>
      act(lot, { type: 'settleReview', by: asker.person }, asker, async () => ({})),
    lockSheet: async (lot: string, text: Uint8Array, p7s: Uint8Array, asker: Asker): Promise<Outcome> => {
      const sheet = readDocument<ScoreSheet>(scoreSheet, text, 'sheet-malformed');
      if (isRefusal(sheet)) return sheet;
      return actSigned(lot, text, p7s, asker, (hashes) => ({
        type: 'lockSheet',
        person: asker.person,
        sheet,
        ...hashes,
      }));
    },
    reopenSheet: (lot: string, seat: number, reason: string, asker: Asker) =>
      act(lot, { type: 'reopenSheet', by: asker.person, seat, reason }, asker, async () => ({})),
    /** Ranks the locked sheets. The whole result with its trace is stored first, the act commits to its hash. */
    computeRanking: async (lot: string, tieOrder: readonly string[], asker: Asker): Promise<Outcome> => {
      const state = await reads.state(journal.db.read(), lot);
      if (!state?.basis) return evaluationRefusal('wrong-phase', { phase: state?.phase ?? 'none' });
      const draw = { tieOrder, drawn: {} };
      const sheets = await reads.lockedSheets(state);
      const ranking = attempt(() => rank(inputOf(state, sheets, draw)));
      // While sheets are missing the act says so better than the ranking would.
      const rankingSha256 = isRefusal(ranking) ? '' : rankingHash(ranking);
      if (isRefusal(ranking) && sheets.length === state.seats.length) return ranking;
      if (!isRefusal(ranking) && sheets.length === state.seats.length) await files.putBytes(canonicalBytes(ranking));
      const command: EvaluationCommand = { type: 'computeRanking', by: asker.person, ...draw, rankingSha256 };
      return act(lot, command, asker, async () => ({ sheets }));
    },
    draftReport: async (lot: string, asker: Asker): Promise<Outcome> => {
      const answer = await act(lot, { type: 'draftReport', by: asker.person }, asker, async () => ({}));
      if (!isRefusal(answer)) await keepReport(answer.state);
      return answer;
    },
    /** The bytes that every member signs; null while there is no report. */
    reportText: async (lot: string): Promise<Uint8Array | null> => {
      const state = await reads.state(journal.db.read(), lot);
      return state?.report ? keepReport(state) : null;
    },
    signReport: async (lot: string, p7s: Uint8Array, asker: Asker): Promise<Outcome> => {
      const state = await reads.state(journal.db.read(), lot);
      if (!state?.report) return evaluationRefusal('report-missing');
      const { person } = asker;
      return actSigned(lot, await keepReport(state), p7s, asker, ({ sha256, signatureSha256 }) => ({
        type: 'signReport',
        person,
        reportSha256: sha256,
        signatureSha256,
      }));
    },
    dissent: async (lot: string, text: Uint8Array, p7s: Uint8Array, asker: Asker): Promise<Outcome> => {
      const dissent = readDocument<ReportDissent>(reportDissent, text, 'dissent-malformed');
      if (isRefusal(dissent)) return dissent;
      return actSigned(lot, text, p7s, asker, (hashes) => ({
        type: 'dissentFromReport',
        person: asker.person,
        dissent,
        ...hashes,
      }));
    },
    /** Ends the evaluation with the signed PDF, which is made outside the transaction. */
    finish: async (lot: string, asker: Asker): Promise<Outcome> => {
      const state = await reads.state(journal.db.read(), lot);
      if (!state?.report || state.phase !== 'reported')
        return evaluationRefusal(state?.finished ? 'report-signed' : 'report-missing');
      const command: EvaluationCommand = {
        type: 'finishEvaluation',
        by: asker.person,
        reportSha256: state.report.sha256,
      };
      // Everything but the document is judged before the document is made.
      const beforehand = await journal.keep(async (tx) => facts.finishable(tx, state));
      if (beforehand) return beforehand;
      const document = await issueReport(deps, reads, state);
      if (isRefusal(document)) return document;
      return act(lot, command, asker, async (tx) => ({ ...(await facts.ofEnd(tx, state)), document }));
    },
  };

  /** The report's bytes, stored under their hash; they follow from the state, so a lost file is written again. */
  async function keepReport(state: EvaluationState): Promise<Uint8Array> {
    const { sha256, draftedAt } = state.report!;
    if (await files.stat(sha256)) return files.read(sha256);
    const bytes = reportBytes(state, draftedAt);
    if (sha256Hex(bytes) !== sha256) throw new Error('the report no longer follows from its state');
    await files.putBytes(bytes);
    return bytes;
  }
}

function attempt(work: () => Ranking): Ranking | Refusal {
  try {
    return work();
  } catch (error) {
    if (error instanceof EvaluationError)
      return evaluationRefusal('ranking-impossible', { code: error.code, detail: error.detail });
    throw error;
  }
}

function readDocument<T>(
  schema: Parameters<typeof parseCanonical<T>>[0],
  text: Uint8Array,
  code: EvaluationRefusalCode,
): T | Refusal {
  try {
    return parseCanonical(schema, text);
  } catch (error) {
    if (error instanceof FormatError)
      return evaluationRefusal(code, { code: error.code, detail: error.detail.slice(0, 500) });
    throw error;
  }
}
