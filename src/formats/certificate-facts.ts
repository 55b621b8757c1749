/**
 * The facts that a signed certificate carries as its attachment: what machines read instead of the page. One strict schema
 * a document, all of type `yangguang.org/certificate/v1`; `kind` says which. The journal entries it rests on are named by
 * index and leaf hash, so the offline verifier compares facts and log (reason code certificate-facts).
 */
import { z } from 'zod';
import { documentType, fenText, identifier, instantUtc, sha256Text } from './primitives.ts';
import { witnessCheck, witnessPhoto, witnessStep, witnessStop, witnessSubjectKind } from './witness-record.ts';

const name = z.string().min(1).max(200);
const prose = z.string().max(4_000);
const dayText = z.string().regex(/^\d{4}-\d\d-\d\d$/);

/** A bidder, tenderer or agency as the certificate names it; `uscc` is the unified social credit code. */
export const namedOrganisation = z.strictObject({ id: identifier, name, uscc: z.string().max(18) });

/** An entry of the public log: its index as decimal text, the hash of its leaf (RFC 6962), and what it records. */
export const journalReference = z.strictObject({
  index: z.string().regex(/^(0|[1-9]\d{0,18})$/),
  leafSha256: sha256Text,
  kind: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/),
});
export type JournalReference = z.infer<typeof journalReference>;

/** What every certificate says. `number` stands in the head of each page; `checkUrl` is behind the QR code. */
const head = <Kind extends string>(kind: Kind) => ({
  type: documentType('certificate'),
  kind: z.literal(kind),
  number: z.string().min(1).max(80),
  project: z.strictObject({ id: identifier, code: z.string().min(1).max(60), name }),
  lots: z
    .array(z.strictObject({ id: identifier, name }))
    .min(1)
    .max(200),
  issuer: name,
  issuedAt: instantUtc,
  checkUrl: z.url({ protocol: /^https?$/ }).max(300),
  journal: z.array(journalReference).max(200),
});

const openedTender = z.strictObject({
  lot: identifier,
  manifestSha256: sha256Text,
  organisation: namedOrganisation,
  result: z.enum(['opened', 'invalid']),
  /** Reason code of an invalid tender. */
  code: z.string().max(80).nullable(),
  /** Read out, as the bidder wrote it; null where nothing could be read. */
  priceFen: fenText.nullable(),
  durationDays: z.number().int().min(0).max(100_000).nullable(),
  quality: z.string().max(200).nullable(),
  manager: z.string().max(100).nullable(),
});

/** What became of a lot at the opening. A lot that failed (fewer than three tenders, TR 44) was neither opened nor announced. */
const lotClose = z.strictObject({
  lot: identifier,
  outcome: z.enum(['announced', 'failed', 'terminated']),
  setSha256: sha256Text,
  /** The opening policy in force at the close. */
  policySha256: sha256Text,
  standing: z.number().int().min(0),
  /** Counts of the acts that did not stand, per status. */
  notStanding: z.strictObject({
    superseded: z.number().int().min(0),
    withdrawn: z.number().int().min(0),
    late: z.number().int().min(0),
  }),
  closedAt: instantUtc,
  /** When enough shares were in, or the time of the bidders' own keys was over. */
  releasedAt: instantUtc.nullable(),
  announcedAt: instantUtc.nullable(),
});

/** 开标记录 (TL 36, EB 29-31). */
export const openingRecordFacts = z.strictObject({
  ...head('opening-record'),
  opening: identifier,
  place: z.string().max(200),
  mode: z.enum(['quorum', 'bidder', 'bidder-then-quorum']),
  deadline: instantUtc,
  /** One a lot, in the order of `lots`: each lot is closed, opened and announced by itself. */
  closes: z.array(lotClose).min(1).max(200),
  ceilings: z.array(z.strictObject({ lot: identifier, ceilingFen: fenText })).max(200),
  officers: z
    .array(
      z.strictObject({
        lot: identifier,
        x: z.number().int().min(1).max(255),
        role: z.string().max(40),
        name,
        releasedAt: instantUtc.nullable(),
      }),
    )
    .max(4_000),
  tenders: z.array(openedTender).max(2_000),
  /** Objections on the spot with their answers (TR 44). */
  objections: z.array(z.strictObject({ at: instantUtc, organisation: name, text: prose, answer: prose })).max(200),
  signatures: z
    .array(z.strictObject({ role: z.string().max(40), name, certSha256: sha256Text, at: instantUtc }))
    .max(20),
});
export type OpeningRecordFacts = z.infer<typeof openingRecordFacts>;

/** 见证记录: every step of the project that a witness stood by. */
export const witnessRecordFacts = z.strictObject({
  ...head('witness-record'),
  steps: z
    .array(
      z.strictObject({
        subjectKind: witnessSubjectKind,
        subject: identifier,
        step: witnessStep,
        seq: z.number().int().min(1).max(1_000),
        /** SHA-256 of the witness-record.json that was signed. */
        recordSha256: sha256Text,
        witness: z.strictObject({ name, certSha256: sha256Text }),
        recordedAt: instantUtc,
        checked: z.array(witnessCheck).max(60),
        found: prose,
        refused: prose,
        note: prose,
        photos: z.array(witnessPhoto).max(20),
        stops: z.array(witnessStop).max(100),
      }),
    )
    .max(400),
});
export type WitnessRecordFacts = z.infer<typeof witnessRecordFacts>;

const rankedTender = z.strictObject({
  rank: z.number().int().min(1),
  organisation: namedOrganisation,
  manifestSha256: sha256Text,
  priceFen: fenText,
  /** Points, or yuan for an evaluated price, as the report prints it. */
  total: z.string().min(1).max(60),
});

/** 评标报告 (TR 53). */
export const evaluationReportFacts = z.strictObject({
  ...head('evaluation-report'),
  reportSha256: sha256Text,
  rankingSha256: sha256Text,
  method: z.string().min(1).max(100),
  benchmark: z.string().max(400).nullable(),
  ceilingFen: fenText.nullable(),
  signedAt: instantUtc,
  committee: z.strictObject({
    members: z.number().int().min(3).max(99),
    signed: z.number().int().min(0).max(99),
    dissents: z.number().int().min(0).max(99),
  }),
  ranking: z.array(rankedTender).max(2_000),
  rejected: z
    .array(
      z.strictObject({
        organisation: namedOrganisation,
        manifestSha256: sha256Text,
        article: z.string().max(200),
        reason: prose,
      }),
    )
    .max(2_000),
  candidates: z.array(sha256Text).max(3),
});
export type EvaluationReportFacts = z.infer<typeof evaluationReportFacts>;

const winner = z.strictObject({
  organisation: namedOrganisation,
  manifestSha256: sha256Text,
  rank: z.number().int().min(1).max(3),
  priceFen: fenText,
  durationDays: z.number().int().min(0).max(100_000).nullable(),
  quality: z.string().max(200).nullable(),
  manager: z.string().max(100).nullable(),
});

/** 中标通知书 (TL 45). */
export const awardNoticeFacts = z.strictObject({
  ...head('award-notice'),
  tenderer: namedOrganisation,
  winner,
  awardedAt: instantUtc,
  /** Last day for the contract (TL 46: 30 days from the notice). */
  contractBy: dayText,
});
export type AwardNoticeFacts = z.infer<typeof awardNoticeFacts>;

/** 中标结果凭证: the result with the way that led to it. */
export const resultCertificateFacts = z.strictObject({
  ...head('result-certificate'),
  tenderer: namedOrganisation,
  winner,
  openedAt: instantUtc,
  reportSha256: sha256Text,
  rankingSha256: sha256Text,
  candidates: z.array(rankedTender).min(1).max(3),
  publicity: z.strictObject({ publishedAt: instantUtc, lastDay: dayText }),
  objections: z.strictObject({ filed: z.number().int().min(0), answered: z.number().int().min(0) }),
  /** Why not the first candidate (TR 55); null for the first. */
  passedOver: z
    .array(z.strictObject({ organisation: namedOrganisation, ground: z.string().max(60), reason: prose }))
    .max(2),
  awardedAt: instantUtc,
  noticeSha256: sha256Text,
});
export type ResultCertificateFacts = z.infer<typeof resultCertificateFacts>;

/** Any certificate's facts: what the verifier parses out of a PDF. */
export const certificateFacts = z.discriminatedUnion('kind', [
  openingRecordFacts,
  witnessRecordFacts,
  evaluationReportFacts,
  awardNoticeFacts,
  resultCertificateFacts,
]);
export type CertificateFacts = z.infer<typeof certificateFacts>;
