/** Why the sealing program stopped for a reason on the bidder's own machine. Documents it cannot believe are FormatErrors. */
export type SealCode = 'files-too-many' | 'file-too-large' | 'file-changed' | 'input-invalid';

export class SealError extends Error {
  readonly code: SealCode;

  constructor(code: SealCode, detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'SealError';
    this.code = code;
  }
}
