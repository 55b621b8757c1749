/** A lawful registration and a project's life without I/O. */
import { initialProject } from '../../src/projects/evolve.ts';
import type { ProjectFacts, ProjectState, Registration } from '../../src/projects/state.ts';

/** Friday 2026-10-30, 10:00 in Beijing. */
export const noticeDay = '2026-10-30T02:00:00.000000Z';

export const scheme = {
  method: 'trimmed-average',
  params: { full: '60' },
  criteria: [{ id: 'T1', part: 'technical', name: { zh: '施工组织', en: 'Method statement' }, max: '40', step: '0.5' }],
};

export const lawful: Registration = {
  name: '第二水厂扩建工程施工',
  type: 'construction-open-works',
  mandatory: true,
  tenderer: 'tenderer-1',
  agency: null,
  approval: { authority: '发展和改革委员会', number: '118' },
  qualification: '市政公用工程施工总承包一级',
  lots: [
    {
      id: 'lot-1',
      name: '第一标段',
      estimateFen: '1050000000',
      ceilingFen: '1000000000',
      bondFen: '21000000',
      bondRequired: 'guarantee',
    },
  ],
  schedule: {
    documentsFrom: '2026-10-30',
    documentsUntil: '2026-11-09',
    questionsUntil: '2026-11-03T09:00:00.000000Z',
    deadline: '2026-11-20T02:00:00.000000Z',
    openingRoom: '第一开标厅',
    evaluationRoom: '评标室 301',
  },
  invited: null,
  invitationGround: null,
  validityDays: 90,
  evaluation: scheme,
  opening: 'opening-1',
  follows: null,
};

export const factsAt = (now: string, more: Partial<ProjectFacts> = {}): ProjectFacts => ({
  now,
  salt: 'b'.repeat(64),
  centre: [],
  nextCode: 'ZS-2026-GC-0001',
  unfitParties: [],
  followed: null,
  roomsTaken: [],
  policy: { lots: ['lot-1'], deadline: lawful.schedule.deadline, sha256: 'a'.repeat(64) },
  ...more,
});

export const registered = (registration: Registration = lawful): ProjectState => ({
  ...initialProject('project-1'),
  ...registration,
  code: 'ZS-2026-GC-0001',
  status: 'registered',
  documents: [{ sha256: 'b'.repeat(64), name: '招标文件.pdf', bytes: 10, mediaType: 'application/pdf' }],
});

export const published = (registration: Registration = lawful): ProjectState => ({
  ...registered(registration),
  status: 'published',
  publishedAt: noticeDay,
  firstDeadline: registration.schedule.deadline,
});
