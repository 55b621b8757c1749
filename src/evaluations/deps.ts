/** What the evaluation room asks of rooms to its left, and who asks it. */
import type { SigningKey } from '../formats/cms.ts';
import type { Journal } from '../journal/act.ts';
import type { ReadManager } from '../platform/database.ts';
import type { RoomDeps } from '../platform/room.ts';

export type Reader = Pick<ReadManager, 'execute'>;

type NamedOrganisation = {
  readonly id: string;
  readonly name: string;
  readonly uscc: string;
  readonly kinds: readonly string[];
};

export type EvaluationParties = {
  person(
    reader: Reader,
    id: string,
  ): Promise<{ readonly roles: readonly string[]; readonly organisation: string | null } | null>;
  organisation(reader: Reader, id: string): Promise<NamedOrganisation | null>;
  verifySignature(
    reader: Reader,
    content: Uint8Array,
    p7s: Uint8Array,
    at: string,
  ): Promise<{ readonly person: string; readonly certSha256: string }>;
  /** The centre's certificate, for the PDF. */
  readonly centre: SigningKey;
  centreName(): string;
};

export type EvaluationPlace = {
  readonly project: {
    readonly id: string;
    readonly code: string;
    readonly name: string;
    readonly type: string;
    readonly lots: readonly { readonly id: string }[];
    /** Ids of organisations. */
    readonly tenderer: string;
    readonly agency: string | null;
    /** The scheme as registered: `evaluationScheme` of evaluation/scheme.ts. */
    readonly evaluation: unknown;
    /** Steps that the rule table wants witnessed. */
    readonly witnessSteps: readonly string[];
  };
  readonly lot: { readonly id: string; readonly name: string; readonly ceilingFen: string | null };
};

export type EvaluationProjects = {
  lot(reader: Reader, lotId: string): Promise<EvaluationPlace | null>;
  /** A row of the rule table in force on a day; null where the table has none. */
  ruleFor(type: string, code: string, day: string): { readonly value: unknown } | null;
};

export type EvaluationOpenings = {
  opened(
    reader: Reader,
    lotId: string,
  ): Promise<null | {
    readonly opening: string;
    readonly announcedAt: string;
    readonly tenders: readonly {
      readonly manifestSha256: string;
      readonly organisation: string | null;
      readonly result: 'opened' | 'invalid';
      readonly offer: { readonly priceFen: string } | null;
    }[];
  }>;
};

export type EvaluationWitness = {
  stepSigned(
    reader: Reader,
    subject: string,
    step: 'evaluation-entry' | 'evaluation-end',
    since?: string,
  ): Promise<'signed' | 'stopped' | 'open'>;
  /** Persons who stand or stood duty on a subject. */
  peopleOf(reader: Reader, subject: string): Promise<readonly string[]>;
};

export type EvaluationDeps = RoomDeps<Journal> & {
  readonly parties: EvaluationParties;
  readonly projects: EvaluationProjects;
  readonly openings: EvaluationOpenings;
  readonly witness: EvaluationWitness;
  /** Public address of the platform; behind the QR code of the report. */
  readonly origin: () => string;
};
