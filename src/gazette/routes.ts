/** The gazette over HTTP: board, course of a project, halls, statistics. All public. */
import { z } from 'zod';
import { identifier } from '../formats/primitives.ts';
import { type Route, route } from '../platform/http/route.ts';
import { boardPage, projectCourse } from './board.ts';
import type { GazetteDeps } from './deps.ts';
import { hallsOf } from './halls.ts';
import { gazetteRefusal, gazetteRefusals } from './refusals.ts';
import { courseView, gazetteQuery, gazetteView, hallsQuery, hallsView, statisticsView } from './schemas.ts';
import { statisticsOf } from './statistics.ts';

const refusals = Object.keys(gazetteRefusals);
/** Days as text order as days. */
const reversed = ({ from, to }: { from?: string | undefined; to?: string | undefined }): boolean =>
  from !== undefined && to !== undefined && from > to;

export function gazetteRoutes(deps: GazetteDeps): Route[] {
  return [...boardRoutes(deps), ...figureRoutes(deps)];
}

function boardRoutes({ journal, parties }: GazetteDeps): Route[] {
  const board = { db: journal.db, parties };
  return [
    route(
      {
        method: 'GET',
        path: '/api/gazette',
        name: 'listGazette',
        who: 'anyone',
        summary: { zh: '公告栏（新的在前）', en: 'Notices, changes, openings and results, newest first' },
        query: gazetteQuery,
        answer: gazetteView,
        sharedMilliseconds: 2_000,
        refusals,
      },
      async ({ query }) => (reversed(query) ? gazetteRefusal('days-reversed') : boardPage(board, query)),
    ),
    route(
      {
        method: 'GET',
        path: '/api/projects/:id/course',
        name: 'showCourse',
        who: 'anyone',
        summary: {
          zh: '项目的全部公开记录（含日志序号）',
          en: 'Every public entry of a project with its index in the log, oldest first',
        },
        params: z.strictObject({ id: identifier }),
        answer: courseView,
        sharedMilliseconds: 1_000,
        refusals,
      },
      async ({ params: { id } }) => (await projectCourse(board, id)) ?? gazetteRefusal('project-not-published'),
    ),
  ];
}

function figureRoutes({ journal, clock }: GazetteDeps): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/halls',
        name: 'listHalls',
        who: 'anyone',
        summary: { zh: '今日与近期开标', en: "Today's and coming openings" },
        query: hallsQuery,
        answer: hallsView,
        sharedMilliseconds: 1_000,
        refusals,
      },
      async ({ query }) => (reversed(query) ? gazetteRefusal('days-reversed') : hallsOf(journal.db, clock, query)),
    ),
    route(
      {
        method: 'GET',
        path: '/api/statistics',
        name: 'showStatistics',
        who: 'anyone',
        summary: { zh: '统计', en: 'Statistics of the platform' },
        answer: statisticsView,
        sharedMilliseconds: 10_000,
        refusals: [],
      },
      async () => statisticsOf(journal, clock),
    ),
  ];
}
