/** What the centre's host has to do in every project that is under way. */
import type { OpeningState } from '../openings/index.ts';
import type { ProjectState } from '../projects/index.ts';
import { stepsOf } from '../witness/index.ts';
import type { Task } from './contracts.ts';
import type { Subjects } from './subjects.ts';
import { isNear, taskOf } from './task.ts';

export function hostTasks(subjects: Subjects): Task[] {
  return subjects.projects.flatMap((project) => [
    ...registration(subjects, project),
    ...policy(subjects, project),
    ...duty(subjects, project),
    ...opening(subjects, project),
    ...project.lots.flatMap(({ id }) => evaluation(subjects, project, id)),
  ]);
}

function registration({ booked }: Subjects, project: ProjectState): Task[] {
  if (project.status !== 'registered') return [];
  const unset = project.schedule.openingRoom === '' || project.schedule.evaluationRoom === '';
  return [
    ...(project.review === null ? [taskOf('review-registration', 'host', project)] : []),
    ...(unset || !booked.has(project.id) ? [taskOf('assign-rooms', 'host', project)] : []),
  ];
}

function policy({ policies, now }: Subjects, project: ProjectState): Task[] {
  const { deadline } = project.schedule;
  if (project.status === 'terminated' || deadline <= now) return [];
  // A moved deadline needs a new policy: the old one names the old deadline.
  if (policies.get(project.opening)?.draft?.deadline === deadline) return [];
  return [taskOf('draft-policy', 'host', project, { opening: project.opening, until: deadline })];
}

/** Steps that the rule table wants witnessed and that nobody stands for. */
function duty({ records, now }: Subjects, project: ProjectState): Task[] {
  if (project.status !== 'published') return [];
  const subjectsOf = (step: string) =>
    stepsOf.opening.some((one) => one === step) ? [project.opening] : [project.id, ...project.lots.map(({ id }) => id)];
  const missing = project.witnessSteps.filter(
    (step) =>
      !subjectsOf(step).some((id) => records.get(id)?.duties.some(({ steps }) => steps.some((s) => s === step))),
  );
  if (missing.length === 0) return [];
  const near = isNear(now, project.schedule.deadline, 3);
  const more = { opening: project.opening, detail: missing.join(','), until: project.schedule.deadline };
  return [taskOf('assign-witness', 'host', project, { ...more, state: near ? 'to-do' : 'soon' })];
}

function opening(subjects: Subjects, project: ProjectState): Task[] {
  const state = subjects.openings.get(project.id);
  if (!state || project.status !== 'published') return [];
  const tasks = state.lots.flatMap((lot) => {
    const place = { lot: lot.lot, opening: state.id };
    return [
      ...(lot.stalled.length > 0 ? [taskOf('set-held-up-right', 'host', project, place)] : []),
      ...(lot.status === 'opened' ? [taskOf('announce-offers', 'host', project, place)] : []),
      ...lot.objections
        .filter(({ answer }) => answer === null)
        .map(({ id }) => taskOf('answer-opening-objection', 'host', project, { ...place, detail: id })),
    ];
  });
  return [...tasks, ...record(state, project)];
}

function record(state: OpeningState, project: ProjectState): Task[] {
  const settled = state.lots.every(({ status }) => status === 'announced' || status === 'failed');
  const announced = state.lots.some(({ status }) => status === 'announced');
  if (!settled || !announced || state.record?.pdf) return [];
  const objections = state.lots.reduce((sum, lot) => sum + lot.objections.length, 0);
  const about = { opening: state.id };
  if (!state.record || state.record.objections !== objections)
    return [taskOf('draw-up-record', 'host', project, about)];
  const signed = state.record.signatures.some(({ role }) => role === 'host');
  return signed ? [] : [taskOf('sign-record', 'host', project, about)];
}

function evaluation({ evaluations, openings }: Subjects, project: ProjectState, lot: string): Task[] {
  const state = evaluations.get(lot);
  if (!state || project.status !== 'published') return [];
  const { seats } = state;
  const every = (done: (seat: (typeof seats)[number]) => boolean) => seats.every(done);
  switch (state.phase) {
    case 'formed': {
      const ready = openings.get(project.id)?.record?.pdf != null;
      return [taskOf('begin-evaluation', 'host', project, { lot, state: ready ? 'to-do' : 'waiting' })];
    }
    case 'reviewing': {
      const ready = every(({ seat }) => state.reviews.some((review) => review.seat === seat));
      return [taskOf('settle-review', 'host', project, { lot, state: ready ? 'to-do' : 'waiting' })];
    }
    case 'scoring':
      return [
        taskOf('compute-ranking', 'host', project, {
          lot,
          state: every(({ sheet }) => sheet !== null) ? 'to-do' : 'waiting',
        }),
      ];
    case 'ranked':
      return [taskOf('draft-report', 'host', project, { lot })];
    case 'reported':
      return [
        taskOf('finish-evaluation', 'host', project, {
          lot,
          state: every(({ answer }) => answer !== null) ? 'to-do' : 'waiting',
        }),
      ];
    default:
      return [];
  }
}
