/** Duties of experts and representatives on committees, of finance, and of the administrator. */
import type { Role } from '../platform/http/route.ts';
import type { Task } from './contracts.ts';
import type { EvaluationState, Subjects } from './subjects.ts';
import { taskOf } from './task.ts';
import type { TaskKind } from './task-kinds.ts';

/** A member's own seat; nothing of the others. A tenderer's representative sits there in the role of the tenderer. */
export function memberTasks(subjects: Subjects, person: string, role: Role): Task[] {
  return subjects.projects.flatMap((project) =>
    project.lots.flatMap(({ id }) => {
      const state = subjects.evaluations.get(id);
      const seat = state?.seats.find((one) => one.person === person);
      if (!state || !seat || (role === 'expert') !== (seat.kind === 'expert')) return [];
      const found = memberTask(state, seat);
      return found ? [taskOf(found.kind, role, project, { lot: id, state: found.state })] : [];
    }),
  );
}

function memberTask(
  state: EvaluationState,
  seat: EvaluationState['seats'][number],
): { kind: TaskKind; state: Task['state'] } | null {
  const as = (kind: TaskKind, done: boolean) => ({ kind, state: done ? ('done' as const) : ('to-do' as const) });
  switch (state.phase) {
    case 'formed':
      return { kind: 'sign-pledge', state: 'waiting' };
    case 'reviewing':
      return as(
        'review-offers',
        state.reviews.some((review) => review.seat === seat.seat),
      );
    case 'scoring':
      return as('mark-offers', seat.sheet !== null);
    case 'reported':
      return as('answer-report', seat.answer !== null);
    default:
      return null;
  }
}

/** The lots for which a guarantee is asked; whether any has come must not show here. */
export function financeTasks(subjects: Subjects): Task[] {
  return subjects.projects
    .filter(({ status, schedule }) => status === 'published' && schedule.deadline > subjects.now)
    .flatMap((project) =>
      project.lots
        .filter(({ bondRequired }) => bondRequired === 'guarantee')
        .map(({ id }) =>
          taskOf('record-guarantees', 'finance', project, { lot: id, until: project.schedule.deadline }),
        ),
    );
}

/** Applications that wait; one for a person who is there already binds an outside certificate. */
export function administratorTasks(
  pending: readonly {
    readonly state: { readonly id: string; readonly person: string | null; readonly status: string };
  }[],
): Task[] {
  return pending.map(({ state }) =>
    taskOf(
      state.status === 'pending' && state.person !== null ? 'decide-binding' : 'decide-registration',
      'administrator',
      null,
      { detail: state.id },
    ),
  );
}
