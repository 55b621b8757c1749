/**
 * The shape of a transaction type as data: figures with their sources, stages with their clocks. What differs between types is
 * numbers and switches, so there is no inheritance and no copied code.
 */

export type RuleUnit = 'd' | 'wd' | 'count' | 'percent' | 'fen' | 'switch' | 'minute';
/** How a figure binds: at least, at most, exactly, or so many days before a deadline. */
export type RuleKind = 'at-least' | 'at-most' | 'exactly' | 'before-deadline';
/** [law] may be tightened by a centre but not loosened, [practice] is switchable, [unsure] is shown as unconfirmed. */
export type RuleMark = 'law' | 'practice' | 'unsure';

export type Rule = {
  readonly code: string;
  readonly value: number;
  readonly unit: RuleUnit;
  readonly kind: RuleKind;
  readonly mark: RuleMark;
  /** Whether the figure was checked against the text. */
  readonly checked: boolean;
  readonly article: string;
  readonly articleEn: string;
  /** First and last day on which the row is in force; null: open. */
  readonly from: string;
  readonly to: string | null;
  readonly zh: string;
  readonly en: string;
};

export type Stage = {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
  /** T tenderer, A agency, B bidders, C committee, O centre, S supervisor. */
  readonly who: readonly ('T' | 'A' | 'B' | 'C' | 'O' | 'S')[];
  /** Codes of the figures that clock the stage. */
  readonly clocks: readonly string[];
  readonly article: string;
  /** Steps of the stage that the witness on duty must sign before the next may begin. */
  readonly witness: readonly string[];
};

export type Procedure = {
  readonly type: string;
  readonly zh: string;
  readonly en: string;
  /** Letters of the project code: GC works, HW goods, FW services. */
  readonly letters: string;
  readonly invited: boolean;
  readonly rules: readonly Rule[];
  readonly stages: readonly Stage[];
};

/** The row of a code in force on a day; null where the table has none. */
export function ruleOn(procedure: Procedure, code: string, day: string): Rule | null {
  return procedure.rules.find((r) => r.code === code && r.from <= day && (r.to === null || day <= r.to)) ?? null;
}

/** Steps that must be witnessed in this type. */
export function witnessSteps(procedure: Procedure): string[] {
  return procedure.stages.flatMap((stage) => stage.witness);
}

/** Whether a centre's own figure is at least as strict as the row it stands for (a [law] row may be tightened only). */
export function tightens(rule: Rule, value: number): boolean {
  if (rule.mark !== 'law') return true;
  switch (rule.kind) {
    case 'at-least':
    case 'before-deadline':
      return value >= rule.value;
    case 'at-most':
      return value <= rule.value;
    case 'exactly':
      return value === rule.value;
  }
}
