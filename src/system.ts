/** Routes of the house itself: root page, health, metrics, OpenAPI and its reading page. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { utf8 } from './formats/bytes.ts';
import type { Journal } from './journal/act.ts';
import type { Clock } from './platform/clock/clock.ts';
import { type ApiDocument, type ApiGroups, apiMain } from './platform/http/api-page.ts';
import { metrics } from './platform/http/metrics.ts';
import { openApiDocument } from './platform/http/openapi.ts';
import { htmlPage, type PageLink, styleSheet } from './platform/http/page.ts';
import { BinaryAnswer, type Route, type RouteSpec, route } from './platform/http/route.ts';
import { commonRefusal, commonRefusals, type Refusal } from './platform/refusal.ts';

export const version: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

const health = z.object({ status: z.enum(['ok', 'unavailable']), version: z.string() });

/** The groups of the interface in the order in which a transaction meets them. */
const groups: ApiGroups = {
  trust: { zh: '信任根', en: 'Trust roots', of: ['trust'] },
  login: { zh: '登录与开通', en: 'Log-in', of: ['session', 'login', 'logout', 'enrolments'] },
  parties: {
    zh: '主体与证书',
    en: 'Parties and certificates',
    of: ['organisations', 'people', 'registrations', 'certificates'],
  },
  policies: { zh: '开标规则', en: 'Opening policies', of: ['policies'] },
  projects: { zh: '项目', en: 'Projects', of: ['projects', 'own-projects', 'invitations', 'rules', 'venue'] },
  lots: { zh: '标段与投标', en: 'Lots and sealed tenders', of: ['lots', 'tenders', 'uploads'] },
  openings: { zh: '开标', en: 'Openings', of: ['openings'] },
  witness: { zh: '见证', en: 'Witness records', of: ['witness'] },
  evaluations: { zh: '评标', en: 'Evaluation', of: ['evaluations', 'evaluation-methods'] },
  awards: { zh: '定标', en: 'Award', of: ['awards'] },
  desk: {
    zh: '工作台与监管',
    en: 'Desk and oversight',
    of: ['tasks', 'notices', 'follows', 'me', 'access-log', 'trace', 'subjects', 'health'],
  },
  bundles: { zh: '核验', en: 'Verification', of: ['bundles', 'receipts'] },
  system: { zh: '公开日志与系统', en: 'Public log and system', of: ['system'] },
};

const links: readonly PageLink[] = [
  { href: '/api', zh: '接口', en: 'API' },
  { href: '/log/checkpoint', zh: '公开日志', en: 'Log' },
  { href: '/readyz', zh: '运行状态', en: 'Status' },
];

const html = (text: string) => new BinaryAnswer(utf8(text), 'text/html; charset=utf-8');

/** A public GET of the house. */
const open = (
  path: string,
  name: string,
  zh: string,
  en: string,
): Omit<RouteSpec<Record<string, never>, Record<string, never>, null, never>, 'answer'> => ({
  method: 'GET',
  path,
  name,
  who: 'anyone',
  summary: { zh, en },
  refusals: [],
});

type Deps = {
  readonly journal: Journal;
  readonly clock: Clock;
  /** False until the start is done, and from the moment that a balancer shall send nothing more. */
  readonly ready: () => boolean;
};

/** The system routes; `rooms` are all the rooms' routes, for the OpenAPI document. */
export function systemRoutes(deps: Deps, rooms: readonly Route[]): Route[] {
  const own: Route[] = [
    ...healthRoutes(deps),
    route(
      {
        ...open('/api/clock', 'readClock', '服务器时间', 'The time of the server'),
        answer: z.object({ now: z.string() }),
      },
      async () => ({ now: deps.clock.now().toString() }),
    ),
    route({ ...open('/metrics', 'readMetrics', '运行指标', 'Prometheus metrics'), answer: 'binary' }, async () => {
      metrics.leads.set(deps.journal.leads() ? 1 : 0);
      const text = await metrics.registry.metrics();
      return new BinaryAnswer(utf8(text), metrics.registry.contentType);
    }),
    route({ ...open('/style.css', 'readStyle', '样式', 'Style sheet'), answer: 'binary' }, async () => {
      return new BinaryAnswer(utf8(styleSheet), 'text/css; charset=utf-8', { 'Cache-Control': 'max-age=3600' });
    }),
    route({ ...open('/api', 'browseApi', '接口一览', 'The interface as a page'), answer: 'binary' }, async () => {
      return html(apiPage());
    }),
    route(
      { ...open('/openapi.json', 'readOpenApi', '接口文档', 'OpenAPI 3.1 document'), answer: 'binary' },
      async () => new BinaryAnswer(utf8(JSON.stringify(document())), 'application/json'),
    ),
  ];
  // Schemas do not change while the process runs: each text is made once, when first asked for.
  const all = [...rooms, ...own];
  const document = once(() => openApiDocument(all, version, groups) as ApiDocument);
  const apiPage = once(() => {
    const main = apiMain(all, document(), groups, commonRefusals);
    return htmlPage({ title: '接口一览 · 阳光交易', main, links, current: '/api' });
  });
  return own;
}

function healthRoutes({ journal, ready }: Deps): Route[] {
  return [
    route({ ...open('/healthz', 'checkAlive', '存活检查', 'Liveness'), answer: health }, async () => ({
      status: 'ok' as const,
      version,
    })),
    route(
      {
        ...open('/readyz', 'checkReady', '就绪检查', 'Readiness: started, not stopping, and the database answers'),
        answer: health,
        refusals: ['not-ready', 'database-unavailable'],
      },
      async () => (ready() ? databaseAnswers(journal) : commonRefusal('not-ready')),
    ),
  ];
}

async function databaseAnswers(journal: Journal): Promise<Refusal | z.infer<typeof health>> {
  try {
    await journal.db.query('select 1 as one');
    return { status: 'ok', version };
  } catch {
    // Its own failures are logged where they happen; a balancer asks every few seconds.
    return commonRefusal('database-unavailable');
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
