/** The hall on the big screen: one question, what happens now. On a phone it is the seat. */
import './page.css';
import { useEffect, useState } from 'react';
import { useServerNow } from '../../../api/clock.ts';
import { clockTime, epochOf, money, shortHash } from '../../../i18n/format.ts';
import { A, useSpeech } from '../../../i18n/provider.tsx';
import { classes } from '../../../kit/elements.tsx';
import { Mark } from '../../../kit/icons.tsx';
import { Countdown } from '../../../parts/countdown.tsx';
import { Reading } from '../../../parts/states.tsx';
import { useDocumentLanguage } from '../../../shell/parts.tsx';
import type { Head, PageProps } from '../../page.ts';
import type { HallState, LotView } from '../hall-state.ts';
import { useHall, useProjectOf } from '../use-hall.ts';
import { Ladder } from './ladder.tsx';
import type { Text } from './page.zh.ts';
import { Faults, Next, Quorum, Strip } from './parts.tsx';
import { Prices } from './prices.tsx';
import { SoundButton } from './sound.tsx';

export const head = (t: Text): Head => ({ title: t.title });

/** The hall's own colours, whatever the reader has chosen; his choice returns when he leaves. */
function useHallTheme(): void {
  useEffect(() => {
    const { dataset } = document.documentElement;
    const before = dataset.theme;
    dataset.theme = 'hall';
    return () => {
      if (before === undefined) delete dataset.theme;
      else dataset.theme = before;
    };
  }, []);
}

export default function Screen({ t, params }: PageProps<Text>) {
  useHallTheme();
  useDocumentLanguage();
  const code = params['code'] ?? '';
  const { list, found, project } = useProjectOf(code);
  const { hall, live } = useHall(found?.openingId);
  const { words } = useSpeech();
  const lots = project?.lots ?? [];
  const [lot, choose] = useLot(lots.map((l) => l.id));
  const shown = hall?.opening.lots.find((l) => l.lot === lot) ?? null;
  const ceiling = lots.find((l) => l.id === lot)?.ceilingFen ?? null;
  const said = live === 'live' ? words.live : live === 'off' ? words.disconnected : words.reconnecting;
  return (
    <Reading of={list}>
      {() =>
        found ? (
          <main className="hall" id="main">
            <Top t={t} code={code} name={found.name} room={project?.schedule.openingRoom} ceiling={ceiling} />
            {lots.length > 1 ? <Lots t={t} lots={lots} shown={lot} choose={choose} /> : null}
            {hall && shown ? (
              <Course t={t} hall={hall} lot={shown} ceiling={ceiling} />
            ) : (
              <Before t={t} deadline={found.deadline} />
            )}
            <footer>
              <span className={classes('hall-live', live)} role="status" data-mark="live">
                <span className="yg-dot" aria-hidden="true" /> {said}
              </span>
              <SoundButton t={t} hall={hall} />
              <A to={`/hall/${code}/seat`}>{t.seat}</A>
              <span className="hall-proof">
                {shown?.close
                  ? t.proof(shortHash(shown.close.setSha256), clockTime(epochOf(shown.close.at)))
                  : t.noProof}
              </span>
            </footer>
          </main>
        ) : (
          <main className="hall" id="main">
            <h1>{t.unknown}</h1>
            <p>{t.unknownHelp}</p>
          </main>
        )
      }
    </Reading>
  );
}

/** The chosen lot, or each in turn for twenty seconds, by server time alike everywhere. */
function useLot(ids: readonly string[]): [string | undefined, (lot: string | null) => void] {
  const [chosen, choose] = useState<string | null>(null);
  const now = useServerNow(5000);
  const turn = ids.length === 0 || now === null ? 0 : Math.floor(now / 20_000) % ids.length;
  return [chosen ?? ids[turn], choose];
}

type TopProps = { t: Text; code: string; name: string; room: string | undefined; ceiling: string | null };

function Top({ t, code, name, room, ceiling }: TopProps) {
  const { language } = useSpeech();
  const now = useServerNow();
  return (
    <header>
      <Mark size={64} />
      <div className="what">
        <h1>{name}</h1>
        <p>{[room, code, ...(ceiling ? [t.ceiling(money(ceiling, language))] : [])].filter(Boolean).join(' · ')}</p>
      </div>
      <div className="when">
        <b className="num">{now === null ? '--:--:--' : clockTime(now)}</b>
        <span>{t.serverTime}</span>
      </div>
    </header>
  );
}

type LotsProps = {
  t: Text;
  lots: readonly { readonly id: string; readonly name: string }[];
  shown: string | undefined;
  choose: (lot: string | null) => void;
};

function Lots({ t, lots, shown, choose }: LotsProps) {
  return (
    <nav className="hall-lots" aria-label={t.lots}>
      {lots.map(({ id, name }) => (
        <button key={id} type="button" aria-pressed={id === shown} onClick={() => choose(id)}>
          {name}
        </button>
      ))}
      <button type="button" onClick={() => choose(null)}>
        {t.follow}
      </button>
    </nav>
  );
}

function Before({ t, deadline }: { t: Text; deadline: string }) {
  const now = useServerNow();
  const over = now !== null && now >= epochOf(deadline);
  return (
    <section className="hall-before">
      <h2>{over ? t.waitLock : t.before}</h2>
      <Countdown until={deadline} big />
      {over ? null : <p className="strong">{t.nobodyKnows}</p>}
      <p>{t.beforeHelp}</p>
    </section>
  );
}

type CourseProps = { t: Text; hall: HallState; lot: LotView; ceiling: string | null };

function Course({ t, hall, lot, ceiling }: CourseProps) {
  const { opening } = hall;
  const offers = hall.offers[lot.lot];
  return (
    <>
      <Strip t={t} opening={opening} lot={lot} />
      <div className="hall-middle">
        {offers && lot.announcedAt ? (
          <Prices t={t} offers={offers} announcedAt={lot.announcedAt} />
        ) : lot.status === 'waiting' ? (
          <Before t={t} deadline={opening.deadline} />
        ) : (
          <Counting t={t} k={opening.k} lot={lot} />
        )}
        <aside>
          <Quorum t={t} opening={opening} lot={lot} />
          <Faults t={t} lot={lot} />
          <Next t={t} opening={opening} lot={lot} />
        </aside>
      </div>
      {offers ? <Ladder t={t} offers={offers} ceiling={ceiling} /> : null}
    </>
  );
}

/** After the close: counts only. */
function Counting({ t, k, lot }: { t: Text; k: number; lot: LotView }) {
  const { status, standing, released, opened } = lot;
  const all = standing ?? 0;
  const big =
    status === 'terminated'
      ? t.terminated
      : status === 'failed'
        ? t.failed(all)
        : status === 'opened'
          ? t.waitAnnounce
          : status === 'released'
            ? t.openedCount(opened, all)
            : released.length > 0
              ? t.released(released.length, k)
              : t.locked(all);
  return (
    <section className="hall-before" aria-live="polite" data-mark="counting">
      <p className="hall-big">{big}</p>
      <p>{t.countOnly}</p>
    </section>
  );
}
