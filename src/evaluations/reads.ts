/** What others may read of an evaluation. Nothing of it is known before the report is complete, except to those who run it. */
import type { Ranking } from '../../evaluation/rank.ts';
import { fromUtf8 } from '../formats/bytes.ts';
import { canonicalBytes, parseCanonical } from '../formats/canonical.ts';
import { type CommitteeOpened, type EvaluationReport, evaluationReport } from '../formats/evaluation-report.ts';
import { type ScoreSheet, scoreSheet } from '../formats/score-sheet.ts';
import type { Row } from '../platform/database.ts';
import type { FileStore } from '../platform/files.ts';
import type { Reader } from './deps.ts';
import type { Answer, EvaluationState, LockedSheet, Ranked } from './rules.ts';

/** The finished result of a lot. */
export type EvaluationResult = {
  readonly project: string;
  readonly opening: string;
  readonly signedAt: string;
  readonly method: string;
  readonly benchmark: string | null;
  readonly ranking: Ranked['ranking'];
  readonly rejected: Ranked['rejected'];
  /** Manifest hashes, at most three, in order (TR 53). */
  readonly candidates: readonly string[];
  /** Hash of the canonical ranking with its trace (`rankingSha256` of the report). */
  readonly traceSha256: string;
  readonly rankingSha256: string;
  readonly reportSha256: string;
  readonly pdfSha256: string;
};

export type SignedSheet = {
  readonly seat: number;
  readonly expert: string;
  readonly text: Uint8Array;
  readonly p7s: Uint8Array;
} & LockedSheet;

export type SignedReport = {
  readonly report: EvaluationReport;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly pdfSha256: string;
  /** A dissent's document is a report-dissent; a signed one is the report itself. */
  readonly answers: readonly ({
    readonly seat: number;
    readonly expert: string;
    readonly document: Uint8Array;
    readonly p7s: Uint8Array;
  } & Answer)[];
  readonly silent: readonly number[];
};

export function evaluationReads(files: FileStore) {
  const state = async (reader: Reader, lot: string): Promise<EvaluationState | null> => {
    const rows = (await reader.execute('select state from evaluation where id = ?', [lot])) as Row[];
    return rows[0] ? (rows[0].state as EvaluationState) : null;
  };
  const finished = async (reader: Reader, lot: string) => {
    const found = await state(reader, lot);
    return found?.finished ? { ...found, finished: found.finished } : null;
  };
  const lockedSheets = async (found: EvaluationState): Promise<(ScoreSheet & { sha256: string })[]> =>
    Promise.all(
      found.seats.flatMap(({ sheet }) =>
        sheet
          ? [files.read(sheet.sha256).then((bytes) => ({ ...parseCanonical(scoreSheet, bytes), sha256: sheet.sha256 }))]
          : [],
      ),
    );
  return {
    state,
    lockedSheets,
    /** The report's result; null until the report is complete. */
    result: async (reader: Reader, lot: string): Promise<EvaluationResult | null> => {
      const found = await finished(reader, lot);
      if (!found?.ranked) return null;
      const { method, benchmark, ranking, rejected, candidates, rankingSha256 } = found.ranked;
      return {
        project: found.basis!.project,
        opening: found.basis!.opening,
        signedAt: found.finished.at,
        method,
        benchmark,
        ranking,
        rejected,
        candidates,
        traceSha256: rankingSha256,
        rankingSha256,
        reportSha256: found.report!.sha256,
        pdfSha256: found.finished.pdfSha256,
      };
    },
    /** Why the evaluation ended without a ranking (all rejected: TL 42; competition lacking: EC 27); null otherwise. */
    failure: async (reader: Reader, lot: string) => (await state(reader, lot))?.failure ?? null,
    /** The locked sheets with their signatures, for bundles; null until the report is complete. */
    sheets: async (reader: Reader, lot: string): Promise<SignedSheet[] | null> => {
      const found = await finished(reader, lot);
      if (!found) return null;
      return Promise.all(
        found.seats.map(async ({ seat, expert, sheet }) => ({
          seat,
          expert,
          ...sheet!,
          text: await files.read(sheet!.sha256),
          p7s: await files.read(sheet!.signatureSha256),
        })),
      );
    },
    /** The report with every member's signature or dissent; null until it is complete. */
    report: async (reader: Reader, lot: string): Promise<SignedReport | null> => {
      const found = await finished(reader, lot);
      if (!found) return null;
      const { sha256 } = found.report!;
      const bytes = await files.read(sha256);
      const answers = found.seats.flatMap(({ seat, expert, answer }) => (answer ? [{ seat, expert, ...answer }] : []));
      return {
        report: parseCanonical(evaluationReport, bytes),
        bytes,
        sha256,
        pdfSha256: found.finished.pdfSha256,
        silent: found.finished.silent,
        answers: await Promise.all(
          answers.map(async (answer) => ({
            ...answer,
            document: await files.read(answer.sha256),
            p7s: await files.read(answer.signatureSha256),
          })),
        ),
      };
    },
    /** The ranking with its trace, as canonical bytes; null until the report is complete. */
    ranking: async (reader: Reader, lot: string): Promise<{ ranking: Ranking; bytes: Uint8Array } | null> => {
      const found = await finished(reader, lot);
      if (!found) return null;
      const bytes = await files.read(found.ranked!.rankingSha256);
      return { bytes, ranking: JSON.parse(fromUtf8(bytes)) as Ranking };
    },
    /** Opens the members' commitments. Only for callers who know that the result is out: names are secret before. */
    committee: async (
      reader: Reader,
      lot: string,
    ): Promise<{ committee: CommitteeOpened; bytes: Uint8Array } | null> => {
      const found = await finished(reader, lot);
      if (!found) return null;
      const committee: CommitteeOpened = {
        type: 'yangguang.org/committee/v1',
        suite: 'YG1',
        lot,
        members: found.seats.map(({ seat, expert, person, salt, sheet }) => ({
          seat,
          expert,
          person,
          salt,
          certSha256: sheet!.certSha256,
        })),
      };
      return { committee, bytes: canonicalBytes(committee) };
    },
    /** Lots on whose committee the person sits, newest first. */
    dutiesOf: async (reader: Reader, person: string): Promise<EvaluationState[]> => {
      const rows = (await reader.execute(
        'select state from evaluation where people @> ?::jsonb order by id desc limit 200',
        [JSON.stringify([person])],
      )) as Row[];
      return rows.map((row) => row.state as EvaluationState);
    },
  };
}

export type EvaluationReads = ReturnType<typeof evaluationReads>;
