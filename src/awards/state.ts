/** The award of one lot: what is kept, what may be asked, what can happen. All values are JSON-safe. */

/** A figure of the rule table with its article. */
export type Term = { readonly days: number; readonly unit: 'd' | 'wd'; readonly article: string };

/** The clocks of an award, in force on the day of the act. */
export type AwardTerms = {
  /** From the report to the publicity, at most. */
  readonly publishWithin: Term;
  /** How long the publicity stands, at least. */
  readonly publicityStands: Term;
  readonly answerWithin: Term;
  readonly contractWithin: Term;
  readonly reportWithin: Term;
};

/** TR 55: the only grounds on which the next candidate may be taken. */
export const passOverGrounds = ['gave-up', 'cannot-perform', 'no-performance-bond', 'found-in-breach'] as const;
export type PassOverGround = (typeof passOverGrounds)[number];

export type Candidate = {
  readonly rank: number;
  readonly organisation: string;
  readonly manifestSha256: string;
  readonly priceFen: string;
  /** As the report prints it. */
  readonly total: string;
};

export type PassedOver = {
  readonly manifestSha256: string;
  readonly ground: PassOverGround;
  readonly reason: string;
  readonly at: string;
};

export type Objection = {
  readonly id: string;
  readonly organisation: string;
  /** The candidate it is about; null: the result as a whole. */
  readonly about: string | null;
  readonly text: string;
  /** Hides the text in what is published. */
  readonly salt: string;
  readonly at: string;
  readonly answerBy: string;
  readonly overdue: boolean;
  readonly answer: ObjectionAnswer | null;
};
export type ObjectionAnswer = {
  readonly outcome: 'rejected' | 'upheld';
  readonly text: string;
  readonly salt: string;
  readonly at: string;
  readonly late: boolean;
};

export type DocumentKind = 'award-notice' | 'result-certificate';
export type IssuedDocument = {
  readonly kind: DocumentKind;
  readonly number: string;
  readonly pdfSha256: string;
  readonly factsSha256: string;
  readonly at: string;
};

export type AwardState = {
  /** The lot. */
  readonly id: string;
  readonly status: 'waiting' | 'publicity' | 'awarded' | 'confirmed' | 'certified' | 'ended';
  readonly project: string | null;
  /** From 1; a corrected report begins another round. */
  readonly round: number;
  readonly report: { readonly reportSha256: string; readonly rankingSha256: string; readonly signedAt: string } | null;
  readonly candidates: readonly Candidate[];
  readonly publicity: {
    readonly publishedAt: string;
    /** The publicity stands through this day; an award is possible from the next one. */
    readonly lastDay: string;
    /** Published after the legal limit. */
    readonly late: boolean;
    readonly ended: boolean;
  } | null;
  readonly objections: readonly Objection[];
  readonly passedOver: readonly PassedOver[];
  readonly award: {
    readonly manifestSha256: string;
    readonly at: string;
    readonly contractBy: string;
    readonly reportBy: string;
    readonly reportOverdue: boolean;
  } | null;
  readonly confirmation: { readonly by: 'winner' | 'tenderer'; readonly at: string } | null;
  readonly supervisor: { readonly at: string; readonly late: boolean } | null;
  readonly documents: readonly IssuedDocument[];
  readonly endReason: string | null;
};

export const initialAward = (lot: string): AwardState => ({
  id: lot,
  status: 'waiting',
  project: null,
  round: 0,
  report: null,
  candidates: [],
  publicity: null,
  objections: [],
  passedOver: [],
  award: null,
  confirmation: null,
  supervisor: null,
  documents: [],
  endReason: null,
});

export type AwardCommand =
  | { readonly type: 'publishCandidates'; readonly days: number }
  | {
      readonly type: 'fileObjection';
      readonly organisation: string;
      readonly about: string | null;
      readonly text: string;
    }
  | {
      readonly type: 'answerObjection';
      readonly objection: string;
      readonly outcome: ObjectionAnswer['outcome'];
      readonly text: string;
    }
  | {
      readonly type: 'passOver';
      readonly manifestSha256: string;
      readonly ground: PassOverGround;
      readonly reason: string;
    }
  | { readonly type: 'award'; readonly manifestSha256: string }
  | {
      readonly type: 'issueDocument';
      readonly document: DocumentKind;
      readonly number: string;
      readonly pdfSha256: string;
      readonly factsSha256: string;
      /** The award that the document was made of. */
      readonly awardedAt: string;
      /** Asked for by the centre's host, who issues for every project. */
      readonly byCentre: boolean;
    }
  | { readonly type: 'confirmAward'; readonly organisation: string }
  | { readonly type: 'reportToSupervisor' }
  | { readonly type: 'endWithoutAward'; readonly reason: string }
  | { readonly type: 'tick'; readonly tick: string };

/** The witness's word on a step: `not-asked` where the rule table wants none. */
export type WitnessWord = 'not-asked' | 'signed' | 'open' | 'stopped';

/** Facts from rooms to the left. */
export type AwardFacts = {
  readonly now: string;
  readonly terms: AwardTerms;
  readonly project: string;
  /** Whether the tendering was called off (TR 31): then nothing is awarded any more. */
  readonly terminated: boolean;
  /** Whether who asks acts for the tenderer or its agency. */
  readonly ofTenderer: boolean;
  /** The finished evaluation; null until the report is signed. */
  readonly result: {
    readonly reportSha256: string;
    readonly rankingSha256: string;
    readonly signedAt: string;
    readonly candidates: readonly Candidate[];
  } | null;
  /** Organisations whose tenders were opened. */
  readonly bidders: readonly string[];
  readonly evaluationEnd: WitnessWord;
  readonly awardStep: WitnessWord;
  /** Random, for what an act may have to hide; never part of a command, so that a repeated request stays the same. */
  readonly fresh: { readonly id: string; readonly salt: string };
};

export type AwardEvent =
  | {
      readonly type: 'CandidatesPublished';
      readonly project: string;
      readonly round: number;
      readonly reportSha256: string;
      readonly rankingSha256: string;
      readonly signedAt: string;
      readonly candidates: readonly Candidate[];
      readonly at: string;
      readonly lastDay: string;
      readonly late: boolean;
    }
  | { readonly type: 'PublicityEnded'; readonly lastDay: string }
  | {
      readonly type: 'ObjectionFiled';
      readonly id: string;
      readonly organisation: string;
      readonly about: string | null;
      readonly text: string;
      readonly salt: string;
      readonly at: string;
      readonly answerBy: string;
    }
  | ({ readonly type: 'ObjectionAnswered'; readonly id: string } & ObjectionAnswer)
  | { readonly type: 'AnswerOverdue'; readonly id: string; readonly answerBy: string }
  | ({ readonly type: 'CandidatePassedOver' } & PassedOver)
  | {
      readonly type: 'Awarded';
      readonly manifestSha256: string;
      readonly organisation: string;
      readonly priceFen: string;
      readonly at: string;
      readonly contractBy: string;
      readonly reportBy: string;
    }
  | ({ readonly type: 'DocumentIssued' } & IssuedDocument)
  | { readonly type: 'AwardConfirmed'; readonly by: 'winner' | 'tenderer'; readonly at: string }
  | { readonly type: 'SupervisorReported'; readonly at: string; readonly late: boolean }
  | { readonly type: 'SupervisorReportOverdue'; readonly reportBy: string }
  | { readonly type: 'AwardEnded'; readonly reason: string; readonly at: string };
