/** Money, dates and sizes as people read them, in both languages. Times are always Beijing time (UTC+8, no summer time). */
import type { Language } from './language.ts';

const offsetMilliseconds = 8 * 3_600_000;
const pad = (n: number) => String(n).padStart(2, '0');
const weekdays: Readonly<Record<Language, readonly string[]>> = {
  zh: ['日', '一', '二', '三', '四', '五', '六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
};
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

type Parts = {
  year: number;
  month: number;
  day: number;
  weekday: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
};

/** Epoch milliseconds of an RFC 3339 text; browsers without Temporal read these pages too. */
export const epochOf = (instant: string): number => globalThis.Date.parse(instant);

/** Calendar fields of Beijing, by arithmetic on the epoch: no time zone data of the reader's machine is believed. */
export function beijing(epochMilliseconds: number): Parts {
  const at = epochMilliseconds + offsetMilliseconds;
  const days = Math.floor(at / 86_400_000);
  const rest = at - days * 86_400_000;
  const [year, month, day] = civil(days);
  return {
    year,
    month,
    day,
    weekday: (((days + 4) % 7) + 7) % 7,
    hour: Math.floor(rest / 3_600_000),
    minute: Math.floor(rest / 60_000) % 60,
    second: Math.floor(rest / 1000) % 60,
    ms: Math.floor(rest) % 1000,
  };
}

/** Year, month, day of a count of days since 1970-01-01 (proleptic Gregorian; H. Hinnant, civil_from_days). */
function civil(days: number): [number, number, number] {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day];
}

/** `10:04:31`, of Beijing. */
export function clockTime(epochMilliseconds: number, withSeconds = true): string {
  const { hour, minute, second } = beijing(epochMilliseconds);
  return `${pad(hour)}:${pad(minute)}${withSeconds ? `:${pad(second)}` : ''}`;
}

/** `2026年3月2日(周一)` / `Mon 2 Mar 2026`. */
export function dateText(instant: string | number, language: Language): string {
  const { year, month, day, weekday } = beijing(typeof instant === 'number' ? instant : epochOf(instant));
  return language === 'zh'
    ? `${year}年${month}月${day}日(周${weekdays.zh[weekday]})`
    : `${weekdays.en[weekday]} ${day} ${months[month - 1]} ${year}`;
}

/** `2026年3月2日(周一) 10:00` / `Mon 2 Mar 2026, 10:00 (UTC+8)`. */
export function dateTimeText(instant: string | number, language: Language, withSeconds = false): string {
  const at = typeof instant === 'number' ? instant : epochOf(instant);
  const time = clockTime(at, withSeconds);
  return language === 'zh' ? `${dateText(at, 'zh')} ${time}` : `${dateText(at, 'en')}, ${time} (UTC+8)`;
}

/** `3月2日 10:00` / `2 Mar, 10:00`, for lists. */
export function shortTime(instant: string | number, language: Language): string {
  const at = typeof instant === 'number' ? instant : epochOf(instant);
  const { month, day } = beijing(at);
  return language === 'zh'
    ? `${month}月${day}日 ${clockTime(at, false)}`
    : `${day} ${months[month - 1]}, ${clockTime(at, false)}`;
}

/** To the millisecond, for receipts: `2026-03-02 10:04:31.207`. */
export function exactTime(instant: string): string {
  const at = beijing(epochOf(instant));
  return `${at.year}-${pad(at.month)}-${pad(at.day)} ${pad(at.hour)}:${pad(at.minute)}:${pad(at.second)}.${String(at.ms).padStart(3, '0')}`;
}

/** A legal day `2026-03-02` in words. */
export const dayText = (day: string, language: Language): string => dateText(`${day}T00:00:00+08:00`, language);

/** Yuan with two decimals from fen as decimal text or bigint; never through floating point. */
export function yuan(fen: string | bigint): string {
  const amount = BigInt(fen);
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, '0');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')}.${digits.slice(-2)}`;
}

/** `48,600,000.00 元` / `CNY 48,600,000.00`. */
export const money = (fen: string | bigint, language: Language): string =>
  language === 'zh' ? `${yuan(fen)} 元` : `CNY ${yuan(fen)}`;

/** Ten thousands of yuan with two decimals, for lists and the hall's chart: `4,860.00 万元`. Rounded half up. */
export function tenThousands(fen: string | bigint, language: Language): string {
  const hundredths = (BigInt(fen) + 5_000n) / 10_000n;
  return language === 'zh' ? `${yuan(hundredths)} 万元` : `CNY ${yuan(hundredths)} ×10k`;
}

/** Fen of an amount that a person typed (`28,164,500.5`); null when it is none. At most two decimals and 15 digits of yuan. */
export function parseYuan(text: string): bigint | null {
  const found = /^(\d{1,15})(?:\.(\d{1,2}))?$/.exec(text.replace(/[,，\s]/g, ''));
  return found ? BigInt(found[1]!) * 100n + BigInt((found[2] ?? '').padEnd(2, '0')) : null;
}

const digitsOf = '零壹贰叁肆伍陆柒捌玖';
const places = ['', '拾', '佰', '仟'];
const groups = ['', '万', '亿', '万亿'];

function group(n: number): string {
  let text = '';
  let gap = false;
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(n / 10 ** place) % 10;
    if (digit === 0) gap = text !== '';
    else {
      text += `${gap ? '零' : ''}${digitsOf[digit]}${places[place]}`;
      gap = false;
    }
  }
  return text;
}

/** The amount in Chinese capitals as bills and bids write it (正确填写票据和结算凭证的基本规定): 28164500.00 is 贰仟捌佰壹拾陆万肆仟伍佰元整. */
export function capitals(fen: string | bigint): string {
  const amount = BigInt(fen);
  if (amount < 0n) return `负${capitals(-amount)}`;
  const whole = amount / 100n;
  const cents = Number(amount % 100n);
  let text = '';
  for (let i = 3; i >= 0; i -= 1) {
    const part = Number((whole / 10_000n ** BigInt(i)) % 10_000n);
    if (part === 0) continue;
    const higher = whole / 10_000n ** BigInt(i + 1);
    // A nought stands where the group before it ended, or this one begins, with noughts.
    const gap = higher > 0n && (part < 1000 || higher % 10n === 0n);
    text += `${gap ? '零' : ''}${group(part)}${groups[i]}`;
  }
  text = text.replace('万亿', text.includes('亿', text.indexOf('万亿') + 2) ? '万' : '万亿');
  const tens = Math.floor(cents / 10);
  const ones = cents % 10;
  const yuanText = whole > 0n ? `${text}元` : '';
  if (cents === 0) return `${yuanText || '零元'}整`;
  const jiao = tens > 0 ? `${digitsOf[tens]}角` : whole > 0n ? '零' : '';
  return `${yuanText}${jiao}${ones > 0 ? `${digitsOf[ones]}分` : '整'}`;
}

/** Octets in words: `312.4 MB` (10^6). */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** A hash to read aloud: `a97c 12ff …` in groups of four. */
export const grouped = (hash: string): string => hash.replace(/(.{4})(?=.)/g, '$1 ');
/** `a97c…e214`. */
export const shortHash = (hash: string): string => `${hash.slice(0, 4)}…${hash.slice(-4)}`;
