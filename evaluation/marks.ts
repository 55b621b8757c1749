/** From the experts' sheets to the average of each part: bounds, completeness, trimming, rounding. */
import { EvaluationError } from './evaluation-error.ts';
import { add, compare, decimalText, div, type Fraction, mean, parseDecimal, round, zero } from './fraction.ts';
import { type Criterion, type Mark, type Part, parts, type RankSheet } from './scheme.ts';
import { step, type TraceStep } from './trace.ts';

/** Whether a mark is from 0 to max in whole steps; both bounds are allowed. */
export function markInRange(criterion: Criterion, mark: string): boolean {
  const value = parseDecimal(mark);
  return compare(value, parseDecimal(criterion.max)) <= 0 && div(value, parseDecimal(criterion.step)).d === 1n;
}

/**
 * Checks one sheet against the criteria and the offers. Throws EvaluationError `mark-unknown`, `mark-duplicate`,
 * `mark-out-of-range`, or `mark-missing` when an offer of `required` lacks a mark.
 */
export function checkSheet(
  marks: readonly Mark[],
  criteria: readonly Criterion[],
  offers: ReadonlySet<string>,
  required: readonly string[],
): ReadonlyMap<string, Fraction> {
  const byId = new Map(criteria.map((c) => [c.id, c]));
  const seen = new Map<string, Fraction>();
  for (const { offer, criterion: id, mark } of marks) {
    const criterion = byId.get(id);
    const place = `${offer} ${id}`;
    if (!criterion || !offers.has(offer)) throw new EvaluationError('mark-unknown', place);
    if (seen.has(place)) throw new EvaluationError('mark-duplicate', place);
    if (!markInRange(criterion, mark))
      throw new EvaluationError('mark-out-of-range', `${place}: ${mark} (0..${criterion.max}, ${criterion.step})`);
    seen.set(place, parseDecimal(mark));
  }
  for (const offer of required)
    for (const { id } of criteria)
      if (!seen.has(`${offer} ${id}`)) throw new EvaluationError('mark-missing', `${offer} ${id}`);
  return seen;
}

export type PartAverage = {
  readonly part: Part;
  readonly average: Fraction;
  /** Each expert's sum over the criteria of the part. */
  readonly marks: readonly { readonly expert: string; readonly mark: string; readonly dropped: boolean }[];
  readonly trace: TraceStep;
};

/** Index of the extremes to drop; of equal extremes only one goes, and never one expert for both ends. */
function extremes(values: readonly Fraction[]): readonly number[] {
  const order = values.map((_, i) => i).sort((a, b) => compare(values[a]!, values[b]!) || a - b);
  return [order[0]!, order.at(-1)!];
}

/** The rounded average of several marks, one highest and one lowest dropped from `trimFrom` marks on. */
export function averageMarks(
  values: readonly Fraction[],
  trimFrom: number | null,
  decimals: number,
): { value: Fraction; exact: Fraction; dropped: readonly number[] } {
  const dropped = trimFrom !== null && values.length >= trimFrom ? extremes(values) : [];
  const exact = mean(values.filter((_, i) => !dropped.includes(i)));
  return { value: round(exact, decimals), exact, dropped };
}

const partNames = {
  technical: { zh: '技术', en: 'Technical' },
  commercial: { zh: '商务', en: 'Commercial' },
  credit: { zh: '信用', en: 'Credit' },
  service: { zh: '服务', en: 'Service' },
} as const satisfies Record<Part, { zh: string; en: string }>;

/** The averages of an offer's parts, in the order of the parts; `sheets` hold checked marks and are sorted by expert. */
export function partAverages(
  offer: string,
  sheets: readonly { readonly expert: string; readonly marks: ReadonlyMap<string, Fraction> }[],
  rules: { readonly criteria: readonly Criterion[]; readonly trimMarksFrom: number | null; readonly decimals: number },
): PartAverage[] {
  return parts.flatMap((part) => {
    const own = rules.criteria.filter((c) => c.part === part);
    if (own.length === 0) return [];
    const sums = sheets.map(({ marks }) => own.map((c) => marks.get(`${offer} ${c.id}`) ?? zero).reduce(add, zero));
    const { value, exact, dropped } = averageMarks(sums, rules.trimMarksFrom, rules.decimals);
    const marks = sheets.map(({ expert }, i) => ({
      expert,
      mark: decimalText(sums[i]!, rules.decimals),
      dropped: dropped.includes(i),
    }));
    const { zh, en } = partNames[part];
    const trace = step(
      `part:${part}:${offer}`,
      { zh: `${zh}评审均分`, en: `${en} average` },
      {
        formula: dropped.length > 0 ? '(Σ marks - max - min) / (n - 2)' : 'Σ marks / n',
        inputs: { n: sums.length, ...Object.fromEntries(sheets.map(({ expert }, i) => [expert, sums[i]!])) },
        value: exact,
        decimals: rules.decimals,
      },
    );
    return [{ part, average: value, marks, trace }];
  });
}

/** Marks of several sheets, checked and sorted by expert; throws `sheet-duplicate`, `sheets-missing` and as `checkSheet`. */
export function readSheets(
  sheets: readonly RankSheet[],
  criteria: readonly Criterion[],
  offers: ReadonlySet<string>,
  required: readonly string[],
): { expert: string; marks: ReadonlyMap<string, Fraction> }[] {
  if (criteria.length > 0 && sheets.length === 0 && required.length > 0)
    throw new EvaluationError('sheets-missing', 'no sheet');
  if (new Set(sheets.map((s) => s.expert)).size !== sheets.length)
    throw new EvaluationError('sheet-duplicate', 'an expert has two sheets');
  return [...sheets]
    .sort((a, b) => (a.expert < b.expert ? -1 : 1))
    .map(({ expert, marks }) => ({ expert, marks: checkSheet(marks, criteria, offers, required) }));
}
