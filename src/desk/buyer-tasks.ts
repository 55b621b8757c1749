/** What the tenderer's side has to do, from the returned registration to the certificate. */
import { dayOf, withinDays } from '../platform/clock/calendar.ts';
import type { Role } from '../platform/http/route.ts';
import type { ProjectState, Projects } from '../projects/index.ts';
import type { Task } from './contracts.ts';
import type { AwardState, Subjects } from './subjects.ts';
import { dayEnds, isNear, openingLot, taskOf } from './task.ts';

type Rules = Pick<Projects, 'ruleFor'>;

/** Tasks of one role (tenderer or agency) for the organisation's own projects. */
export function buyerTasks(subjects: Subjects, role: Role, organisation: string | null, rules: Rules): Task[] {
  const own = subjects.projects.filter(
    ({ tenderer, agency }) => organisation !== null && [tenderer, agency].includes(organisation),
  );
  return own.flatMap((project) => [
    ...beforePublication(subjects, role, project),
    ...duringTendering(subjects, role, project),
    ...project.lots.flatMap(({ id }) => afterOpening(subjects, role, project, id, rules)),
  ]);
}

function beforePublication({ policies }: Subjects, role: Role, project: ProjectState): Task[] {
  if (project.status !== 'registered') return [];
  if (project.review?.accepted === false) return [taskOf('correct-registration', role, project)];
  const waits = project.review === null ? [taskOf('await-review', role, project, { state: 'waiting' })] : [];
  const ready = project.documents.length > 0 && policies.get(project.opening)?.inForce != null;
  const until = dayEnds(project.schedule.documentsFrom);
  return [...waits, taskOf('publish-project', role, project, { until, state: ready ? 'to-do' : 'waiting' })];
}

function duringTendering(subjects: Subjects, role: Role, project: ProjectState): Task[] {
  if (project.status !== 'published') return [];
  const answered = new Set(project.answers.map(({ question }) => question));
  const lots = new Set(project.lots.map(({ id }) => id));
  const open = subjects.questions.some(({ lot, text }) => lots.has(lot) && !answered.has(text));
  const before = subjects.now < project.schedule.deadline;
  return [
    ...(open && before ? [taskOf('answer-questions', role, project, { until: project.schedule.deadline })] : []),
    ...project.objections
      .filter(({ answer }) => answer === null)
      .map(({ id, answerBy }) =>
        taskOf('answer-documents-objection', role, project, { until: dayEnds(answerBy), detail: id }),
      ),
  ];
}

function afterOpening(subjects: Subjects, role: Role, project: ProjectState, lot: string, rules: Rules): Task[] {
  const opened = openingLot(subjects, project, lot);
  if (project.status !== 'published' || opened?.status === 'failed' || opened?.status === 'terminated') return [];
  const evaluation = subjects.evaluations.get(lot);
  if (!evaluation || evaluation.phase === 'none') {
    if (!isNear(subjects.now, project.schedule.deadline, 3)) return [];
    return [taskOf('form-committee', role, project, { lot, state: opened?.status === 'announced' ? 'to-do' : 'soon' })];
  }
  const award = subjects.awards.get(lot);
  if (award && award.status !== 'waiting') return ofAward(subjects, role, project, award);
  if (!evaluation.finished) return [];
  const day = dayOf(evaluation.finished.at);
  const rule = rules.ruleFor(project.type, 'candidates-publish-within', day.toString());
  const days = Number(rule?.value);
  // Without a figure in the rule table the law's three calendar days hold (regulation, article 54).
  const last = withinDays(day, Number.isInteger(days) && days > 0 ? days : 3, rule?.unit === 'wd' ? 'wd' : 'd');
  return [taskOf('publish-candidates', role, project, { lot, until: dayEnds(last.toString()) })];
}

function ofAward({ now }: Subjects, role: Role, project: ProjectState, award: AwardState): Task[] {
  const lot = award.id;
  const open = award.objections.filter(({ answer }) => answer === null);
  const tasks: Task[] = open.map(({ id, answerBy }) =>
    taskOf('answer-result-objection', role, project, { lot, until: dayEnds(answerBy), detail: id }),
  );
  if (award.status === 'publicity' && award.publicity) {
    const over = dayEnds(award.publicity.lastDay);
    const may = open.length === 0 && over <= now;
    tasks.push(
      taskOf('make-award', role, project, { lot, until: may ? null : over, state: may ? 'to-do' : 'waiting' }),
    );
  }
  if (!award.award || award.status === 'ended') return tasks;
  const issued = (kind: string) => award.documents.some((d) => d.kind === kind && d.at >= award.award!.at);
  if (!issued('award-notice')) tasks.push(taskOf('issue-notice', role, project, { lot }));
  if (!award.supervisor)
    tasks.push(taskOf('report-award', role, project, { lot, until: dayEnds(award.award.reportBy.slice(0, 10)) }));
  if (award.status === 'confirmed') tasks.push(taskOf('issue-certificate', role, project, { lot }));
  return tasks;
}
