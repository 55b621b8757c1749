/** Where a task is done: the page of its kind, else the public page of its project; null where there is none yet. */
import type { Answer } from '../../../api/client.ts';

type Task = Answer<'GET /api/tasks'>['tasks'][number];

const hallKinds = [
  'release-shares',
  'announce-offers',
  'answer-opening-objection',
  'draw-up-record',
  'sign-record',
  'set-held-up-right',
];
const evaluationKinds = [
  'form-committee',
  'begin-evaluation',
  'settle-review',
  'compute-ranking',
  'draft-report',
  'finish-evaluation',
];
const awardKinds = [
  'publish-candidates',
  'answer-result-objection',
  'make-award',
  'issue-notice',
  'report-award',
  'issue-certificate',
];

export function placeOf({
  kind,
  role,
  lot,
  projectCode,
}: Pick<Task, 'kind' | 'role' | 'lot' | 'projectCode'>): string | null {
  if (role === 'witness') return '/desk/duties';
  if (role === 'expert') return '/desk/sessions';
  if (role === 'bidder' && kind === 'file-tender' && projectCode) return `/desk/bids/${projectCode}`;
  if (role === 'bidder' && projectCode) return `/hall/${projectCode}/seat`;
  if (hallKinds.includes(kind) && projectCode) return `/desk/host/${projectCode}`;
  if (evaluationKinds.includes(kind) && role === 'host' && lot) return `/desk/evaluation/${lot}`;
  if (awardKinds.includes(kind) && (role === 'tenderer' || role === 'agency') && lot) return `/desk/award/${lot}`;
  return projectCode ? `/p/${projectCode}` : null;
}
