/** Ids of what a request makes. A repeated request with the same idempotency key must ask for the same thing, ids included. */
import { sha256Hex, utf8 } from '../formats/bytes.ts';
import type { Caller } from '../platform/http/route.ts';
import { newId } from '../platform/ids.ts';

/** A fresh UUIDv7, or with an idempotency key the UUIDv8 (RFC 9562 5.8) that this person's key and the label always give. */
export function idFor(
  { principal, idempotencyKey }: Pick<Caller, 'principal' | 'idempotencyKey'>,
  label: string,
): string {
  if (idempotencyKey === undefined) return newId();
  const hex = sha256Hex(utf8(`${principal.person} ${label} ${idempotencyKey}`));
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
