/** Lines of iCalendar (RFC 5545): escaping, folding, times with the zone of Beijing. Pure. */
import { utf8 } from '../formats/bytes.ts';
import { zone } from '../platform/clock/calendar.ts';

/** 3.3.11: backslash, semicolon, comma and line breaks; other control characters are not admitted and fall away. */
export function icsText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/[\\;,]/g, (c) => `\\${c}`)
    .replace(/\n/g, '\\n');
}

/** 3.1: at most 75 octets a line without the break; a character of UTF-8 is never cut. */
export function foldLine(line: string): string {
  const rows: string[] = [];
  let row = '';
  let octets = 0;
  for (const character of line) {
    const size = utf8(character).length;
    // A continued line begins with a space, which counts.
    if (octets + size > 75) {
      rows.push(row);
      row = '';
      octets = 1;
    }
    row += character;
    octets += size;
  }
  return [...rows, row].join('\r\n ');
}

const digits = (text: string): string => text.replace(/[-:]/g, '');

/** `20261124T020000Z`. */
export const utcStamp = (instant: string): string =>
  digits(Temporal.Instant.from(instant).toString({ smallestUnit: 'second' }));
/** `TZID=Asia/Shanghai:20261124T100000`, to stand after `DTSTART;`. */
export const beijingStamp = (instant: string): string =>
  `TZID=${zone}:${digits(Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'second' }))}`;

/** China keeps UTC+8 without summer time since 1991-09-15 (tzdata `Asia/Shanghai`). */
export const beijingZone: readonly string[] = [
  'BEGIN:VTIMEZONE',
  `TZID:${zone}`,
  'BEGIN:STANDARD',
  'DTSTART:19910915T000000',
  'TZOFFSETFROM:+0900',
  'TZOFFSETTO:+0800',
  'TZNAME:CST',
  'END:STANDARD',
  'END:VTIMEZONE',
];

/** The file: every line folded and ended with CR LF. */
export const icsFile = (lines: readonly string[]): string => lines.map((line) => `${foldLine(line)}\r\n`).join('');
