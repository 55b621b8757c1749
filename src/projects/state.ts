/** State, commands and events of a project (grade: procedure). Later stages are known to the rooms on the right, not here. */
import type { CentreRule } from './procedures/rule-table.ts';

export type Lot = {
  readonly id: string;
  readonly name: string;
  /** Decimal fen. */
  readonly estimateFen: string;
  /** Highest price that a tender may offer (TR 27); null: none. There is no floor price. */
  readonly ceilingFen: string | null;
  readonly bondFen: string;
  /** `none`: no bond; `guarantee`: staff record one before a tender is taken. */
  readonly bondRequired: 'none' | 'guarantee';
};

export type Schedule = {
  /** Days on which the documents can be had, YYYY-MM-DD. */
  readonly documentsFrom: string;
  readonly documentsUntil: string;
  /** RFC 3339 UTC, six decimals; half open. */
  readonly questionsUntil: string;
  readonly deadline: string;
  readonly openingRoom: string;
  readonly evaluationRoom: string;
};

export type Registration = {
  readonly name: string;
  readonly type: string;
  /** Must be tendered by law (发改委 2018 no. 16): the 20 day rule binds. */
  readonly mandatory: boolean;
  readonly tenderer: string;
  readonly agency: string | null;
  readonly approval: { readonly authority: string; readonly number: string } | null;
  readonly qualification: string;
  readonly lots: readonly Lot[];
  readonly schedule: Schedule;
  /** Organisations invited; null in an open tender. Names and number stay secret until the opening (TL 22). */
  readonly invited: readonly string[] | null;
  /** TR 8: few able bidders by technique, secrecy or nature, or an open tender would cost too large a share. */
  readonly invitationGround: 'few-able' | 'cost-share' | null;
  /** Days after the deadline for which tenders and bonds bind. */
  readonly validityDays: number;
  /** The scheme of evaluation/scheme.ts, fixed with the documents (TL 40). */
  readonly evaluation: unknown;
  /** Opening whose policy the officers sign. */
  readonly opening: string;
  /** The failed project that this one tenders again. */
  readonly follows: string | null;
};

export type Document = {
  readonly sha256: string;
  readonly name: string;
  readonly bytes: number;
  readonly mediaType: string;
};
export type Notice = {
  readonly id: string;
  readonly kind: 'notice' | 'change' | 'clarification' | 'postponement' | 'termination';
  readonly at: string;
  readonly text: string;
  /** What the law asks for in consequence: codes of the rule table. */
  readonly duties: readonly string[];
};
export type Answer = { readonly id: string; readonly question: string; readonly answer: string; readonly at: string };
export type DocumentsObjection = {
  readonly id: string;
  /** Pseudonym of the objector for this project; not shown. */
  readonly by: string;
  readonly text: string;
  readonly at: string;
  readonly answerBy: string;
  readonly answer: { readonly text: string; readonly at: string } | null;
};

/** The centre's word on the registration as it stands; a change asks for a new one. */
export type Review = { readonly accepted: boolean; readonly text: string; readonly at: string };

export type ProjectState = Registration & {
  /** Salt of the registration as it stands. */
  readonly salt: string;
  readonly id: string;
  readonly code: string;
  readonly status: 'none' | 'registered' | 'published' | 'terminated';
  readonly witnessSteps: readonly string[];
  readonly documents: readonly Document[];
  readonly review: Review | null;
  readonly publishedAt: string | null;
  /** The deadline as first published. */
  readonly firstDeadline: string | null;
  readonly notices: readonly Notice[];
  readonly answers: readonly Answer[];
  readonly objections: readonly DocumentsObjection[];
};

export type ProjectCommand =
  | { readonly type: 'registerProject'; readonly registration: Registration }
  | { readonly type: 'changeRegistration'; readonly registration: Registration }
  | { readonly type: 'attachDocument'; readonly document: Document }
  | { readonly type: 'reviewRegistration'; readonly accepted: boolean; readonly text: string }
  | { readonly type: 'assignRooms'; readonly openingRoom: string; readonly evaluationRoom: string }
  | { readonly type: 'publishProject'; readonly text: string; readonly notice: string }
  | {
      readonly type: 'changeNotice';
      readonly notice: string;
      readonly kind: 'change' | 'clarification' | 'postponement';
      readonly text: string;
      readonly affectsTenders: boolean;
      readonly deadline: string | null;
    }
  | {
      readonly type: 'answerQuestion';
      readonly id: string;
      readonly question: string;
      readonly answer: string;
      readonly affectsTenders: boolean;
    }
  | { readonly type: 'objectToDocuments'; readonly id: string; readonly by: string; readonly text: string }
  | { readonly type: 'answerObjection'; readonly id: string; readonly text: string }
  | { readonly type: 'terminateProject'; readonly notice: string; readonly text: string };

export type ProjectFacts = {
  readonly now: string;
  /** Fresh random salt for a registration. */
  readonly salt: string;
  /** Next code of the type's letters in this year. */
  readonly nextCode: string;
  /** The centre's own stricter figures. */
  readonly centre: readonly CentreRule[];
  /** Organisations of the registration that are not registered as what they should be. */
  readonly unfitParties: readonly string[];
  /** The project that the registration says it follows; null: unknown. */
  readonly followed: (Pick<ProjectState, 'tenderer' | 'status'> & { readonly deadline: string }) | null;
  /** Rooms of the schedule that somebody else has booked for the time. */
  readonly roomsTaken: readonly string[];
  /** What the opening policy in force says; null: none. */
  readonly policy: { readonly lots: readonly string[]; readonly deadline: string; readonly sha256: string } | null;
};

export type ProjectEvent =
  | {
      readonly type: 'ProjectRegistered';
      readonly code: string;
      readonly registration: Registration;
      readonly witnessSteps: readonly string[];
      /** 32 random bytes, hex: the leaf commits to the registration, the publication opens it. */
      readonly salt: string;
    }
  | {
      readonly type: 'RegistrationChanged';
      readonly registration: Registration;
      readonly witnessSteps: readonly string[];
      /** 32 random bytes, hex: the leaf commits to the registration, the publication opens it. */
      readonly salt: string;
    }
  | { readonly type: 'DocumentAttached'; readonly document: Document }
  | { readonly type: 'RegistrationReviewed'; readonly review: Review }
  | { readonly type: 'RoomsAssigned'; readonly openingRoom: string; readonly evaluationRoom: string }
  | {
      readonly type: 'ProjectPublished';
      readonly at: string;
      readonly notice: Notice;
      readonly policySha256: string;
      readonly registration: Registration;
      readonly salt: string;
    }
  | { readonly type: 'NoticeChanged'; readonly notice: Notice }
  | { readonly type: 'DeadlineMoved'; readonly from: string; readonly deadline: string; readonly at: string }
  | { readonly type: 'QuestionAnswered'; readonly answer: Answer }
  | { readonly type: 'DocumentsObjectionRaised'; readonly objection: DocumentsObjection }
  | { readonly type: 'DocumentsObjectionAnswered'; readonly id: string; readonly text: string; readonly at: string }
  | { readonly type: 'ProjectTerminated'; readonly notice: Notice };
