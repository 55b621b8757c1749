/** The frame of work: a side list with counts of things to do, a bar with place and clock. Under 1100 px the list is a drawer. */
import { type ReactNode, use, useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { type Role, useSession } from '../api/session.ts';
import { plainPath } from '../i18n/language.ts';
import { A, useSpeech } from '../i18n/provider.tsx';
import { classes } from '../kit/elements.tsx';
import { Mark, Menu } from '../kit/icons.tsx';
import { PagesContext } from '../pages/outlet.tsx';
import type { PageRoute } from '../pages/page.ts';
import { useLogOut } from './log-out.ts';
import { OtherLanguage, ServerClock, ThemeChoice, useDocumentLanguage } from './parts.tsx';

const mayOpen = (route: PageRoute, roles: readonly Role[]): boolean =>
  typeof route.who === 'string' ? true : route.who.some((role) => roles.includes(role));

export function DeskShell({ children }: { children: ReactNode }) {
  const { words } = useSpeech();
  const { pathname } = useLocation();
  const [open, setOpen] = useState(false);
  useDocumentLanguage();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a navigation closes the drawer
  useEffect(() => setOpen(false), [pathname]);
  return (
    <div className="yg-desk">
      <a className="yg-skip" href="#main">
        {words.skip}
      </a>
      <aside className={classes('yg-side', open && 'open')}>
        <A to="/" className="yg-home">
          <Mark size={32} />
          <b>{words.name}</b>
        </A>
        <SideList />
        <Whose />
      </aside>
      <div className="yg-desk-main">
        <header className="yg-shell-bar desk">
          <button type="button" className="yg-button quiet yg-menu" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Menu />
            <span className="yg-visually-hidden">{words.menu}</span>
          </button>
          <span className="yg-grow" />
          <ServerClock oneLine />
          <OtherLanguage />
        </header>
        <main id="main" className="yg-main">
          {children}
        </main>
      </div>
    </div>
  );
}

function SideList() {
  const { language, words } = useSpeech();
  const session = useSession();
  const here = plainPath(useLocation().pathname);
  const lines = use(PagesContext).filter(({ nav }) => nav !== null);
  return (
    <nav aria-label={words.deskNavigation}>
      <ul>
        {lines
          .filter((route) => session && mayOpen(route, session.roles))
          .map((route) => (
            <li key={route.path}>
              <A
                to={route.path}
                className="yg-side-link"
                aria-current={here === route.path || here.startsWith(`${route.path}/`) ? 'page' : undefined}
              >
                {route.nav?.[language]}
              </A>
            </li>
          ))}
      </ul>
    </nav>
  );
}

/** Who works here, and the way out. */
function Whose() {
  const { words } = useSpeech();
  const session = useSession();
  const logOut = useLogOut();
  return (
    <div className="yg-whose small">
      {session ? (
        <>
          <p>
            {session.name ? <b>{session.name}</b> : null}
            {session.organisationName ? <span className="yg-line">{session.organisationName}</span> : null}
            <span className="yg-line muted">{session.roles.map((role) => words.roles[role]).join(' · ')}</span>
          </p>
          <button type="button" className="yg-button small" onClick={() => void logOut()}>
            {words.logOut}
          </button>
        </>
      ) : null}
      <ThemeChoice />
    </div>
  );
}
