/** What makes an evaluation impossible: a fault of the scheme or of the data, never of a bidder. */
export const evaluationErrorCodes = [
  'input-invalid',
  'method-unknown',
  'parameters-invalid',
  'ceiling-missing',
  'drawn-invalid',
  'offer-duplicate',
  'criterion-duplicate',
  'sheet-duplicate',
  'sheets-missing',
  'mark-unknown',
  'mark-duplicate',
  'mark-missing',
  'mark-out-of-range',
  'tie-order-invalid',
] as const;

export type EvaluationErrorCode = (typeof evaluationErrorCodes)[number];

/** `detail` is for the reader of a log or a problem document. */
export class EvaluationError extends Error {
  readonly code: EvaluationErrorCode;
  readonly detail: string;

  constructor(code: EvaluationErrorCode, detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'EvaluationError';
    this.code = code;
    this.detail = detail;
  }
}
