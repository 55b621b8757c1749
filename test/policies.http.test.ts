import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { City, TestPerson } from '../src/cli/demo/city.ts';
import { answerRehearsal, giveOpeningKey, signPolicy } from '../src/cli/programs/release-keys.ts';
import { fromBase64, fromUtf8, utf8 } from '../src/formats/bytes.ts';
import { certificatesFromPem } from '../src/formats/cms.ts';
import { newId } from '../src/platform/ids.ts';
import { generateIdentity, identityToRecipient, verifyOpeningPolicy } from '../src/sealing/index.ts';
import { startApp, type TestApp } from './support/app.ts';
import { openCity } from './support/people.ts';
import { refusalOf } from './support/stage.ts';

const roles = ['host', 'tenderer', 'witness', 'supervisor'] as const;
let app: TestApp;
let city: City;
let officers: (TestPerson & { role: (typeof roles)[number] })[];
beforeAll(async () => {
  app = await startApp();
  city = await openCity(app);
  officers = await Promise.all(roles.map(async (role) => ({ ...(await city.person(role)), role })));
});
afterAll(() => app.close());

const deadline = () =>
  app.clock
    .now()
    .add({ hours: 24 * 30 })
    .toString({ smallestUnit: 'microsecond' });
const seatOf = ({ role, id, client }: (typeof officers)[number]) => ({
  role,
  person: id,
  certSha256: client.session!.certSha256,
});
type Answer = { inForce: string | null; document: string | null; policySha256: string | null };
const draft = (opening: string, change: object = {}, who: TestPerson = officers[0]!) =>
  who.client.call<Answer>('PUT', `/api/openings/${opening}/policy`, {
    lots: ['lot-1'],
    deadline: deadline(),
    officers: officers.map(seatOf),
    ...change,
  });
const sign = (opening: string, who: TestPerson, bytes: Uint8Array, signer: TestPerson = who) =>
  who.client.call<Answer>('POST', `/api/openings/${opening}/policy/signatures`, {
    signature: signer.client.sign(bytes),
  });

/** A drafted policy with everybody's key, and the keys. */
async function assembled() {
  const opening = newId();
  await draft(opening);
  const identities = await Promise.all(officers.map(() => generateIdentity()));
  let last: Answer | undefined;
  for (const [i, { client }] of officers.entries())
    last = (await giveOpeningKey(client, opening, await identityToRecipient(identities[i]!))) as Answer;
  return { opening, identities, document: utf8(last!.document!), sha256: last!.policySha256! };
}

describe('an opening policy', () => {
  it('is drafted by the host alone, with people of the roles, their own valid certificates, and a strong quorum', async () => {
    const [host, tenderer, witness, supervisor] = officers as [
      (typeof officers)[number],
      (typeof officers)[number],
      (typeof officers)[number],
      (typeof officers)[number],
    ];
    const gone = { ...(await city.person('witness')), role: 'witness' as const };
    const path = `/api/certificates/${gone.client.session!.certSha256}/revocation`;
    await city.administrator.call('POST', path, { reason: 'keyCompromise' });
    const attempt = (change: object, who?: TestPerson) => refusalOf(draft(newId(), change, who));
    expect({
      'by the tenderer': await attempt({}, tenderer),
      'a deadline that has passed': await attempt({ deadline: '2020-01-01T00:00:00.000000Z' }),
      'more keys than officers': await attempt({ k: 5 }),
      'one person twice': await attempt({ officers: [host, tenderer, witness, witness].map(seatOf) }),
      'host and tenderer suffice': await attempt({ k: 2 }),
      'a role that the person lacks': await attempt({
        officers: [host, tenderer, witness, { ...supervisor, role: 'witness' as const }].map(seatOf),
      }),
      "another's certificate": await attempt({
        officers: [host, tenderer, witness, { ...supervisor, client: witness.client }].map(seatOf),
      }),
      'a revoked certificate': await attempt({ officers: [host, tenderer, gone, supervisor].map(seatOf) }),
      nobody: await attempt({ officers: [] }),
      'no lots': await attempt({ lots: [] }),
    }).toEqual({
      'by the tenderer': 'not-permitted',
      'a deadline that has passed': 'deadline-not-future',
      'more keys than officers': 'officers-too-few',
      'one person twice': 'officer-twice',
      'host and tenderer suffice': 'quorum-too-weak',
      'a role that the person lacks': 'officer-role-missing',
      "another's certificate": 'officer-role-missing',
      'a revoked certificate': 'officer-role-missing',
      nobody: 'bad-request',
      'no lots': 'bad-request',
    });
  });

  it('takes of each officer one fresh key that something can be sealed to', async () => {
    const [opening, other] = [newId(), newId()];
    const { client } = officers[0]!;
    const give = (recipient: string, where = opening) => refusalOf(giveOpeningKey(client, where, recipient));
    const recipient = await identityToRecipient(await generateIdentity());
    expect(await give(recipient)).toBe('policy-not-drafted');
    await draft(opening);
    await draft(other);
    for (const wrong of [
      'age1x',
      `age1${'q'.repeat(58)}`,
      `${recipient.slice(0, -1)}${recipient.endsWith('q') ? 'p' : 'q'}`,
    ])
      expect(await give(wrong)).toBe('recipient-malformed');
    expect(await give(recipient)).toBe('answered');
    expect(await give(recipient)).toBe('answered');
    expect(await give(recipient, other)).toBe('recipient-reused');
    expect(await refusalOf(giveOpeningKey(officers[1]!.client, opening, recipient))).toBe('recipient-reused');
    const stranger = await city.person('supervisor');
    const theirs = await identityToRecipient(await generateIdentity());
    expect(await refusalOf(giveOpeningKey(stranger.client, opening, theirs))).toBe('not-an-officer');
    expect(await refusalOf(sign(opening, officers[0]!, utf8('{}')))).toBe('policy-not-assembled');
  });

  it('is in force with the last signature over exactly its bytes, and only then public', async () => {
    const { opening, document, sha256 } = await assembled();
    const [host, tenderer] = [officers[0]!, officers[1]!];
    const visitor = await city.nobody();
    expect(await refusalOf(sign(opening, host, utf8(`${fromUtf8(document)} `)))).toBe(
      'signature-invalid manifest-signature',
    );
    expect(await refusalOf(sign(opening, host, document, tenderer))).toBe('not-an-officer');
    const stranger = await city.person('witness');
    expect(await refusalOf(sign(opening, stranger, document))).toBe('not-an-officer');
    for (const officer of officers.slice(0, 3)) expect((await sign(opening, officer, document)).inForce).toBeNull();
    expect(await refusalOf(sign(opening, host, document))).toBe('already-signed');
    expect(await refusalOf(visitor.call('GET', `/api/policies/${sha256}`))).toBe('opening-unknown');
    expect(await refusalOf(host.client.call('POST', `/api/openings/${opening}/rehearsal`, {}))).toBe(
      'policy-not-in-force',
    );
    expect((await sign(opening, officers[3]!, document)).inForce).toBe(sha256);
    const formed = await visitor.call<{ document: string; signatures: { p7s: string }[] }>(
      'GET',
      `/api/policies/${sha256}`,
    );
    const roots = certificatesFromPem(fromUtf8(await visitor.download('/api/trust/roots')));
    const signatures = formed.signatures.map((s) => fromBase64(s.p7s));
    expect(verifyOpeningPolicy(utf8(formed.document), signatures, roots, app.clock.now()).sha256).toBe(sha256);
  });

  it('is rehearsed: a lost key shows before the deadline', async () => {
    const { opening, identities } = await assembled();
    const [host, tenderer] = [officers[0]!, officers[1]!];
    for (const { client } of officers) await signPolicy(client, opening);
    const answer = (value: string) =>
      refusalOf(host.client.call('POST', `/api/openings/${opening}/rehearsal/answers`, { value }));
    expect(await answer('ab'.repeat(32))).toBe('rehearsal-not-set');
    await host.client.call('POST', `/api/openings/${opening}/rehearsal`, {});
    expect(await answer('ab'.repeat(32))).toBe('rehearsal-wrong');
    await answerRehearsal(host.client, opening, identities[0]!);
    await expect(answerRehearsal(tenderer.client, opening, identities[0]!)).rejects.toThrow();
    const shown = await host.client.call<{ officers: { rehearsal: { passedAt: string | null } }[] }>(
      'GET',
      `/api/openings/${opening}/policy`,
    );
    expect(shown.officers.map((o) => o.rehearsal.passedAt !== null)).toEqual([true, false, false, false]);
  });
});
