/** People of a demo or test city with certificates and logged-in clients, made over HTTP as their users would. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type forge from 'node-forge';
import { usccCheckCharacter } from '../../parties/index.ts';
import type { Role } from '../../platform/http/route.ts';
import { type Client, connect } from '../client.ts';
import { enrol, makeKey } from '../enrol.ts';

/** Keys are slow to make, and a certificate binds one to its holder, so each worker makes a few and hands them out again. */
const keys: Promise<forge.pki.rsa.PrivateKey>[] = [];
const sharedKey = (n: number) => (keys[n % 13] ??= makeKey());

export type TestPerson = { readonly id: string; readonly organisation: string; readonly client: Client };
export type City = {
  readonly administrator: Client;
  organisation(kind: string, name?: string): Promise<string>;
  /** A logged-in person of the role; a fresh organisation of the fitting kind unless one is given. */
  person(role: Role, organisation?: string, name?: string): Promise<TestPerson>;
  /** A client that is nobody. */
  nobody(): Promise<Client>;
};

const kindOf: Readonly<Record<Role, string>> = {
  bidder: 'bidder',
  tenderer: 'tenderer',
  agency: 'agency',
  host: 'centre',
  finance: 'centre',
  administrator: 'centre',
  witness: 'association',
  supervisor: 'supervision',
  auditor: 'supervision',
  expert: 'expertise',
};

export type CityApp = {
  readonly base: string;
  readonly dataDir: string;
  readonly clock: { now(): Temporal.Instant };
};

/**
 * Opens the city: the first administrator enrols with the code of the server's folder. `keyOf` gives the key of the n-th
 * holder; a city that hands its keys to visitors makes one for each.
 */
export async function openCity({ base, dataDir, clock }: CityApp, keyOf = sharedKey): Promise<City> {
  const now = () => clock.now();
  let made = 0;
  const nobody = () => connect({ base, now });
  const code = readFileSync(join(dataDir, 'secrets', 'first-administrator'), 'utf8').trim();
  const key = await enrol(await nobody(), code, await keyOf(0));
  const administrator = await connect({ base, key, now });
  const organisation = async (kind: string, name?: string): Promise<string> => {
    made += 1;
    const first17 = `91330100MA2${String(made).padStart(6, '0')}`;
    const uscc = first17 + usccCheckCharacter(first17);
    const title = name ?? `单位${made}`;
    return (
      await administrator.call<{ id: string }>('POST', '/api/organisations', { name: title, uscc, kinds: [kind] })
    ).id;
  };
  return {
    administrator,
    organisation,
    nobody,
    person: async (role, home, called) => {
      const place = home ?? (await organisation(kindOf[role]));
      const number = made + 1;
      made += 1;
      const person = { name: called ?? `人员${number}`, organisation: place, roles: [role] };
      const registered = await administrator.call<{ id: string; code: string }>('POST', '/api/people', person);
      const signing = await enrol(await nobody(), registered.code, await keyOf(number));
      return { id: registered.id, organisation: place, client: await connect({ base, key: signing, now }) };
    },
  };
}
