/** What the gazette answers, as JSON. Everything here is public; nothing in it depends on a tender before it is opened. */
import { z } from 'zod';
import { fenText, identifier } from '../formats/primitives.ts';

const bilingual = z.object({ zh: z.string(), en: z.string() });

/** Groups by which the board is read. */
export const gazetteKinds = ['notice', 'change', 'opening', 'candidates', 'result', 'termination'] as const;
export type GazetteKind = (typeof gazetteKinds)[number];

const day = z.iso.date();
/** Text to look for; half characters and NUL would stop the database. */
export const searchText = z
  .string()
  .trim()
  .max(100)
  .refine((s) => s.isWellFormed() && !s.includes('\0'));
const page = z.coerce.number().int().min(1).max(1_000).default(1);
const pageSize = z.coerce.number().int().min(1).max(100).default(20);

const filters = {
  kind: z.enum(gazetteKinds).optional(),
  /** Part of the project's name or code. */
  q: searchText.optional(),
  /** Transaction type. */
  type: z.string().max(60).optional(),
  project: identifier.optional(),
};
/** `from` and `to` are days of Beijing, both included. */
export const gazetteQuery = z.strictObject({
  ...filters,
  from: day.optional(),
  to: day.optional(),
  page,
  pageSize,
});
export type GazetteQuery = z.output<typeof gazetteQuery>;

const entryPlace = {
  /** Id of the journal entry: its receipt is at /api/receipts/:entryId. */
  entryId: z.string(),
  /** Index in the public log as decimal digits; null until the next checkpoint (等待校验点). */
  entryIndex: z.string().nullable(),
};
export const gazetteItem = z.object({
  kind: z.enum(gazetteKinds),
  /** Kind of the log entry, such as `notice-changed`. */
  entryKind: z.string(),
  at: z.string(),
  projectId: identifier,
  projectCode: z.string(),
  projectName: z.string(),
  type: z.string(),
  tendererId: identifier,
  tendererName: z.string(),
  openingId: identifier,
  lotId: identifier.nullable(),
  lotName: z.string().nullable(),
  title: bilingual,
  sentence: bilingual,
  ...entryPlace,
});
export const gazetteView = z.object({
  items: z.array(gazetteItem),
  total: z.number(),
  page: z.number(),
  pageSize: z.number(),
  /** Items per kind under the same filters but the kind. */
  facets: z.array(z.object({ kind: z.enum(gazetteKinds), count: z.number() })),
});
export type GazetteItem = z.output<typeof gazetteItem>;

/** Every public entry of one project, oldest first: the rows of its timeline with their proofs. */
export const courseView = z.object({
  project: identifier,
  events: z.array(
    z.object({
      /** Stage of the type's procedure (timeline) that the entry belongs to. */
      stage: z.string(),
      entryKind: z.string(),
      at: z.string(),
      lotId: identifier.nullable(),
      lotName: z.string().nullable(),
      sentence: bilingual,
      ...entryPlace,
    }),
  ),
});

export const hallsQuery = z.strictObject({
  from: day.optional(),
  to: day.optional(),
  q: searchText.optional(),
  state: z.enum(['coming', 'now', 'ended']).optional(),
});
const hallLot = z.object({
  lotId: identifier,
  lotName: z.string(),
  status: z.string(),
  /** As the opening's own view publishes them: null before the close. */
  standing: z.number().nullable(),
  released: z.number(),
  opened: z.number(),
  announcedAt: z.string().nullable(),
});
export const hallsView = z.object({
  now: z.string(),
  halls: z.array(
    z.object({
      openingId: identifier,
      projectId: identifier,
      projectCode: z.string(),
      projectName: z.string(),
      type: z.string(),
      room: z.string(),
      deadline: z.string(),
      state: z.enum(['coming', 'now', 'ended']),
      terminated: z.boolean(),
      /** Officers needed and officers in all; null before the opening is scheduled. */
      k: z.number().nullable(),
      n: z.number().nullable(),
      lots: z.array(hallLot),
    }),
  ),
});

export const statisticsView = z.object({
  now: z.string(),
  projects: z.object({
    total: z.number(),
    byType: z.array(
      z.object({
        type: z.string(),
        name: bilingual,
        published: z.number(),
        terminated: z.number(),
        total: z.number(),
      }),
    ),
    /** Months of Beijing, oldest first, the last 24 at most. */
    byMonth: z.array(z.object({ month: z.string(), published: z.number() })),
  }),
  awards: z.object({
    count: z.number(),
    sumFen: fenText,
    /** Awarded lots that had a ceiling price. */
    withCeiling: z.number(),
    ceilingSumFen: fenText,
    /** Mean over lots of (ceiling - price) / ceiling in percent, two decimals; null without such a lot. */
    meanSavingPercent: z.string().nullable(),
    /** The same of the sums. */
    totalSavingPercent: z.string().nullable(),
    /** Days of Beijing from notice to award, one decimal; null without an award. */
    medianDaysToAward: z.string().nullable(),
    byMonth: z.array(z.object({ month: z.string(), count: z.number(), sumFen: fenText })),
  }),
  /** Rejections in the public log today (Beijing): late tenders after the barrier, tenders that did not open. */
  rejectedToday: z.object({ late: z.number(), invalid: z.number() }),
  log: z.object({
    size: z.string(),
    checkpointAt: z.string().nullable(),
    /** Outside witnesses that the log policy names; `witnessed` false: none is asked for. */
    witnesses: z.number(),
    witnessed: z.boolean(),
  }),
});

export const feedQuery = z.strictObject({
  q: searchText.optional(),
  kind: filters.kind,
  type: filters.type,
  project: filters.project,
  lang: z.enum(['zh', 'en']).default('zh'),
});
export const calendarQuery = z.strictObject({
  q: searchText.optional(),
  type: filters.type,
  project: filters.project,
  lang: z.enum(['zh', 'en']).default('zh'),
});
