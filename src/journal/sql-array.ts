/** Array parameters: the ORM spells a JavaScript array as a list, so an array goes to the database as PostgreSQL's own text. */
import { toHex } from '../formats/bytes.ts';

/** The text of a one-dimensional array (PostgreSQL 8.15.2), for `?::text[]`, `?::uuid[]`, `?::bytea[]` and the like. */
export function sqlArray(values: readonly (string | Uint8Array | bigint | number | null)[]): string {
  const parts = values.map((value) => {
    if (value === null) return 'NULL';
    if (typeof value === 'string') return `"${value.replace(/[\\"]/g, '\\$&')}"`;
    return value instanceof Uint8Array ? `"\\\\x${toHex(value)}"` : String(value);
  });
  return `{${parts.join(',')}}`;
}
