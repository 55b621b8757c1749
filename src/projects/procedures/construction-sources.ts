/** Sources of the construction tables and the maker of their rows. */
import type { Rule } from './rule-table.ts';

type Source = readonly [zh: string, en: string];

/** 招标投标法, as amended 2017. */
export const TL = (article: string, number: string): Source => [
  `招标投标法第${article}条`,
  `Tendering and Bidding Law art. ${number}`,
];
/** 招标投标法实施条例, as amended 2019. */
export const TR = (article: string, number: string): Source => [
  `招标投标法实施条例第${article}条`,
  `Implementing Regulation art. ${number}`,
];

type Row = Pick<Rule, 'code' | 'value' | 'unit' | 'kind' | 'counts' | 'zh' | 'en'> &
  Partial<Pick<Rule, 'mark' | 'checked' | 'from' | 'to'>> & { readonly source: Source };

/** A row of the table: [law], checked and in force since the Regulation of 2019 unless it says otherwise. */
export function row({ source: [article, articleEn], ...given }: Row): Rule {
  return { mark: 'law', checked: true, from: '2019-03-02', to: null, ...given, article, articleEn };
}
