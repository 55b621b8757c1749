/**
 * Every page of the list in a real browser: it draws without an error, nothing is blocked by the policy, axe finds nothing, nothing
 * scrolls sideways; in both languages, both themes, both widths. The pictures stay in test-output/screens for people to look at.
 */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, connect, logIn } from '../../src/cli/client.ts';
import { openCityFolder } from '../../src/cli/demo/build-city.ts';
import { toBase64 } from '../../src/formats/bytes.ts';
import { openPkcs12, signDetached } from '../../src/formats/cms.ts';
import { pathIn } from '../../src/web/i18n/language.ts';
import type { PageRoute } from '../../src/web/pages/page.ts';
import { deskRoutes, publicRoutes } from '../../src/web/pages/routes.ts';
import { buildWeb } from '../../src/web-build/build.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { browserIsThere, openBrowser, screens, violations, watchedPage } from './browser.ts';

let app: TestApp;
let browser: Browser;
let visitor: Client;
let fill: Readonly<Record<string, string>> = {};
type Account = { readonly id: string; readonly role: string; readonly p12: string; readonly passphrase: string };
let accounts: readonly Account[] = [];
const cookies = new Map<string, string>();

/** The cookie of a demo log-in, by the signed challenge. */
async function cookieOf(role: string): Promise<string> {
  const known = cookies.get(role);
  if (known) return known;
  const account = accounts.find((one) => one.role === role);
  if (!account) throw new Error(`no demo log-in of ${role}`);
  const key = openPkcs12(await visitor.download(account.p12), account.passphrase);
  const now = app.clock.now();
  const headers: Record<string, string> = {};
  await logIn(app.base, (text) => toBase64(signDetached(key, text, now)), now, headers);
  const cookie = /yg_session=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? '';
  cookies.set(role, cookie);
  return cookie;
}

beforeAll(async () => {
  if (!browserIsThere) return;
  const web = await buildWeb();
  app = await startApp({ DEMO: '1' }, web);
  const builder = await openCityFolder({ dataDir: app.dataDir, databaseUrl: null }, () => {});
  await builder.build({ base: app.base, dataDir: app.dataDir });
  visitor = await connect({ base: app.base });
  accounts = (await visitor.call<{ accounts: Account[] }>('GET', '/demo/accounts')).accounts;
  const { projects } = await visitor.call<{ projects: { id: string; code: string }[] }>(
    'GET',
    '/api/projects?limit=100',
  );
  const done = projects.find(({ code }) => code === 'ZS-2026-GC-0001')!;
  const { lots, opening } = await visitor.call<{ lots: { id: string }[]; opening: string }>(
    'GET',
    `/api/projects/${done.id}`,
  );
  fill = { code: done.code, number: `${done.code}-1-ZBJG`, lot: lots[0]!.id, id: opening, index: '100' };
  browser = await openBrowser();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

/** The path with the demo's own project in its parameters. */
const pathOf = ({ path }: PageRoute) => path.replace(/:(\w+)/g, (_all, name: string) => fill[name] ?? '0');
const looks = [
  { language: 'zh', theme: 'light', width: 1440, height: 900 },
  { language: 'en', theme: 'dark', width: 390, height: 844 },
] as const;

describe.skipIf(!browserIsThere)('every page', () => {
  const cases = [...publicRoutes, ...deskRoutes].flatMap((route) => looks.map((look) => ({ route, look })));
  it.each(cases.map((one) => [`${one.route.path} ${one.look.language} ${one.look.width}`, one] as const))(
    '%s',
    async (_name, { route, look }) => {
      const context = await browser.newContext({
        viewport: { width: look.width, height: look.height },
        colorScheme: look.theme,
      });
      try {
        if (route.who !== 'anyone') {
          const role = typeof route.who === 'string' ? 'bidder' : route.who[0]!;
          await context.addCookies([{ name: 'yg_session', value: await cookieOf(role), url: app.base }]);
        }
        const { page, faults } = await watchedPage(context);
        const path = pathIn(look.language, pathOf(route));
        await page.goto(`${app.base}${path}`);
        await page.locator('h1').first().waitFor();
        await page.waitForLoadState('networkidle', { timeout: 5_000 }).catch(() => {});
        const file = `${path.replace(/\W+/g, '_')}-${look.width}-${look.theme}.png`;
        await page.screenshot({ path: join(screens, file), fullPage: true });
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect({ faults, sideways: Math.max(0, sideways), axe: await violations(page) }).toEqual({
          faults: [],
          sideways: 0,
          axe: [],
        });
      } finally {
        await context.close();
      }
    },
  );
});
