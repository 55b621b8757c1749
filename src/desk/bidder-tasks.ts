/** What a bidder has to do: its own tenders only. Whatever shows here is already known to the organisation itself. */
import type { ProjectState } from '../projects/index.ts';
import type { Task } from './contracts.ts';
import type { Subjects } from './subjects.ts';
import { dayEnds, openingLot, taskOf } from './task.ts';

export function bidderTasks(subjects: Subjects, organisation: string | null): Task[] {
  if (organisation === null) return [];
  return subjects.projects.flatMap((project) =>
    project.lots.flatMap(({ id }) => [
      ...filing(subjects, project, id, organisation),
      ...atOpening(subjects, project, id, organisation),
      ...atResult(subjects, project, id, organisation),
    ]),
  );
}

function filing(subjects: Subjects, project: ProjectState, lot: string, organisation: string): Task[] {
  const { deadline } = project.schedule;
  if (project.status !== 'published' || deadline <= subjects.now) return [];
  const chain = subjects.chains.get(lot);
  const begun = chain !== undefined || subjects.uploads.has(lot);
  if (!begun && !project.invited?.includes(organisation)) return [];
  const last = chain?.acts.at(-1)?.act;
  // Who withdrew has decided; who sealed may still replace it.
  if (last === 'withdraw') return [];
  return [
    taskOf('file-tender', 'bidder', project, {
      lot,
      opening: project.opening,
      until: deadline,
      state: last === 'seal' ? 'done' : 'to-do',
    }),
  ];
}

function atOpening(subjects: Subjects, project: ProjectState, lotId: string, organisation: string): Task[] {
  const opening = subjects.openings.get(project.id);
  const lot = openingLot(subjects, project, lotId);
  if (!opening || !lot) return [];
  const place = { lot: lotId, opening: opening.id };
  const filed = subjects.chains.get(lotId)?.acts.at(-1);
  if (lot.status === 'closed' && opening.mode !== 'quorum' && !lot.keysEnded && lot.keysUntil !== null) {
    const standing = lot.close?.standing.some((s) => s.manifestSha256 === filed?.manifestSha256) === true;
    if (!standing || lot.keysUntil <= subjects.now) return [];
    const given = lot.keys.some((k) => k.manifestSha256 === filed?.manifestSha256);
    return [taskOf('give-key', 'bidder', project, { ...place, until: lot.keysUntil, state: given ? 'done' : 'to-do' })];
  }
  const own = lot.results.find((result) => result.bidder === organisation);
  if (lot.status !== 'announced' || !own || lot.confirmUntil === null || lot.confirmUntil <= subjects.now) return [];
  const answered =
    lot.confirmed.includes(own.manifestSha256) || lot.objections.some((o) => o.manifestSha256 === own.manifestSha256);
  const state = answered ? 'done' : 'to-do';
  return [taskOf('confirm-offer', 'bidder', project, { ...place, until: lot.confirmUntil, state })];
}

function atResult(subjects: Subjects, project: ProjectState, lot: string, organisation: string): Task[] {
  const award = subjects.awards.get(lot);
  if (!award || project.status !== 'published') return [];
  const took = openingLot(subjects, project, lot)?.results.some((result) => result.bidder === organisation);
  if (award.status === 'publicity' && award.publicity && took) {
    const until = dayEnds(award.publicity.lastDay);
    if (until > subjects.now)
      return [taskOf('result-open-to-objection', 'bidder', project, { lot, until, state: 'soon' })];
  }
  const won = award.candidates.find((c) => c.manifestSha256 === award.award?.manifestSha256);
  const noticed = award.documents.some((d) => d.kind === 'award-notice');
  if (award.status === 'awarded' && won?.organisation === organisation && noticed)
    return [taskOf('confirm-award', 'bidder', project, { lot, until: dayEnds(award.award!.contractBy.slice(0, 10)) })];
  return [];
}
