/** The registers as the journal sees them: tables, columns, published bodies. Personal data never enter a leaf. */
import type { Procedure } from '../journal/index.ts';
import {
  decideRegistration,
  evolveRegistration,
  initialRegistration,
  type RegistrationCommand,
  type RegistrationEvent,
  type RegistrationState,
} from './registration-rules.ts';
import {
  type CertificateCommand,
  type CertificateEvent,
  type CertificateFacts,
  type CertificateState,
  decideCertificate,
  decideOrganisation,
  decidePerson,
  evolveCertificate,
  evolveOrganisation,
  evolvePerson,
  initialCertificate,
  initialOrganisation,
  initialPerson,
  type OrganisationCommand,
  type OrganisationEvent,
  type OrganisationState,
  type PersonCommand,
  type PersonEvent,
  type PersonFacts,
  type PersonState,
} from './rules.ts';

export const organisationProcedure: Procedure<
  OrganisationState,
  OrganisationCommand,
  OrganisationEvent,
  { usccTaken: boolean }
> = {
  kind: 'organisation',
  initial: initialOrganisation,
  decide: decideOrganisation,
  evolve: evolveOrganisation,
  columns: (state) => ({ uscc: state.uscc, name: state.name }),
  publish: ({ name, uscc, kinds }, { subject }) => ({
    open: 'organisation-registered',
    body: { organisation: subject, name, uscc, kinds },
  }),
};

export const personProcedure: Procedure<PersonState, PersonCommand, PersonEvent, Omit<PersonFacts, 'now'>> = {
  kind: 'person',
  initial: initialPerson,
  decide: decidePerson,
  evolve: evolvePerson,
  columns: (state) => ({ organisation: state.organisation, active: state.active }),
  publish: (event, { subject }) => {
    switch (event.type) {
      case 'PersonRegistered':
        return {
          open: 'person-registered',
          body: { person: subject, organisation: event.organisation, roles: event.roles, commitment: event.commitment },
        };
      case 'RolesChanged':
        return { open: 'roles-changed', body: { person: subject, roles: event.roles } };
      case 'EnrolmentCodeGiven':
        return { open: 'enrolment-code-given', body: { person: subject } };
      case 'PersonClosed':
        return { open: 'person-closed', body: { person: subject } };
      case 'PersonErased':
        return { open: 'person-erased', body: { person: subject } };
    }
  },
};

export const certificateProcedure: Procedure<CertificateState, CertificateCommand, CertificateEvent, CertificateFacts> =
  {
    kind: 'certificate',
    initial: initialCertificate,
    decide: decideCertificate,
    evolve: evolveCertificate,
    columns: (state) => ({ person: state.person, revoked: state.revoked !== null }),
    publish: (event, { subject }) => {
      if (event.type === 'CertificateRevoked')
        // The reason in words may name people; the cause does not.
        return { open: 'certificate-revoked', body: { certSha256: subject, cause: event.cause } };
      const { organisation, person, serial, issuer, follows } = event;
      return {
        open: 'certificate-issued',
        body: { certSha256: subject, serial, organisation, person, issuer, follows },
      };
    },
  };

export const registrationProcedure: Procedure<RegistrationState, RegistrationCommand, RegistrationEvent, object> = {
  kind: 'registration',
  initial: initialRegistration,
  decide: decideRegistration,
  evolve: evolveRegistration,
  columns: (state) => ({ status: state.status }),
  // Anybody may apply: no word of an applicant enters the public log before an administrator has looked at it.
  publish: (event, { subject }) => {
    switch (event.type) {
      case 'RegistrationReceived':
        return { open: 'registration-received', body: { registration: subject } };
      case 'RegistrationApproved':
        return { open: 'registration-approved', body: { registration: subject, person: event.person } };
      case 'CertificateDelivered':
        return { open: 'certificate-delivered', body: { registration: subject, certSha256: event.certSha256 } };
      case 'RegistrationRejected':
        return { open: 'registration-rejected', body: { registration: subject } };
    }
  },
};
