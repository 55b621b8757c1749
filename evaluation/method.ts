/**
 * What an evaluation method is: a value with an id, checked parameters and a pure function. A new formula is one file in
 * methods/ and one line in the registry. Prices are exact yuan.
 */
import { z } from 'zod';
import { decimalText, type Fraction, round } from './fraction.ts';
import { type DeviationParameters, deviationFields, scoreByDeviation } from './price-score.ts';
import type { RankOffer } from './scheme.ts';
import { step, type Text, type TraceStep } from './trace.ts';

/** An offer that counts: its price in yuan, above 0 and not above the ceiling. */
export type PricedOffer = {
  readonly id: string;
  readonly price: Fraction;
  readonly adjustments: RankOffer['adjustments'];
};

export type MethodInput = {
  /** The offers that make the benchmark, sorted by id. */
  readonly basis: readonly PricedOffer[];
  /** The offers that are scored, sorted by id; the same as `basis` unless the benchmark was fixed at the opening. */
  readonly scored: readonly PricedOffer[];
  readonly ceiling: Fraction | null;
  /** Decimals of a price score. */
  readonly decimals: number;
  /** Points from the experts, by offer; for methods that weigh quality against price. */
  readonly points: ReadonlyMap<string, Fraction>;
};

export type MethodOutcome = {
  /** Null where the method has no benchmark or nothing is left to make it from. */
  readonly benchmark: Fraction | null;
  /** By offer: a price score, an evaluated price or a ratio, as `yields` says. */
  readonly values: ReadonlyMap<string, Fraction>;
  /** Offers that the method itself turns away. */
  readonly rejected: ReadonlyMap<string, { readonly code: string; readonly article: string; readonly reason: string }>;
  readonly trace: TraceStep;
};

/** What the method's values are and so how offers are ranked. */
export type Yield =
  /** Added to the experts' parts; the highest total wins. */
  | 'price-score'
  /** The lowest wins; experts' marks do not count. */
  | 'evaluated-price'
  /** Points over price; the highest wins. */
  | 'points-per-price';

export type Method<P = unknown> = {
  readonly id: string;
  readonly name: Text;
  /** Where the formula comes from. */
  readonly source: string;
  readonly yields: Yield;
  readonly parameters: z.ZodType<P>;
  /** Whether a lot without a ceiling price cannot use it. */
  readonly needsCeiling: boolean;
  evaluate(input: MethodInput, params: P): MethodOutcome;
};

/** The benchmark of a formula with its explanation. */
export type Benchmark = { readonly value: Fraction; readonly trace: TraceStep };

/** A formula that scores by the distance from a benchmark price. `fields` are its own parameters. */
export type BenchmarkFormula<S extends z.ZodRawShape> = {
  readonly id: string;
  readonly name: Text;
  readonly source: string;
  readonly needsCeiling?: boolean;
  readonly fields: S;
  /** Called with at least two offers; `ceiling` is there when `needsCeiling`. */
  benchmark(offers: readonly PricedOffer[], params: z.output<z.ZodObject<S>>, ceiling: Fraction): Benchmark;
};

const oneOffer = (only: PricedOffer): Benchmark => ({
  value: only.price,
  trace: benchmarkStep('n = 1: B = p', {}, only.price),
});

/** The step that every formula ends in. */
export function benchmarkStep(
  formula: string,
  inputs: Readonly<Record<string, Fraction | string | number>>,
  value: Fraction,
  steps: readonly TraceStep[] = [],
): TraceStep {
  return step('benchmark', { zh: '评标基准价', en: 'Benchmark price' }, { formula, inputs, value, steps });
}

/** Makes the method of a benchmark formula: benchmark, then linear scores by deviation. */
export function benchmarkMethod<S extends z.ZodRawShape>(formula: BenchmarkFormula<S>): Method<DeviationParameters> {
  const { id, name, source, needsCeiling = false } = formula;
  return {
    id,
    name,
    source,
    needsCeiling,
    yields: 'price-score',
    parameters: z.strictObject({ ...deviationFields, ...formula.fields }) as unknown as z.ZodType<DeviationParameters>,
    evaluate: ({ basis, scored, ceiling, decimals }, params) => {
      if (basis.length === 0) return { benchmark: null, values: new Map(), rejected: new Map(), trace: step(id, name) };
      const own = params as unknown as z.output<z.ZodObject<S>>;
      const { value, trace } = basis.length === 1 ? oneOffer(basis[0]!) : formula.benchmark(basis, own, ceiling!);
      const places = params.benchmarkDecimals;
      const benchmark = places === null ? value : round(value, places);
      const shown = places === null ? trace : { ...trace, rounded: decimalText(value, places) };
      const scores = scored.map((offer) => scoreByDeviation(offer, benchmark, params, decimals));
      return {
        benchmark,
        values: new Map(scores.map((scoredOffer) => [scoredOffer.id, scoredOffer.score])),
        rejected: new Map(),
        trace: step(id, name, { steps: [shown, ...scores.map((s) => s.trace)] }),
      };
    },
  };
}
