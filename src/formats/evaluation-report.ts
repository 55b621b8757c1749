/**
 * evaluation-report.json: what the committee found (TR 53). Every member signs these bytes (detached CMS) or writes a dissent.
 * With the announced offers and the locked sheets it holds all that the ranking depends on, so anybody recomputes it.
 */
import { z } from 'zod';
import { evaluationScheme, type RankInput } from '../../evaluation/scheme.ts';
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
