/** For those who watch: the access log, the trace of an entry, the health of the house. */
import { z } from 'zod';
import { callerOf, type Route, route } from '../platform/http/route.ts';
import { readAccessLog } from './access-log.ts';
import { accessPage, accessQuery, health, subjectEntries, trace } from './contracts.ts';
import { deskRefusal } from './refusals.ts';
import type { DeskDeps } from './subjects.ts';
import { entriesOfSubject, traceOf } from './trace.ts';

const index = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,17})$/)
  .transform(BigInt);

type Deps = DeskDeps & {
  readonly secretOperations: () => readonly string[];
  readonly health: () => Promise<z.infer<typeof health>>;
};

export function watchRoutes(deps: Deps): Route[] {
  const { journal } = deps;
  return [
    route(
      {
        method: 'GET',
        path: '/api/access-log',
        name: 'readAccessLog',
        who: ['supervisor', 'auditor', 'administrator'],
        summary: { zh: '谁查看了什么', en: 'Who looked at what' },
        query: accessQuery,
        answer: accessPage,
        refusals: [],
      },
      async (call) => readAccessLog(journal.db.read(), call.query, callerOf(call).principal, deps.secretOperations()),
    ),
    route(
      {
        method: 'GET',
        path: '/api/trace/:index',
        name: 'traceEntry',
        who: 'anyone',
        notesReaders: true,
        summary: { zh: '追溯一个日志条目', en: 'The trace of an entry of the log' },
        params: z.strictObject({ index }),
        answer: trace,
        refusals: ['entry-unknown'],
      },
      async ({ params, principal }) =>
        (await traceOf(journal, params.index, principal)) ?? deskRefusal('entry-unknown'),
    ),
    route(
      {
        method: 'GET',
        path: '/api/subjects/:subject/entries',
        name: 'listSubjectEntries',
        who: 'anyone',
        notesReaders: true,
        summary: { zh: '一个对象的全部日志条目', en: 'Every entry of one subject' },
        params: z.strictObject({ subject: z.string().min(1).max(200) }),
        answer: subjectEntries,
        refusals: ['subject-unknown'],
      },
      async ({ params, principal }) =>
        (await entriesOfSubject(journal, params.subject, principal)) ?? deskRefusal('subject-unknown'),
    ),
    route(
      {
        method: 'GET',
        path: '/api/health',
        name: 'readHealth',
        who: ['administrator', 'auditor'],
        summary: { zh: '系统运行状况', en: 'The health of the house' },
        answer: health,
        refusals: [],
      },
      async () => deps.health(),
    ),
  ];
}
