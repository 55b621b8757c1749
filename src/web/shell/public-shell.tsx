/** The frame of the public pages: a bar of six words, the page, a foot. */
import { type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { plainPath } from '../i18n/language.ts';
import { A, useSpeech } from '../i18n/provider.tsx';
import { classes } from '../kit/elements.tsx';
import { Mark, Menu } from '../kit/icons.tsx';
import { OtherLanguage, ServerClock, ThemeChoice, useDocumentLanguage } from './parts.tsx';

const sections = [
  { path: '/notices', zh: '公告', en: 'Notices' },
  { path: '/openings', zh: '开标', en: 'Openings' },
  { path: '/results', zh: '结果', en: 'Results' },
  { path: '/check', zh: '查验', en: 'Check' },
  { path: '/log', zh: '日志', en: 'Log' },
  { path: '/stats', zh: '统计', en: 'Statistics' },
] as const;

export function PublicShell({ children }: { children: ReactNode }) {
  const { language, words } = useSpeech();
  const { pathname } = useLocation();
  const here = plainPath(pathname);
  const [open, setOpen] = useState(false);
  useDocumentLanguage();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a navigation closes the menu
  useEffect(() => setOpen(false), [pathname]);
  return (
    <>
      <a className="yg-skip" href="#main">
        {words.skip}
      </a>
      <header className="yg-shell-bar">
        <div className="yg-wrap">
          <A to="/" className="yg-home">
            <Mark />
            <span>
              <b>{words.name}</b>
              <span className="small muted">{words.city}</span>
            </span>
          </A>
          <button
            type="button"
            className="yg-button quiet yg-menu"
            aria-expanded={open}
            aria-controls="sections"
            onClick={() => setOpen(!open)}
          >
            <Menu />
            <span className="yg-visually-hidden">{words.menu}</span>
          </button>
          <nav id="sections" aria-label={words.navigation} className={classes(open && 'open')}>
            {sections.map((section) => (
              <A
                key={section.path}
                to={section.path}
                className="yg-bar-link"
                aria-current={here === section.path || here.startsWith(`${section.path}/`) ? 'page' : undefined}
              >
                {section[language]}
              </A>
            ))}
          </nav>
          <ServerClock />
          <OtherLanguage />
          <Entrance />
        </div>
      </header>
      <main id="main" className="yg-main">
        <div className="yg-wrap">{children}</div>
      </main>
      <footer className="yg-foot">
        <div className="yg-wrap">
          <span>{words.footer}</span>
          <nav aria-label={words.verifyYourself}>
            <A to="/guide">{words.verifyYourself}</A>
            <A to="/log">{words.publicLog}</A>
            <a href="/api">{words.api}</a>
            <A to="/a11y">{words.accessibility}</A>
            <ThemeChoice />
          </nav>
        </div>
      </footer>
    </>
  );
}

/** To the desk for those who are signed in on this browser, to the log-in for all others. */
function Entrance() {
  const { language, words } = useSpeech();
  const [signedIn, setSignedIn] = useState(false);
  useEffect(() => setSignedIn(localStorage.getItem('yg-signed-in') === '1'), []);
  return signedIn ? (
    <A to="/desk/today" className="yg-button primary">
      {language === 'zh' ? '工作台' : 'My desk'}
    </A>
  ) : (
    <A to="/login" className="yg-button primary">
      {words.logIn}
    </A>
  );
}
