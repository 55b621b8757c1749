/** The methods that a scheme may name. A new one is a file in methods/ and a line here. */
import { EvaluationError } from './evaluation-error.ts';
import type { Method } from './method.ts';
import { abcValue } from './methods/abc-value.ts';
import { composite } from './methods/composite.ts';
import { evaluatedPrice } from './methods/evaluated-price.ts';
import { featurePrice } from './methods/feature-price.ts';
import { intervalAverage } from './methods/interval-average.ts';
import { lowestPrice } from './methods/lowest-price.ts';
import { pointsPerPrice } from './methods/points-per-price.ts';
import { secondAverage } from './methods/second-average.ts';
import { trimmedAverage } from './methods/trimmed-average.ts';
import { weightedCeiling } from './methods/weighted-ceiling.ts';
import type { EvaluationScheme } from './scheme.ts';

// Parameters are checked by the method's own schema before they reach it, so the list may forget their types.
const methods = [
  trimmedAverage,
  weightedCeiling,
  intervalAverage,
  composite,
  secondAverage,
  abcValue,
  lowestPrice,
  evaluatedPrice,
  featurePrice,
  pointsPerPrice,
] as unknown as readonly Method[];

/** All methods, in the order that people choose from. */
export const allMethods: readonly Method[] = methods;

/** The method of this id; throws EvaluationError `method-unknown`. */
export function methodOf(id: string): Method {
  const method = methods.find((m) => m.id === id);
  if (!method) throw new EvaluationError('method-unknown', id);
  return method;
}

/** The values that a parameter may be drawn from; null when it is fixed. */
function choicesOf(value: unknown): readonly unknown[] | null {
  const choices = (value as { drawFrom?: unknown } | null)?.drawFrom;
  return Array.isArray(choices) && choices.length > 0 ? choices : null;
}

/** Names of the parameters that a draw must fix. */
export function drawnParameters(params: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(params).filter((name) => choicesOf(params[name]) !== null);
}

/**
 * Puts drawn values in the place of `{ drawFrom: [...] }`. Throws `drawn-invalid` when a value is missing or was not on the
 * published list. Values for other names are left alone: they may belong to the method for fewer offers.
 */
export function resolveDrawn(
  params: Readonly<Record<string, unknown>>,
  drawn: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const choices = choicesOf(value);
      if (!choices) return [name, value];
      if (!choices.includes(drawn[name]))
        throw new EvaluationError('drawn-invalid', `${name} is not on the published list`);
      return [name, drawn[name]];
    }),
  );
}

/** Parameters of a method as its schema reads them; throws `parameters-invalid` with the first fault. */
export function readParameters(method: Method, params: unknown): unknown {
  const result = method.parameters.safeParse(params);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new EvaluationError('parameters-invalid', `${method.id} ${issue.path.join('.')}: ${issue.message}`);
}

/** Checks a method and its parameters at registration, every value of a drawn one; throws like the above. */
export function checkParameters(id: string, params: Readonly<Record<string, unknown>>): void {
  const method = methodOf(id);
  const first = Object.fromEntries(Object.entries(params).map(([name, v]) => [name, choicesOf(v)?.[0] ?? v]));
  readParameters(method, first);
  for (const [name, value] of Object.entries(params))
    for (const choice of choicesOf(value) ?? []) readParameters(method, { ...first, [name]: choice });
}

/** What would stop the ranking later, for the registration of a project and the beginning of an evaluation; null when nothing. */
export function schemeFault(
  scheme: Pick<EvaluationScheme, 'method' | 'params' | 'fewer' | 'criteria'>,
  ceilingFen: string | null,
): EvaluationError | null {
  try {
    for (const { method, params } of [scheme, ...(scheme.fewer ? [scheme.fewer] : [])]) {
      checkParameters(method, params);
      if (methodOf(method).needsCeiling && ceilingFen === null) return new EvaluationError('ceiling-missing', method);
    }
  } catch (error) {
    if (error instanceof EvaluationError) return error;
    throw error;
  }
  const ids = scheme.criteria.map((c) => c.id);
  return new Set(ids).size === ids.length ? null : new EvaluationError('criterion-duplicate', ids.join(' '));
}
