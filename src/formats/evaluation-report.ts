/**
 * evaluation-report.json: what the committee found (TR 53). Every member signs these bytes (detached CMS) or writes a dissent.
 * With the announced offers and the locked sheets it holds all that the ranking depends on, so anybody recomputes it.
 */
import { z } from 'zod';
import { EvaluationError } from '../../evaluation/evaluation-error.ts';
import { type Ranking, rank } from '../../evaluation/rank.ts';
import { evaluationScheme, type RankInput } from '../../evaluation/scheme.ts';
import { sha256Hex } from './bytes.ts';
import { canonicalBytes, canonicalJson } from './canonical.ts';
import { documentType, fenText, identifier, instantUtc, sha256Text, suite } from './primitives.ts';
import type { ScoreSheet } from './score-sheet.ts';

const line = z.string().min(1).max(200);
const rejection = z.strictObject({
  manifestSha256: sha256Text,
  code: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/),
  article: line,
  reason: z.string().max(2_000),
});

/** A row of the ranking; `total` is points, or yuan for an evaluated price. Equals share a rank: 1, 2, 2, 4. */
export const reportRow = z.strictObject({
  rank: z.number().int().min(1),
  manifestSha256: sha256Text,
  organisation: identifier,
  priceFen: fenText,
  total: line,
  priceScore: z.string().max(40).nullable(),
});

export const evaluationReport = z.strictObject({
  type: documentType('evaluation-report'),
  suite,
  project: identifier,
  lot: identifier,
  opening: identifier,
  /** The scheme with every default filled in, and the hash of its canonical form. */
  scheme: evaluationScheme,
  schemeSha256: sha256Text,
  ceilingFen: fenText.nullable(),
  committee: z
    .array(
      z.strictObject({
        seat: z.number().int().min(1).max(99),
        expert: sha256Text,
        kind: z.enum(['expert', 'representative']),
        /** The member's locked sheet and its signature. */
        sheetSha256: sha256Text,
        signatureSha256: sha256Text,
      }),
    )
    .min(3)
    .max(99),
  /** Offers that were opened and read out. */
  offers: z
    .array(z.strictObject({ manifestSha256: sha256Text, organisation: identifier, priceFen: fenText }))
    .max(2_000),
  /** Rejections by the committee's review; a price above the ceiling is the computation's own finding. */
  reviewed: z.array(rejection).max(2_000),
  drawn: z.record(z.string(), z.unknown()),
  tieOrder: z.array(sha256Text).max(2_000),
  /** Id of the method that was used (another one where the scheme names it for few offers). */
  method: z.string().min(1).max(100),
  benchmark: z.string().max(400).nullable(),
  ranking: z.array(reportRow).max(2_000),
  rejected: z.array(rejection).max(2_000),
  /** At most three, in order. */
  candidates: z.array(sha256Text).max(3),
  /** Hash of the canonical result of the ranking with its whole trace. */
  rankingSha256: sha256Text,
  draftedAt: instantUtc,
});
export type EvaluationReport = z.infer<typeof evaluationReport>;

/** A member's written dissent (TR 53); the member signs these bytes instead of the report. */
export const reportDissent = z.strictObject({
  type: documentType('report-dissent'),
  suite,
  lot: identifier,
  reportSha256: sha256Text,
  expert: sha256Text,
  text: z.string().min(1).max(4_000),
  claimedAt: instantUtc,
});
export type ReportDissent = z.infer<typeof reportDissent>;

/** Opens the members' commitments; published with the result, never before (TL 37: names are secret until then). */
export const committeeOpened = z.strictObject({
  type: documentType('committee'),
  suite,
  lot: identifier,
  members: z
    .array(
      z.strictObject({
        seat: z.number().int().min(1).max(99),
        expert: sha256Text,
        person: identifier,
        salt: sha256Text,
        /** Certificate of the member's sheet. */
        certSha256: sha256Text,
      }),
    )
    .max(99),
});
export type CommitteeOpened = z.infer<typeof committeeOpened>;

/**
 * The input that the report says was ranked. `offers` come from the announced openings and `sheets` from the locked sheets,
 * never from the report itself, so that an altered report cannot bring its own data.
 */
export function rankInputOf(
  report: Pick<EvaluationReport, 'scheme' | 'ceilingFen' | 'reviewed' | 'drawn' | 'tieOrder'>,
  offers: readonly { readonly manifestSha256: string; readonly priceFen: string }[],
  sheets: readonly Pick<ScoreSheet, 'expert' | 'marks'>[],
): RankInput {
  const rejected = new Map(report.reviewed.map(({ manifestSha256, ...why }) => [manifestSha256, why]));
  return {
    ...report.scheme,
    ceilingFen: report.ceilingFen,
    offers: offers.map(({ manifestSha256, priceFen }) => ({
      id: manifestSha256,
      priceFen,
      rejected: rejected.get(manifestSha256) ?? null,
    })),
    sheets: sheets.map(({ expert, marks }) => ({ expert, marks })),
    drawn: report.drawn,
    tieOrder: report.tieOrder,
  };
}

/** The hash by which a ranking is known: of its canonical bytes, trace and all. */
export const rankingHash = (ranking: Ranking): string => sha256Hex(canonicalBytes(ranking));

/**
 * Recomputes the report's ranking from announced offers and locked sheets; null when all of it agrees, else what does not
 * (reason code ranking-recompute). Sheets and offers must have been checked before: their hashes, signatures and context.
 */
export function rankingFault(
  report: EvaluationReport,
  offers: readonly { readonly manifestSha256: string; readonly organisation: string; readonly priceFen: string }[],
  sheets: readonly Pick<ScoreSheet, 'expert' | 'marks'>[],
): string | null {
  if (sha256Hex(canonicalBytes(report.scheme)) !== report.schemeSha256) return 'schemeSha256';
  const experts = (list: readonly { readonly expert: string }[]) => list.map((s) => s.expert).sort();
  if (canonicalJson(experts(report.committee)) !== canonicalJson(experts(sheets))) return 'committee';
  let ranking: Ranking;
  try {
    ranking = rank(rankInputOf(report, offers, sheets));
  } catch (error) {
    if (error instanceof EvaluationError) return error.message;
    throw error;
  }
  const organisations = new Map(offers.map((o) => [o.manifestSha256, o.organisation]));
  const recomputed = {
    method: ranking.method,
    benchmark: ranking.benchmark,
    offers: offers
      .map(({ manifestSha256, organisation, priceFen }) => ({ manifestSha256, organisation, priceFen }))
      .sort((a, b) => (a.manifestSha256 < b.manifestSha256 ? -1 : 1)),
    ranking: ranking.ranking.map(({ id, rank: place, priceFen, total, priceScore }) => ({
      rank: place,
      manifestSha256: id,
      organisation: organisations.get(id),
      priceFen,
      total,
      priceScore,
    })),
    rejected: ranking.rejected.map(({ id, ...why }) => ({ manifestSha256: id, ...why })),
    candidates: ranking.candidates,
    rankingSha256: rankingHash(ranking),
  };
  for (const [name, value] of Object.entries(recomputed))
    if (canonicalJson(value) !== canonicalJson(report[name as keyof typeof recomputed])) return name;
  return null;
}
