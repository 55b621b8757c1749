/**
 * Applications from outside (grade: register): a bidder's organisation that registers itself, or a person who wants a certificate
 * of an outside CA bound to the account. An administrator decides; nothing counts before.
 */
import type { Refusal } from '../platform/refusal.ts';
import { partyRefusal } from './refusals.ts';
import { usccRefused } from './uscc.ts';

export type RegistrationState = {
  readonly id: string;
  readonly organisationName: string;
  readonly uscc: string;
  /** SHA-256 of the certificate request or of the outside certificate; the document itself stands apart. */
  readonly documentSha256: string;
  readonly status: 'none' | 'pending' | 'approved' | 'rejected';
  /** The person it is for; an application of somebody new gets one when it is approved. */
  readonly person: string | null;
  /** Null until the certificate is recorded. */
  readonly certSha256: string | null;
  readonly reason: string | null;
};
export type RegistrationCommand =
  | {
      readonly type: 'applyForRegistration';
      readonly organisationName: string;
      readonly uscc: string;
      readonly documentSha256: string;
      readonly person: string | null;
    }
  | { readonly type: 'approveRegistration'; readonly person: string }
  | { readonly type: 'deliverCertificate'; readonly certSha256: string }
  | { readonly type: 'rejectRegistration'; readonly reason: string };
export type RegistrationEvent =
  | {
      readonly type: 'RegistrationReceived';
      readonly organisationName: string;
      readonly uscc: string;
      readonly documentSha256: string;
      readonly person: string | null;
    }
  | { readonly type: 'RegistrationApproved'; readonly person: string }
  | { readonly type: 'CertificateDelivered'; readonly certSha256: string }
  | { readonly type: 'RegistrationRejected'; readonly reason: string };

export const initialRegistration = (id: string): RegistrationState => ({
  id,
  organisationName: '',
  uscc: '',
  documentSha256: '',
  status: 'none',
  person: null,
  certSha256: null,
  reason: null,
});

export function decideRegistration(
  state: RegistrationState,
  command: RegistrationCommand,
): Refusal | RegistrationEvent[] {
  if (command.type === 'applyForRegistration') {
    const { organisationName, uscc, documentSha256, person } = command;
    const refused = usccRefused(uscc);
    return refused ?? [{ type: 'RegistrationReceived', organisationName, uscc, documentSha256, person }];
  }
  if (state.status === 'none') return partyRefusal('registration-unknown');
  if (command.type === 'deliverCertificate')
    return state.status === 'approved' && state.certSha256 === null
      ? [{ type: 'CertificateDelivered', certSha256: command.certSha256 }]
      : partyRefusal('registration-decided', { status: state.status });
  if (state.status !== 'pending') return partyRefusal('registration-decided', { status: state.status });
  return command.type === 'approveRegistration'
    ? [{ type: 'RegistrationApproved', person: state.person ?? command.person }]
    : [{ type: 'RegistrationRejected', reason: command.reason }];
}

export function evolveRegistration(state: RegistrationState, event: RegistrationEvent): RegistrationState {
  switch (event.type) {
    case 'RegistrationReceived': {
      const { organisationName, uscc, documentSha256, person } = event;
      return { ...state, organisationName, uscc, documentSha256, person, status: 'pending' };
    }
    case 'RegistrationApproved':
      return { ...state, status: 'approved', person: event.person };
    case 'CertificateDelivered':
      return { ...state, certSha256: event.certSha256 };
    case 'RegistrationRejected':
      return { ...state, status: 'rejected', reason: event.reason };
  }
}
