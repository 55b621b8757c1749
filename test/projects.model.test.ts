import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../src/formats/canonical.ts';
import { isRefusal } from '../src/platform/refusal.ts';
import { evolveProject, initialProject, isPaused } from '../src/projects/evolve.ts';
import { decideProject } from '../src/projects/rules.ts';
import type { ProjectCommand, ProjectEvent, ProjectFacts, ProjectState } from '../src/projects/state.ts';
import { factsAt, lawful, noticeDay } from './support/registration.ts';

const hours = (n: number): string =>
  Temporal.Instant.from(noticeDay).add({ hours: n }).toString({ smallestUnit: 'microsecond' });

/** Commands with ids and dates from small sets, so that they meet each other. */
const id = fc.constantFrom('a', 'b', 'c');
const text = fc.constantFrom('甲', '乙');
const deadline = fc.constantFrom(null, ...[480, 600, 720, 900].map(hours));
const command: fc.Arbitrary<ProjectCommand> = fc.oneof(
  fc.record({ type: fc.constant('registerProject' as const), registration: fc.constant(lawful) }),
  fc.record({
    type: fc.constant('changeRegistration' as const),
    registration: fc.constant({ ...lawful, name: '新名' }),
  }),
  fc.record({
    type: fc.constant('attachDocument' as const),
    document: id.map((name) => ({ sha256: name.repeat(64), name, bytes: 1, mediaType: 'application/pdf' })),
  }),
  fc.record({ type: fc.constant('reviewRegistration' as const), accepted: fc.boolean(), text }),
  fc.record({ type: fc.constant('assignRooms' as const), openingRoom: id, evaluationRoom: id }),
  fc.record({ type: fc.constant('publishProject' as const), text, notice: id }),
  fc.record({
    type: fc.constant('changeNotice' as const),
    notice: id,
    kind: fc.constantFrom('change' as const, 'clarification' as const, 'postponement' as const),
    text,
    affectsTenders: fc.boolean(),
    deadline,
  }),
  fc.record({
    type: fc.constant('answerQuestion' as const),
    id,
    question: text,
    answer: text,
    affectsTenders: fc.boolean(),
  }),
  fc.record({ type: fc.constant('objectToDocuments' as const), id, by: id, text }),
  fc.record({ type: fc.constant('answerObjection' as const), id, text }),
  fc.record({ type: fc.constant('terminateProject' as const), notice: id, text }),
);
const facts: fc.Arbitrary<Partial<ProjectFacts>> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ roomsTaken: ['甲'] }) },
  { weight: 1, arbitrary: fc.constant({ policy: null }) },
);
/** A step: the hours that pass, what is asked, and what other rooms say. */
const steps = fc.array(fc.tuple(fc.nat(90), command, facts), { maxLength: 40 });
/** Half of the courses begin with a publication, else most would never get there. */
const opening: [number, ProjectCommand, Partial<ProjectFacts>][] = [
  [0, { type: 'registerProject', registration: lawful }, {}],
  [
    0,
    { type: 'attachDocument', document: { sha256: 'd'.repeat(64), name: 'd', bytes: 1, mediaType: 'application/pdf' } },
    {},
  ],
  [0, { type: 'publishProject', text: '公告', notice: 'first' }, {}],
];
const courses = fc.oneof(
  steps,
  steps.map((s) => [...opening, ...s]),
);

const order = { none: 0, registered: 1, published: 2, terminated: 3 };
type Step = {
  before: ProjectState;
  after: ProjectState;
  events: readonly ProjectEvent[];
  now: string;
  command: ProjectCommand;
};

function play(course: readonly (readonly [number, ProjectCommand, Partial<ProjectFacts>])[]): Step[] {
  let state = initialProject('p');
  let passed = 0;
  return course.map(([wait, asked, more]) => {
    passed += wait;
    const now = hours(passed);
    const decided = decideProject(state, asked, factsAt(now, more));
    const events = isRefusal(decided) ? [] : decided;
    const before = state;
    state = events.reduce(evolveProject, state);
    return { before, after: state, events, now, command: asked };
  });
}
const always = (check: (step: Step) => void) =>
  fc.assert(
    fc.property(courses, (course) => {
      for (const step of play(course)) check(step);
    }),
    { numRuns: 300 },
  );

describe('the life of a project', () => {
  it('goes one way: registered, published, terminated', () => {
    always(({ before, after }) => {
      expect(order[after.status]).toBeGreaterThanOrEqual(order[before.status]);
      if (before.status === 'none') expect(['none', 'registered']).toContain(after.status);
      if (before.status === 'terminated') expect(after).toBe(before);
    });
  });

  it('keeps what was published: name, lots, bonds, scheme and invitation', () => {
    const fixed = ({ name, lots, evaluation, invited, opening, publishedAt, firstDeadline }: ProjectState) =>
      canonicalJson({ name, lots, evaluation, invited, opening, publishedAt, firstDeadline });
    always(({ before, after }) => {
      if (before.publishedAt !== null) expect(fixed(after)).toBe(fixed(before));
    });
  });

  it('moves a deadline later only, before it has passed, with a notice beside it', () => {
    always(({ before, after, events, now }) => {
      if (before.status !== 'published' || after.schedule.deadline === before.schedule.deadline) return;
      expect(after.schedule.deadline > before.schedule.deadline).toBe(true);
      expect(now < before.schedule.deadline).toBe(true);
      expect(events.map((e) => e.type)).toEqual(['NoticeChanged', 'DeadlineMoved']);
    });
  });

  it('leaves fifteen days after every change that may affect tenders', () => {
    always(({ after, events, now, command: asked }) => {
      if (events.length === 0 || !('affectsTenders' in asked) || !asked.affectsTenders) return;
      const day = (at: string) => Temporal.Instant.from(at).toZonedDateTimeISO('Asia/Shanghai').toPlainDate();
      expect(day(now).until(day(after.schedule.deadline), { largestUnit: 'days' }).days).toBeGreaterThanOrEqual(15);
    });
  });

  it('is published only with documents, and pauses exactly while an objection has no answer', () => {
    always(({ after }) => {
      if (after.status === 'published') expect(after.documents.length).toBeGreaterThan(0);
      expect(isPaused(after)).toBe(after.objections.some((o) => o.answer === null));
    });
  });

  it('never shortens a list, and folds to the same from stored events', () => {
    fc.assert(
      fc.property(courses, (course) => {
        const played = play(course);
        for (const { before, after } of played)
          for (const list of ['documents', 'notices', 'answers', 'objections'] as const)
            expect(after[list].length).toBeGreaterThanOrEqual(before[list].length);
        const stored = JSON.parse(JSON.stringify(played.flatMap((s) => s.events))) as ProjectEvent[];
        const folded = stored.reduce(evolveProject, initialProject('p'));
        expect(canonicalJson(folded)).toBe(canonicalJson(played.at(-1)?.after ?? initialProject('p')));
      }),
    );
  });

  it('meets every kind of event in these courses, so that none of the above is empty', () => {
    const seen = new Set<string>();
    for (const course of fc.sample(courses, { numRuns: 600, seed: 7 }))
      for (const { events } of play(course)) for (const event of events) seen.add(event.type);
    expect(seen.size).toBe(12);
  });
});
