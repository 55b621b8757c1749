/**
 * The shape of a transaction type as data: figures with their sources, stages with their clocks. What differs between types is
 * numbers and switches, so there is no inheritance and no copied code.
 */

/** d calendar days (日), wd working days (工作日); percent of the amount that `counts` names; switch 0 or 1. */
export type RuleUnit =
  | 'd'
  | 'wd'
  | 'hour'
  | 'minute'
  | 'second'
  | 'year'
  | 'count'
  | 'percent'
  | 'third'
  | 'fen'
  | 'switch';
/** How a figure binds; `threshold`: from this figure on another rule applies, so it neither tightens nor loosens. */
export type RuleKind = 'at-least' | 'at-most' | 'exactly' | 'before-deadline' | 'threshold';
/** [law] may be tightened by a centre but not loosened, [practice] is switchable, [unsure] is shown as unconfirmed. */
export type RuleMark = 'law' | 'practice' | 'unsure';

export type Rule = {
  readonly code: string;
  /** Null: an unsure figure without a default; the row binds only where the centre's table gives one. */
  readonly value: number | null;
  readonly unit: RuleUnit;
  readonly kind: RuleKind;
  /** The event or amount that a term or share counts from: `documents-from`, `deadline`, `report`, `estimate`. */
  readonly counts: string;
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

/** A row with a figure, as it binds; `centre` is the number of the local rule that set a stricter one. */
export type Figure = Rule & { readonly value: number; readonly centre: string | null };

/** T tenderer or buyer, A agency, B bidders, C committee, O centre, S supervisor. */
export type Side = 'T' | 'A' | 'B' | 'C' | 'O' | 'S';

export type Stage = {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
  readonly who: readonly Side[];
  /** Codes of the figures that clock the stage. */
  readonly clocks: readonly string[];
  readonly article: string;
  readonly articleEn: string;
  /** Steps of the stage that the witness on duty must sign before the next may begin. */
  readonly witness: readonly string[];
};

export type Procedure = {
  readonly type: string;
  readonly zh: string;
  readonly en: string;
  /** Letters of the project code: GC works, HW goods, SJ survey and design, FW services. */
  readonly letters: string;
  readonly invited: boolean;
  readonly rules: readonly Rule[];
  readonly stages: readonly Stage[];
};

/** A centre's own figure for a row, with the local rule that it stands on. */
export type CentreRule = {
  /** A transaction type, or `*` for every type that has the row. */
  readonly type: string;
  readonly code: string;
  readonly value: number;
  /** Number and title of the local rule, shown beside the figure. */
  readonly source: string;
  readonly from: string;
  readonly to: string | null;
};

const inForce = (day: string) => (row: { readonly from: string; readonly to: string | null }) =>
  row.from <= day && (row.to === null || day <= row.to);

/** The figure of a code in force on a day, the centre's where there is one; null where the table has none. */
export function ruleOn(
  procedure: Procedure,
  code: string,
  day: string,
  centre: readonly CentreRule[] = [],
): Figure | null {
  const row = procedure.rules.filter(inForce(day)).find((r) => r.code === code);
  if (!row) return null;
  const own = centre
    .filter(inForce(day))
    .find((c) => c.code === code && (c.type === '*' || c.type === procedure.type) && tightens(row, c.value));
  const value = own?.value ?? row.value;
  return value === null ? null : { ...row, value, centre: own?.source ?? null };
}

/** Steps that must be witnessed in this type. */
export function witnessSteps(procedure: Procedure): string[] {
  return procedure.stages.flatMap((stage) => stage.witness);
}

/** Whether the platform may state the figure as law: unsure rows and unread texts are shown as unconfirmed. */
export const isConfirmed = (rule: Rule): boolean => rule.mark !== 'unsure' && rule.checked;

/** Whether a centre's own figure is at least as strict as the row it stands for (a [law] row may be tightened only). */
export function tightens(rule: Rule, value: number): boolean {
  if (rule.mark !== 'law' || rule.value === null) return true;
  switch (rule.kind) {
    case 'at-least':
    case 'before-deadline':
      return value >= rule.value;
    case 'at-most':
      return value <= rule.value;
    case 'exactly':
    case 'threshold':
      return value === rule.value;
  }
}

/** What is wrong with a centre's table: rows that no type has, and figures that would loosen the law. Empty when it may bind. */
export function centreFaults(procedures: readonly Procedure[], centre: readonly CentreRule[]): string[] {
  return centre.flatMap((own) => {
    const rows = procedures
      .filter((p) => own.type === '*' || own.type === p.type)
      .flatMap((p) => p.rules.filter((r) => r.code === own.code).map((r) => ({ type: p.type, rule: r })));
    if (rows.length === 0) return [`${own.type} ${own.code}: no such row`];
    if (!Number.isInteger(own.value) || own.value < 0) return [`${own.type} ${own.code}: not a whole number`];
    return rows
      .filter(({ rule }) => !tightens(rule, own.value))
      .map(({ type, rule }) => `${type} ${own.code}: ${own.value} loosens ${rule.value} (${rule.article})`);
  });
}
