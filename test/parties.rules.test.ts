/** The room's pure rules: codes of organisations, roles that stay apart, certificates, applications, weak keys. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRegistration, evolveRegistration, initialRegistration } from '../src/parties/registration-rules.ts';
import { conflictOf, homelessRole, organisationKinds } from '../src/parties/roles.ts';
import {
  decideCertificate,
  decideOrganisation,
  decidePerson,
  evolveCertificate,
  evolvePerson,
  initialCertificate,
  initialOrganisation,
  initialPerson,
} from '../src/parties/rules.ts';
import { isUscc, usccCheckCharacter } from '../src/parties/uscc.ts';
import { weaknessOf } from '../src/parties/weak-keys.ts';
import { type Role, roles } from '../src/platform/http/route.ts';
import { isRefusal, type Refusal } from '../src/platform/refusal.ts';

const now = '2026-11-24T01:00:00.000000Z';
const codeOf = (result: Refusal | readonly unknown[]) => (isRefusal(result) ? result.code : 'accepted');

describe('unified social credit code (GB 32100-2015)', () => {
  // Published codes of large companies.
  it.each(['91110000802100433B', '91440300708461136T', '91330100799655058B'])('accepts %s', (code) => {
    expect(isUscc(code)).toBe(true);
  });

  it.each([
    ['91110000802100433A', 'B', 'wrong check character'],
    ['91110000802100433b', 'B', 'lower case'],
    ['9111000080210043IB', null, 'a letter that the alphabet leaves out'],
    ['91110000802100433', 'B', 'one character short'],
    ['91110000802100433B0', 'B', 'one too many'],
    ['', null, 'nothing'],
  ] as [string, string | null, string][])('refuses %j, naming %j: %s', (uscc, checkCharacter) => {
    const command = { type: 'registerOrganisation', name: '某公司', uscc, kinds: ['bidder'] } as const;
    const refused = decideOrganisation(initialOrganisation('o'), command, { now, usccTaken: false });
    expect(refused).toMatchObject({ code: 'uscc-invalid', details: { checkCharacter } });
  });

  it('finds every exchange of two neighbours and every wrong character', () => {
    const character = fc.constantFrom(...'0123456789ABCDEFGHJKLMNPQRTUWXY');
    fc.assert(
      fc.property(fc.array(character, { minLength: 17, maxLength: 17 }), fc.nat(16), (letters, at) => {
        const code = [...letters, usccCheckCharacter(letters.join(''))!];
        fc.pre(code[at] !== code[at + 1]);
        expect(isUscc(code.join(''))).toBe(true);
        expect(
          isUscc(
            code
              .with(at, code[at + 1]!)
              .with(at + 1, code[at]!)
              .join(''),
          ),
        ).toBe(false);
      }),
    );
  });
});

describe('roles of one person', () => {
  /** Everything that may be held together; any other pair is refused. */
  const together = new Set([
    'tenderer agency',
    'tenderer host',
    'tenderer witness',
    'tenderer supervisor',
    'tenderer finance',
    'tenderer auditor',
    'agency host',
    'agency witness',
    'agency supervisor',
    'agency finance',
    'agency auditor',
    'host finance',
    'witness auditor',
    'supervisor auditor',
    'finance expert',
    'expert auditor',
  ]);
  const pairs = roles.flatMap((a, i) => roles.slice(i + 1).map((b) => [a, b] as const));

  it.each(pairs)('%s and %s', (a, b) => {
    expect(conflictOf([a, b]) === null).toBe(together.has(`${a} ${b}`));
    expect(conflictOf([b, a]) === null).toBe(together.has(`${a} ${b}`));
  });

  it('are refused in any set that holds a refused pair', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...roles)), (held) => {
        const apart = pairs.some(([a, b]) => held.includes(a) && held.includes(b) && !together.has(`${a} ${b}`));
        expect(conflictOf(held) !== null).toBe(apart);
      }),
    );
  });

  it.each(roles)('%s has a kind of organisation to come from', (role) => {
    expect(organisationKinds.filter((kind) => homelessRole([role], [kind]) === null)).not.toEqual([]);
    expect(homelessRole([role], [])).toBe(role);
  });
});

describe('people', () => {
  const command = { type: 'registerPerson', organisation: 'o', roles: ['bidder'] as Role[], commitment: 'c' } as const;
  const facts = { now, organisationKinds: ['bidder'], own: false };
  const events = decidePerson(initialPerson('p'), command, facts);
  const present = (isRefusal(events) ? [] : events).reduce(evolvePerson, initialPerson('p'));
  const closed = evolvePerson(present, { type: 'PersonClosed' });

  it.each([
    [{ ...command, roles: ['bidder', 'administrator'] as Role[] }, initialPerson('p'), facts, 'roles-conflict'],
    [{ ...command, roles: ['host'] as Role[] }, initialPerson('p'), facts, 'role-homeless'],
    [command, initialPerson('p'), { ...facts, organisationKinds: null }, 'organisation-unknown'],
    [command, present, facts, 'person-known'],
    [{ type: 'changeRoles', roles: ['administrator', 'bidder'] as Role[] }, present, facts, 'roles-conflict'],
    [{ type: 'changeRoles', roles: ['bidder'] as Role[] }, present, { ...facts, own: true }, 'roles-own'],
    [{ type: 'changeRoles', roles: ['bidder'] as Role[] }, closed, facts, 'person-unknown'],
    [{ type: 'giveEnrolmentCode' }, closed, facts, 'person-unknown'],
    [{ type: 'closePerson' }, closed, facts, 'person-unknown'],
    [{ type: 'erasePerson' }, present, facts, 'person-active'],
    [{ type: 'erasePerson' }, closed, facts, 'accepted'],
    [{ type: 'erasePerson' }, initialPerson('q'), facts, 'person-unknown'],
  ] as const)('%j', (asked, state, known, code) => {
    expect(codeOf(decidePerson(state, asked, known))).toBe(code);
  });
});

describe('certificates', () => {
  const issue = {
    type: 'issueCertificate',
    person: 'p',
    organisation: 'o',
    serial: '40',
    issuer: 'platform',
    follows: null,
  } as const;
  const change = { ...issue, follows: 'ab'.repeat(32) };
  const issued = evolveCertificate(initialCertificate('c'), { ...issue, type: 'CertificateIssued', at: now });
  const revoke = { type: 'revokeCertificate', reason: '遗失', cause: 'key-compromise' } as const;
  const revoked = evolveCertificate(issued, { ...revoke, type: 'CertificateRevoked', at: now });
  const followed = (person: string, ended: boolean) => ({
    now,
    followed: { person, revoked: ended ? { at: now, reason: 'r', cause: 'unspecified' as const } : null },
  });
  const none = { now, followed: null };

  it.each([
    ['are recorded once', issued, issue, none, 'certificate-taken'],
    ['follow a certificate of the same person', initialCertificate('c'), change, followed('p', false), 'accepted'],
    ['do not follow an unknown one', initialCertificate('c'), change, none, 'certificate-unknown'],
    [
      'do not follow that of another person',
      initialCertificate('c'),
      change,
      followed('q', false),
      'certificate-unknown',
    ],
    ['do not follow a revoked one', initialCertificate('c'), change, followed('p', true), 'certificate-revoked'],
    ['are revoked', issued, revoke, none, 'accepted'],
    ['are revoked once', revoked, revoke, none, 'already-revoked'],
    ['that nobody has are not revoked', initialCertificate('c'), revoke, none, 'certificate-unknown'],
  ] as const)('%s', (_what, state, command, facts, code) => {
    expect(codeOf(decideCertificate(state, command, facts))).toBe(code);
  });
});

describe('applications', () => {
  const apply = {
    type: 'applyForRegistration',
    organisationName: '某公司',
    uscc: '91110000802100433B',
    documentSha256: 'ab'.repeat(32),
    person: null,
  } as const;
  const none = initialRegistration('r');
  const fold = (...commands: Parameters<typeof decideRegistration>[1][]) =>
    commands.reduce((state, command) => {
      const events = decideRegistration(state, command);
      if (isRefusal(events)) throw new Error(events.code);
      return events.reduce(evolveRegistration, state);
    }, none);
  const approve = { type: 'approveRegistration', person: 'p' } as const;
  const deliver = { type: 'deliverCertificate', certSha256: 'cd'.repeat(32) } as const;
  const reject = { type: 'rejectRegistration', reason: '材料不全' } as const;

  it.each([
    ['nothing to approve', none, approve, 'registration-unknown'],
    ['a certificate before approval', fold(apply), deliver, 'registration-decided'],
    ['a second approval', fold(apply, approve), approve, 'registration-decided'],
    ['a rejection after approval', fold(apply, approve), reject, 'registration-decided'],
    ['the certificate of an approved one', fold(apply, approve), deliver, 'accepted'],
    ['a second certificate', fold(apply, approve, deliver), deliver, 'registration-decided'],
    ['approval after rejection', fold(apply, reject), approve, 'registration-decided'],
    ['a code that fails its check', none, { ...apply, uscc: '91110000802100433A' }, 'uscc-invalid'],
  ] as const)('%s', (_what, state, command, code) => {
    expect(codeOf(decideRegistration(state, command))).toBe(code);
  });

  it('for somebody with an account stay that person’s', () => {
    expect(fold({ ...apply, person: 'holder' }, approve).person).toBe('holder');
  });
});

describe('weak keys', () => {
  // p and q are neighbours.
  const p = nextPrime(2n ** 1023n + 7n ** 300n);
  const q = nextPrime(p + 2n);
  const far = nextPrime(2n ** 1024n - 11n ** 250n);

  it.each([
    [p * q, 'close-primes'],
    [p * p, 'close-primes'],
    [p * far, null],
    [nextPrime(2n ** 2036n) * 7919n, 'small-factor'],
    [rocaLike(), 'roca'],
  ])('modulus %#', (modulus, weakness) => {
    expect(weaknessOf(modulus)).toBe(weakness);
  });
});

/** A number that is 65537 modulo the whole fingerprint, as every modulus of that generator is some power of it. */
function rocaLike(): bigint {
  const product = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157].reduce(
    (all, prime) => all * BigInt(prime),
    1n,
  );
  let modulus = (2n ** 2047n / product) * product + 65537n;
  while (weaknessOf(modulus) === 'small-factor') modulus += product;
  return modulus;
}

function nextPrime(from: bigint): bigint {
  let candidate = from | 1n;
  while (!probablyPrime(candidate)) candidate += 2n;
  return candidate;
}

/** Fermat's test to base 2 after small divisors: enough to make samples. */
function probablyPrime(n: bigint): boolean {
  for (let d = 3n; d < 2000n; d += 2n) if (n % d === 0n) return false;
  let [result, base, exponent] = [1n, 2n, n - 1n];
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % n;
    base = (base * base) % n;
  }
  return result === 1n;
}
