/** The pieces that every durable format is made of (trust protocol 3). */
import { z } from 'zod';

/** The suites: X25519 age files (YG1) or the post-quantum hybrid (YG1-PQ). This release seals and opens YG1. */
export const suite = z.enum(['YG1', 'YG1-PQ']);
export type Suite = z.infer<typeof suite>;

/** SHA-256 of a file's bytes, 64 lower-case hex characters. */
export const sha256Text = z.string().regex(/^[0-9a-f]{64}$/);

/** RFC 3339 UTC with exactly six decimals, and a day that exists; such texts order as the instants do. */
export const instantUtc = z.iso.datetime({ precision: 6 });

/** Standard base64 in its one spelling: no bits that the bytes do not hold (RFC 4648 3.5). */
export const base64Text = z.base64().refine((text) => {
  const bits = text.endsWith('==') ? 15 : text.endsWith('=') ? 3 : 0;
  const last = text.replace(/=+$/, '').at(-1) ?? 'A';
  return (base64Letters.indexOf(last) & bits) === 0;
}, 'base64 with bits left over');
const base64Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A decimal count of fen without sign or leading zeros. */
export const fenText = z.string().regex(/^(0|[1-9][0-9]{0,17})$/);

/** The identifier of a lot, opening, project or organisation. */
export const identifier = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/);

/** An age X25519 recipient (bech32). */
export const ageRecipient = z.string().regex(/^age1[02-9ac-hj-np-z]{58}$/);

/** The per-lot pseudonym of a bidder: HMAC-SHA-256 as hex. */
export const handleText = sha256Text;

/** Position of an officer, from 1. */
export const officerPosition = z.number().int().min(1).max(255);

/** The `type` of a document: `yangguang.org/NAME/v1`. */
export const documentType = <Name extends string>(name: Name) => z.literal(`yangguang.org/${name}/v1`);
