/** The transaction types that the platform carries. A new one is a data file and a line here. */
import { construction } from './construction.ts';
import { type CentreRule, type Figure, type Procedure, ruleOn } from './rule-table.ts';

export const procedures: readonly Procedure[] = [...construction];

/** Ids of the transaction types. */
export const procedureTypes: readonly string[] = procedures.map((p) => p.type);

/** The procedure of a type; null where there is none. */
export function procedureOf(type: string): Procedure | null {
  return procedures.find((p) => p.type === type) ?? null;
}

/** The figure of a type's table in force on a day (YYYY-MM-DD), the centre's own where it is stricter. */
export function ruleFor(type: string, code: string, day: string, centre: readonly CentreRule[] = []): Figure | null {
  const procedure = procedureOf(type);
  return procedure && ruleOn(procedure, code, day, centre);
}
