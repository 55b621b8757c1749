/** The interface as a page to read: the same OpenAPI document, grouped by room, Chinese first. */
import type { RefusalText } from '../refusal.ts';
import { escapeHtml } from './page.ts';
import type { Role, Route, Who } from './route.ts';
import { type JsonSchema, schemaText } from './schema-text.ts';

type Media = Readonly<Record<string, { readonly schema?: JsonSchema }>>;
type Operation = {
  readonly operationId?: string;
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema?: JsonSchema }[];
  readonly requestBody?: { readonly content: Media };
  readonly responses?: Readonly<Record<string, { readonly content?: Media }>>;
};
/** What this page reads of an OpenAPI document. */
export type ApiDocument = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, JsonSchema>> };
};

/** Groups of operations; `of` are the first segments after /api that belong to one. What stands outside /api is `system`. */
export type ApiGroups = Readonly<
  Record<string, { readonly zh: string; readonly en: string; readonly of: readonly string[] }>
>;

export const roleNames: Readonly<Record<Role, string>> = {
  bidder: '投标人',
  tenderer: '招标人',
  agency: '代理机构',
  host: '主持人',
  witness: '见证人',
  supervisor: '监督人员',
  finance: '财务',
  expert: '评标专家',
  auditor: '审计',
  administrator: '系统管理员',
};

/** The group of a path; a segment that no group names is a group of its own. */
export function groupOf(path: string, groups: ApiGroups): string {
  const segment = /^\/api\/([\w-]+)/.exec(path)?.[1] ?? 'system';
  return Object.keys(groups).find((name) => groups[name]!.of.includes(segment)) ?? segment;
}

/** The HTML of the page's main part. `texts` explains the common refusals. */
export function apiMain(
  routes: readonly Route[],
  document: ApiDocument,
  groups: ApiGroups,
  texts: Readonly<Record<string, RefusalText>>,
): string {
  const byGroup = Map.groupBy(routes, ({ spec }) => groupOf(spec.path, groups));
  const order = [...new Set([...Object.keys(groups), ...byGroup.keys()])].filter((name) => byGroup.has(name));
  const nameOf = (name: string) => groups[name] ?? { zh: name, en: name };
  const contents = order.map(
    (name) => `<a href="#group-${name}">${escapeHtml(nameOf(name).zh)}<i>${byGroup.get(name)!.length}</i></a>`,
  );
  const operations = new Map(
    Object.values(document.paths)
      .flatMap((methods) => Object.values(methods))
      .map((operation) => [operation.operationId, operation]),
  );
  const sections = order.map((name) => {
    const rows = byGroup
      .get(name)!
      .map((route) => operationRow(route, operations.get(route.spec.name) ?? {}, document));
    const { zh, en } = nameOf(name);
    return `<section class="group" id="group-${name}"><h2>${escapeHtml(zh)}<span lang="en">${escapeHtml(en)}</span></h2>${rows.join('')}</section>`;
  });
  return `<h1>接口一览<span lang="en">Interface</span></h1>
<p>共 ${routes.length} 项操作，均为 JSON。机器可读的文档：<a href="/openapi.json">/openapi.json</a>（OpenAPI 3.1）。</p>
<p lang="en">${routes.length} operations in JSON; the same as a document for machines in OpenAPI 3.1.</p>
<div class="columns"><nav class="contents" aria-label="分组">${contents.join('')}<a href="#all">通用规则<i></i></a></nav><div>${sections.join('\n')}
<section class="group" id="all"><h2>通用规则<span lang="en">Rules for all</span></h2>${generalRules}${commonTable(texts)}</section></div></div>`;
}

const generalRules = `<table class="facts"><tbody>
<tr><th scope="row">登录<span lang="en">Log-in</span></th><td>用证书对登录文本签名，换取会话 Cookie；改动数据时请带 <code>X-CSRF-Token</code>。<span lang="en">Sign a log-in text with your certificate for a session cookie; changes also carry X-CSRF-Token.</span></td></tr>
<tr><th scope="row">重复提交<span lang="en">Repeating</span></th><td>带同一 <code>Idempotency-Key</code> 重发，得到第一次的答复。<span lang="en">A repeated Idempotency-Key gives the first answer again.</span></td></tr>
<tr><th scope="row">拒绝<span lang="en">Refusals</span></th><td><code>application/problem+json</code>（RFC 9457）：<code>code</code> 不变，另有中英文说明与请求编号。<span lang="en">A stable code, both languages and the request id.</span></td></tr>
<tr><th scope="row">金额与时间<span lang="en">Money, time</span></th><td>金额为以分计的十进制文本；时间为 UTC，六位小数。<span lang="en">Money is a decimal text of fen; time is RFC 3339 UTC with six decimals.</span></td></tr>
</tbody></table>`;

function commonTable(texts: Readonly<Record<string, RefusalText>>): string {
  const rows = Object.entries(texts).map(
    ([code, { status, zh, en }]) =>
      `<tr><th scope="row"><code>${code}</code> ${status}</th><td>${escapeHtml(zh)}<span lang="en">${escapeHtml(en)}</span></td></tr>`,
  );
  return `<h3>任何操作都可能的拒绝<span lang="en">Refusals of any operation</span></h3><table class="facts"><tbody>${rows.join('')}</tbody></table>`;
}

function operationRow({ spec }: Route, operation: Operation, document: ApiDocument): string {
  const named = document.components?.schemas ?? {};
  const path = escapeHtml(spec.path.replace(/[{}]/g, '')).replace(/:(\w+)/g, '<em>:$1</em>');
  const block = (zh: string, en: string, content: string) =>
    content === '' ? '' : `<h3>${zh}<span lang="en">${en}</span></h3>${content}`;
  const success = Object.entries(operation.responses ?? {}).find(([status]) => status !== 'default');
  const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in !== 'header');
  const parameterText = parameters
    .map((p) => `${p.name}${p.required ? '' : '?'}: ${schemaText(p.schema ?? {}, named)}   (${p.in})`)
    .join('\n');
  const codes = spec.refusals.map((code) => `<li><code>${escapeHtml(code)}</code></li>`).join('');
  return `<details id="${spec.name}"><summary><span class="method ${spec.method}">${spec.method}</span><code class="path">${path}</code><span class="who">${whoText(spec.who)}</span><span class="said">${escapeHtml(spec.summary.zh)}<span lang="en">${escapeHtml(spec.summary.en)}</span></span></summary><div class="inside">${[
    block('参数', 'Parameters', parameterText === '' ? '' : `<pre tabindex="0">${escapeHtml(parameterText)}</pre>`),
    block('请求', 'Request', mediaText(operation.requestBody?.content, named)),
    block(`答复 ${success?.[0] ?? ''}`, 'Answer', mediaText(success?.[1].content, named)),
    block('拒绝', 'Refusals', codes === '' ? '' : `<ul class="codes">${codes}</ul>`),
  ].join('')}</div></details>`;
}

function mediaText(content: Media | undefined, named: Readonly<Record<string, JsonSchema>>): string {
  return Object.entries(content ?? {})
    .map(([type, { schema }]) => {
      const text = /json/.test(type) ? schemaText(schema ?? {}, named) : '原始字节 / raw octets';
      return `<pre tabindex="0">${escapeHtml(text)}</pre>`;
    })
    .join('');
}

function whoText(who: Who): string {
  const said = (zh: string, en: string) => `${zh}<span lang="en">${en}</span>`;
  if (who === 'anyone') return said('任何人', 'anyone');
  if (who === 'signed-in') return said('已登录者', 'signed in');
  return said(who.map((role) => roleNames[role]).join('、'), who.join(', '));
}
