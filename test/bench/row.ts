/** One figure of a benchmark; a ratio compares with a baseline measured in the same run. */
export type BenchRow = {
  readonly name: string;
  readonly value: number;
  readonly unit: 'MB' | 'MB/s' | 'ms' | 's' | 'requests/s' | 'entries/s' | 'ratio';
  /** What is asked for; null where the figure only informs. */
  readonly goal: { readonly atLeast?: number; readonly atMost?: number } | null;
};
