/** What the page and the sealing worker say to each other. The worker never hears of the private key; it asks for a signature. */
import type { ReadOut } from '../../formats/offer.ts';
import type { LaneState } from './progress.ts';

/** Everything a sealing starts from; the policy is checked again inside the worker, before anything is encrypted. */
export type SealTask = {
  readonly kind: 'seal';
  readonly lot: string;
  readonly organisation: string;
  readonly certSha256: string;
  readonly seq: number;
  readonly prev: string | null;
  readonly policyText: string;
  readonly policySignatures: readonly Uint8Array[];
  /** PEM of the roots. */
  readonly roots: string;
  readonly readOut: ReadOut;
  readonly files: readonly File[];
  readonly epochMilliseconds: number;
  /** Of the bidder's own copy of the tender key; null makes none. */
  readonly passphrase: string | null;
};

export type ToWorker =
  | SealTask
  | { readonly kind: 'signed'; readonly signature: Uint8Array }
  | { readonly kind: 'not-signed' };

export type SealedFacts = {
  readonly tenderSha256: string;
  readonly tenderBytes: number;
  readonly manifestSha256: string;
  readonly envelopes: number;
  readonly kit: Uint8Array | null;
};

export type FromWorker =
  | { readonly kind: 'progress'; readonly state: LaneState }
  | { readonly kind: 'sign'; readonly manifest: Uint8Array }
  | { readonly kind: 'done'; readonly facts: SealedFacts }
  | { readonly kind: 'failed'; readonly code: string; readonly detail: string };
