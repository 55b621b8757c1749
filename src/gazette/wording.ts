/** Times, days and excerpts as the board writes them, in both languages; Beijing time. */
import { zone } from '../platform/clock/calendar.ts';

export type Language = 'zh' | 'en';
export type Bilingual = { readonly zh: string; readonly en: string };

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const two = (n: number): string => String(n).padStart(2, '0');

/** `2026年11月24日（周二）10:00` and `Tue 24 Nov 2026, 10:00 (UTC+8)`. */
export function timeInWords(instant: string): Bilingual {
  const at = Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
  const clock = `${two(at.hour)}:${two(at.minute)}`;
  const day = dayInWordsOf(at.toPlainDate());
  return { zh: `${day.zh}${clock}`, en: `${day.en}, ${clock} (UTC+8)` };
}

/** `2026年11月24日（周二）` and `Tue 24 Nov 2026`. */
export function dayInWordsOf(day: Temporal.PlainDate): Bilingual {
  const weekday = day.dayOfWeek - 1;
  return {
    zh: `${day.year}年${day.month}月${day.day}日（周${'一二三四五六日'[weekday]}）`,
    en: `${weekdays[weekday]} ${day.day} ${months[day.month - 1]} ${day.year}`,
  };
}

/** The beginning of a text on one line, cut between characters. */
export function excerpt(text: unknown, most = 80): string {
  const line = [
    ...String(text ?? '')
      .replace(/\s+/g, ' ')
      .trim(),
  ];
  return line.length <= most ? line.join('') : `${line.slice(0, most).join('')}…`;
}
