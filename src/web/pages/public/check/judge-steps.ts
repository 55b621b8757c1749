/** The steps of the judgement in their order; apart from the judge, so that the page does not load it before a file is dropped. */
export const steps = ['signature', 'issued', 'log', 'facts', 'signer'] as const;
export type StepName = (typeof steps)[number];
export type Step = {
  readonly name: StepName;
  readonly result: 'passed' | 'failed' | 'unknown';
  readonly detail: string;
};
export type Judgement = {
  readonly verdict: 'genuine' | 'not-genuine' | 'unknown';
  readonly steps: readonly Step[];
  readonly sha256: string;
  /** Index of the entry that issued the document. */
  readonly index: string | null;
  readonly signedAt: string | null;
};
