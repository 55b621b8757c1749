/** What an officer of an opening has to do: key, signature, rehearsal, shares. */
import type { Principal } from '../platform/http/route.ts';
import type { ProjectState } from '../projects/index.ts';
import type { Task } from './contracts.ts';
import type { PolicyState, Subjects } from './subjects.ts';
import { taskOf } from './task.ts';

type Officer = NonNullable<PolicyState['draft']>['officers'][number];

export function officerTasks(subjects: Subjects, { person }: Pick<Principal, 'person'>): Task[] {
  return subjects.projects.flatMap((project) => {
    const policy = subjects.policies.get(project.opening);
    const officer = policy?.draft?.officers.find((one) => one.person === person);
    if (!policy || !officer || project.status === 'terminated') return [];
    return [...beforeDeadline(subjects, project, policy, officer), ...releases(subjects, project, policy, officer)];
  });
}

function beforeDeadline({ now }: Subjects, project: ProjectState, policy: PolicyState, officer: Officer): Task[] {
  const { draft } = policy;
  if (!draft || draft.deadline <= now) return [];
  const about = { opening: project.opening, until: draft.deadline };
  if (officer.recipient === null) return [taskOf('give-opening-key', officer.role, project, about)];
  const complete = draft.officers.every(({ recipient }) => recipient !== null);
  const newest = policy.policies.at(-1);
  const signed = complete && newest?.signatures.some(({ x }) => x === officer.x) === true;
  const rehearsal =
    officer.rehearsal && officer.rehearsal.passedAt === null
      ? [taskOf('pass-rehearsal', officer.role, project, about)]
      : [];
  if (signed) return rehearsal;
  return [
    taskOf('sign-policy', officer.role, project, { ...about, state: complete ? 'to-do' : 'waiting' }),
    ...rehearsal,
  ];
}

function releases({ openings }: Subjects, project: ProjectState, policy: PolicyState, officer: Officer): Task[] {
  const opening = openings.get(project.id);
  if (!opening || opening.mode === 'bidder') return [];
  return opening.lots.flatMap((lot) => {
    if (lot.status !== 'closed' || !lot.close) return [];
    if (opening.mode === 'bidder-then-quorum' && !lot.keysEnded) return [];
    const x = positionIn(policy, lot.close.policy, officer);
    if (x === null) return [];
    const done = lot.releases.some((release) => release.x === x);
    const state = done ? 'done' : 'to-do';
    return [taskOf('release-shares', officer.role, project, { lot: lot.lot, opening: opening.id, state })];
  });
}

/** The officer's position in the policy under which the lot was closed: a later draft may seat others. */
function positionIn(policy: PolicyState, sha256: string, officer: Officer): number | null {
  const text = policy.policies.find((one) => one.sha256 === sha256)?.text;
  if (text === undefined) return null;
  const { officers } = JSON.parse(text) as { officers: readonly { x: number; certSha256: string }[] };
  return officers.find(({ certSha256 }) => certSha256 === officer.certSha256)?.x ?? null;
}
