/**
 * The evaluation scheme of a lot, fixed in the tender documents before the first tender (TL 40: the committee may use no
 * other standard), and the whole input of a ranking. Everything is JSON; numbers are decimal texts.
 */
import { z } from 'zod';
import { type Fraction, parseDecimal } from './fraction.ts';

const decimalForm = z.string().regex(/^(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$/, 'a decimal number such as "12.5"');

/** A decimal text of at most six decimals, read as an exact fraction. */
export const decimal = decimalForm.transform((digits): Fraction => parseDecimal(digits));

/** Fen as decimal text. A price may be zero or negative in a tender; the ranking rejects it (87: 59). */
export const fenText = z.string().regex(/^(0|-?[1-9][0-9]{0,17})$/, 'a whole number of fen');

const percentBelow100 = decimalForm.refine(
  (s) => parseDecimal(s).n < 100n * parseDecimal(s).d,
  'less than 100 percent',
);
const handle = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/);
const text = z.strictObject({ zh: z.string().min(1).max(200), en: z.string().min(1).max(200) });

/** The parts of a total beside the price; the second tie-break looks at `technical`. */
export const parts = ['technical', 'commercial', 'credit', 'service'] as const;
export type Part = (typeof parts)[number];

/** One line of the score sheet: a mark from 0 to max in whole steps. */
export const criterion = z.strictObject({
  id: handle,
  part: z.enum(parts),
  name: text,
  max: decimalForm,
  step: decimalForm.refine((s) => parseDecimal(s).n > 0n, 'a step above 0'),
});
export type Criterion = z.output<typeof criterion>;

const params = z.record(z.string(), z.unknown());

const schemeFields = {
  /** Id of a method of the registry. */
  method: handle,
  /** Its parameters; a value `{ "drawFrom": [...] }` is drawn after the deadline and before the prices are read. */
  params,
  /** `valid`: the benchmark comes from the offers left after review; `opened`: from all that stood at the opening. */
  basis: z.enum(['opened', 'valid']).default('valid'),
  criteria: z.array(criterion).max(200).default([]),
  /** Weights of the parts and of the price where the total is a sum of weight x part; 1 when silent. */
  weights: z.partialRecord(z.enum(['price', ...parts]), decimalForm).default({}),
  /** From so many marks on, one highest and one lowest mark are dropped; null: never (purchase, unless the documents say). */
  trimMarksFrom: z.number().int().min(3).max(99).nullable().default(5),
  /** Tie-breaks in order: lower price, then higher technical mark; what is still equal is `tied` and goes to a draw. */
  ties: z
    .array(z.enum(['price', 'technical']))
    .max(2)
    .default(['price', 'technical']),
  /** How many candidates are proposed, at most 3 (TR 53). */
  candidates: z.number().int().min(1).max(3).default(3),
  /** Decimals of averages, price scores and totals. */
  decimals: z.number().int().min(0).max(6).default(2),
  /** Another method when fewer valid offers than `below` are left. */
  fewer: z
    .strictObject({ below: z.number().int().min(2).max(99), method: handle, params })
    .nullable()
    .default(null),
};

/** The scheme as a project registers it. */
export const evaluationScheme = z.strictObject(schemeFields);
export type EvaluationScheme = z.output<typeof evaluationScheme>;

/** Facts of one offer that policy or the documents turn into figures. */
const adjustments = z.strictObject({
  /** Price deduction for scoring: small business, domestic product (财库〔2020〕46, 〔2022〕19). */
  deductionPercent: percentBelow100.optional(),
  /** Raise of the price score of itself (财库〔2020〕46 art. 9, works). */
  raisePercent: percentBelow100.optional(),
  minorDeviations: z.number().int().min(0).max(999).optional(),
  daysLate: z.number().int().min(0).max(9999).optional(),
  /** Missing items at the highest offered price. */
  missingFen: fenText.optional(),
  /** Shares given for features, percent. */
  featureShares: z.array(decimalForm).max(20).optional(),
});

/** Why an offer is out, with the article that asks for it. */
export const rejection = z.strictObject({
  code: handle,
  article: z.string().min(1).max(200),
  reason: z.string().max(2000),
});
export type Rejection = z.output<typeof rejection>;

export const rankOffer = z.strictObject({
  /** What the offer is known by everywhere: the manifest's hash. */
  id: handle,
  priceFen: fenText,
  /** Rejected by the committee's review; null when it goes on. */
  rejected: rejection.nullable().default(null),
  adjustments: adjustments.default({}),
});
export type RankOffer = z.output<typeof rankOffer>;

export const mark = z.strictObject({ offer: handle, criterion: handle, mark: decimalForm });
export type Mark = z.output<typeof mark>;

export const rankSheet = z.strictObject({ expert: handle, marks: z.array(mark).max(20_000) });
export type RankSheet = z.output<typeof rankSheet>;

/** Everything that a ranking depends on, so that a stranger recomputes it from published offers and sheets. */
export const rankInput = z.strictObject({
  ...schemeFields,
  ceilingFen: fenText.nullable(),
  offers: z.array(rankOffer).max(2000),
  sheets: z.array(rankSheet).max(99).default([]),
  /** The values of drawn parameters. */
  drawn: z.record(z.string(), z.unknown()).default({}),
  /** The order that a draw gave to offers which were tied. */
  tieOrder: z.array(handle).max(2000).default([]),
});
/** What callers write: fields with defaults may be left out. */
export type RankInput = z.input<typeof rankInput>;
/** The same with every default filled in. */
export type FullRankInput = z.output<typeof rankInput>;
