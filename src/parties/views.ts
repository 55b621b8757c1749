/** Pieces of requests and answers that the room's routes share. */
import { z } from 'zod';
import { base64Text, sha256Text } from '../formats/primitives.ts';
import { callerOf } from '../platform/http/route.ts';
import type { IssuedCertificate } from './certificates.ts';
import { partyRefusals } from './refusals.ts';
import type { By } from './registers.ts';

export const partyCodes: readonly string[] = Object.keys(partyRefusals);
export const done = z.object({});
export const csr = z.string().max(20_000);
/** A text of `challenge.ts` with its detached CMS signature, both base64. */
export const signedText = { text: base64Text.max(4000), signature: base64Text.max(40_000) };
export const issuedView = z.object({ certSha256: sha256Text, certificate: z.string(), chain: z.array(z.string()) });

export const shownCertificate = (issued: IssuedCertificate) => ({ ...issued, chain: [...issued.chain] });

/** Who acts, for the journal. */
export const by = (call: Parameters<typeof callerOf>[0]): By => ({
  actor: callerOf(call).principal.person,
  requestId: call.requestId,
});
