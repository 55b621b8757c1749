/** The language stands in the address (`/en/...`), so that a link says what its reader will see. */
export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

/** What `lang` and hreflang attributes say. */
export const languageTag: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en' };

export const languageOf = (pathname: string): Language => (/^\/en(\/|$)/.test(pathname) ? 'en' : 'zh');

/** The path without its language. */
export const plainPath = (pathname: string): string =>
  languageOf(pathname) === 'en' ? pathname.slice(3) || '/' : pathname;

/** The path in a language; anything but an absolute path of this site is left as it is. */
export function pathIn(language: Language, path: string): string {
  if (!path.startsWith('/') || path.startsWith('//')) return path;
  const plain = plainPath(path.replace(/[?#].*/, ''));
  const rest = path.slice(path.replace(/[?#].*/, '').length);
  return `${language === 'en' ? (plain === '/' ? '/en' : `/en${plain}`) : plain}${rest}`;
}
