/**
 * Bodies of the open log entries that the offline verifier rests on, by kind. Rooms publish them, strangers parse them; entries
 * of other kinds stand in the log as well and are only counted. Instants stand in the leaf's `at`, not in the body.
 */
import { z } from 'zod';
import { barrierBody, closeBody } from './close-set.ts';
import { fenText, identifier, instantUtc, officerPosition, sha256Text } from './primitives.ts';

/** A reason code (trust protocol 9) or a room's own, such as `key-not-given`. */
const code = z.string().regex(/^[a-z][a-z0-9-]{1,60}$/);
const certificateName = z.string().max(500);

const openedBody = z.strictObject({
  lot: identifier,
  manifestSha256: sha256Text,
  result: z.enum(['opened', 'invalid']),
  code: code.nullable(),
  offerSha256: sha256Text,
  /** Organisation and certificate that signed; null where the signature could not be read. */
  bidder: identifier.nullable(),
  certSha256: sha256Text.nullable(),
});
const documentIssuedBody = z.object({
  /** Kind of certificate facts. */
  kind: code,
  number: z.string().min(1).max(80),
  pdfSha256: sha256Text,
  factsSha256: sha256Text,
});
/** X.509 certificates: issued ones bind a key to an organisation (null: a person of none). */
const certificateIssuedBody = z.strictObject({
  certSha256: sha256Text,
  serial: z.string().max(100),
  organisation: identifier.nullable(),
  person: identifier,
  issuer: certificateName,
  /** SHA-256 of the certificate that signed the change to this one. */
  follows: sha256Text.nullable(),
});

/** Schema of each body; strict where the verifier is the only reader, open where rooms may add. */
export const entryBodies = {
  'policy-formed': z.strictObject({
    opening: identifier,
    policySha256: sha256Text,
    lots: z.array(identifier),
    deadline: instantUtc,
  }),
  barrier: barrierBody,
  close: closeBody,
  failed: z.strictObject({ lot: identifier, standing: z.number().int().min(0) }),
  'key-released': z.strictObject({
    opening: identifier,
    lot: identifier,
    x: officerPosition,
    releaseSha256: sha256Text,
  }),
  released: z.strictObject({ opening: identifier, lot: identifier }),
  'key-given': z.strictObject({ lot: identifier, manifestSha256: sha256Text, keySha256: sha256Text }),
  'keys-ended': z.strictObject({ lot: identifier, absent: z.array(sha256Text) }),
  opened: openedBody,
  'opening-stalled': z.strictObject({
    lot: identifier,
    manifestSha256: sha256Text,
    code,
    owner: z.enum(['bidder', 'officer', 'centre']),
  }),
  announced: z.strictObject({
    lot: identifier,
    /** K_lot in hex: from here on everybody recomputes the handles. */
    lotKey: sha256Text,
    /** Hash of the commitment set: every sealed leaf of the lot that the close set does not open. */
    commitmentsSha256: sha256Text,
    offers: z.array(z.strictObject({ manifestSha256: sha256Text, offerSha256: sha256Text })),
  }),
  /** A lot that is never announced (failed, terminated) opens its sealed leaves all the same. */
  'commitments-opened': z.strictObject({ lot: identifier, setSha256: sha256Text }),
  'identity-disclosed': z.strictObject({
    opening: identifier,
    x: officerPosition,
    policy: sha256Text,
    identitySha256: sha256Text,
  }),
  'sheet-locked': z.strictObject({
    lot: identifier,
    seat: z.number().int().min(1),
    sheetSha256: sha256Text,
    signatureSha256: sha256Text,
    revision: z.number().int().min(1),
  }),
  'ranking-computed': z.strictObject({ lot: identifier, rankingSha256: sha256Text }),
  'evaluation-finished': z.object({ lot: identifier, reportSha256: sha256Text, pdfSha256: sha256Text.optional() }),
  awarded: z.object({
    lot: identifier,
    manifestSha256: sha256Text,
    organisation: identifier,
    priceFen: fenText,
    contractBy: z.string(),
  }),
  'certificate-issued-document': documentIssuedBody,
  'certificate-issued': certificateIssuedBody,
  'certificate-revoked': z.strictObject({ certSha256: sha256Text, cause: z.string().regex(/^[a-z-]{1,40}$/) }),
} as const;

export type EntryKind = keyof typeof entryBodies;
export type EntryBody<K extends EntryKind> = z.infer<(typeof entryBodies)[K]>;

export const isEntryKind = (kind: string): kind is EntryKind => Object.hasOwn(entryBodies, kind);
