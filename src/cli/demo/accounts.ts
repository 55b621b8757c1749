/** Leaves the log-ins of the demo city in the data folder, where the routes of demo-accounts.ts read them. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import forge from 'node-forge';
import { type DemoAccount, demoFiles } from '../../demo-accounts.ts';
import type { SigningKey } from '../../formats/cms.ts';
import { bytesOf } from '../../formats/cms-der.ts';
import { type Login, logins } from './logins.ts';
import type { Citizen, Citizens } from './people.ts';
import type { Told } from './stories.ts';

/** Known to everybody: these keys are given away. */
const demoPassphrase = 'demo';

/** Writes the key files first and the list last: what the list names is there. */
export async function leaveAccounts(
  dataDir: string,
  people: Citizens,
  told: readonly Told[],
): Promise<readonly DemoAccount[]> {
  const accounts: DemoAccount[] = [];
  for (const login of logins) accounts.push(await leaveOne(dataDir, login, login.of(people), told));
  await keep(demoFiles(dataDir).accounts, JSON.stringify(accounts, null, 1));
  return accounts;
}

async function leaveOne(
  dataDir: string,
  { id, en, hint: [zhHint, enHint] }: Login,
  { id: person, organisation, client: { key }, name, firm }: Citizen,
  told: readonly Told[],
): Promise<DemoAccount> {
  if (!key) throw new Error(`${id} has no key`);
  const files = demoFiles(dataDir);
  await keep(files.key(id), pkcs12Of(key));
  const identities: DemoAccount['identities'] = [];
  for (const { project, code, opening, lot, officers } of told) {
    const officer = officers.find((o) => o.id === person);
    if (!officer) continue;
    await keep(files.identity(id, opening), `${officer.identity}\n`);
    identities.push({ opening, lot, project, code, file: `/demo/accounts/${id}/openings/${opening}/identity.txt` });
  }
  return {
    id,
    person,
    name: { zh: name, en },
    role: id.replace(/-\d+$/, ''),
    organisation: { id: organisation, name: firm },
    hint: { zh: zhHint, en: enHint },
    p12: `/demo/accounts/${id}/key.p12`,
    passphrase: demoPassphrase,
    identities,
  };
}

async function keep(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { flush: true });
  await chmod(path, 0o600);
}

/** As enrol.ts makes it, under a passphrase that guards nothing. */
function pkcs12Of(key: SigningKey): Uint8Array {
  const chain = [key.certificate, ...key.chain];
  const file = forge.pkcs12.toPkcs12Asn1(key.privateKey, chain, demoPassphrase, { algorithm: 'aes256' });
  return bytesOf(forge.asn1.toDer(file).getBytes());
}
