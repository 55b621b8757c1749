/** One task as a value, and the small questions that the rules of all roles ask. Pure. */
import type { LotState } from '../openings/index.ts';
import { endOfDay } from '../platform/clock/calendar.ts';
import type { Role } from '../platform/http/route.ts';
import type { ProjectState } from '../projects/index.ts';
import type { Task } from './contracts.ts';
import type { Subjects } from './subjects.ts';
import type { TaskKind } from './task-kinds.ts';
import { taskTexts } from './task-texts.ts';

export type Detail = {
  readonly state?: Task['state'];
  readonly until?: string | null;
  readonly lot?: string;
  readonly opening?: string;
  readonly detail?: string;
};

/** A task about a project; null for what hangs on none. */
export function taskOf(kind: TaskKind, role: Role, project: ProjectState | null, more: Detail = {}): Task {
  const { title, sentence, law } = taskTexts[kind];
  return {
    kind,
    role,
    state: more.state ?? 'to-do',
    projectId: project?.id ?? null,
    projectCode: project?.code ?? null,
    projectName: project?.name ?? null,
    lot: more.lot ?? null,
    opening: more.opening ?? null,
    detail: more.detail ?? null,
    until: more.until ?? null,
    title: { ...title },
    sentence: { ...sentence },
    law: law && { ...law },
  };
}

/** The last instant of a legal day (YYYY-MM-DD). */
export const dayEnds = (day: string): string => endOfDay(Temporal.PlainDate.from(day));

/** The lot's part of its opening; undefined before the opening is scheduled. */
export const openingLot = ({ openings }: Subjects, project: ProjectState, lot: string): LotState | undefined =>
  openings.get(project.id)?.lots.find((one) => one.lot === lot);

/** A duty of later days is shown from so long before the deadline. */
export function isNear(now: string, instant: string, days: number): boolean {
  return Temporal.Instant.from(instant).since(Temporal.Instant.from(now)).total('hours') <= days * 24;
}
