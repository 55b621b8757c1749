/** Makes the award notice and the result certificate: slow, so outside the transaction; an act then commits to the hash. */
import type { AwardNoticeFacts, JournalReference, ResultCertificateFacts } from '../formats/certificate-facts.ts';
import type { Row } from '../platform/database.ts';
import { certificate, type IssuedCertificate, PdfError } from '../platform/pdf/index.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import type { AwardDeps, AwardPlace } from './deps.ts';
import { noticeLayout } from './notice-layout.ts';
import { awardRefusal } from './refusals.ts';
import { resultLayout } from './result-layout.ts';
import { candidateOf, issued } from './rules.ts';
import type { AwardState, Candidate, DocumentKind } from './state.ts';

const suffix: Readonly<Record<DocumentKind, string>> = { 'award-notice': 'ZBTZ', 'result-certificate': 'ZBJG' };

/** CODE-2-ZBTZ for lot 2's notice; a second one after a passed-over winner ends in -2. */
export function documentNumber({ project, lot }: AwardPlace, kind: DocumentKind, state: AwardState): string {
  const earlier = state.documents.filter((document) => document.kind === kind).length;
  const place = project.lots.findIndex(({ id }) => id === lot.id) + 1;
  return `${project.code}-${place}-${suffix[kind]}${earlier > 0 ? `-${earlier + 1}` : ''}`;
}

/** The signed document of the present award, stored by its hash; refuses what the facts do not allow. */
export async function makeDocument(
  deps: AwardDeps,
  place: AwardPlace,
  state: AwardState,
  kind: DocumentKind,
  now: string,
): Promise<(IssuedCertificate & { readonly number: string }) | Refusal> {
  const facts = kind === 'award-notice' ? noticeFacts : resultFacts;
  const number = documentNumber(place, kind, state);
  const made = await facts(deps, place, state, number, now);
  if (isRefusal(made)) return made;
  try {
    const document = await draw(made, deps);
    await deps.files.putBytes(document.pdf);
    return { ...document, number };
  } catch (error) {
    if (error instanceof PdfError && error.code === 'glyph-missing')
      return awardRefusal('glyph-missing', { character: error.detail });
    throw error;
  }
}

function draw(facts: AwardNoticeFacts | ResultCertificateFacts, deps: AwardDeps): Promise<IssuedCertificate> {
  const { centre } = deps.parties;
  return facts.kind === 'award-notice'
    ? certificate(noticeLayout, facts, centre)
    : certificate(resultLayout, facts, centre);
}

/** What notice and certificate have in common. */
type Head = Omit<AwardNoticeFacts, 'kind' | 'winner' | 'awardedAt' | 'contractBy'>;

async function headOf(
  deps: AwardDeps,
  { project, lot }: AwardPlace,
  opening: string,
  number: string,
  now: string,
): Promise<Head> {
  return {
    type: 'yangguang.org/certificate/v1',
    number,
    project: { id: project.id, code: project.code, name: project.name },
    lots: [{ id: lot.id, name: lot.name }],
    issuer: deps.parties.centreName(),
    issuedAt: now,
    checkUrl: `${deps.origin()}/check/${encodeURIComponent(number)}`,
    journal: await references(deps, lot.id, opening),
    tenderer: await named(deps, project.tenderer),
  };
}

async function noticeFacts(
  deps: AwardDeps,
  place: AwardPlace,
  state: AwardState,
  number: string,
  now: string,
): Promise<AwardNoticeFacts | Refusal> {
  const found = await wonBy(deps, state);
  if (isRefusal(found)) return found;
  return {
    ...(await headOf(deps, place, found.opening, number, now)),
    kind: 'award-notice',
    winner: found.winner,
    awardedAt: state.award!.at,
    contractBy: state.award!.contractBy,
  };
}

async function resultFacts(
  deps: AwardDeps,
  place: AwardPlace,
  state: AwardState,
  number: string,
  now: string,
): Promise<ResultCertificateFacts | Refusal> {
  const found = await wonBy(deps, state);
  if (isRefusal(found)) return found;
  const notice = issued(state, 'award-notice');
  if (!notice) return awardRefusal('notice-not-issued');
  const passedOver: ResultCertificateFacts['passedOver'] = [];
  for (const { manifestSha256, ground, reason } of state.passedOver) {
    const { organisation } = candidateOf(state, manifestSha256)!;
    passedOver.push({ organisation: await named(deps, organisation), ground, reason });
  }
  const candidates: ResultCertificateFacts['candidates'] = [];
  for (const candidate of state.candidates)
    candidates.push({ ...candidate, organisation: await named(deps, candidate.organisation) });
  return {
    ...(await headOf(deps, place, found.opening, number, now)),
    kind: 'result-certificate',
    winner: found.winner,
    openedAt: found.announcedAt,
    reportSha256: state.report!.reportSha256,
    rankingSha256: state.report!.rankingSha256,
    candidates,
    publicity: { publishedAt: state.publicity!.publishedAt, lastDay: state.publicity!.lastDay },
    objections: {
      filed: state.objections.length,
      answered: state.objections.filter((o) => o.answer !== null).length,
    },
    passedOver,
    awardedAt: state.award!.at,
    noticeSha256: notice.pdfSha256,
  };
}

/** The winner with what was read out of his offer. */
async function wonBy(
  deps: AwardDeps,
  state: AwardState,
): Promise<{ winner: AwardNoticeFacts['winner']; opening: string; announcedAt: string } | Refusal> {
  if (!state.award) return awardRefusal('not-awarded');
  const opened = await deps.openings.opened(deps.journal.db.read(), state.id);
  const candidate = candidateOf(state, state.award.manifestSha256) as Candidate;
  const tender = opened?.tenders.find((t) => t.manifestSha256 === candidate.manifestSha256);
  if (!opened || !tender) return awardRefusal('award-changed');
  return {
    opening: opened.opening,
    announcedAt: opened.announcedAt,
    winner: {
      organisation: await named(deps, candidate.organisation),
      manifestSha256: candidate.manifestSha256,
      rank: candidate.rank,
      priceFen: candidate.priceFen,
      durationDays: tender.offer?.durationDays ?? null,
      quality: tender.offer?.quality ?? null,
      manager: tender.offer?.manager ?? null,
    },
  };
}

async function named(deps: AwardDeps, id: string): Promise<{ id: string; name: string; uscc: string }> {
  const found = await deps.parties.organisation(deps.journal.db.read(), id);
  return { id, name: found?.name ?? id, uscc: found?.uscc ?? '' };
}

/** The entries that the document rests on: announcement, end of the evaluation, publicity, award and what came between. */
async function references({ journal }: AwardDeps, lot: string, opening: string): Promise<JournalReference[]> {
  const rows = await journal.db.query<Row>(
    `select id::text as id, kind from journal_entry
     where (subject_kind = 'opening' and subject = ? and kind = 'announced' and event->>'lot' = ?)
        or (subject_kind = 'evaluation' and subject = ? and kind = 'evaluation-finished')
        or (subject_kind = 'award' and subject = ?)
     order by ordinal limit 100`,
    [opening, lot, lot, lot],
  );
  const found: JournalReference[] = [];
  for (const row of rows) {
    const entry = String(row.id);
    await journal.whenSequenced(entry);
    const place = await journal.indexOf(journal.db.read(), entry);
    if (place) found.push({ index: String(place.index), leafSha256: place.leafSha256, kind: String(row.kind) });
  }
  return found;
}
