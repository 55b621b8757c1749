/** What the steps have established so far; each later step believes only what an earlier one has put in here. */

import type { BundleDescription } from '../formats/bundle.ts';
import { sha256Hex } from '../formats/bytes.ts';
import type { CloseSet } from '../formats/close-set.ts';
import { type Certificate, type VerifiedSignature, verifyChain } from '../formats/cms.ts';
import { type EntryBody, type EntryKind, entryBodies } from '../formats/entries.ts';
import { FormatError } from '../formats/format-error.ts';
import type { LogPolicy } from '../formats/log/tlog-policy.ts';
import type { Manifest } from '../formats/manifest.ts';
import type { Offer } from '../formats/offer.ts';
import type { KnownPolicy, Primitives } from '../sealing/index.ts';
import type { BundleReader } from './bundle-reader.ts';

export type Roots = {
  readonly policy: LogPolicy;
  readonly roots: readonly Certificate[];
  readonly pinned: string | null;
};

/** An open entry of the log. */
export type Entry = {
  readonly index: number;
  readonly at: string;
  readonly kind: string;
  readonly subject: string;
  readonly body: unknown;
};
export type EntryOf<K extends EntryKind> = Omit<Entry, 'body'> & { readonly body: EntryBody<K> };

/** A checkpoint whose tree begins our leaves or is all of them; the witnesses' POSIX times where they make the quorum. */
export type SeenCheckpoint = { readonly size: number; readonly cosigned: readonly number[] };

export type KnownManifest = { readonly manifest: Manifest; readonly bytes: Uint8Array; readonly sha256: string };

export type Evidence = {
  readonly bundle: BundleReader;
  readonly about: BundleDescription;
  readonly trust: Roots;
  readonly receipts: readonly string[];
  readonly primitives: Primitives;
  leaves: readonly Uint8Array[];
  hashes: readonly Uint8Array[];
  witnessed: boolean;
  seen: SeenCheckpoint[];
  entries: readonly Entry[];
  /** Commitment of each sealed leaf by index. */
  sealed: ReadonlyMap<number, string>;
  /** Policies in the log and signed by all their officers, by hash. */
  policies: ReadonlyMap<string, KnownPolicy>;
  /** Close sets that hold, by lot. */
  closed: Map<string, CloseSet>;
  manifests: Map<string, KnownManifest>;
  offers: Map<string, Offer>;
};

/** The entries of one kind; their bodies were parsed by the entries step. Lot bodies can be narrowed to a lot. */
export function entriesOf<K extends EntryKind>(evidence: Evidence, kind: K, lot?: string): EntryOf<K>[] {
  return evidence.entries.flatMap((entry) => {
    if (entry.kind !== kind) return [];
    const body = entryBodies[kind].parse(entry.body) as EntryBody<K>;
    return lot === undefined || (body as { lot?: string }).lot === lot ? [{ ...entry, body }] : [];
  });
}

/** The organisation that a certificate was issued to, by the log; null for a person of none or an unknown one. */
export function organisationOf(evidence: Evidence, certSha256: string): string | null {
  const issued = entriesOf(evidence, 'certificate-issued').findLast((e) => e.body.certSha256 === certSha256);
  return issued?.body.organisation ?? null;
}

/**
 * The signer's certificate was issued by a trusted root and not revoked when it signed: at `at`, before the entry `index`.
 * Throws FormatError `certificate-chain` or `certificate-revoked`.
 */
export function requireTrusted(evidence: Evidence, signature: VerifiedSignature, at: string, index: number): void {
  const { certificate, intermediates, certSha256 } = signature;
  verifyChain(certificate, intermediates, evidence.trust.roots, instantOf(at));
  const revoked = entriesOf(evidence, 'certificate-revoked').find(
    (e) => e.body.certSha256 === certSha256 && e.index < index,
  );
  if (revoked)
    throw new FormatError('certificate-revoked', `certificate ${certSha256} was revoked by entry ${revoked.index}`);
}

/** A hash that must fit; throws FormatError with the code. */
export function requireHash(bytes: Uint8Array, expected: string, code: FormatError['code'], what: string): void {
  if (sha256Hex(bytes) !== expected) throw new FormatError(code, `${what} is not the file of the hash ${expected}`);
}

/** An instant of the log; the form was checked, but it may name a thirteenth month. Throws FormatError `schema`. */
export function instantOf(at: string): Temporal.Instant {
  try {
    return Temporal.Instant.from(at);
  } catch {
    throw new FormatError('schema', `${at} is no instant`);
  }
}
