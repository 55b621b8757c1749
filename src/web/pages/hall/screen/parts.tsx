/** The strip of stages, the quorum's card, what comes next, faults. */
import { useServerNow } from '../../../api/clock.ts';
import { clockTime, epochOf, shortHash } from '../../../i18n/format.ts';
import { useSpeech } from '../../../i18n/provider.tsx';
import { classes } from '../../../kit/elements.tsx';
import { Shield, Tick } from '../../../kit/icons.tsx';
import { Countdown } from '../../../parts/countdown.tsx';
import { type LotView, type OpeningView, type Stage, stageOf, stages } from '../hall-state.ts';
import { useOfficers } from '../use-hall.ts';
import type { Text } from './page.zh.ts';

type OfLot = { readonly t: Text; readonly opening: OpeningView; readonly lot: LotView };

const time = (at: string | null | undefined) => (at ? clockTime(epochOf(at)) : '');

/** What a stage says beside its name. */
function figureOf(stage: Stage, { opening, lot }: Omit<OfLot, 't'>): string {
  if (stage === 'close') return time(lot.close?.at);
  if (stage === 'release') return `${lot.released.length} / ${opening.k}`;
  if (stage === 'open') return lot.standing === null ? '' : `${lot.opened} / ${lot.standing}`;
  if (stage === 'announce') return time(lot.announcedAt);
  if (stage === 'sign') return opening.record ? `${opening.record.signedBy.length} / 2` : '';
  return '';
}

export function Strip(props: OfLot) {
  const { t, opening, lot } = props;
  const now = useServerNow() ?? 0;
  const stage = stageOf(opening, lot, now);
  const at = stage === null ? 0 : stages.indexOf(stage);
  const ended = stage === 'sign' && opening.record?.pdf;
  return (
    <ol className="hall-strip">
      {stages.map((one, i) => {
        const done = i < at || (stage !== null && one === 'close') || Boolean(ended);
        const current = i === at && !done;
        return (
          <li
            key={one}
            className={classes(done && 'done', current && 'now')}
            aria-current={current ? 'step' : undefined}
          >
            {done ? <Tick size={16} /> : null}
            <b>{t.stages[one]}</b> <span className="num">{figureOf(one, props)}</span>
          </li>
        );
      })}
    </ol>
  );
}

export function Quorum({ t, opening, lot }: OfLot) {
  const { words } = useSpeech();
  const officers = useOfficers(lot.close?.policy);
  const named = new Map(officers.map(({ x, role }) => [x, role]));
  const roleOf = (x: number) => words.roles[named.get(x) as keyof typeof words.roles] ?? t.officer(x);
  return (
    <section className="hall-card" data-mark="quorum">
      <h2>{t.keys(opening.n, opening.k)}</h2>
      <ul>
        {Array.from({ length: opening.n }, (_, i) => i + 1).map((x) => {
          const given = lot.released.find((r) => r.x === x);
          return (
            <li key={x} className={classes('officer', given && 'done')}>
              <Shield size={28} />
              <span>
                <b>{roleOf(x)}</b> <small>{given ? t.gave(time(given.at)) : t.notGiven}</small>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

export function Next({ t, opening, lot }: OfLot) {
  const { words } = useSpeech();
  const stage = stageOf(opening, lot, useServerNow() ?? 0);
  const { record } = opening;
  const roles = (record?.signedBy ?? []).map((r) => words.roles[r as keyof typeof words.roles] ?? r).join(' · ');
  return (
    <section className="hall-card" data-mark="next">
      <h2>{t.next}</h2>
      <p>{record?.pdf ? t.recordDone(record.pdf.number) : t.nextText[stage ?? 'before']}</p>
      {stage === 'confirm' && lot.confirmUntil ? (
        <div className="hall-clock">
          {t.confirmLeft} <Countdown until={lot.confirmUntil} />
        </div>
      ) : null}
      {roles ? <p>{t.signed(roles)}</p> : null}
      {lot.objections.map((o) => (
        <p key={o.id} className="hall-objection">
          {t.objections} · {o.answer ? t.answered : t.awaiting}: {o.text}
        </p>
      ))}
    </section>
  );
}

/** Whose fault holds a tender up. */
export function Faults({ t, lot }: Pick<OfLot, 't' | 'lot'>) {
  if (lot.stalled.length === 0) return null;
  return (
    <section className="hall-card bad">
      <h2>{t.faultTitle}</h2>
      {lot.stalled.map(({ manifestSha256, code, owner }) => (
        <p key={manifestSha256}>
          {t.fault(shortHash(manifestSha256), code)} · {t.owners[owner] ?? owner}
        </p>
      ))}
    </section>
  );
}
