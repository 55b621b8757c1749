/** Log-in, the present session, log-out. */
import { z } from 'zod';
import { fromBase64 } from '../formats/bytes.ts';
import { identifier, sha256Text } from '../formats/primitives.ts';
import { sessionCookie } from '../platform/http/app.ts';
import { callerOf, type Principal, type Route, roles, route } from '../platform/http/route.ts';
import { isRefusal } from '../platform/refusal.ts';
import type { RouteDeps } from './deps.ts';
import { namesOf } from './directory.ts';
import { partyRefusal } from './refusals.ts';
import { done, partyCodes, signedText } from './views.ts';

const role = z.enum(roles);
const sessionView = z.object({
  person: identifier,
  organisation: identifier.nullable(),
  roles: z.array(role),
  certSha256: sha256Text,
  csrf: z.string(),
});
/** With what people call themselves; names are null where the register has erased or never had one. */
const namedSessionView = sessionView.extend({ name: z.string().nullable(), organisationName: z.string().nullable() });

export function loginRoutes({ journal, sessions, challenges }: RouteDeps): Route[] {
  const named = async ({ person, organisation, roles: held, certSha256 }: Principal, csrf: string) => {
    const [found] = await namesOf(journal.db, [person]);
    return {
      person,
      organisation,
      roles: [...held],
      certSha256,
      csrf,
      name: found?.name ?? null,
      organisationName: organisation === null ? null : (found?.organisation.name ?? null),
    };
  };
  return [
    route(
      {
        method: 'GET',
        path: '/api/login/nonce',
        name: 'beginLogin',
        who: 'anyone',
        summary: { zh: '取随机数（登录、绑定、换发）', en: 'A nonce for one signed text: log-in, binding, change' },
        answer: z.object({ nonce: z.string() }),
        refusals: partyCodes,
      },
      async () => ({ nonce: await challenges.nonce() }),
    ),
    route(
      {
        method: 'POST',
        path: '/api/login',
        name: 'logIn',
        who: 'anyone',
        summary: { zh: '以签名登录', en: 'Log in with a signed text' },
        body: z.strictObject(signedText),
        answer: namedSessionView,
        refusals: partyCodes,
      },
      async ({ body, setCookie }) => {
        const signedIn = await sessions.logIn(fromBase64(body.text), fromBase64(body.signature));
        if (isRefusal(signedIn)) return signedIn;
        setCookie(sessionCookie, signedIn.token, 12 * 3600);
        return named(signedIn.principal, signedIn.csrf);
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/session',
        name: 'showSession',
        who: 'signed-in',
        summary: { zh: '当前登录', en: 'The present session' },
        answer: namedSessionView,
        refusals: partyCodes,
      },
      async ({ headers, principal }) => {
        const cookie = /(?:^|;\s*)yg_session=([0-9a-f]{64})/.exec(String(headers.cookie ?? ''))?.[1];
        const found = await sessions.identify(cookie);
        if (!found || !principal) return partyRefusal('person-inactive');
        return named(principal, found.csrf);
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/logout',
        name: 'logOut',
        who: 'signed-in',
        summary: { zh: '退出登录', en: 'Log out' },
        body: z.strictObject({}),
        answer: done,
        refusals: partyCodes,
      },
      async (call) => {
        await sessions.logOut(callerOf(call).principal.session);
        call.setCookie(sessionCookie, null, 0);
        return {};
      },
    ),
  ];
}
