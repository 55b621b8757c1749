/** What comes in and goes out of the projects room, as JSON. */
import { z } from 'zod';
import { fenText, identifier, instantUtc, sha256Text } from '../formats/primitives.ts';
import { procedureTypes } from './procedures/registry.ts';
import type { ProjectState } from './state.ts';

const dayText = z.string().refine((s) => {
  try {
    return /^\d{4}-\d\d-\d\d$/.test(s) && Temporal.PlainDate.from(s).toString() === s;
  } catch {
    return false;
  }
}, 'a day as YYYY-MM-DD');
const prose = z.string().trim().max(20_000);
const title = z.string().trim().min(2).max(200);

const lotInput = z.strictObject({
  name: title,
  estimateFen: fenText,
  ceilingFen: fenText.nullable().default(null),
  bondFen: fenText.default('0'),
  bondRequired: z.enum(['none', 'guarantee']).default('none'),
});
const schedule = z.strictObject({
  documentsFrom: dayText,
  documentsUntil: dayText,
  questionsUntil: instantUtc,
  deadline: instantUtc,
  openingRoom: z.string().trim().max(60).default(''),
  evaluationRoom: z.string().trim().max(60).default(''),
});

export const registrationInput = z.strictObject({
  name: title,
  type: z.enum(procedureTypes as [string, ...string[]]),
  mandatory: z.boolean().default(true),
  tenderer: identifier,
  agency: identifier.nullable().default(null),
  approval: z
    .strictObject({ authority: title, number: z.string().trim().min(1).max(100) })
    .nullable()
    .default(null),
  qualification: prose.default(''),
  lots: z.array(lotInput).min(1).max(200),
  schedule,
  invited: z.array(identifier).max(100).nullable().default(null),
  evaluation: z.unknown(),
  follows: identifier.nullable().default(null),
});

const noticeView = z.object({ id: z.string(), kind: z.string(), at: z.string(), text: z.string() });
export const projectView = z.object({
  id: identifier,
  code: z.string(),
  name: z.string(),
  type: z.string(),
  status: z.string(),
  mandatory: z.boolean(),
  tenderer: identifier,
  agency: identifier.nullable(),
  approval: z.object({ authority: z.string(), number: z.string() }).nullable(),
  qualification: z.string(),
  lots: z.array(
    z.object({
      id: identifier,
      name: z.string(),
      estimateFen: fenText,
      ceilingFen: fenText.nullable(),
      bondFen: fenText,
      bondRequired: z.string(),
    }),
  ),
  schedule: z.object({
    documentsFrom: z.string(),
    documentsUntil: z.string(),
    questionsUntil: z.string(),
    deadline: z.string(),
    openingRoom: z.string(),
    evaluationRoom: z.string(),
  }),
  evaluation: z.unknown(),
  opening: identifier,
  follows: identifier.nullable(),
  witnessSteps: z.array(z.string()),
  documents: z.array(z.object({ sha256: sha256Text, name: z.string(), bytes: z.number(), mediaType: z.string() })),
  publishedAt: z.string().nullable(),
  notices: z.array(noticeView),
  answers: z.array(z.object({ id: z.string(), question: z.string(), answer: z.string(), at: z.string() })),
  objections: z.array(
    z.object({
      id: z.string(),
      text: z.string(),
      at: z.string(),
      answerBy: z.string(),
      answer: z.object({ text: z.string(), at: z.string() }).nullable(),
    }),
  ),
});

/** What everybody may see of a project; who was invited is not part of it. */
export function viewOf(state: ProjectState): z.input<typeof projectView> {
  const { invited: _invited, ...shown } = state;
  return structuredClone(shown) as z.input<typeof projectView>;
}
