/** What the desk answers: the contracts on which the pages are built. Instants are RFC 3339 UTC with six decimals. */
import { z } from 'zod';
import { identifier, sha256Text } from '../formats/primitives.ts';
import { roles } from '../platform/http/route.ts';
import { noticeKinds } from './notice-texts.ts';
import { taskKinds } from './task-kinds.ts';

const instant = z.string();
/** A text in both languages. */
export const bothLanguages = z.object({ zh: z.string(), en: z.string() });

export const taskState = z.enum(['to-do', 'soon', 'waiting', 'done']);
export const task = z.object({
  kind: z.enum(taskKinds),
  /** The role in which the person has it. */
  role: z.enum(roles),
  /** `soon`: may be done later; `waiting`: others come first; `done`: shown while it is fresh. */
  state: taskState,
  projectId: z.string().nullable(),
  projectCode: z.string().nullable(),
  projectName: z.string().nullable(),
  lot: z.string().nullable(),
  opening: z.string().nullable(),
  /** What the page needs beside project and lot: a witness step, an objection's id, a registration's id. */
  detail: z.string().nullable(),
  until: instant.nullable(),
  title: bothLanguages,
  /** What is to do, and what happens if it is not done. */
  sentence: bothLanguages,
  law: bothLanguages.nullable(),
});
export type Task = z.infer<typeof task>;
export const taskList = z.object({
  now: instant,
  tasks: z.array(task),
  /** How many tasks of each kind are `to-do`. */
  counts: z.record(z.string(), z.number()),
  /** More subjects concern the person than were looked at. */
  truncated: z.boolean(),
});

export const accessRow = z.object({
  id: z.string(),
  at: instant,
  person: z.string(),
  /** Null where the person's name has been erased. */
  personName: z.string().nullable(),
  roles: z.array(z.string()),
  /** Name of the operation, as in /openapi.json. */
  operation: z.string(),
  /** Its path's parameters. */
  params: z.record(z.string(), z.string()),
  /** The first of them: what was looked at. */
  subject: z.string().nullable(),
  status: z.number(),
  requestId: z.string(),
});
export const accessPage = z.object({ rows: z.array(accessRow), next: z.string().nullable() });
const time = z.iso.datetime({ offset: true });
export const accessQuery = z.strictObject({
  person: identifier.optional(),
  subject: z.string().min(1).max(200).optional(),
  operation: z.string().min(1).max(80).optional(),
  from: time.optional(),
  until: time.optional(),
  /** `next` of the page before. */
  after: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const traceEntry = z.object({
  /** Null while it waits for its index. */
  index: z.string().nullable(),
  entryId: z.string(),
  /** Null for a sealed entry whose subject the reader may not see. */
  at: instant.nullable(),
  /** Kind of the published leaf; `sealed` where it is hidden. */
  kind: z.string(),
  kindName: z.string(),
  subjectKind: z.string(),
  subject: z.string(),
  version: z.number(),
  /** Roles that the actor held when asked; empty for the platform itself. */
  actorRoles: z.array(z.string()),
  /** Only for supervisors and auditors. */
  actor: z.string().nullable(),
  links: z.object({
    /** Null while the entry has no index. */
    inclusion: z.string().nullable(),
    entry: z.string().nullable(),
    /** Null for sealed entries: their receipts belong to who filed them. */
    receipt: z.string().nullable(),
  }),
});
export const trace = z.object({
  entry: traceEntry,
  leafSha256: sha256Text,
  leaf: z.unknown(),
  /** Every entry of the same subject that the reader may see, oldest first. */
  subjectEntries: z.array(traceEntry),
  subjectTruncated: z.boolean(),
  /** Indexes beside this one in the log; null at an end. */
  previous: z.string().nullable(),
  next: z.string().nullable(),
  logSize: z.string(),
});
export const subjectEntries = z.object({
  subject: z.string(),
  entries: z.array(traceEntry),
  truncated: z.boolean(),
});

export const health = z.object({
  at: instant,
  status: z.enum(['ok', 'attention']),
  /** What asks for attention. */
  warnings: z.array(bothLanguages.extend({ code: z.string() })),
  sequencer: z.object({
    leadsHere: z.boolean(),
    leader: z.string().nullable(),
    leaseUntil: instant.nullable(),
    pendingEntries: z.number(),
    /** Age of the oldest entry without an index. */
    lagSeconds: z.number(),
  }),
  checkpoint: z
    .object({ size: z.string(), at: instant, cosignatures: z.number(), witnessesAsked: z.number() })
    .nullable(),
  database: z.object({
    kind: z.enum(['pglite', 'postgres']),
    /** Rounded to 64 MiB and 1 GiB: finer sizes would tell how many tenders come in before an opening. */
    mebibytes: z.number(),
    clockOffsetMilliseconds: z.number(),
    roundTripMilliseconds: z.number(),
  }),
  files: z.object({ gibibytes: z.number(), freeGibibytes: z.number(), freePercent: z.number() }),
  process: z.object({
    eventLoopDelayMeanMilliseconds: z.number(),
    eventLoopDelayMaxMilliseconds: z.number(),
    memoryMebibytes: z.number(),
    uptimeSeconds: z.number(),
  }),
  dueTimer: z.object({ nextWake: instant.nullable(), overdue: z.number() }),
  nats: z.enum(['off', 'connected', 'disconnected']),
  mail: z.object({ enabled: z.boolean(), waiting: z.number(), failed: z.number() }),
  accessLog: z.object({ queued: z.number(), dropped: z.number() }),
  notices: z.object({ behind: z.number() }),
});

export const noticeRow = z.object({
  id: z.string(),
  at: instant,
  kind: z.enum(noticeKinds),
  title: bothLanguages,
  sentence: bothLanguages,
  projectId: z.string().nullable(),
  projectCode: z.string().nullable(),
  projectName: z.string().nullable(),
  lot: z.string().nullable(),
  opening: z.string().nullable(),
  read: z.boolean(),
});
export const noticeList = z.object({ unread: z.number(), notices: z.array(noticeRow), next: z.string().nullable() });
export const noticeQuery = z.strictObject({
  unread: z.enum(['0', '1']).default('0'),
  after: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
/** `ids`, or all of them. */
export const markRead = z.union([
  z.strictObject({ ids: z.array(z.uuid()).min(1).max(200) }),
  z.strictObject({ all: z.literal(true) }),
]);
export const marked = z.object({ unread: z.number() });

export const follows = z.object({
  projects: z.array(z.object({ projectId: z.string(), projectCode: z.string(), projectName: z.string() })),
});
export const followed = z.object({ following: z.boolean() });

/** An address is taken only in the plain form that every mail server reads. */
export const mailChoice = z.strictObject({
  address: z.email().max(200).nullable(),
  wanted: z.boolean(),
  /** Kinds of notices that come by mail; empty: every kind. */
  kinds: z.array(z.enum(noticeKinds)).max(noticeKinds.length).default([]),
});
export const mailSetting = z.object({
  /** Whether the platform sends mail at all. */
  enabled: z.boolean(),
  address: z.string().nullable(),
  wanted: z.boolean(),
  kinds: z.array(z.enum(noticeKinds)),
});
