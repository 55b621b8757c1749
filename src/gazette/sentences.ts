/**
 * An entry as one sentence. The journal's event may hold what strangers must not see (who objected, salts, texts of objections),
 * so each sentence names the fields it takes, and a kind without one says its name only. Pure.
 */
import { fen, formatYuan } from '../platform/money.ts';
import { kindTitle } from './kinds.ts';
import type { EntryRow } from './rows.ts';
import { type Bilingual, dayInWordsOf, excerpt, timeInWords } from './wording.ts';

type Event = EntryRow['event'];
export type Names = ReadonlyMap<string, string>;
type Sentence = (event: Event, names: Names) => Bilingual | null;

const inner = (event: Event, key: string): Event => (event[key] ?? {}) as Event;
const length = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const yuan = (text: unknown): string => formatYuan(fen(String(text)));
const both = (text: string): Bilingual => ({ zh: text, en: text });

const noticeNames: Readonly<Record<string, Bilingual>> = {
  change: { zh: '变更公告', en: 'Change' },
  clarification: { zh: '澄清公告', en: 'Clarification' },
  postponement: { zh: '延期公告', en: 'Postponement' },
};

const passOverWords: Readonly<Record<string, Bilingual>> = {
  'gave-up': { zh: '候选人放弃中标', en: 'the candidate gave up' },
  'cannot-perform': { zh: '候选人因不可抗力不能履约', en: 'the candidate cannot perform' },
  'no-performance-bond': { zh: '候选人未按要求提交履约保证金', en: 'no performance bond was given' },
  'found-in-breach': { zh: '候选人被查实有影响中标结果的违法行为', en: 'a breach was found' },
};

type Candidate = { readonly rank: number; readonly organisation: string; readonly priceFen: string };
/** The candidate in the first place. */
export const firstCandidate = (event: Event): Candidate | undefined =>
  ((event.candidates ?? []) as Candidate[]).find((candidate) => candidate.rank === 1);

const sentences: Readonly<Record<string, Sentence>> = {
  'project-published': (event) => {
    const deadline = timeInWords(String(inner(inner(event, 'registration'), 'schedule').deadline));
    return {
      zh: `招标公告发布。${deadline.zh}截止投标，同时开标。`,
      en: `Notice published. Tenders are due, and opened, on ${deadline.en}.`,
    };
  },
  'notice-changed': (event) => {
    const notice = inner(event, 'notice');
    const kind = noticeNames[String(notice.kind)] ?? { zh: '公告变更', en: 'Change' };
    return { zh: `${kind.zh}：${excerpt(notice.text)}`, en: `${kind.en}: ${excerpt(notice.text)}` };
  },
  'deadline-moved': (event) => {
    const [from, to] = [timeInWords(String(event.from)), timeInWords(String(event.deadline))];
    return {
      zh: `投标截止时间由${from.zh}顺延到${to.zh}。`,
      en: `The deadline moved from ${from.en} to ${to.en}.`,
    };
  },
  'question-answered': (event) => {
    const { question, answer } = inner(event, 'answer');
    return {
      zh: `问：${excerpt(question)} 答：${excerpt(answer)}`,
      en: `Q: ${excerpt(question)} A: ${excerpt(answer)}`,
    };
  },
  'documents-objection-answered': (event) => both(excerpt(event.text)),
  'project-terminated': (event) => {
    const reason = excerpt(inner(event, 'notice').text);
    return { zh: `终止招标：${reason}`, en: `Terminated: ${reason}` };
  },
  failed: (event) => ({
    zh: `截标时有 ${Number(event.standing)} 份投标，不足法定数，不开标。`,
    en: `${Number(event.standing)} tenders stood at the close, fewer than the law asks for; none was opened.`,
  }),
  announced: (event) => ({
    zh: `唱标完成，共公布 ${length(event.offers)} 份报价。`,
    en: `${length(event.offers)} offers were announced.`,
  }),
  'candidates-published': (event, names) => {
    const first = firstCandidate(event);
    const until = dayInWordsOf(Temporal.PlainDate.from(String(event.lastDay)));
    if (!first) return null;
    const name = names.get(first.organisation) ?? first.organisation;
    return {
      zh: `第一中标候选人：${name}，报价 ${yuan(first.priceFen)} 元。公示到${until.zh}。`,
      en: `First candidate: ${name}, CNY ${yuan(first.priceFen)}. Published until ${until.en}.`,
    };
  },
  'candidate-passed-over': (event) => {
    const ground = passOverWords[String(event.ground)];
    return ground ? { zh: `候选人不再递补：${ground.zh}。`, en: `A candidate was passed over: ${ground.en}.` } : null;
  },
  awarded: (event, names) => {
    const name = names.get(String(event.organisation)) ?? String(event.organisation);
    return {
      zh: `中标人：${name}，中标价 ${yuan(event.priceFen)} 元。`,
      en: `Awarded to ${name} at CNY ${yuan(event.priceFen)}.`,
    };
  },
  'certificate-issued-document': (event) =>
    event.number === undefined || event.number === null
      ? null
      : { zh: `签发文件 ${String(event.number)}。`, en: `Document ${String(event.number)} issued.` },
};

/** What happened, in a sentence; the lot is named before it where there is one. */
export function sentenceOf(
  { kind, event, lotName }: Pick<EntryRow, 'kind' | 'event' | 'lotName'>,
  names: Names,
): Bilingual {
  const title = kindTitle(kind);
  const told = sentences[kind]?.(event, names) ?? { zh: `${title.zh}。`, en: `${title.en}.` };
  return lotName === null ? told : { zh: `${lotName}：${told.zh}`, en: `${lotName}: ${told.en}` };
}

/** Ids of the organisations that the sentences name. */
export function organisationsIn(rows: readonly EntryRow[]): string[] {
  const named = rows.flatMap(({ kind, event, tenderer }) => [
    tenderer,
    ...(kind === 'awarded' ? [String(event.organisation)] : []),
    ...(kind === 'candidates-published' ? [firstCandidate(event)?.organisation ?? ''] : []),
  ]);
  return [...new Set(named)].filter((id) => id !== '');
}
