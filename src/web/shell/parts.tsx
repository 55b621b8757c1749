/** What both shells carry: the server's clock, the other language, the choice of appearance. */
import { useEffect } from 'react';
import { Link, useLocation } from 'react-router';
import { useServerNow } from '../api/clock.ts';
import { clockTime } from '../i18n/format.ts';
import { pathIn, plainPath } from '../i18n/language.ts';
import { useSpeech } from '../i18n/provider.tsx';
import { type Choice, chooseTheme, useThemeChoice } from './theme.ts';

export function ServerClock({ oneLine = false }: { oneLine?: boolean }) {
  const { words } = useSpeech();
  const now = useServerNow();
  return (
    <span className={oneLine ? 'yg-clock one-line' : 'yg-clock'}>
      <b className="num">{now === null ? '--:--:--' : clockTime(now)}</b> <span>{words.serverTime}</span>
    </span>
  );
}

export function OtherLanguage() {
  const { language, words } = useSpeech();
  const { pathname, search } = useLocation();
  const other = language === 'zh' ? 'en' : 'zh';
  return (
    <Link className="yg-bar-link" lang={other} hrefLang={other} to={`${pathIn(other, plainPath(pathname))}${search}`}>
      {words.otherLanguage}
    </Link>
  );
}

export function ThemeChoice() {
  const { words } = useSpeech();
  const choice = useThemeChoice();
  const names: readonly (readonly [Choice, string])[] = [
    ['system', words.themeSystem],
    ['light', words.themeLight],
    ['dark', words.themeDark],
  ];
  return (
    <label className="yg-theme small">
      <span>{words.theme}</span>
      <select value={choice} onChange={(event) => chooseTheme(event.target.value as Choice)}>
        {names.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Sets the document's language; `html lang` belongs to the address. */
export function useDocumentLanguage(): void {
  const { language } = useSpeech();
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
}
