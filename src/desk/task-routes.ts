/** What the person behind the call has to do now. */
import { callerOf, type Principal, type Role, type Route, route } from '../platform/http/route.ts';
import { bidderTasks } from './bidder-tasks.ts';
import { buyerTasks } from './buyer-tasks.ts';
import { type Task, taskList } from './contracts.ts';
import { hostTasks } from './host-tasks.ts';
import { administratorTasks, financeTasks, memberTasks } from './office-tasks.ts';
import { officerTasks } from './officer-tasks.ts';
import { type DeskDeps, gather, type Subjects } from './subjects.ts';
import { supervisorTasks, witnessTasks } from './watch-tasks.ts';

export function taskRoutes(deps: DeskDeps): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/tasks',
        name: 'listTasks',
        who: 'signed-in',
        summary: { zh: '我现在要做的事', en: 'What the person who asks has to do now' },
        answer: taskList,
        refusals: [],
      },
      async (call) => {
        const { principal } = callerOf(call);
        const subjects = await gather(deps, principal);
        const pending = principal.roles.includes('administrator') ? await deps.parties.pending() : [];
        const tasks = [
          ...principal.roles.flatMap((role) => tasksOf(deps, subjects, role, principal)),
          ...(principal.roles.some((role) => officerRoles.has(role)) ? officerTasks(subjects, principal) : []),
          ...administratorTasks(pending),
        ].toSorted(byUrgency);
        const due = tasks.filter(({ state }) => state === 'to-do');
        const counts = Object.fromEntries(
          [...Map.groupBy(due, ({ kind }) => kind)].map(([kind, list]) => [kind, list.length]),
        );
        return { now: subjects.now, tasks, counts, truncated: subjects.truncated };
      },
    ),
  ];
}

const officerRoles = new Set<Role>(['host', 'tenderer', 'witness', 'supervisor']);

function tasksOf(deps: DeskDeps, subjects: Subjects, role: Role, { person, organisation }: Principal): Task[] {
  switch (role) {
    case 'bidder':
      return bidderTasks(subjects, organisation);
    case 'tenderer':
    case 'agency':
      return [...buyerTasks(subjects, role, organisation, deps.projects), ...memberTasks(subjects, person, role)];
    case 'host':
      return hostTasks(subjects);
    case 'witness':
      return witnessTasks(subjects, person);
    case 'supervisor':
      return supervisorTasks(subjects);
    case 'expert':
      return memberTasks(subjects, person, role);
    case 'finance':
      return financeTasks(subjects);
    case 'administrator':
    case 'auditor':
      return [];
  }
}

const urgency: Readonly<Record<Task['state'], number>> = { 'to-do': 0, soon: 1, waiting: 2, done: 3 };

/** What is to do first, then by the clock; what has none comes last within its state. */
function byUrgency(a: Task, b: Task): number {
  if (a.state !== b.state) return urgency[a.state] - urgency[b.state];
  const [x, y] = [a.until ?? '9999', b.until ?? '9999'];
  return x < y ? -1 : x > y ? 1 : 0;
}
