/** Log-in by a signed text that the client composes, and short sessions (trust protocol 1). */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { sha256Hex, toHex, utf8 } from '../formats/bytes.ts';
import type { Journal } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import type { Principal, Role } from '../platform/http/route.ts';
import { randomOctets } from '../platform/ids.ts';
import { commonRefusal, isRefusal, type Refusal, refuse } from '../platform/refusal.ts';
import type { Challenges } from './challenge.ts';
import { partyRefusal } from './refusals.ts';
import type { VerifiedSigner } from './signatures.ts';

const idleMinutes = 30;
const absoluteHours = 12;
/** Log-ins a minute with one certificate: a program that loops does not fill the table of sessions. */
const loginsPerMinute = 120;

export type SignedIn = { readonly token: string; readonly csrf: string; readonly principal: Principal };
export type Sessions = ReturnType<typeof sessions>;

type Deps = {
  readonly journal: Journal;
  readonly challenges: Challenges;
  readonly verify: (content: Uint8Array, p7s: Uint8Array, at: string) => Promise<VerifiedSigner>;
};

export function sessions({ journal, challenges, verify }: Deps) {
  const limiter = new RateLimiterMemory({ points: loginsPerMinute, duration: 60 });
  return {
    /** Checks text, nonce, signature and holder; gives the session's token and its CSRF token. */
    logIn: async (text: Uint8Array, p7s: Uint8Array): Promise<Refusal | SignedIn> => {
      const checked = await challenges.check('login', text);
      if (isRefusal(checked)) return checked;
      const signer = await verify(text, p7s, (checked as { now: string }).now);
      // Counted after the signature: before it, a stranger could use up somebody else's allowance.
      const allowed = await limiter.consume(signer.certSha256).catch(() => null);
      return allowed ? open(journal, signer) : commonRefusal('too-many-requests', { retryAfterSeconds: 60 });
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
