/** The board's items and the course of one project, made of the rows. */
import type { Parties } from '../parties/index.ts';
import type { Database } from '../platform/database.ts';
import { kindRows, kindsOf, kindTitle } from './kinds.ts';
import { boardCounts, boardRows, courseRows, type EntryRow } from './rows.ts';
import { type GazetteItem, type GazetteQuery, gazetteKinds } from './schemas.ts';
import { type Names, organisationsIn, sentenceOf } from './sentences.ts';

export type BoardDeps = { readonly db: Database; readonly parties: Pick<Parties, 'organisationsByIds'> };
type Filters = Partial<Pick<GazetteQuery, 'q' | 'type' | 'project' | 'from' | 'to' | 'kind'>>;

async function namesIn({ db, parties }: BoardDeps, rows: readonly EntryRow[]): Promise<Names> {
  const found = await parties.organisationsByIds(db.read(), organisationsIn(rows));
  return new Map(found.map(({ id, name }) => [id, name]));
}

function itemOf(row: EntryRow, names: Names): GazetteItem {
  return {
    kind: kindRows.get(row.kind)?.group ?? 'notice',
    entryKind: row.kind,
    at: row.at,
    projectId: row.project,
    projectCode: row.code,
    projectName: row.name,
    type: row.type,
    tendererId: row.tenderer,
    tendererName: names.get(row.tenderer) ?? row.tenderer,
    openingId: row.opening,
    lotId: row.lot,
    lotName: row.lotName,
    title: kindTitle(row.kind),
    sentence: sentenceOf(row, names),
    entryId: row.entryId,
    entryIndex: row.entryIndex,
  };
}

/** The newest items that the filters leave. */
export async function newestItems(
  deps: BoardDeps,
  filters: Filters,
  limit: number,
  offset = 0,
): Promise<GazetteItem[]> {
  const rows = await boardRows(deps.db, filters, limit, offset);
  const names = await namesIn(deps, rows);
  return rows.map((row) => itemOf(row, names));
}

/** One page of the board with the numbers of all kinds. */
export async function boardPage(deps: BoardDeps, { page, pageSize, ...filters }: GazetteQuery) {
  const counts = await boardCounts(deps.db, filters);
  const facets = gazetteKinds.map((kind) => ({
    kind,
    count: kindsOf(kind).reduce((sum, entryKind) => sum + (counts.get(entryKind) ?? 0), 0),
  }));
  const total = facets.filter((f) => filters.kind === undefined || f.kind === filters.kind);
  return {
    items: await newestItems(deps, filters, pageSize, (page - 1) * pageSize),
    total: total.reduce((sum, { count }) => sum + count, 0),
    page,
    pageSize,
    facets,
  };
}

/** Documents are issued by several rooms under one kind of entry. */
const stageOfRoom: Readonly<Record<string, string>> = {
  opening: 'opening',
  witness_record: 'opening',
  evaluation: 'evaluation',
  award: 'award',
};

/** All public entries of a published project in their order; null where there is none. */
export async function projectCourse(deps: BoardDeps, project: string) {
  const rows = await courseRows(deps.db, project, [...kindRows.keys()]);
  if (!rows) return null;
  const names = await namesIn(deps, rows);
  const events = rows.map((row) => {
    const stage = kindRows.get(row.kind)?.stage ?? '';
    return {
      stage: row.kind === 'certificate-issued-document' ? (stageOfRoom[row.subjectKind] ?? stage) : stage,
      entryKind: row.kind,
      at: row.at,
      lotId: row.lot,
      lotName: row.lotName,
      sentence: sentenceOf(row, names),
      entryId: row.entryId,
      entryIndex: row.entryIndex,
    };
  });
  return { project, events };
}
