/** What comes in and goes out of the projects room, as JSON. */
import { z } from 'zod';
import { fenText, identifier, instantUtc, sha256Text } from '../formats/primitives.ts';
import { isPaused } from './evolve.ts';
import { procedureTypes } from './procedures/registry.ts';
import type { ProjectState } from './state.ts';

const dayText = z.string().refine((s) => {
  try {
    return /^\d{4}-\d\d-\d\d$/.test(s) && Temporal.PlainDate.from(s).toString() === s;
  } catch {
    return false;
  }
}, 'a day as YYYY-MM-DD');
/** Text that PostgreSQL and canonical JSON can both hold: no NUL, no half of a surrogate pair. */
const storable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
const line = z.string().trim().refine(storable, 'text without NUL and half characters');
const prose = line.max(20_000);
/** Required prose of a notice, answer or objection. */
export const noticeText = prose.min(1);
const title = line.min(2).max(200);
const room = line.max(60);
/** JSON that is stored as it came; the evaluation registry checks what it says. */
const storableJson = z.unknown().refine((value) => {
  const text = JSON.stringify(value ?? null);
  return text.length <= 200_000 && !/\\u0000|\\ud[89a-f]/i.test(text);
}, 'JSON of at most 200,000 characters without NUL and half characters');

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
  openingRoom: room.default(''),
  evaluationRoom: room.default(''),
});

export const registrationInput = z.strictObject({
  name: title,
  type: z.enum(procedureTypes as [string, ...string[]]),
  mandatory: z.boolean().default(true),
  tenderer: identifier,
  agency: identifier.nullable().default(null),
  approval: z
    .strictObject({ authority: title, number: line.min(1).max(100) })
    .nullable()
    .default(null),
  qualification: prose.default(''),
  lots: z.array(lotInput).min(1).max(200),
  schedule,
  invited: z.array(identifier).max(100).nullable().default(null),
  invitationGround: z.enum(['few-able', 'cost-share']).nullable().default(null),
  validityDays: z.number().int().min(30).max(365).default(90),
  evaluation: storableJson,
  follows: identifier.nullable().default(null),
});
export const roomsInput = z.strictObject({ openingRoom: room, evaluationRoom: room });

const noticeView = z.object({
  id: z.string(),
  kind: z.string(),
  at: z.string(),
  text: z.string(),
  duties: z.array(z.string()),
});
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
  isInvited: z.boolean(),
  invitationGround: z.string().nullable(),
  validityDays: z.number(),
  evaluation: z.unknown(),
  opening: identifier,
  follows: identifier.nullable(),
  witnessSteps: z.array(z.string()),
  documents: z.array(z.object({ sha256: sha256Text, name: z.string(), bytes: z.number(), mediaType: z.string() })),
  review: z.object({ accepted: z.boolean(), text: z.string(), at: z.string() }).nullable(),
  publishedAt: z.string().nullable(),
  firstDeadline: z.string().nullable(),
  paused: z.boolean(),
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

/** What everybody may see of a project; who was invited and who objected is not part of it. */
export function viewOf(state: ProjectState): z.input<typeof projectView> {
  const { invited, objections, salt: _salt, ...shown } = state;
  const plain = {
    ...shown,
    isInvited: invited !== null,
    paused: isPaused(state),
    objections: objections.map(({ by: _by, ...objection }) => objection),
  };
  return structuredClone(plain) as z.input<typeof projectView>;
}
