/**
 * Breaks Chinese and Latin text into lines (the needed part of UAX #14 and of GB/T 15834): between any two Chinese
 * characters, but no line begins with a closing mark or ends with an opening one; Latin words and figures stay whole
 * unless one alone is wider than the line. A thin gap stands between Chinese and Latin. Pure: widths come from outside.
 */

export type Piece = { readonly text: string; readonly x: number };
export type Line = { readonly pieces: readonly Piece[]; readonly width: number };
/** Width in points of a text set in one style. */
export type Measure = (text: string) => number;

const noStart = new Set('，。、；：？！）》」』】〉〕％·…—,.;:?!)]}%’”′″℃');
const noEnd = new Set('（《「『【〈〔([{‘“￥¥#');

/** Full-width marks whose ink fills one half: where two meet, the empty halves between them are drawn together. */
const leftHalf = new Set('，。、；：）》」』】〉〕”’');
const rightHalf = new Set('（《「『【〈〔“‘');

const han = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303F\uFF00-\uFFEF]/u;
const latin = /[\p{Script=Latin}\p{Script=Greek}\p{N}]/u;

type Token = { readonly text: string; readonly width: number; readonly space: boolean; readonly chinese: boolean };

/** Lines of the text, each at most `width` wide; `gap` is the width of the space between Chinese and Latin. */
export function breakLines(text: string, measure: Measure, width: number, gap: number): Line[] {
  return text.split('\n').flatMap((paragraph) => breakParagraph(paragraph, measure, width, gap));
}

function breakParagraph(text: string, measure: Measure, width: number, gap: number): Line[] {
  const lines: Line[] = [];
  let current: Token[] = [];
  const close = () => {
    lines.push(place(trimmed(current), gap));
    current = [];
  };
  for (const cluster of clusters(tokens(text, measure))) {
    if (current.length > 0 && place([...current, ...trimmed(cluster)], gap).width > width) close();
    if (current.length === 0 && cluster.every((token) => token.space)) continue;
    current.push(...cluster);
    // A cluster that is too wide alone (a hash, an address) is cut between characters.
    while (place(trimmed(current), gap).width > width && cutLength(current) > 1) {
      const [head, rest] = cut(current, measure, width, gap);
      lines.push(place(head, gap));
      current = rest;
    }
  }
  close();
  return lines;
}

/** Words, single Chinese characters and marks, runs of spaces. */
function tokens(text: string, measure: Measure): Token[] {
  const found = text.match(/\s+|[^\s\p{Script=Han}\u3000-\u303F\uFF00-\uFFEF…—“”‘’·]+|./gu) ?? [];
  return found.map((part) => ({
    text: part,
    width: measure(part),
    space: /^\s+$/u.test(part),
    chinese: han.test(part),
  }));
}

/** Tokens that must share a line. */
function clusters(list: readonly Token[]): Token[][] {
  const out: Token[][] = [];
  for (const token of list) {
    const last = out.at(-1);
    const before = last?.at(-1)?.text.at(-1);
    const glued = last !== undefined && ((before && noEnd.has(before)) || noStart.has(token.text[0]!));
    if (last && glued) last.push(token);
    else out.push([token]);
  }
  return out;
}

function trimmed(list: readonly Token[]): Token[] {
  const end = list.findLastIndex((token) => !token.space);
  return list.slice(0, end + 1);
}

/** Positions the tokens; neighbours without a gap become one piece. */
function place(list: readonly Token[], gap: number): Line {
  const pieces: { text: string; x: number }[] = [];
  let x = 0;
  let before: Token | undefined;
  for (const token of list) {
    const apart = before !== undefined && needsGap(before, token);
    if (apart) x += gap;
    const squeeze = before === undefined ? 0 : squeezed(before, token);
    x -= squeeze;
    if (before === undefined || apart || squeeze > 0 || before.chinese !== token.chinese)
      pieces.push({ text: token.text, x });
    else pieces.at(-1)!.text += token.text;
    x += token.width;
    before = token;
  }
  return { pieces, width: x };
}

function needsGap(left: Token, right: Token): boolean {
  const a = [...left.text].at(-1)!;
  const b = [...right.text][0]!;
  const isHan = (c: string) => /\p{Script=Han}/u.test(c);
  return (isHan(a) && latin.test(b) && !isHan(b)) || (latin.test(a) && !isHan(a) && isHan(b));
}

/** Half a character between `，` and `“`, `）` and `。`; nothing elsewhere. */
function squeezed(left: Token, right: Token): number {
  const [a, b] = [[...left.text].at(-1)!, [...right.text][0]!];
  if (!leftHalf.has(a) || !(leftHalf.has(b) || rightHalf.has(b))) return 0;
  return left.width / [...left.text].length / 2;
}

const cutLength = (list: readonly Token[]) => list.reduce((sum, token) => sum + [...token.text].length, 0);

function cut(list: readonly Token[], measure: Measure, width: number, gap: number): [Token[], Token[]] {
  const single = list.flatMap((token) =>
    [...token.text].map((c) => ({ text: c, width: measure(c), space: token.space, chinese: token.chinese })),
  );
  let n = 1;
  while (n < single.length && place(single.slice(0, n + 1), gap).width <= width) n++;
  return [single.slice(0, n), single.slice(n)];
}
