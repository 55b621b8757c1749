/** The reason codes of trust protocol section 9: each names the one thing that is wrong with a tampered document. */
export const reasonCodes = [
  'tender-hash',
  'tender-length',
  'age-header-stanzas',
  'suite-mismatch',
  'manifest-signature',
  'manifest-signer',
  'certificate-chain',
  'certificate-revoked',
  'cms-attributes',
  'not-canonical',
  'schema',
  'envelope-hash',
  'share-hash-officer',
  'share-hash-bidder',
  'share-context',
  'share-duplicate',
  'quorum-missing',
  'recipient-mismatch',
  'dealer-inconsistent',
  'package-context',
  'package-file',
  'package-unsafe',
  'offer-commitment',
  'offer-context',
  'policy-signature',
  'policy-unknown',
  'inclusion-proof',
  'checkpoint-signature',
  'checkpoint-origin',
  'split-view',
  'consistency-proof',
  'witness-quorum',
  'witness-signature',
  'commitment-mismatch',
  'orphan-commitment',
  'tender-dropped',
  'not-latest',
  'chain-broken',
  'withdrawal-signer',
  'after-barrier',
  'backdated',
  'close-set-hash',
  'release-order',
  'release-close',
  'released-not-opened',
  'too-few-opened',
  'opening-missing',
  'verdict-unfounded',
  'handle-mismatch',
  'draw-list',
  'draw-reveal',
  'draw-incomplete',
  'draw-replayed',
  'draw-beacon',
  'draw-order',
  'draw-skip',
  'draw-duplicate',
  'draw-pool',
  'draw-method',
  'sheet-signature',
  'ranking-recompute',
  'certificate-hash',
  'pdf-coverage',
  'certificate-facts',
  'timestamp-imprint',
  'trust-root',
  'bundle-leak',
] as const;

/** One of the reason codes; strangers' tools and the test-suite depend on these spellings. */
export type ReasonCode = (typeof reasonCodes)[number];

/** A document from outside that cannot be believed. `code` is for machines, `detail` for the reader of a log. */
export class FormatError extends Error {
  readonly code: ReasonCode;
  readonly detail: string;

  constructor(code: ReasonCode, detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'FormatError';
    this.code = code;
    this.detail = detail;
  }
}
