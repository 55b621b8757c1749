/** Log-in, the present session, log-out. */
import { z } from 'zod';
import { fromBase64 } from '../formats/bytes.ts';
import { identifier, sha256Text } from '../formats/primitives.ts';
import { sessionCookie } from '../platform/http/app.ts';
import { callerOf, type Route, roles, route } from '../platform/http/route.ts';
import { isRefusal } from '../platform/refusal.ts';
import type { RouteDeps } from './deps.ts';
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

export function loginRoutes({ sessions, challenges }: RouteDeps): Route[] {
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
        answer: sessionView,
        refusals: partyCodes,
      },
      async ({ body, setCookie }) => {
        const signedIn = await sessions.logIn(fromBase64(body.text), fromBase64(body.signature));
        if (isRefusal(signedIn)) return signedIn;
        setCookie(sessionCookie, signedIn.token, 12 * 3600);
        const { person, organisation, roles: held, certSha256 } = signedIn.principal;
        return { person, organisation, roles: [...held], certSha256, csrf: signedIn.csrf };
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/session',
        name: 'showSession',
        who: 'signed-in',
        summary: { zh: '当前登录', en: 'The present session' },
        answer: sessionView,
        refusals: partyCodes,
      },
      async ({ headers, principal }) => {
        const cookie = /(?:^|;\s*)yg_session=([0-9a-f]{64})/.exec(String(headers.cookie ?? ''))?.[1];
        const found = await sessions.identify(cookie);
        if (!found || !principal) return partyRefusal('person-inactive');
        const { person, organisation, roles: held, certSha256 } = principal;
        return { person, organisation, roles: [...held], certSha256, csrf: found.csrf };
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
