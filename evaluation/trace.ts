/**
 * The explanation of a result: a tree of steps that a bidder can follow with pencil and paper. JSON-safe and deterministic,
 * because its canonical bytes are hashed into the evaluation report and recomputed by strangers.
 */
import { decimalText, exactText, type Fraction } from './fraction.ts';

/** A text in both languages, Chinese first. */
export type Text = { readonly zh: string; readonly en: string };

export type TraceInput = { readonly name: string; readonly value: string };

export type TraceStep = {
  /** Stable name for machines: `benchmark`, `price-score:ID`. */
  readonly key: string;
  readonly name: Text;
  /** The rule in symbols; null for headings. */
  readonly formula: string | null;
  readonly inputs: readonly TraceInput[];
  /** The exact value: a decimal, or n/d where the decimal does not end; null for headings. */
  readonly value: string | null;
  /** The value as the rules round it; null where nothing is rounded. */
  readonly rounded: string | null;
  readonly steps: readonly TraceStep[];
};

export type StepFacts = {
  readonly formula?: string;
  readonly inputs?: Readonly<Record<string, Fraction | string | number>>;
  readonly value?: Fraction | string;
  /** The decimals that the value is rounded to. */
  readonly decimals?: number;
  readonly steps?: readonly TraceStep[];
};

const textOf = (value: Fraction | string | number): string =>
  typeof value === 'object' ? exactText(value) : String(value);

/** One step of a trace. */
export function step(key: string, name: Text, facts: StepFacts = {}): TraceStep {
  const { formula, inputs = {}, value, decimals, steps = [] } = facts;
  return {
    key,
    name,
    formula: formula ?? null,
    inputs: Object.entries(inputs).map(([inputName, v]) => ({ name: inputName, value: textOf(v) })),
    value: value === undefined ? null : textOf(value),
    rounded: typeof value === 'object' && decimals !== undefined ? decimalText(value, decimals) : null,
    steps,
  };
}

/** The first step of this key in the tree, or undefined. */
export function findStep(root: TraceStep, key: string): TraceStep | undefined {
  if (root.key === key) return root;
  for (const child of root.steps) {
    const found = findStep(child, key);
    if (found) return found;
  }
  return undefined;
}
