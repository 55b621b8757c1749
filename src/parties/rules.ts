/** The registers of parties (grade: register): organisations, people, certificates, bidders' own registrations. */
import type { Role } from '../platform/http/route.ts';
import type { Refusal } from '../platform/refusal.ts';
import { partyRefusal } from './refusals.ts';
import { conflictOf, homelessRole } from './roles.ts';
import { isUscc, usccCheckCharacter } from './uscc.ts';

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
  if (!isUscc(uscc))
    return partyRefusal('uscc-invalid', { uscc, checkCharacter: usccCheckCharacter(uscc.slice(0, 17)) });
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
  | { readonly type: 'closePerson' };
export type PersonEvent =
  | {
      readonly type: 'PersonRegistered';
      readonly organisation: string;
      readonly roles: readonly Role[];
      readonly commitment: string;
    }
  | { readonly type: 'RolesChanged'; readonly roles: readonly Role[] }
  | { readonly type: 'PersonClosed' };
export type PersonFacts = { readonly now: string; readonly organisationKinds: readonly string[] | null };

export const initialPerson = (id: string): PersonState => ({
  id,
  organisation: '',
  roles: [],
  commitment: '',
  active: false,
});

export function decidePerson(state: PersonState, command: PersonCommand, facts: PersonFacts): Refusal | PersonEvent[] {
  if (command.type === 'closePerson') return state.active ? [{ type: 'PersonClosed' }] : partyRefusal('person-unknown');
  if (command.type === 'changeRoles' && !state.active) return partyRefusal('person-unknown');
  if (facts.organisationKinds === null) return partyRefusal('organisation-unknown');
  const conflict = conflictOf(command.roles);
  if (conflict) return partyRefusal('roles-conflict', { roles: conflict });
  const homeless = homelessRole(command.roles, facts.organisationKinds);
  if (homeless) return partyRefusal('role-homeless', { role: homeless, kinds: facts.organisationKinds });
  if (command.type === 'changeRoles') return [{ type: 'RolesChanged', roles: command.roles }];
  const { organisation, roles, commitment } = command;
  return [{ type: 'PersonRegistered', organisation, roles, commitment }];
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
  }
}

/** A certificate; its id is the SHA-256 of its DER. */
export type CertificateState = {
  readonly id: string;
  readonly person: string;
  readonly organisation: string;
  readonly serial: string;
  readonly der: string;
  readonly issuer: 'platform' | 'outside';
  readonly issuedAt: string;
  readonly revoked: { readonly at: string; readonly reason: string } | null;
  /** The certificate that this one follows by a change signed with the old one. */
  readonly follows: string | null;
};
export type CertificateCommand =
  | {
      readonly type: 'issueCertificate';
      readonly person: string;
      readonly organisation: string;
      readonly serial: string;
      readonly der: string;
      readonly issuer: 'platform' | 'outside';
      readonly follows: string | null;
    }
  | { readonly type: 'revokeCertificate'; readonly reason: string };
export type CertificateEvent =
  | {
      readonly type: 'CertificateIssued';
      readonly person: string;
      readonly organisation: string;
      readonly serial: string;
      readonly der: string;
      readonly issuer: 'platform' | 'outside';
      readonly follows: string | null;
      readonly at: string;
    }
  | { readonly type: 'CertificateRevoked'; readonly reason: string; readonly at: string };

export const initialCertificate = (id: string): CertificateState => ({
  id,
  person: '',
  organisation: '',
  serial: '',
  der: '',
  issuer: 'platform',
  issuedAt: '',
  revoked: null,
  follows: null,
});

export function decideCertificate(
  state: CertificateState,
  command: CertificateCommand,
  facts: { readonly now: string },
): Refusal | CertificateEvent[] {
  if (command.type === 'issueCertificate') {
    if (state.issuedAt !== '') return partyRefusal('certificate-taken');
    const { person, organisation, serial, der, issuer, follows } = command;
    return [{ type: 'CertificateIssued', person, organisation, serial, der, issuer, follows, at: facts.now }];
  }
  if (state.issuedAt === '') return partyRefusal('certificate-unknown');
  return state.revoked
    ? partyRefusal('already-revoked')
    : [{ type: 'CertificateRevoked', reason: command.reason, at: facts.now }];
}

export function evolveCertificate(state: CertificateState, event: CertificateEvent): CertificateState {
  if (event.type === 'CertificateRevoked') return { ...state, revoked: { at: event.at, reason: event.reason } };
  const { person, organisation, serial, der, issuer, follows, at } = event;
  return { ...state, person, organisation, serial, der, issuer, follows, issuedAt: at };
}

/** A bidder's own registration, before an administrator has looked at it. */
export type RegistrationState = {
  readonly id: string;
  readonly organisationName: string;
  readonly uscc: string;
  readonly csr: string;
  readonly status: 'none' | 'pending' | 'approved' | 'rejected';
  readonly certSha256: string | null;
  readonly reason: string | null;
};
export type RegistrationCommand =
  | {
      readonly type: 'applyForRegistration';
      readonly organisationName: string;
      readonly uscc: string;
      readonly csr: string;
    }
  | { readonly type: 'approveRegistration'; readonly certSha256: string }
  | { readonly type: 'rejectRegistration'; readonly reason: string };
export type RegistrationEvent =
  | {
      readonly type: 'RegistrationReceived';
      readonly organisationName: string;
      readonly uscc: string;
      readonly csr: string;
    }
  | { readonly type: 'RegistrationApproved'; readonly certSha256: string }
  | { readonly type: 'RegistrationRejected'; readonly reason: string };

export const initialRegistration = (id: string): RegistrationState => ({
  id,
  organisationName: '',
  uscc: '',
  csr: '',
  status: 'none',
  certSha256: null,
  reason: null,
});

export function decideRegistration(
  state: RegistrationState,
  command: RegistrationCommand,
): Refusal | RegistrationEvent[] {
  if (command.type === 'applyForRegistration') {
    const { organisationName, uscc, csr } = command;
    if (!isUscc(uscc))
      return partyRefusal('uscc-invalid', { uscc, checkCharacter: usccCheckCharacter(uscc.slice(0, 17)) });
    return [{ type: 'RegistrationReceived', organisationName, uscc, csr }];
  }
  if (state.status === 'none') return partyRefusal('registration-unknown');
  if (state.status !== 'pending') return partyRefusal('registration-decided', { status: state.status });
  return command.type === 'approveRegistration'
    ? [{ type: 'RegistrationApproved', certSha256: command.certSha256 }]
    : [{ type: 'RegistrationRejected', reason: command.reason }];
}

export function evolveRegistration(state: RegistrationState, event: RegistrationEvent): RegistrationState {
  switch (event.type) {
    case 'RegistrationReceived':
      return {
        ...state,
        organisationName: event.organisationName,
        uscc: event.uscc,
        csr: event.csr,
        status: 'pending',
      };
    case 'RegistrationApproved':
      return { ...state, status: 'approved', certSha256: event.certSha256 };
    case 'RegistrationRejected':
      return { ...state, status: 'rejected', reason: event.reason };
  }
}
