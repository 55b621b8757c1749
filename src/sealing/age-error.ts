/** Why an age file does not open. Whose fault that is depends on the file; the caller knows (unseal.ts, envelope.ts). */
export type AgeCode = 'identity-foreign' | 'payload-broken' | 'payload-truncated';

export class AgeError extends Error {
  readonly code: AgeCode;

  constructor(code: AgeCode, detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'AgeError';
    this.code = code;
  }
}
