/** The document around a page. Nothing of it is inline script or style; data travel in a JSON element with `<` escaped. */
import { type Language, languageTag, pathIn, plainPath } from './i18n/language.ts';
import type { Head } from './pages/page.ts';

export type Assets = {
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
  readonly preloads: readonly string[];
};

export type DocumentParts = {
  readonly language: Language;
  readonly head: Head;
  readonly siteName: string;
  /** Public origin without slash at its end. */
  readonly origin: string;
  readonly pathname: string;
  readonly assets: Assets;
  readonly body: string;
  readonly state: unknown;
  readonly theme: 'light' | 'dark' | 'system';
  /** Only for pages whose styles are made in the browser (desk). */
  readonly nonce?: string;
};

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const text = (value: string) => value.replace(/[&<>"]/g, (sign) => escapes[sign]!);

/** JSON that may stand in a script element: no `<`, and no line separators that old parsers took for line ends. */
export const embedded = (value: unknown): string =>
  JSON.stringify(value).replace(/[<\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

export function htmlDocument(parts: DocumentParts): string {
  const { language, head, origin, pathname, assets } = parts;
  const title = `${head.title} · ${parts.siteName}`;
  const address = (other: Language) => text(`${origin}${pathIn(other, plainPath(pathname))}`);
  const theme = parts.theme === 'system' ? '' : ` data-theme="${parts.theme}"`;
  const lines = [
    '<!doctype html>',
    `<html lang="${languageTag[language]}"${theme}>`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${text(title)}</title>`,
    head.description ? `<meta name="description" content="${text(head.description)}">` : '',
    head.noindex ? '<meta name="robots" content="noindex">' : '',
    `<link rel="canonical" href="${address(language)}">`,
    `<link rel="alternate" hreflang="zh-CN" href="${address('zh')}">`,
    `<link rel="alternate" hreflang="en" href="${address('en')}">`,
    `<meta property="og:title" content="${text(title)}">`,
    head.description ? `<meta property="og:description" content="${text(head.description)}">` : '',
    '<meta property="og:type" content="website">',
    `<meta property="og:url" content="${address(language)}">`,
    '<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">',
    '<link rel="alternate" type="application/atom+xml" title="Atom" href="/feed.atom">',
    parts.nonce ? `<meta name="csp-nonce" content="${parts.nonce}">` : '',
    ...assets.styles.map((href) => `<link rel="stylesheet" href="${href}">`),
    ...assets.preloads.map((href) => `<link rel="modulepreload" href="${href}">`),
    ...assets.scripts.map((src) => `<script type="module" src="${src}"></script>`),
    '</head>',
    `<body><div id="root">${parts.body}</div>`,
    parts.state === null ? '' : `<script type="application/json" id="state">${embedded(parts.state)}</script>`,
    '</body></html>',
  ];
  return lines.filter((entry) => entry !== '').join('\n');
}
