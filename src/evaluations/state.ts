/** What the evaluation of one lot consists of. Everything is JSON-safe; sheets and reports lie in the file store by hash. */
import type { EvaluationScheme } from '../../evaluation/scheme.ts';
import type { ReportDissent } from '../formats/evaluation-report.ts';
import type { ScoreSheet } from '../formats/score-sheet.ts';

export type MemberKind = 'expert' | 'representative';

/** A proposed member. */
export type Proposed = { readonly person: string; readonly kind: MemberKind };

/** A locked sheet; text and signature are in the file store. */
export type LockedSheet = {
  readonly sha256: string;
  readonly signatureSha256: string;
  readonly certSha256: string;
  readonly revision: number;
  readonly at: string;
};

/** How a member answered the report: by signing it or by signing a written dissent (TR 53). */
export type Answer = {
  readonly kind: 'signed' | 'dissent';
  /** The signed document: the report, or the dissent. */
  readonly sha256: string;
  readonly signatureSha256: string;
  readonly certSha256: string;
  readonly text: string | null;
  readonly at: string;
};

export type Seat = {
  readonly seat: number;
  readonly person: string;
  readonly kind: MemberKind;
  readonly salt: string;
  /** `expertCommitment(person, salt)`. */
  readonly expert: string;
  readonly sheet: LockedSheet | null;
  /** Locked once and reopened; the last one is what the next revision follows. */
  readonly formerSheets: readonly (LockedSheet & { readonly reason: string })[];
  readonly answer: Answer | null;
};

/** A member who left; his conclusions are void (TR 48). */
export type FormerMember = {
  readonly seat: number;
  readonly person: string;
  readonly expert: string;
  readonly salt: string;
  readonly reason: string;
  readonly at: string;
};

export type Why = { readonly code: string; readonly article: string; readonly reason: string };

export type Verdict =
  | { readonly offer: string; readonly verdict: 'pass' }
  | ({ readonly offer: string; readonly verdict: 'reject' } & Why);
export type Competition = 'go-on' | 'reject-all';

/** One member's review: his verdict on each offer, and what to do when fewer than three are left. */
export type Review = {
  readonly seat: number;
  readonly verdicts: readonly Verdict[];
  readonly competition: Competition | null;
};

export type EvaluatedOffer = {
  readonly manifestSha256: string;
  readonly organisation: string;
  readonly priceFen: string;
};

/** Fixed at the beginning; nothing of it changes afterwards (TL 40). */
export type Basis = {
  readonly project: string;
  readonly opening: string;
  readonly ceilingFen: string | null;
  readonly scheme: EvaluationScheme;
  readonly schemeSha256: string;
  /** Offers that were opened, sorted by manifest hash. */
  readonly offers: readonly EvaluatedOffer[];
};

export type Phase = 'none' | 'formed' | 'reviewing' | 'scoring' | 'ranked' | 'reported' | 'finished' | 'failed';

export type Ranked = {
  readonly tieOrder: readonly string[];
  readonly drawn: Readonly<Record<string, unknown>>;
  readonly method: string;
  readonly benchmark: string | null;
  readonly ranking: readonly {
    readonly rank: number;
    readonly manifestSha256: string;
    readonly organisation: string;
    readonly priceFen: string;
    readonly total: string;
    readonly priceScore: string | null;
  }[];
  readonly rejected: readonly ({ readonly manifestSha256: string } & Why)[];
  readonly candidates: readonly string[];
  readonly undecided: readonly (readonly string[])[];
  readonly rankingSha256: string;
  readonly at: string;
};

export type EvaluationState = {
  readonly id: string;
  readonly phase: Phase;
  readonly seats: readonly Seat[];
  readonly formerMembers: readonly FormerMember[];
  readonly basis: Basis | null;
  readonly reviews: readonly Review[];
  /** The committee's rejections once the review is settled. */
  readonly rejected: readonly ({ readonly manifestSha256: string } & Why)[];
  readonly ranked: Ranked | null;
  readonly report: { readonly sha256: string; readonly draftedAt: string } | null;
  readonly finished: {
    readonly at: string;
    readonly pdfSha256: string;
    readonly silent: readonly number[];
  } | null;
  readonly failure: { readonly reason: 'all-rejected' | 'competition-lacking'; readonly at: string } | null;
};

export type EvaluationCommand =
  | { type: 'formCommittee'; by: string; members: readonly Proposed[] }
  | { type: 'replaceMember'; by: string; seat: number; member: Proposed; reason: string }
  | { type: 'beginEvaluation'; by: string }
  | { type: 'reviewOffers'; person: string; verdicts: readonly Verdict[]; competition: Competition | null }
  | { type: 'settleReview'; by: string }
  | { type: 'lockSheet'; person: string; sheet: ScoreSheet; sha256: string; signatureSha256: string }
  | { type: 'reopenSheet'; by: string; seat: number; reason: string }
  | {
      type: 'computeRanking';
      by: string;
      tieOrder: readonly string[];
      drawn: Readonly<Record<string, unknown>>;
      rankingSha256: string;
    }
  | { type: 'draftReport'; by: string }
  | { type: 'signReport'; person: string; reportSha256: string; signatureSha256: string }
  | { type: 'dissentFromReport'; person: string; dissent: ReportDissent; sha256: string; signatureSha256: string }
  | { type: 'finishEvaluation'; by: string; reportSha256: string };

export type EvaluationEvent =
  | { type: 'CommitteeFormed'; seats: readonly Omit<Seat, 'sheet' | 'formerSheets' | 'answer'>[]; at: string }
  | ({ type: 'MemberReplaced'; successor: Omit<Seat, 'sheet' | 'formerSheets' | 'answer'> } & FormerMember)
  | { type: 'EvaluationBegun'; basis: Basis; at: string }
  | ({ type: 'OffersReviewed'; at: string } & Review)
  | { type: 'ReviewSettled'; rejected: EvaluationState['rejected']; valid: number; at: string }
  | ({ type: 'SheetLocked'; seat: number } & LockedSheet)
  | { type: 'SheetReopened'; seat: number; reason: string; at: string }
  | ({ type: 'RankingComputed' } & Ranked)
  | { type: 'ReportDrafted'; sha256: string; at: string }
  | ({ type: 'ReportAnswered'; seat: number } & Answer)
  | {
      type: 'EvaluationFinished';
      reportSha256: string;
      pdfSha256: string;
      silent: readonly number[];
      at: string;
    }
  | {
      type: 'EvaluationFailed';
      reason: 'all-rejected' | 'competition-lacking';
      rejected: EvaluationState['rejected'];
      at: string;
    };

/** A person proposed for a seat, as parties knows him; null when there is no such person. */
export type Candidate = {
  readonly roles: readonly string[];
  readonly organisation: string | null;
  /** Kinds of the organisation. */
  readonly kinds: readonly string[];
} | null;

/** Facts from rooms to the left, each read only for the command that needs it. */
export type EvaluationFacts = {
  readonly now: string;
  /** By person id. */
  readonly candidates: Readonly<Record<string, Candidate>>;
  /** Null when there is no such lot. */
  readonly place: {
    readonly project: string;
    readonly ceilingFen: string | null;
    readonly tenderers: readonly string[];
    readonly scheme: unknown;
    readonly committee: CommitteeRule;
    readonly silentHours: number;
  } | null;
  /** Persons who witness this lot or its opening. */
  readonly witnesses: readonly string[];
  readonly opened: {
    readonly opening: string;
    readonly offers: readonly EvaluatedOffer[];
    /** Every organisation that took part, whether or not its tender could be opened. */
    readonly organisations: readonly string[];
  } | null;
  /** `signed` where the rule table asks for no witness at the step. */
  readonly step: 'signed' | 'stopped' | 'open';
  readonly signer: { readonly person: string; readonly certSha256: string } | null;
  /** Fresh random salts for new seats; they hide the persons in all that is published before the result. */
  readonly salts: readonly string[];
  /** The signed PDF made for these answers of the members. */
  readonly document: { readonly sha256: string; readonly covers: string } | null;
  /** The locked sheets in order of seats, read from the file store. */
  readonly sheets: readonly (Pick<ScoreSheet, 'expert' | 'marks'> & { readonly sha256: string })[];
};

/** Figures of the rule table for the committee. */
export type CommitteeRule = {
  readonly minimum: number;
  readonly odd: boolean;
  /** Least share of experts as numerator and denominator. */
  readonly expertShare: readonly [number, number];
};

export const initialEvaluation = (id: string): EvaluationState => ({
  id,
  phase: 'none',
  seats: [],
  formerMembers: [],
  basis: null,
  reviews: [],
  rejected: [],
  ranked: null,
  report: null,
  finished: null,
  failure: null,
});
