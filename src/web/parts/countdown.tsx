/** Time left until a moment, always with the moment itself. At zero it waits for the server; it never decides. */
import { useEffect, useRef, useState } from 'react';
import { useServerNow } from '../api/clock.ts';
import { dateTimeText, epochOf } from '../i18n/format.ts';
import { useSpeech } from '../i18n/provider.tsx';
import { classes } from '../kit/elements.tsx';

export type TimeLeft = {
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
};

/** Whole seconds left, rounded up, so that 0 means that the moment has come. */
export function timeLeft(now: number, until: number): TimeLeft | null {
  const left = Math.ceil((until - now) / 1000);
  if (left <= 0) return null;
  return {
    days: Math.floor(left / 86_400),
    hours: Math.floor(left / 3600) % 24,
    minutes: Math.floor(left / 60) % 60,
    seconds: left % 60,
  };
}

/** `compact` is for lists: the largest two units. */
export function Countdown({
  until,
  big = false,
  compact = false,
}: {
  until: string;
  big?: boolean;
  compact?: boolean;
}) {
  const { language, words } = useSpeech();
  const now = useServerNow();
  const at = dateTimeText(until, language, true);
  if (now === null) return <time dateTime={until}>{at}</time>;
  const left = timeLeft(now, epochOf(until));
  const parts = left
    ? ([
        [left.days, words.days],
        [left.hours, words.hours],
        [left.minutes, words.minutes],
        ...(left.days === 0 && !compact ? [[left.seconds, words.seconds] as const] : []),
      ].filter(
        ([n, unit], i, all) => n !== 0 || (i > 0 && all.slice(0, i).some(([m]) => m !== 0)) || unit === words.seconds,
      ) as [number, string][])
    : [];
  return (
    <span className={classes('yg-countdown', big && 'big')}>
      <span role="timer" aria-live="off" className="num">
        {left
          ? parts.slice(0, compact ? 2 : 4).map(([n, unit]) => (
              <span key={unit}>
                <b>{String(n).padStart(unit === words.seconds ? 2 : 1, '0')}</b>
                {` ${unit} `}
              </span>
            ))
          : words.timeUp}
      </span>
      {compact ? null : (
        <time dateTime={until} className="small muted">
          {at}
        </time>
      )}
      <SpokenTime until={until} />
    </span>
  );
}

/** A second, polite region that speaks at ten minutes, five, one, and thirty seconds. */
function SpokenTime({ until }: { until: string }) {
  const { words } = useSpeech();
  const now = useServerNow();
  const left = now === null ? null : Math.ceil((epochOf(until) - now) / 1000);
  const before = useRef<number | null>(null);
  const [said, say] = useState('');
  useEffect(() => {
    const last = before.current;
    before.current = left;
    if (left === null || last === null) return;
    const crossed = [600, 300, 60, 30].find((mark) => last > mark && left <= mark);
    if (crossed) say(words.spoken[crossed] ?? '');
  }, [left, words]);
  return (
    <span className="yg-visually-hidden" aria-live="polite">
      {said}
    </span>
  );
}
