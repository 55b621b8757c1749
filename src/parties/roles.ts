/** Which roles one person may hold together. */
import type { Role } from '../platform/http/route.ts';

/** The kinds of organisation; a person's role needs one of the kinds of its organisation. */
export const organisationKinds = [
  'bidder',
  'tenderer',
  'agency',
  'centre',
  'supervision',
  'expertise',
  'association',
] as const;
export type OrganisationKind = (typeof organisationKinds)[number];

/** Kinds of organisation that a role can come from. */
const homeOf: Readonly<Record<Role, readonly OrganisationKind[]>> = {
  bidder: ['bidder'],
  tenderer: ['tenderer'],
  agency: ['agency'],
  host: ['centre'],
  finance: ['centre'],
  witness: ['centre', 'association'],
  supervisor: ['supervision'],
  auditor: ['supervision', 'association'],
  expert: ['expertise'],
  administrator: ['centre'],
};

/** Pairs that one person may not hold: who keeps accounts, who bids, who decides and who watches are different people. */
const apart: readonly (readonly [Role, Role])[] = [
  ...(['bidder', 'tenderer', 'agency', 'host', 'witness', 'supervisor', 'finance', 'expert', 'auditor'] as const).map(
    (role) => ['administrator', role] as const,
  ),
  ...(['host', 'witness', 'supervisor', 'finance', 'expert', 'auditor', 'tenderer', 'agency'] as const).map(
    (role) => ['bidder', role] as const,
  ),
  ['witness', 'host'],
  ['witness', 'finance'],
  ['witness', 'expert'],
  ['supervisor', 'host'],
  ['supervisor', 'witness'],
  ['supervisor', 'expert'],
  ['supervisor', 'finance'],
  ['expert', 'tenderer'],
  ['expert', 'agency'],
  ['expert', 'host'],
  ['auditor', 'host'],
  ['auditor', 'finance'],
];

/** The first pair of roles that may not meet in one person; null where all go together. */
export function conflictOf(roles: readonly Role[]): readonly [Role, Role] | null {
  return apart.find(([a, b]) => roles.includes(a) && roles.includes(b)) ?? null;
}

/** The first role that no kind of the organisation allows; null where all are allowed. */
export function homelessRole(roles: readonly Role[], kinds: readonly string[]): Role | null {
  return roles.find((role) => !homeOf[role].some((kind) => kinds.includes(kind))) ?? null;
}
