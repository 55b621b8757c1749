/** What other rooms and the pages read of projects. */
import type { Reader, Tx } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import { isPaused } from './evolve.ts';
import type { Answer, Lot, ProjectState } from './state.ts';

export type LotPlace = { readonly project: ProjectState; readonly lot: Lot };

const stateIn = (row: Row | undefined): ProjectState | null => (row?.state as ProjectState | undefined) ?? null;

/** The project of an id; null where there is none. */
export async function projectState(reader: Reader, id: string): Promise<ProjectState | null> {
  const [row] = (await reader.execute('select state from project where id = ?', [id])) as Row[];
  return stateIn(row);
}

async function placeOf(reader: Reader, lotId: string, lock: '' | 'for share of p'): Promise<LotPlace | null> {
  const [row] = (await reader.execute(
    `select p.state from project_lot l join project p on p.id = l.project where l.lot = ? ${lock}`,
    [lotId],
  )) as Row[];
  const project = stateIn(row);
  const lot = project?.lots.find((l) => l.id === lotId);
  return project && lot ? { project, lot } : null;
}

/** A lot and its project. */
export const lotPlace = (reader: Reader, lotId: string): Promise<LotPlace | null> => placeOf(reader, lotId, '');

/** The lot with its project's row locked for sharing: a change of the deadline and a sealed tender wait for each other. */
export const lockLot = (tx: Tx, lotId: string): Promise<LotPlace | null> => placeOf(tx.em, lotId, 'for share of p');

/** The project of an opening, locked for sharing. */
export async function lockOpening(tx: Tx, opening: string): Promise<ProjectState | null> {
  const [row] = (await tx.em.execute('select state from project where opening = ? for share', [opening])) as Row[];
  return stateIn(row);
}

/** Published projects with their openings; `paused`: an objection to the documents has no answer yet (TR 22). */
export async function publishedOpenings(reader: Reader) {
  const rows = (await reader.execute(`select state from project where status = 'published' order by id`)) as Row[];
  return rows.map((row) => {
    const state = row.state as ProjectState;
    const { id, opening, lots, schedule } = state;
    return { opening, project: id, lots: lots.map((l) => l.id), deadline: schedule.deadline, paused: isPaused(state) };
  });
}

/** Openings of the projects that ended after they took tenders, or could have. */
export async function terminatedOpenings(reader: Reader): Promise<string[]> {
  const rows = (await reader.execute(
    `select opening from project where status = 'terminated' and published_at is not null order by id`,
  )) as Row[];
  return rows.map((row) => String(row.opening));
}

/** Lots whose deadline lies ahead of `now` (UTC text). */
export async function lotsTakingTenders(reader: Reader, now: string): Promise<string[]> {
  const rows = (await reader.execute(
    `select l.lot from project_lot l join project p on p.id = l.project where p.status = 'published' and p.deadline > ?`,
    [now],
  )) as Row[];
  return rows.map((row) => String(row.lot));
}

/** The published questions with their answers, oldest first; nobody's name stands in them. */
export async function questionsFor(reader: Reader, project: string): Promise<readonly Answer[]> {
  return (await projectState(reader, project))?.answers ?? [];
}

/** Id and code of the projects that tender this one again. */
export async function followersOf(reader: Reader, project: string): Promise<{ id: string; code: string }[]> {
  const rows = (await reader.execute(
    `select id, code from project where follows = ? and published_at is not null order by published_at`,
    [project],
  )) as Row[];
  return rows.map((row) => ({ id: String(row.id), code: String(row.code) }));
}
