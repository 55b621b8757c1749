/** The plain server-rendered page: one shell, one style sheet made of the design tokens (light), no script. */

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Text made safe inside elements and quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign]!);

export type PageLink = { readonly href: string; readonly zh: string; readonly en: string };

/** A whole document around `main` (HTML that the caller has escaped). `links` stand in the head bar; `current` is one of them. */
export function htmlPage(content: {
  readonly title: string;
  readonly main: string;
  readonly links: readonly PageLink[];
  readonly current?: string;
}): string {
  const links = content.links.map(
    ({ href, zh, en }) =>
      `<a href="${escapeHtml(href)}"${href === content.current ? ' aria-current="page"' : ''}>${escapeHtml(zh)}<span lang="en">${escapeHtml(en)}</span></a>`,
  );
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(content.title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<a class="skip" href="#main">跳到正文 <span lang="en">Skip to content</span></a>
<header><div class="bar"><a class="brand" href="/"><b aria-hidden="true"></b>阳光交易<span lang="en">Yangguang</span></a><nav aria-label="主导航">${links.join('')}</nav></div></header>
<main id="main" tabindex="-1">
${content.main}
</main>
<footer><div class="bar"><p>每项操作都写入公开日志，人人可核验。<span lang="en">Every act is written to a public log that anyone can check.</span></p><p><span lang="en">AGPL-3.0-or-later</span></p></div></footer>
</body>
</html>
`;
}

const tokens: Readonly<Record<string, string>> = {
  bg: '#F4F6F5',
  surface: '#FFFFFF',
  sunken: '#EAEEEC',
  line: '#D8DFDC',
  edge: '#74848A',
  text: '#15232B',
  text2: '#43535B',
  text3: '#58676E',
  primary: '#0B5D6B',
  'primary-hover': '#094C58',
  'on-primary': '#FFFFFF',
  'primary-soft': '#E0EFF0',
  sun: '#F2B233',
  'sun-text': '#7A4B00',
  'sun-soft': '#FDF2D8',
  ok: '#1A6E45',
  'ok-soft': '#E2F2E9',
  bad: '#B3261E',
  'bad-soft': '#FCEAE8',
  info: '#2A5CA8',
  'info-soft': '#E7EEF9',
  focus: '#0A58CA',
};

export const styleSheet = `:root{color-scheme:light;${Object.entries(tokens)
  .map(([name, value]) => `--yg-${name}:${value}`)
  .join(';')}}
*{box-sizing:border-box}
html{scroll-padding-top:24px;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--yg-bg);color:var(--yg-text);font:16px/1.625 -apple-system,"Segoe UI",Roboto,"PingFang SC","HarmonyOS Sans SC",MiSans,"Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif;font-variant-numeric:tabular-nums;text-autospace:normal;min-height:100vh;display:flex;flex-direction:column}
:lang(en){color:var(--yg-text3)}
a{color:var(--yg-primary);text-underline-offset:3px}a:hover{color:var(--yg-primary-hover)}
:focus-visible{outline:3px solid var(--yg-focus);outline-offset:2px;border-radius:6px}main:focus{outline:none}
code,pre{font-family:ui-monospace,"SF Mono",Consolas,monospace}
.skip{position:absolute;left:-999px}.skip:focus{left:16px;top:8px;background:var(--yg-surface);padding:8px 12px;z-index:1}
.bar{max-width:1200px;margin:0 auto;padding:0 24px;display:flex;align-items:center;gap:8px 32px;flex-wrap:wrap}
header{background:var(--yg-surface);border-bottom:1px solid var(--yg-line)}
header .bar{min-height:64px}
.brand{display:flex;align-items:center;gap:10px;font-size:20px;font-weight:650;color:var(--yg-text);text-decoration:none;min-height:44px}
.brand span{font-weight:400;font-size:16px}
.brand b{width:22px;height:22px;border-radius:50%;background:var(--yg-sun);border:5px solid var(--yg-sun-soft);box-shadow:0 0 0 2px var(--yg-sun)}
nav{display:flex;flex-wrap:wrap;gap:0 24px}
nav a{display:inline-flex;align-items:center;gap:6px;min-height:44px;text-decoration:none;color:var(--yg-text);border-bottom:3px solid transparent}
nav a span{font-size:14px}nav a:hover{color:var(--yg-primary)}nav a[aria-current]{border-color:var(--yg-primary);color:var(--yg-primary)}
main{flex:1;width:100%;max-width:1200px;margin:0 auto;padding:40px 24px 56px}
footer{border-top:1px solid var(--yg-line);color:var(--yg-text3);font-size:14px}
footer .bar{justify-content:space-between;padding-block:12px}footer p{margin:0}footer span{margin-left:8px}
h1{font-size:40px;line-height:1.2;font-weight:650;margin:0 0 12px;text-wrap:balance}h1 span{display:block;font-size:20px;font-weight:400;line-height:1.5;margin-top:4px}
h2{font-size:28px;line-height:1.3;font-weight:650;margin:56px 0 16px;text-wrap:balance}h2 span{font-size:17px;font-weight:400;margin-left:10px}
h3{font-size:17px;font-weight:650;margin:20px 0 6px}h3 span{font-weight:400;font-size:14px;margin-left:6px}
p{max-width:76ch;margin:0 0 12px}.promises{margin:24px 0 0;padding:0;list-style:none}.promises li{font-size:20px;padding:6px 0 6px 20px;border-left:3px solid var(--yg-sun)}.promises span{display:block;font-size:16px}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr));gap:16px;margin:24px 0 0;padding:0;list-style:none}
.card{background:var(--yg-surface);border:1px solid var(--yg-line);border-radius:12px;padding:20px 24px;height:100%}
.card h3{margin:0 0 4px;font-size:20px}.card h3 a{text-decoration:none}.card p{margin:0 0 6px;color:var(--yg-text2)}.card p:last-child{margin:0}.card p:lang(en){font-size:14px}
.steps{counter-reset:s;list-style:none;margin:32px 0 0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(50%,150px),1fr));gap:20px 0}
.steps li{position:relative;padding:28px 16px 12px 0;border-top:3px solid var(--yg-primary);counter-increment:s}
.steps li::before{content:counter(s);position:absolute;top:-14px;left:0;width:25px;height:25px;border-radius:50%;background:var(--yg-primary);color:var(--yg-on-primary);font-size:14px;font-weight:650;display:grid;place-items:center}
.steps b{display:block;font-weight:650}.steps span{display:block;font-size:14px}
.notice{background:var(--yg-sun-soft);color:var(--yg-sun-text);border-radius:8px;padding:12px 16px;margin:24px 0 0;max-width:none}.notice span{color:inherit;display:block;font-size:14px}
.columns{display:grid;grid-template-columns:260px minmax(0,1fr);gap:40px;align-items:start}
.contents{position:sticky;top:24px;max-height:calc(100vh - 48px);overflow:auto;display:block;border-right:1px solid var(--yg-line);padding-right:16px}
.contents a{display:flex;justify-content:space-between;border:0;gap:10px;min-height:44px}.contents a i{font-style:normal;color:var(--yg-text3)}
.group:first-of-type h2{margin-top:0}
details{background:var(--yg-surface);border:1px solid var(--yg-line);margin-top:-1px}
.group details:first-of-type{border-radius:12px 12px 0 0}.group details:last-of-type{border-radius:0 0 12px 12px}.group details:only-of-type{border-radius:12px}
summary{display:grid;grid-template-columns:64px minmax(0,1fr) auto;gap:2px 12px;align-items:baseline;padding:12px 16px;cursor:pointer;list-style:none;min-height:44px}
summary::-webkit-details-marker{display:none}summary:hover{background:var(--yg-bg)}details[open]>summary{background:var(--yg-primary-soft)}
.method{font:650 14px/1.6 ui-monospace,Consolas,monospace;text-align:center;border-radius:6px;background:var(--yg-info-soft);color:var(--yg-info);padding:1px 0}
.method.POST,.method.PUT,.method.PATCH{background:var(--yg-ok-soft);color:var(--yg-ok)}.method.DELETE{background:var(--yg-bad-soft);color:var(--yg-bad)}
.path{overflow-wrap:anywhere;font-size:15px}.path em{font-style:normal;color:var(--yg-sun-text)}
.said{grid-column:2;display:block}.said span{margin-left:8px;font-size:14px}
.who{font-size:14px;color:var(--yg-text2);text-align:right;max-width:260px;grid-row:1/3;grid-column:3}.who span{display:block}
.inside{padding:4px 20px 20px;border-top:1px solid var(--yg-line)}
pre{background:var(--yg-sunken);border-radius:8px;padding:12px 16px;margin:0;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;font-size:14px;line-height:1.6}
.codes{display:flex;flex-wrap:wrap;gap:6px;margin:0;padding:0;list-style:none}.codes code{background:var(--yg-bad-soft);color:var(--yg-bad);border-radius:6px;padding:2px 8px;font-size:14px}
.facts{border-collapse:collapse;width:100%;font-size:16px;background:var(--yg-surface)}.facts td,.facts th{border:1px solid var(--yg-line);padding:8px 12px;text-align:left;vertical-align:top;font-weight:400}.facts th{background:var(--yg-sunken);width:30%}
.facts span{font-size:14px;display:block}
@media (max-width:900px){.columns{display:block}.contents{position:static;max-height:none;border:0;padding:0;margin:24px 0 32px;display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:0 16px}}
@media (max-width:640px){.bar{padding:0 16px}header nav{gap:0 16px}header nav a span{display:none}main{padding:24px 16px 40px}h1{font-size:32px}h2{font-size:24px;margin-top:40px}h2 span{display:block;margin:0}.promises li{font-size:17px}.promises span{font-size:14px}summary{grid-template-columns:56px minmax(0,1fr)}.who{grid-column:2;grid-row:auto;order:1;text-align:left}.who span{display:inline;margin-left:6px}.said span{display:block;margin:0}.inside{padding:4px 12px 16px}.facts,.facts tbody,.facts tr,.facts td,.facts th{display:block;width:auto}.facts td{border-top:0;margin-bottom:8px}}
@media print{header nav,.contents,.skip{display:none}}
`;
