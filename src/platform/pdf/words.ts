/** How documents write amounts, days and times: Chinese, in full, always Beijing time. */
import { fen, formatYuan } from '../money.ts';

/** 48,600,000.00 元 of decimal fen. */
export function yuanText(fenText: string): string {
  return `${formatYuan(fen(fenText))} 元`;
}

const digits = '零壹贰叁肆伍陆柒捌玖';
const units = ['', '拾', '佰', '仟'];
const groups = ['', '万', '亿', '万亿', '亿亿'];

/**
 * The amount in words as bills and contracts ask for (支付结算办法, annex 1): 人民币肆仟捌佰陆拾万元整. Zeros between
 * digits are said once, those at the end of a group of four not at all; without fen it ends in 整.
 */
export function amountInWords(fenText: string): string {
  const amount = fen(fenText);
  const yuan = amount / 100n;
  const [jiao, cents] = [Number((amount / 10n) % 10n), Number(amount % 10n)];
  let text = yuan > 0n ? `${wholeInWords(yuan)}元` : '';
  if (jiao === 0 && cents === 0) return `人民币${text || '零元'}整`;
  if (jiao > 0) text += `${digits[jiao]}角`;
  else if (yuan > 0n) text += '零';
  return `人民币${text}${cents > 0 ? `${digits[cents]}分` : '整'}`;
}

function wholeInWords(value: bigint): string {
  let text = '';
  const figures = value.toString();
  const fours: string[] = [];
  for (let end = figures.length; end > 0; end -= 4) fours.unshift(figures.slice(Math.max(0, end - 4), end));
  for (const [i, four] of fours.entries()) {
    const said = fourInWords(four);
    if (said === '') continue;
    // A group that begins with zeros, or follows an empty one, is joined by one 零.
    if (text !== '' && (four.startsWith('0') || Number(fours[i - 1]) === 0)) text += '零';
    text += said + groups[fours.length - 1 - i]!;
  }
  return text;
}

function fourInWords(four: string): string {
  let text = '';
  let zero = false;
  for (const [i, digit] of [...four].entries()) {
    if (digit === '0') zero = text !== '';
    else {
      text += `${zero ? '零' : ''}${digits[Number(digit)]}${units[four.length - 1 - i]}`;
      zero = false;
    }
  }
  return text;
}

/** 2026年11月24日 of a day. */
export function dayInWords(day: string): string {
  const { year, month, day: date } = Temporal.PlainDate.from(day);
  return `${year}年${month}月${date}日`;
}

/** 2026年11月24日 09:00:00 in Beijing of an RFC 3339 instant. */
export function timeInWords(instant: string): string {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO('Asia/Shanghai');
  return `${dayInWords(local.toPlainDate().toString())} ${local.toPlainTime().toString({ smallestUnit: 'second' })}`;
}
