/** A short tone at each step, off until somebody asks; what happens is always written as well. */
import { useEffect, useRef, useState } from 'react';
import type { HallState } from '../hall-state.ts';
import type { Text } from './page.zh.ts';

const stepOf = (hall: HallState | null): string =>
  hall?.opening.lots.map((l) => `${l.status}${l.released.length}`).join() ?? '';

export function SoundButton({ t, hall }: { t: Text; hall: HallState | null }) {
  const [context, setContext] = useState<AudioContext | null>(null);
  const step = stepOf(hall);
  const before = useRef(step);
  useEffect(() => {
    if (context && before.current !== step) beep(context);
    before.current = step;
  }, [context, step]);
  const toggle = () => {
    if (context) void context.close();
    setContext(context ? null : new AudioContext());
  };
  return (
    <button type="button" aria-pressed={context !== null} title={t.soundHelp} onClick={toggle}>
      {context ? t.soundOff : t.sound}
    </button>
  );
}

function beep(context: AudioContext): void {
  const tone = context.createOscillator();
  const volume = context.createGain();
  volume.gain.value = 0.1;
  tone.frequency.value = 660;
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.2);
}
