/** offer.json: what is read out at the opening. Its hash is in the manifest, its text is published at the announcement. */
import { z } from 'zod';
import { ageRecipient, documentType, fenText, identifier, sha256Text, suite } from './primitives.ts';

export const offer = z.strictObject({
  type: documentType('offer'),
  suite,
  lot: identifier,
  bidder: identifier,
  recipient: ageRecipient,
  /** Offered price in fen. */
  priceFen: fenText,
  /** Duration or delivery time in calendar days. */
  durationDays: z.number().int().min(0).max(36_500).optional(),
  /** Promised quality: 合格, 优良. */
  quality: z.string().max(200).optional(),
  /** The project manager (项目负责人). */
  manager: z.string().max(100).optional(),
  /** 32 random bytes, so that nobody can guess the price from the hash. */
  salt: sha256Text,
});
export type Offer = z.infer<typeof offer>;
/** What a bidder states; the rest of the offer binds it to the tender. */
export type ReadOut = Pick<Offer, 'priceFen' | 'durationDays' | 'quality' | 'manager'>;
