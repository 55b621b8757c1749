/** Log-in by a signed text that the client composes, and short sessions (trust protocol 1). */
import { fromUtf8, sha256Hex, toHex, utf8 } from '../formats/bytes.ts';
import type { Journal } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import type { Principal, Role } from '../platform/http/route.ts';
import { randomOctets } from '../platform/ids.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { partyRefusal } from './refusals.ts';
import type { VerifiedSigner } from './signatures.ts';

const nonceMinutes = 5;
const idleMinutes = 30;
const absoluteHours = 12;
const skewMinutes = 10;

export type SignedIn = { readonly token: string; readonly csrf: string; readonly principal: Principal };
export type Sessions = ReturnType<typeof sessions>;

/** The text that a client composes and signs; nothing else is ever signed for a log-in. */
export function loginText(origin: string, nonce: string, time: string): string {
  return `yangguang login v1\n${origin}\n${nonce}\n${time}\n`;
}

type Deps = {
  readonly journal: Journal;
  readonly origin: () => string;
  readonly verify: (content: Uint8Array, p7s: Uint8Array, at: string) => Promise<VerifiedSigner>;
};

export function sessions({ journal, origin, verify }: Deps) {
  return {
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
    /** Checks text, nonce, signature and holder; gives the session's token and its CSRF token. */
    logIn: async (text: Uint8Array, p7s: Uint8Array): Promise<Refusal | SignedIn> => {
      const [, from = '', nonce = '', time = ''] = safeText(text).split('\n');
      if (safeText(text) !== loginText(from, nonce, time)) return partyRefusal('login-text-invalid');
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
      if (!withinSkew(time, now)) return partyRefusal('login-clock', { time, now });
      const signer = await verify(text, p7s, now);
      return open(journal, signer);
    },
    logOut: (session: string) =>
      journal.keep((tx) => tx.em.execute('delete from session where token_sha256 = ?', [session])),
    /** The session of a cookie; null when it is unknown, idle for 30 minutes or 12 hours old. */
    identify: async (token: string | undefined): Promise<{ principal: Principal; csrf: string } | null> => {
      if (!token || !/^[0-9a-f]{64}$/.test(token)) return null;
      const session = sha256Hex(utf8(token));
      const [row] = await journal.db.query<Row>(
        `select s.person, s.cert_sha256, s.csrf, p.organisation, p.state -> 'roles' as roles,
           s.seen < clock_timestamp() - interval '1 minute' as stale
         from session s join person p on p.id = s.person and p.active join certificate c on c.id = s.cert_sha256 and not c.revoked
         where s.token_sha256 = ? and s.seen > clock_timestamp() - interval '${idleMinutes} minutes'
           and s.created > clock_timestamp() - interval '${absoluteHours} hours'`,
        [session],
      );
      if (!row) return null;
      if (row.stale === true)
        await journal.keep((tx) =>
          tx.em.execute('update session set seen = clock_timestamp() where token_sha256 = ?', [session]),
        );
      return {
        csrf: String(row.csrf),
        principal: {
          person: String(row.person),
          organisation: row.organisation === '' ? null : String(row.organisation),
          roles: row.roles as Role[],
          certSha256: String(row.cert_sha256),
          session,
        },
      };
    },
  };
}

async function open(journal: Journal, signer: VerifiedSigner): Promise<SignedIn> {
  const [token, csrf] = [toHex(randomOctets(32)), toHex(randomOctets(16))];
  const session = sha256Hex(utf8(token));
  if (signer.roles.length === 0) return refuse(partyRefusal('person-inactive'));
  await journal.keep(async (tx) => {
    await tx.em.execute(`delete from session where created < clock_timestamp() - interval '${absoluteHours} hours'`);
    // Sessions run on the real clock: the demo's clock may jump by days between two clicks.
    await tx.em.execute('insert into session values (?, ?, ?, ?, clock_timestamp(), clock_timestamp())', [
      session,
      signer.person,
      signer.certSha256,
      csrf,
    ]);
  });
  const { person, organisation, roles, certSha256 } = signer;
  return { token, csrf, principal: { person, organisation, roles, certSha256, session } };
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
