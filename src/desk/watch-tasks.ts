/** Duties of witnesses and supervisors. */
import type { ProjectState } from '../projects/index.ts';
import { onDuty, stepStatus, stepsOf, type WitnessState } from '../witness/index.ts';
import type { Task } from './contracts.ts';
import type { Subjects } from './subjects.ts';
import { dayEnds, taskOf } from './task.ts';

type Step = Parameters<typeof stepStatus>[1];

export function witnessTasks(subjects: Subjects, person: string): Task[] {
  const projects = new Map(subjects.projects.map((project) => [project.id, project]));
  const duties = [...subjects.records.values()].flatMap((record) => {
    const project = projects.get(record.project ?? '');
    if (!project || project.status === 'terminated' || !record.subjectKind) return [];
    const mine = stepsOf[record.subjectKind].filter((step) => onDuty(record, step) === person);
    return [
      ...mine.flatMap((step) => stepTask(subjects, project, record, step)),
      ...(record.subjectKind === 'opening' && mine.length > 0 ? toSign(subjects, project) : []),
    ];
  });
  return duties;
}

function stepTask(subjects: Subjects, project: ProjectState, record: WitnessState, step: Step): Task[] {
  const since = occurred(subjects, project, record, step);
  const status = stepStatus(record, step, since ?? undefined);
  const state = status === 'signed' ? 'done' : status === 'stopped' ? 'waiting' : since === null ? 'soon' : 'to-do';
  const until = since === null && record.subjectKind === 'opening' ? project.schedule.deadline : null;
  return [taskOf('record-step', 'witness', project, { ...placeOf(record), detail: step, state, until })];
}

/** Since when a step can be recorded: the latest lot counts, so that an earlier record does not stand for it. */
function occurred(subjects: Subjects, project: ProjectState, record: WitnessState, step: Step): string | null {
  const lots = record.subjectKind === 'lot' ? project.lots.filter(({ id }) => id === record.id) : project.lots;
  const instants = lots.flatMap(({ id }) => momentOf(subjects, project, id, step) ?? []);
  return instants.toSorted().at(-1) ?? null;
}

function momentOf(subjects: Subjects, project: ProjectState, lotId: string, step: Step): string | null {
  const lot = subjects.openings.get(project.id)?.lots.find((one) => one.lot === lotId);
  const evaluation = subjects.evaluations.get(lotId);
  const award = subjects.awards.get(lotId);
  switch (step) {
    case 'close':
      return lot?.close?.at ?? null;
    case 'release':
      return lot?.releasedAt ?? (lot?.keysEnded ? lot.keysUntil : null);
    case 'opening':
      return lot?.status === 'opened' || lot?.status === 'announced'
        ? (lot.releasedAt ?? lot.keysUntil ?? lot.close?.at ?? null)
        : null;
    case 'announcement':
      return lot?.announcedAt ?? null;
    case 'evaluation-entry':
      return evaluation && evaluation.phase !== 'none' ? (lot?.announcedAt ?? null) : null;
    case 'evaluation-end':
      return evaluation?.report?.draftedAt ?? null;
    case 'award': {
      const over = award?.publicity && dayEnds(award.publicity.lastDay);
      return over && over <= subjects.now ? over : null;
    }
  }
}

function toSign({ openings }: Subjects, project: ProjectState): Task[] {
  const opening = openings.get(project.id);
  const { record } = opening ?? {};
  if (!opening || !record || record.pdf || record.signatures.some(({ role }) => role === 'witness')) return [];
  return [taskOf('sign-record', 'witness', project, { opening: opening.id })];
}

export function supervisorTasks(subjects: Subjects): Task[] {
  const projects = new Map(subjects.projects.map((project) => [project.id, project]));
  const stops = [...subjects.records.values()].flatMap((record) => {
    const project = projects.get(record.project ?? '');
    if (!project) return [];
    return record.stops
      .filter(({ lifted }) => lifted === null)
      .map(({ step }) => taskOf('lift-stop', 'supervisor', project, { ...placeOf(record), detail: step }));
  });
  const month = Temporal.Instant.from(subjects.now).subtract({ hours: 30 * 24 });
  const reports = [...subjects.awards.values()].flatMap((award) => {
    const project = projects.get(award.project ?? '');
    const { supervisor } = award;
    if (!project || !supervisor || Temporal.Instant.compare(Temporal.Instant.from(supervisor.at), month) < 0) return [];
    return [taskOf('look-at-award-report', 'supervisor', project, { lot: award.id, state: 'soon' })];
  });
  return [...stops, ...reports];
}

const placeOf = ({ id, subjectKind }: WitnessState) =>
  subjectKind === 'opening' ? { opening: id } : subjectKind === 'lot' ? { lot: id } : {};
