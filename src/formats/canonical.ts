/**
 * Canonical JSON (RFC 8785) with one strict way in: the verifier demands bytes = canonical(parse(bytes)),
 * so a second spelling of the same document (spaces, duplicate keys, other number form) is refused.
 */
import canonicalize from 'canonicalize';
import type { z } from 'zod';
import { equalBytes, fromUtf8, utf8 } from './bytes.ts';
import { FormatError } from './format-error.ts';

/** The canonical text of a JSON value; a value that JSON cannot hold (undefined, bigint, NaN) is a programmer's error. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value has no JSON form');
  return text;
}

/** The canonical bytes of a JSON value. */
export function canonicalBytes(value: unknown): Uint8Array {
  return utf8(canonicalJson(value));
}

/**
 * Reads attacker-controlled bytes as one document of the schema (a strict object).
 * Throws FormatError `not-canonical` (not UTF-8, not JSON, another spelling) or `schema` (unknown field, type or version).
 */
export function parseCanonical<T>(schema: z.ZodType<T>, bytes: Uint8Array): T {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(bytes));
    if (!equalBytes(canonicalBytes(value), bytes)) throw new SyntaxError('another spelling of the same value');
  } catch (error) {
    throw new FormatError('not-canonical', error instanceof Error ? error.message : String(error));
  }
  const result = schema.safeParse(value);
  if (!result.success)
    throw new FormatError('schema', result.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; '));
  return result.data;
}
