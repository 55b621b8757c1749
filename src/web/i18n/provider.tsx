/** The language of the page, its common words, and links that keep it. */
import { createContext, type ReactNode, use, useMemo } from 'react';
import { Link, type LinkProps, useLocation } from 'react-router';
import { type Language, languageOf, pathIn, plainPath } from './language.ts';
import { type Words, words } from './words.ts';

type Speech = { readonly language: Language; readonly words: Words };
const SpeechContext = createContext<Speech>({ language: 'zh', words: words.zh });

/** Follows the address: switching the language is a navigation, without a reload. */
export function SpeechProvider({ children }: { children: ReactNode }) {
  const language = languageOf(useLocation().pathname);
  const speech = useMemo(() => ({ language, words: words[language] }), [language]);
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

export const useSpeech = (): Speech => use(SpeechContext);

/** The text of a pair that the server gave in both languages. */
export const useSaid = (): ((pair: { readonly zh: string; readonly en: string }) => string) => {
  const { language } = useSpeech();
  return (pair) => pair[language] || pair.zh;
};

/** The entrance is part of the desk's entry: the key opened there stays open. */
const isDesk = (path: string): boolean => /^\/(desk|login|enrol|register)(\/|$|\?)/.test(plainPath(path));

/** A link within the site, in the reader's language. Between the public pages and the desk the browser loads the other entry. */
export function A({ to, ...rest }: Omit<LinkProps, 'to'> & { readonly to: string }) {
  const { language } = useSpeech();
  const { pathname } = useLocation();
  const href = pathIn(language, to);
  return isDesk(to) === isDesk(pathname) ? <Link to={href} {...rest} /> : <a href={href} {...rest} />;
}
