/** State, commands and events of an opening (trust protocol 2.4 to 2.7). One opening serves the lots of one project. */

import type { Offer } from '../formats/offer.ts';
import type { OpeningMode } from '../formats/opening-policy.ts';

export type FaultOwner = 'bidder' | 'officer' | 'centre';

/** A tender that counts: the last act of its chain below the barrier, a seal. */
export type Standing = { readonly manifestSha256: string; readonly policy: string; readonly handle: string };

export type OpenedFile = {
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
};

export type TenderResult = {
  readonly manifestSha256: string;
  readonly result: 'opened' | 'invalid';
  /** Reason code of an invalid tender (trust protocol 9), or `key-not-given` in the bidder modes. */
  readonly code: string | null;
  readonly bidder: string | null;
  readonly certSha256: string | null;
  readonly offerSha256: string;
  readonly offer: Offer | null;
  /** The bidder's signature over the manifest, in the file store; null where signer.age did not open. */
  readonly signatureSha256: string | null;
  readonly files: readonly OpenedFile[];
};

export type Release = {
  readonly x: number;
  readonly releaseSha256: string;
  readonly signatureSha256: string;
  readonly at: string;
  /** Standing tenders whose share is not good in this release. */
  readonly faults: readonly string[];
};

export type Objection = {
  readonly id: string;
  readonly manifestSha256: string;
  readonly text: string;
  readonly at: string;
  readonly answer: { readonly text: string; readonly at: string } | null;
};

export type LotState = {
  readonly lot: string;
  /** `terminated`: the project was ended before anything was read. */
  readonly status: 'waiting' | 'closed' | 'failed' | 'terminated' | 'released' | 'opened' | 'announced';
  readonly close: {
    readonly setSha256: string;
    /** The policy in force at the close: k of its n officers open the lot. */
    readonly policy: string;
    readonly k: number;
    readonly n: number;
    readonly acts: number;
    readonly standing: readonly Standing[];
    readonly at: string;
  } | null;
  readonly releases: readonly Release[];
  readonly releasedAt: string | null;
  /** Bidder modes: keys given, by manifest; the files are read only after keysUntil. */
  readonly keys: readonly { readonly manifestSha256: string; readonly keySha256: string }[];
  readonly keysUntil: string | null;
  readonly keysEnded: boolean;
  readonly results: readonly TenderResult[];
  /** Tenders that wait for another officer's share or for the centre: nothing is lost, the opening is held up. */
  readonly stalled: readonly {
    readonly manifestSha256: string;
    readonly code: string;
    readonly owner: FaultOwner;
    readonly releases: number;
    readonly at: string;
  }[];
  readonly announcedAt: string | null;
  /** The set that opens every other sealed leaf of the lot; named by the announcement, or on its own where there is none. */
  readonly commitmentsSha256: string | null;
  readonly confirmUntil: string | null;
  readonly confirmed: readonly string[];
  readonly objections: readonly Objection[];
};

export type OpeningState = {
  readonly id: string;
  readonly project: string;
  readonly deadline: string;
  readonly mode: OpeningMode;
  readonly k: number;
  readonly n: number;
  readonly barrier: { readonly at: string; readonly deadline: string } | null;
  readonly terminatedAt: string | null;
  readonly lots: readonly LotState[];
  readonly record: {
    readonly factsSha256: string;
    /** Objections that it answers for; one more makes it out of date. */
    readonly objections: number;
    readonly signatures: readonly {
      readonly role: 'host' | 'witness';
      readonly person: string;
      readonly signatureSha256: string;
      readonly at: string;
    }[];
    readonly pdf: { readonly sha256: string; readonly number: string } | null;
  } | null;
  readonly disclosed: readonly { readonly x: number; readonly policy: string; readonly identitySha256: string }[];
};

export type OpeningCommand =
  | {
      readonly type: 'schedule';
      readonly project: string;
      readonly lots: readonly string[];
      readonly deadline: string;
      readonly mode: OpeningMode;
      readonly k: number;
      readonly n: number;
    }
  | { readonly type: 'raiseBarrier' }
  | {
      readonly type: 'closeLot';
      readonly lot: string;
      readonly setSha256: string;
      readonly policy: string;
      readonly k: number;
      readonly n: number;
      readonly barrier: number;
      readonly acts: number;
      readonly standing: readonly Standing[];
    }
  | {
      readonly type: 'releaseKeys';
      readonly lot: string;
      readonly release: Omit<Release, 'at'>;
      readonly covers: readonly string[];
    }
  | { readonly type: 'giveKey'; readonly lot: string; readonly manifestSha256: string; readonly keySha256: string }
  | { readonly type: 'endKeys'; readonly lot: string }
  | { readonly type: 'recordResult'; readonly lot: string; readonly result: TenderResult }
  | {
      readonly type: 'stall';
      readonly lot: string;
      readonly manifestSha256: string;
      readonly code: string;
      readonly owner: FaultOwner;
      /** How many releases were tried; one that came meanwhile is another reason to try again. */
      readonly releases: number;
    }
  /** The cause has been put right (a file restored): the held-up tender is opened again. */
  | { readonly type: 'retry'; readonly lot: string; readonly manifestSha256: string }
  /** Nobody can put it right: the tender counts as withdrawn and the others go on (EB 31). */
  | { readonly type: 'setAside'; readonly lot: string; readonly result: TenderResult; readonly reason: string }
  /** The project has ended: what nobody has read yet stays shut. */
  | { readonly type: 'terminate' }
  | { readonly type: 'openCommitments'; readonly lot: string; readonly setSha256: string }
  | { readonly type: 'announce'; readonly lot: string; readonly lotKey: string; readonly commitmentsSha256: string }
  | { readonly type: 'confirm'; readonly lot: string; readonly manifestSha256: string }
  | {
      readonly type: 'object';
      readonly lot: string;
      readonly manifestSha256: string;
      readonly id: string;
      readonly text: string;
    }
  | { readonly type: 'answerObjection'; readonly lot: string; readonly id: string; readonly text: string }
  | { readonly type: 'drawUpRecord'; readonly factsSha256: string; readonly objections: number }
  | {
      readonly type: 'signRecord';
      readonly factsSha256: string;
      readonly role: 'host' | 'witness';
      readonly person: string;
      readonly signatureSha256: string;
    }
  | { readonly type: 'issueRecord'; readonly pdfSha256: string; readonly factsSha256: string; readonly number: string }
  | {
      readonly type: 'discloseIdentity';
      readonly x: number;
      readonly policy: string;
      /** How many of the policy's identities may come out: one fewer than open a tender. */
      readonly most: number;
      readonly identitySha256: string;
    };

export type WitnessWord = 'signed' | 'stopped' | 'open' | 'not-asked';

export type OpeningFacts = {
  readonly now: string;
  /** The deadline that stands in the project now, read under its lock. */
  readonly deadline: string;
  /** Whether the project has been terminated, under the same lock: the opening's own end follows a moment later. */
  readonly ended: boolean;
  /** An objection to the documents waits for its answer: the procedure stands still (TR 22). */
  readonly paused: boolean;
  readonly barrierSeconds: number;
  /** Whether the log policy's witnesses have cosigned the close. */
  readonly closeCosigned: boolean;
  /** What the witness says of the step that comes before the command. */
  readonly witness: WitnessWord;
  readonly keyMinutes: number;
  readonly confirmMinutes: number;
};

type OfLot = { readonly lot: string; readonly at: string };
export type OpeningEvent =
  | {
      readonly type: 'OpeningScheduled';
      readonly project: string;
      readonly lots: readonly string[];
      readonly deadline: string;
      readonly mode: OpeningMode;
      readonly k: number;
      readonly n: number;
    }
  | { readonly type: 'BarrierRaised'; readonly at: string; readonly deadline: string; readonly lots: readonly string[] }
  | (OfLot & {
      readonly type: 'LotClosed';
      readonly setSha256: string;
      readonly policy: string;
      readonly k: number;
      readonly n: number;
      readonly barrier: number;
      readonly acts: number;
      readonly standing: readonly Standing[];
      readonly keysUntil: string | null;
    })
  | (OfLot & { readonly type: 'LotFailed'; readonly standing: number })
  | { readonly type: 'OpeningTerminated'; readonly at: string; readonly lots: readonly string[] }
  | (OfLot & { readonly type: 'CommitmentsOpened'; readonly setSha256: string })
  | (OfLot & { readonly type: 'KeyReleased'; readonly release: Release })
  | (OfLot & { readonly type: 'LotReleased' })
  | (OfLot & { readonly type: 'KeyGiven'; readonly manifestSha256: string; readonly keySha256: string })
  | (OfLot & { readonly type: 'KeysEnded'; readonly absent: readonly string[] })
  | (OfLot & { readonly type: 'TenderOpened'; readonly result: TenderResult })
  | (OfLot & {
      readonly type: 'OpeningStalled';
      readonly manifestSha256: string;
      readonly code: string;
      readonly owner: FaultOwner;
      readonly releases: number;
    })
  | (OfLot & { readonly type: 'OpeningRetried'; readonly manifestSha256: string })
  | (OfLot & {
      readonly type: 'TenderSetAside';
      readonly manifestSha256: string;
      readonly code: string;
      readonly owner: FaultOwner;
      readonly reason: string;
    })
  | (OfLot & {
      readonly type: 'OffersAnnounced';
      readonly lotKey: string;
      readonly commitmentsSha256: string;
      readonly confirmUntil: string;
      readonly offers: readonly { readonly manifestSha256: string; readonly offerSha256: string }[];
    })
  | (OfLot & { readonly type: 'OfferConfirmed'; readonly manifestSha256: string })
  | (OfLot & {
      readonly type: 'ObjectionRaised';
      readonly id: string;
      readonly manifestSha256: string;
      readonly text: string;
    })
  | (OfLot & { readonly type: 'ObjectionAnswered'; readonly id: string; readonly text: string })
  | {
      readonly type: 'RecordDrawnUp';
      readonly factsSha256: string;
      readonly objections: number;
      readonly at: string;
    }
  | {
      readonly type: 'RecordSigned';
      readonly role: 'host' | 'witness';
      readonly person: string;
      readonly factsSha256: string;
      readonly signatureSha256: string;
      readonly at: string;
    }
  | {
      readonly type: 'RecordIssued';
      readonly pdfSha256: string;
      readonly factsSha256: string;
      readonly number: string;
      readonly at: string;
    }
  | {
      readonly type: 'IdentityDisclosed';
      readonly x: number;
      readonly policy: string;
      readonly identitySha256: string;
      readonly at: string;
    };

/** Roles that sign the opening record. */
export const recordSigners = ['host', 'witness'] as const;
