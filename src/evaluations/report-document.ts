/** Makes the signed PDF of a complete report; slow work, so it is done before the act that commits to its hash. */
import type { Ranking } from '../../evaluation/rank.ts';
import { fromUtf8 } from '../formats/bytes.ts';
import type { EvaluationReportFacts, JournalReference } from '../formats/certificate-facts.ts';
import { databaseNow } from '../journal/act.ts';
import type { Row } from '../platform/database.ts';
import { certificate, PdfError } from '../platform/pdf/index.ts';
import type { Refusal } from '../platform/refusal.ts';
import type { EvaluationDeps } from './deps.ts';
import type { EvaluationReads } from './reads.ts';
import { evaluationRefusal } from './refusals.ts';
import { answersHash } from './report.ts';
import { evaluationReportLayout } from './report-layout.ts';
import type { EvaluationFacts, EvaluationState } from './rules.ts';

/** Stores the PDF and answers its hash with the answers that it shows; refuses `document-impossible` for a missing glyph. */
export async function issueReport(
  deps: EvaluationDeps,
  reads: Pick<EvaluationReads, 'lockedSheets'>,
  state: EvaluationState,
): Promise<NonNullable<EvaluationFacts['document']> | Refusal> {
  const { files, parties } = deps;
  const sheets = await reads.lockedSheets(state);
  const ranking = JSON.parse(fromUtf8(await files.read(state.ranked!.rankingSha256))) as Ranking;
  const facts = await factsOf(deps, state);
  if (!facts) return evaluationRefusal('lot-unknown');
  try {
    const issued = await certificate(evaluationReportLayout({ state, ranking, sheets }), facts, parties.centre);
    await files.putBytes(issued.pdf);
    await files.putBytes(issued.facts);
    return { sha256: issued.sha256, covers: answersHash(state) };
  } catch (error) {
    if (error instanceof PdfError) return evaluationRefusal('document-impossible', { code: error.code });
    throw error;
  }
}

async function factsOf(deps: EvaluationDeps, state: EvaluationState): Promise<EvaluationReportFacts | null> {
  const { parties, projects, journal, clock, origin } = deps;
  const reader = journal.db.read();
  const place = await projects.lot(reader, state.id);
  if (!place) return null;
  const names = new Map<string, { id: string; name: string; uscc: string }>();
  for (const { organisation } of state.basis!.offers) {
    const found = await parties.organisation(reader, organisation);
    names.set(organisation, { id: organisation, name: found?.name ?? organisation, uscc: found?.uscc ?? '' });
  }
  const organisationOf = new Map(state.basis!.offers.map((o) => [o.manifestSha256, names.get(o.organisation)!]));
  const ranked = state.ranked!;
  // The clock that the act will judge by, not this machine's.
  const at = await databaseNow(reader, clock);
  const position = place.project.lots.findIndex((lot) => lot.id === state.id) + 1;
  const number = `${place.project.code}-PB-${position}`;
  return {
    type: 'yangguang.org/certificate/v1',
    kind: 'evaluation-report',
    number,
    project: { id: place.project.id, code: place.project.code, name: place.project.name },
    lots: [{ id: place.lot.id, name: place.lot.name }],
    issuer: parties.centreName(),
    issuedAt: at,
    checkUrl: `${origin()}/check`,
    journal: await journalReferences(deps, state.id),
    reportSha256: state.report!.sha256,
    rankingSha256: ranked.rankingSha256,
    method: ranked.method,
    benchmark: ranked.benchmark,
    ceilingFen: state.basis!.ceilingFen,
    signedAt: at,
    committee: {
      members: state.seats.length,
      signed: state.seats.filter((s) => s.answer?.kind === 'signed').length,
      dissents: state.seats.filter((s) => s.answer?.kind === 'dissent').length,
    },
    ranking: ranked.ranking.map(({ rank, manifestSha256, priceFen, total }) => ({
      rank,
      organisation: organisationOf.get(manifestSha256)!,
      manifestSha256,
      priceFen,
      total,
    })),
    rejected: ranked.rejected.map(({ manifestSha256, article, reason }) => ({
      organisation: organisationOf.get(manifestSha256)!,
      manifestSha256,
      article,
      reason,
    })),
    candidates: [...ranked.candidates],
  };
}

/** The log entries of the evaluation so far, the committee first. */
async function journalReferences({ journal }: EvaluationDeps, lot: string): Promise<JournalReference[]> {
  const rows = await journal.db.query<Row>(
    `select id::text as id, kind from journal_entry where subject_kind = 'evaluation' and subject = ? order by version desc limit 200`,
    [lot],
  );
  const references: JournalReference[] = [];
  for (const { id, kind } of rows.toReversed()) {
    const entry = String(id);
    await journal.whenSequenced(entry);
    const found = await journal.indexOf(journal.db.read(), entry);
    if (found) references.push({ index: String(found.index), leafSha256: found.leafSha256, kind: String(kind) });
  }
  return references;
}
