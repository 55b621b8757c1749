/** Offers A to G of the rules of evaluation, in yuan, with a ceiling of 10,500,000. */
import { EvaluationError } from '../../evaluation/evaluation-error.ts';
import type { Ranking } from '../../evaluation/rank.ts';
import type { Criterion, RankInput } from '../../evaluation/scheme.ts';

export const letters = ['A', 'B', 'C', 'D', 'E', 'F', 'G'] as const;
export const prices = [9_850_000, 10_120_000, 9_980_000, 10_300_000, 9_620_000, 10_050_000, 9_900_000];
export const fenOf = (yuan: number | string): string => String(BigInt(yuan) * 100n);
export const offersOf = (yuan: readonly (number | string)[]) =>
  yuan.map((price, i) => ({ id: String.fromCharCode(65 + i), priceFen: fenOf(price) }));
export const ceilingFen = fenOf(10_500_000);
export const input = (change: Partial<RankInput>): RankInput => ({
  method: 'trimmed-average',
  params: {},
  ceilingFen,
  offers: offersOf(prices),
  ...change,
});
export const scores = (result: Ranking): string =>
  letters.map((id) => result.ranking.find((r) => r.id === id)?.priceScore ?? '-').join(' ');
export const criterionOf = (id: string, part: Criterion['part'], max: string): Criterion => ({
  id,
  part,
  name: { zh: id, en: id },
  max,
  step: '0.5',
});
export const sheetOf = (expert: string, marks: Record<string, Record<string, string>>) => ({
  expert,
  marks: Object.entries(marks).flatMap(([offer, row]) =>
    Object.entries(row).map(([criterion, mark]) => ({ offer, criterion, mark })),
  ),
});
export const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof EvaluationError) return error.code;
    throw error;
  }
  return 'no error';
};
