/**
 * Texts that a client composes and signs to show who it is: log-in, binding an outside certificate, changing a certificate.
 * One line each: purpose, origin, nonce, time, and what the purpose adds. Signed with signedAttrs, so never mistaken for a document.
 */
import { fromUtf8, toHex } from '../formats/bytes.ts';
import type { Journal } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import { randomOctets } from '../platform/ids.ts';
import type { Refusal } from '../platform/refusal.ts';
import { partyRefusal } from './refusals.ts';

const nonceMinutes = 5;
const skewMinutes = 10;

export const purposes = {
  login: 'yangguang login v1',
  binding: 'yangguang bind v1',
  change: 'yangguang change v1',
} as const;

/** The text of a purpose; `more` are further lines. */
export function challengeText(
  purpose: keyof typeof purposes,
  origin: string,
  nonce: string,
  time: string,
  more: readonly string[] = [],
): string {
  return `${[purposes[purpose], origin, nonce, time, ...more].join('\n')}\n`;
}

/** The text that a client composes and signs; nothing else is ever signed for a log-in. */
export const loginText = (origin: string, nonce: string, time: string): string =>
  challengeText('login', origin, nonce, time);

export type Challenges = ReturnType<typeof challenges>;

export function challenges({ journal, origin }: { readonly journal: Journal; readonly origin: () => string }) {
  return {
    /** A nonce for one signed text, good for five minutes. */
    nonce: (): Promise<string> =>
      journal.keep(async (tx) => {
        const nonce = toHex(randomOctets(16));
        await tx.em.execute('delete from login_nonce where expires < ?', [tx.now]);
        await tx.em.execute(`insert into login_nonce values (?, ?::timestamptz + interval '${nonceMinutes} minutes')`, [
          nonce,
          tx.now,
        ]);
        return nonce;
      }),
    /** Checks the composition, the nonce (which is used up) and the time; answers the database's time of the check. */
    check: async (
      purpose: keyof typeof purposes,
      text: Uint8Array,
      more: readonly string[] = [],
    ): Promise<Refusal | { readonly now: string }> => {
      const given = safeText(text);
      const [, from = '', nonce = '', time = ''] = given.split('\n');
      if (given !== challengeText(purpose, from, nonce, time, more)) return partyRefusal('login-text-invalid');
      if (from !== origin()) return partyRefusal('login-text-invalid', { origin: origin() });
      const now = await journal.keep(async (tx) => {
        // Taken out before the signature is checked, so that a nonce serves one attempt.
        const taken = await tx.em.execute('delete from login_nonce where nonce = ? and expires > ? returning nonce', [
          nonce,
          tx.now,
        ]);
        return (taken as Row[]).length === 1 ? tx.now : null;
      });
      if (now === null) return partyRefusal('login-nonce-invalid');
      return withinSkew(time, now) ? { now } : partyRefusal('login-clock', { time, now });
    },
  };
}

function safeText(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    return '';
  }
}

function withinSkew(time: string, now: string): boolean {
  try {
    const apart = Temporal.Instant.from(now).since(Temporal.Instant.from(time)).abs();
    return apart.total('minutes') <= skewMinutes;
  } catch {
    return false;
  }
}
