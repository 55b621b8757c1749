/** Routes of the house itself: root page, health, metrics, OpenAPI and its reading page. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { utf8 } from './formats/bytes.ts';
import type { Journal } from './journal/act.ts';
import { metrics } from './platform/http/metrics.ts';
import { openApiDocument } from './platform/http/openapi.ts';
import { BinaryAnswer, type Route, route } from './platform/http/route.ts';

export const version: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

const health = z.object({ status: z.enum(['ok', 'unavailable']), version: z.string() });

/** The system routes; `routes` are all the rooms' routes, for the OpenAPI document. */
export function systemRoutes({ journal }: { journal: Journal }, routes: readonly Route[]): Route[] {
  let document: Uint8Array | undefined;
  const html = (text: string) => new BinaryAnswer(utf8(text), 'text/html; charset=utf-8');
  return [
    route(
      {
        method: 'GET',
        path: '/',
        name: 'showRoot',
        who: 'anyone',
        summary: { zh: '首页', en: 'Root page' },
        answer: 'binary',
        refusals: [],
      },
      async () => html(rootPage(routes.length)),
    ),
    route(
      {
        method: 'GET',
        path: '/healthz',
        name: 'checkAlive',
        who: 'anyone',
        summary: { zh: '存活检查', en: 'Liveness' },
        answer: health,
        refusals: [],
      },
      async () => ({ status: 'ok' as const, version }),
    ),
    route(
      {
        method: 'GET',
        path: '/readyz',
        name: 'checkReady',
        who: 'anyone',
        summary: { zh: '就绪检查', en: 'Readiness: the database answers' },
        answer: health,
        refusals: [],
      },
      async () => {
        await journal.db.query('select 1 as one');
        return { status: 'ok' as const, version };
      },
    ),
    route(
      {
        method: 'GET',
        path: '/metrics',
        name: 'readMetrics',
        who: 'anyone',
        summary: { zh: '运行指标', en: 'Prometheus metrics' },
        answer: 'binary',
        refusals: [],
      },
      async () => new BinaryAnswer(utf8(await metrics.registry.metrics()), metrics.registry.contentType),
    ),
    route(
      {
        method: 'GET',
        path: '/openapi.json',
        name: 'readOpenApi',
        who: 'anyone',
        summary: { zh: '接口文档（OpenAPI 3.1）', en: 'OpenAPI 3.1 document' },
        answer: 'binary',
        refusals: [],
      },
      async () => {
        document ??= utf8(JSON.stringify(openApiDocument(routes, version)));
        return new BinaryAnswer(document, 'application/json');
      },
    ),
    route(
      {
        method: 'GET',
        path: '/style.css',
        name: 'readStyle',
        who: 'anyone',
        summary: { zh: '样式', en: 'Style sheet' },
        answer: 'binary',
        refusals: [],
      },
      async () => new BinaryAnswer(utf8(style), 'text/css; charset=utf-8'),
    ),
    route(
      {
        method: 'GET',
        path: '/api',
        name: 'browseApi',
        who: 'anyone',
        summary: { zh: '接口一览', en: 'Browsable list of the interface' },
        answer: 'binary',
        refusals: [],
      },
      async () => html(apiPage(routes)),
    ),
  ];
}

const page = (title: string, main: string) => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><link rel="stylesheet" href="/style.css"></head>
<body><header><a href="/">阳光交易 <span lang="en">Yangguang</span></a></header><main>${main}</main></body></html>`;

function rootPage(count: number): string {
  return page(
    '阳光交易 Yangguang',
    `<h1>看得见的公共资源交易</h1><p lang="en">Public-resource trading that anyone can check.</p>
<p>本系统正在建设：目前只有平台框架，尚不能登记、投标、开标或定标。</p>
<p lang="en">Under construction: only the frame stands; nothing can be registered, sealed, opened or awarded yet.</p>
<ul><li><a href="/api">接口一览 <span lang="en">Interface (${count} operations)</span></a></li><li><a href="/openapi.json">OpenAPI 3.1</a></li></ul>`,
  );
}

function apiPage(routes: readonly Route[]): string {
  const rows = routes.map(({ spec }) => {
    const who = typeof spec.who === 'string' ? spec.who : spec.who.join(', ');
    return `<tr><td><code>${spec.method}</code></td><td><code>${spec.path}</code></td><td>${spec.summary.zh}<br><span lang="en">${spec.summary.en}</span></td><td>${who}</td><td>${spec.refusals.map((r) => `<code>${r}</code>`).join(' ')}</td></tr>`;
  });
  return page(
    '接口一览 Interface',
    `<h1>接口一览 <span lang="en">Interface</span></h1><p><a href="/openapi.json">OpenAPI 3.1</a></p><div class="scroll" tabindex="0"><table><thead><tr><th>方法</th><th>路径</th><th>说明</th><th>谁可用</th><th>拒绝码</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`,
  );
}

const style = `:root{color-scheme:light}body{margin:0;background:#F4F6F5;color:#15232B;font:16px/1.625 -apple-system,"Segoe UI",Roboto,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
header{background:#fff;border-bottom:1px solid #D8DFDC;padding:20px 24px;font-weight:650}header a{color:#15232B;text-decoration:none}header span{color:#58676E;font-weight:400}
main{max-width:1100px;margin:40px auto;padding:0 24px}h1{font-size:32px;line-height:1.25}a{color:#0B5D6B}[lang=en]{color:#43535B}
li{margin:8px 0}.scroll{overflow-x:auto;background:#fff;border:1px solid #D8DFDC;border-radius:12px}table{border-collapse:collapse;width:100%;font-size:14px}th,td{text-align:left;vertical-align:top;padding:10px 12px;border-bottom:1px solid #D8DFDC}th{background:#EAEEEC}code{font-family:ui-monospace,Consolas,monospace;font-size:13px}`;
