/** The registers of parties (grade: register): organisations, people, certificates. */
import type { Role } from '../platform/http/route.ts';
import type { Refusal } from '../platform/refusal.ts';
import { partyRefusal } from './refusals.ts';
import { conflictOf, homelessRole } from './roles.ts';
import { usccRefused } from './uscc.ts';

export type OrganisationState = {
  readonly id: string;
  readonly name: string;
  readonly uscc: string;
  readonly kinds: readonly string[];
  readonly registeredAt: string;
};
export type OrganisationCommand = {
  readonly type: 'registerOrganisation';
  readonly name: string;
  readonly uscc: string;
  readonly kinds: readonly string[];
};
export type OrganisationEvent = {
  readonly type: 'OrganisationRegistered';
  readonly name: string;
  readonly uscc: string;
  readonly kinds: readonly string[];
  readonly at: string;
};
export type OrganisationFacts = { readonly now: string; readonly usccTaken: boolean };

export const initialOrganisation = (id: string): OrganisationState => ({
  id,
  name: '',
  uscc: '',
  kinds: [],
  registeredAt: '',
});

export function decideOrganisation(
  state: OrganisationState,
  command: OrganisationCommand,
  facts: OrganisationFacts,
): Refusal | OrganisationEvent[] {
  const { name, uscc, kinds } = command;
  const refused = usccRefused(uscc);
  if (refused) return refused;
  if (facts.usccTaken || state.registeredAt !== '') return partyRefusal('organisation-known', { uscc });
  return [{ type: 'OrganisationRegistered', name, uscc, kinds, at: facts.now }];
}

export function evolveOrganisation(state: OrganisationState, event: OrganisationEvent): OrganisationState {
  const { name, uscc, kinds, at } = event;
  return { ...state, name, uscc, kinds, registeredAt: at };
}

export type PersonState = {
  readonly id: string;
  readonly organisation: string;
  readonly roles: readonly Role[];
  /** Salted commitment to the name; the name itself can be erased with its salt. */
  readonly commitment: string;
  readonly active: boolean;
};
export type PersonCommand =
  | {
      readonly type: 'registerPerson';
      readonly organisation: string;
      readonly roles: readonly Role[];
      readonly commitment: string;
    }
  | { readonly type: 'changeRoles'; readonly roles: readonly Role[] }
  | { readonly type: 'giveEnrolmentCode' }
  | { readonly type: 'closePerson' }
  | { readonly type: 'erasePerson' };
export type PersonEvent =
  | {
      readonly type: 'PersonRegistered';
      readonly organisation: string;
      readonly roles: readonly Role[];
      readonly commitment: string;
    }
  | { readonly type: 'RolesChanged'; readonly roles: readonly Role[] }
  | { readonly type: 'EnrolmentCodeGiven' }
  | { readonly type: 'PersonClosed' }
  | { readonly type: 'PersonErased' };
export type PersonFacts = {
  readonly now: string;
  readonly organisationKinds: readonly string[] | null;
  /** Whether the person acts on the own account. */
  readonly own: boolean;
};

export const initialPerson = (id: string): PersonState => ({
  id,
  organisation: '',
  roles: [],
  commitment: '',
  active: false,
});

export function decidePerson(state: PersonState, command: PersonCommand, facts: PersonFacts): Refusal | PersonEvent[] {
  switch (command.type) {
    case 'registerPerson': {
      if (state.commitment !== '') return partyRefusal('person-known');
      const { organisation, roles, commitment } = command;
      return rolesRefused(roles, facts) ?? [{ type: 'PersonRegistered', organisation, roles, commitment }];
    }
    case 'changeRoles':
      if (!state.active) return partyRefusal('person-unknown');
      // Whoever keeps accounts would otherwise become host or witness, and act at once with the session at hand.
      if (facts.own) return partyRefusal('roles-own');
      return rolesRefused(command.roles, facts) ?? [{ type: 'RolesChanged', roles: command.roles }];
    case 'giveEnrolmentCode':
      return state.active ? [{ type: 'EnrolmentCodeGiven' }] : partyRefusal('person-unknown');
    case 'closePerson':
      return state.active ? [{ type: 'PersonClosed' }] : partyRefusal('person-unknown');
    case 'erasePerson':
      // Only a closed account: nobody acts under a name that is no longer there.
      if (state.commitment === '') return partyRefusal('person-unknown');
      return state.active ? partyRefusal('person-active') : [{ type: 'PersonErased' }];
  }
}

function rolesRefused(roles: readonly Role[], { organisationKinds: kinds }: PersonFacts): Refusal | null {
  if (kinds === null) return partyRefusal('organisation-unknown');
  const conflict = conflictOf(roles);
  if (conflict) return partyRefusal('roles-conflict', { roles: conflict });
  const homeless = homelessRole(roles, kinds);
  return homeless && partyRefusal('role-homeless', { role: homeless, kinds });
}

export function evolvePerson(state: PersonState, event: PersonEvent): PersonState {
  switch (event.type) {
    case 'PersonRegistered':
      return {
        ...state,
        organisation: event.organisation,
        roles: event.roles,
        commitment: event.commitment,
        active: true,
      };
    case 'RolesChanged':
      return { ...state, roles: event.roles };
    case 'PersonClosed':
      return { ...state, active: false };
    case 'EnrolmentCodeGiven':
    case 'PersonErased':
      return state;
  }
}

/** Why a certificate ends: reasons of RFC 5280 5.3.1 that the platform uses. */
export const revocationCauses = [
  'unspecified',
  'key-compromise',
  'affiliation-changed',
  'superseded',
  'cessation-of-operation',
] as const;
export type RevocationCause = (typeof revocationCauses)[number];

/** A certificate; its id is the SHA-256 of its DER, which stands apart because it holds a name. */
export type CertificateState = {
  readonly id: string;
  readonly person: string;
  readonly organisation: string;
  readonly serial: string;
  readonly issuer: 'platform' | 'outside';
  readonly issuedAt: string;
  readonly revoked: { readonly at: string; readonly reason: string; readonly cause: RevocationCause } | null;
  /** The certificate that this one follows by a change signed with the old one. */
  readonly follows: string | null;
};
export type CertificateCommand =
  | {
      readonly type: 'issueCertificate';
      readonly person: string;
      readonly organisation: string;
      readonly serial: string;
      readonly issuer: 'platform' | 'outside';
      readonly follows: string | null;
    }
  | { readonly type: 'revokeCertificate'; readonly reason: string; readonly cause: RevocationCause };
export type CertificateEvent =
  | {
      readonly type: 'CertificateIssued';
      readonly person: string;
      readonly organisation: string;
      readonly serial: string;
      readonly issuer: 'platform' | 'outside';
      readonly follows: string | null;
      readonly at: string;
    }
  | {
      readonly type: 'CertificateRevoked';
      readonly reason: string;
      readonly cause: RevocationCause;
      readonly at: string;
    };

/** The certificate that a new one follows. */
export type CertificateFacts = { readonly followed: Pick<CertificateState, 'person' | 'revoked'> | null };

export const initialCertificate = (id: string): CertificateState => ({
  id,
  person: '',
  organisation: '',
  serial: '',
  issuer: 'platform',
  issuedAt: '',
  revoked: null,
  follows: null,
});

export function decideCertificate(
  state: CertificateState,
  command: CertificateCommand,
  facts: CertificateFacts & { readonly now: string },
): Refusal | CertificateEvent[] {
  if (command.type === 'issueCertificate') {
    if (state.issuedAt !== '') return partyRefusal('certificate-taken', { person: state.person });
    const { person, organisation, serial, issuer, follows } = command;
    if (follows !== null) {
      // Read under the transaction: a certificate revoked meanwhile has no successor.
      const { followed } = facts;
      if (followed?.person !== person) return partyRefusal('certificate-unknown');
      if (followed.revoked) return partyRefusal('certificate-revoked', { at: followed.revoked.at });
    }
    return [{ type: 'CertificateIssued', person, organisation, serial, issuer, follows, at: facts.now }];
  }
  if (state.issuedAt === '') return partyRefusal('certificate-unknown');
  return state.revoked
    ? partyRefusal('already-revoked')
    : [{ type: 'CertificateRevoked', reason: command.reason, cause: command.cause, at: facts.now }];
}

export function evolveCertificate(state: CertificateState, event: CertificateEvent): CertificateState {
  if (event.type === 'CertificateRevoked')
    return { ...state, revoked: { at: event.at, reason: event.reason, cause: event.cause } };
  const { person, organisation, serial, issuer, follows, at } = event;
  return { ...state, person, organisation, serial, issuer, follows, issuedAt: at };
}
