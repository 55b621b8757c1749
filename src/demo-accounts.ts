/**
 * The log-ins of the demo city: GET /demo/accounts with their keys and opening identities. Mounted only where DEMO=1; otherwise it
 * is no route at all. Everybody may read these secrets: they open nothing but invented tenders, and the start refuses to put a
 * demo city and a real platform into one data folder (cli/demo/folder.ts).
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { identifier } from './formats/primitives.ts';
import type { Clock } from './platform/clock/clock.ts';
import type { Config } from './platform/config.ts';
import { BinaryAnswer, type Route, route } from './platform/http/route.ts';
import { commonRefusal } from './platform/refusal.ts';

const accountId = z.string().regex(/^[a-z]{3,20}(-\d{1,2})?$/);

export const demoAccount = z.strictObject({
  id: accountId,
  person: identifier,
  name: z.strictObject({ zh: z.string(), en: z.string() }),
  role: z.string(),
  organisation: z.strictObject({ id: identifier, name: z.string() }).nullable(),
  /** What this log-in can do at the moment where the city stops. */
  hint: z.strictObject({ zh: z.string(), en: z.string() }),
  /** Path of the PKCS#12 file. */
  p12: z.string(),
  passphrase: z.string(),
  /** Opening keys (age identities), one for each opening whose officer the person is. */
  identities: z.array(
    z.strictObject({ opening: identifier, lot: identifier, project: z.string(), code: z.string(), file: z.string() }),
  ),
});
export type DemoAccount = z.infer<typeof demoAccount>;
const accountList = z.array(demoAccount);

/** Files of the demo's log-ins below the data folder. */
export const demoFiles = (dataDir: string) => {
  const folder = join(dataDir, 'demo');
  return {
    folder,
    accounts: join(folder, 'accounts.json'),
    key: (id: string) => join(folder, 'accounts', id, 'key.p12'),
    identity: (id: string, opening: string) => join(folder, 'accounts', id, 'openings', `${opening}.txt`),
  };
};

type Deps = { readonly config: Config; readonly clock: Clock };

/** Nothing is read by a name that a visitor made up: ids are looked up in the list of accounts first. */
export function demoAccountRoutes({ config, clock }: Deps): Route[] {
  if (!config.demo) return [];
  const files = demoFiles(config.dataDir);
  /** Empty until the city is built. */
  const accounts = async (): Promise<DemoAccount[]> => {
    const text = await readFile(files.accounts, 'utf8').catch(() => '[]');
    return accountList.parse(JSON.parse(text));
  };
  const get = { method: 'GET', who: 'anyone' } as const;
  return [
    route(
      {
        ...get,
        path: '/demo/accounts',
        name: 'listDemoAccounts',
        summary: { zh: '演示登录（仅演示）', en: 'Log-ins of the demo city; demo only' },
        answer: z.object({ now: z.string(), accounts: accountList }),
        refusals: [],
      },
      async () => ({ now: clock.now().toString(), accounts: await accounts() }),
    ),
    route(
      {
        ...get,
        path: '/demo/accounts/:id/key.p12',
        name: 'downloadDemoKey',
        summary: { zh: '演示登录的证书文件（仅演示）', en: 'Key file of a demo log-in; demo only' },
        params: z.strictObject({ id: accountId }),
        answer: 'binary',
        refusals: ['not-found'],
      },
      async ({ params: { id } }) => {
        const found = (await accounts()).some((account) => account.id === id);
        return found
          ? new BinaryAnswer(await readFile(files.key(id)), 'application/x-pkcs12')
          : commonRefusal('not-found');
      },
    ),
    route(
      {
        ...get,
        path: '/demo/accounts/:id/openings/:opening/identity.txt',
        name: 'downloadDemoIdentity',
        summary: { zh: '演示开启人员的开启私钥（仅演示）', en: 'Opening key of a demo officer; demo only' },
        params: z.strictObject({ id: accountId, opening: identifier }),
        answer: 'binary',
        refusals: ['not-found'],
      },
      async ({ params: { id, opening } }) => {
        const account = (await accounts()).find((a) => a.id === id);
        if (!account?.identities.some((i) => i.opening === opening)) return commonRefusal('not-found');
        return new BinaryAnswer(await readFile(files.identity(id, opening)), 'text/plain; charset=utf-8');
      },
    ),
  ];
}
