/** What the awards room asks of rooms to its left. */
import type { SigningKey } from '../formats/cms.ts';
import type { Offer } from '../formats/offer.ts';
import type { WitnessStep } from '../formats/witness-record.ts';
import type { Journal } from '../journal/index.ts';
import type { ReadManager } from '../platform/database.ts';
import type { RoomDeps } from '../platform/room.ts';
import type { Secret } from '../platform/secret.ts';

export type Reader = Pick<ReadManager, 'execute'>;

export type AwardPlace = {
  readonly project: {
    readonly id: string;
    readonly code: string;
    readonly name: string;
    readonly type: string;
    /** `terminated` once the tendering was called off. */
    readonly status?: string;
    /** Ids of organisations. */
    readonly tenderer: string;
    readonly agency: string | null;
    readonly lots: readonly { readonly id: string; readonly name: string }[];
    readonly witnessSteps: readonly string[];
  };
  readonly lot: { readonly id: string; readonly name: string };
};

export type AwardDeps = Pick<RoomDeps<Journal>, 'journal' | 'files'> & {
  readonly parties: {
    organisation(
      reader: Reader,
      id: string,
    ): Promise<{ readonly id: string; readonly name: string; readonly uscc: string } | null>;
    /** The centre's certificate and name, for documents. */
    readonly centre: SigningKey;
    centreName(): string;
    /** The names under which objections stand in the log are made of it. */
    masterSecret(): Secret<Uint8Array>;
  };
  readonly projects: {
    lot(reader: Reader, lotId: string): Promise<AwardPlace | null>;
    /** A row of the rule table in force on a day; null where the table has none. */
    ruleFor(
      type: string,
      code: string,
      day: string,
    ): { readonly value: unknown; readonly unit: string; readonly article: string } | null;
  };
  readonly witness: {
    stepSigned(
      reader: Reader,
      subject: string,
      step: WitnessStep,
      since?: string,
    ): Promise<'signed' | 'stopped' | 'open'>;
  };
  readonly openings: {
    opened(
      reader: Reader,
      lotId: string,
    ): Promise<null | {
      readonly opening: string;
      readonly announcedAt: string;
      readonly tenders: readonly {
        readonly manifestSha256: string;
        readonly organisation: string | null;
        readonly offer: Offer | null;
      }[];
    }>;
  };
  readonly evaluations: {
    result(
      reader: Reader,
      lotId: string,
    ): Promise<null | {
      readonly signedAt: string;
      readonly reportSha256: string;
      readonly rankingSha256: string;
      /** Manifest hashes, at most three, in order. */
      readonly candidates: readonly string[];
      readonly ranking: readonly {
        readonly rank: number;
        readonly manifestSha256: string;
        readonly organisation: string;
        readonly priceFen: string;
        readonly total: string;
      }[];
    }>;
  };
  /** Public address of the platform; behind the QR code of documents. */
  readonly origin: () => string;
};
