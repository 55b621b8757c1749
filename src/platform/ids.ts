import { randomBytes, randomUUIDv7 } from 'node:crypto';

/** An identifier that cannot be mistaken for another kind's. */
export type Id<Kind extends string> = string & { readonly __kind: Kind };

/** A fresh UUIDv7 (RFC 9562): ordered by creation time, so indexes stay compact. */
export function newId<Kind extends string>(): Id<Kind> {
  return randomUUIDv7() as Id<Kind>;
}

/** n random bytes from the operating system; salts, nonces and tokens of the server come from here only. */
export function randomOctets(n: number): Uint8Array {
  return new Uint8Array(randomBytes(n));
}
