/**
 * Opening one tender (trust protocol 2, step 6): the server's workers and the offline verifier run this same function.
 * The verdict names one reason code and its owner; nothing a bidder or an officer sends can make it throw.
 */
import { sha256Hex } from '../formats/bytes.ts';
import { parseCanonical } from '../formats/canonical.ts';
import { type Certificate, type VerifiedSignature, verifyChain, verifyDetached } from '../formats/cms.ts';
import { FormatError, type ReasonCode } from '../formats/format-error.ts';
import { manifest, type SealManifest } from '../formats/manifest.ts';
import { type Offer, offer } from '../formats/offer.ts';
import type { PackageIndex } from '../formats/package-index.ts';
import { AgeError } from './age-error.ts';
import { openAge, openEnvelope } from './age-file.ts';
import { checkPositions } from './check-upload.ts';
import {
  type Claim,
  checkIdentity,
  type Fault,
  type FaultOwner,
  identityFromShares,
  type ReleasedItem,
} from './identity.ts';
import { meter } from './meter.ts';
import type { PackageLimits } from './package-limits.ts';
import { type FileSink, type ReadPackage, readPackage } from './package-read.ts';
import type { KnownPolicy } from './policy-check.ts';
import { type Primitives, portablePrimitives } from './primitives.ts';

export type UnsealInput = {
  readonly known: KnownPolicy;
  readonly manifestBytes: Uint8Array;
  /** Officers' items of this tender, or the identity that the bidder itself gave (modes `bidder`, `bidder-then-quorum`). */
  readonly opener: { readonly items: readonly ReleasedItem[] } | { readonly identity: string };
  /** signer.age as the server keeps it, or the signature once it is public. */
  readonly signature: { readonly sealed: Uint8Array } | { readonly p7s: Uint8Array };
  readonly tender: AsyncIterable<Uint8Array>;
  /** Is this certificate the one that filed the act (its tag)? */
  readonly isSigner?: (certSha256: string) => boolean;
  /** The organisation that a certificate speaks for, null for none. */
  readonly bidderOf?: (certSha256: string) => Promise<string | null> | string | null;
  /** With roots, the signer's chain is checked as of the act. */
  readonly trust?: { readonly roots: readonly Certificate[]; readonly at: Temporal.Instant };
  readonly sink?: FileSink;
  readonly limits?: PackageLimits;
  readonly primitives?: Primitives;
};

export type Signer = { readonly certSha256: string; readonly certificate: Certificate; readonly p7s: Uint8Array };

export type Opened = {
  readonly result: 'opened';
  readonly manifestSha256: string;
  readonly manifest: SealManifest;
  readonly offer: Offer;
  readonly offerBytes: Uint8Array;
  readonly index: PackageIndex;
  readonly signer: Signer;
  readonly claims: readonly Claim[];
};

/** `invalid`: the bidder's fault, the others go on. `postponed`: the centre's or an officer's, nothing is lost. */
export type NotOpened = {
  readonly result: 'invalid' | 'postponed';
  readonly manifestSha256: string;
  readonly code: ReasonCode;
  readonly owner: FaultOwner;
  readonly detail: string;
  /** Who signed, where that could be seen. */
  readonly signer: Signer | null;
  readonly claims: readonly Claim[];
};

/** A fault found on the way; caught by `unsealTender` alone. */
class Stopped extends Error {
  readonly fault: Fault;

  constructor(code: ReasonCode, owner: FaultOwner, detail: string) {
    super(code);
    this.fault = { code, owner, detail };
  }
}

/** Opens a tender. Throws only where the sink or the tender's stream itself fails. */
export async function unsealTender(input: UnsealInput): Promise<Opened | NotOpened> {
  const manifestSha256 = sha256Hex(input.manifestBytes);
  let signer: Signer | null = null;
  let claims: readonly Claim[] = [];
  try {
    const read = readManifest(input);
    const found = await findIdentity(read, input);
    claims = found.claims;
    if ('fault' in found) throw new Stopped(found.fault.code, found.fault.owner, found.fault.detail);
    signer = await readSigner(input, found.identity);
    const { index, offer: offerBytes } = await readTender(read, found.identity, input);
    await checkPackage(read, index, signer, input);
    const opened = checkOffer(read, index, offerBytes);
    return { result: 'opened', manifestSha256, manifest: read, offer: opened, offerBytes, index, signer, claims };
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    const result = error.fault.owner === 'bidder' ? 'invalid' : 'postponed';
    return { result, manifestSha256, ...error.fault, signer, claims };
  }
}

function readManifest({ manifestBytes, known }: UnsealInput): SealManifest {
  const read = bidders(() => parseCanonical(manifest, manifestBytes));
  if (read.act !== 'seal') throw new Stopped('schema', 'centre', 'a withdrawal seals nothing');
  if (read.suite !== 'YG1') throw new Stopped('suite-mismatch', 'bidder', `suite ${read.suite}`);
  if (read.policy !== known.sha256 || !known.policy.lots.includes(read.lot))
    throw new Stopped('policy-unknown', 'bidder', 'the manifest names another policy');
  bidders(() => checkPositions(read, known.policy));
  return read;
}

async function findIdentity(read: SealManifest, { opener, known }: UnsealInput) {
  if ('items' in opener) return identityFromShares(read, known.policy, opener.items);
  const fault = await checkIdentity(read, opener.identity);
  return fault ? { fault, claims: [] } : { identity: opener.identity, claims: [] };
}

/** The centre checked this signature before it sealed it, so a broken one is the centre's fault. */
async function readSigner(
  { signature, manifestBytes, isSigner, trust }: UnsealInput,
  identity: string,
): Promise<Signer> {
  let verified: VerifiedSignature;
  let p7s: Uint8Array;
  try {
    p7s = 'p7s' in signature ? signature.p7s : await openEnvelope(signature.sealed, identity);
    verified = verifyDetached(manifestBytes, p7s, 'manifest-signature');
  } catch (error) {
    const code = error instanceof FormatError && error.code === 'cms-attributes' ? error.code : 'manifest-signature';
    if (error instanceof FormatError || error instanceof AgeError) throw new Stopped(code, 'centre', error.message);
    throw error;
  }
  const { certificate, intermediates, certSha256 } = verified;
  if (isSigner && !isSigner(certSha256))
    throw new Stopped('manifest-signer', 'centre', 'another certificate than the one that filed the tender');
  if (trust) bidders(() => verifyChain(certificate, intermediates, trust.roots, trust.at));
  return { certSha256, certificate, p7s };
}

/**
 * Decrypts and unpacks in one pass. Whatever stops the reading, the ciphertext is measured to its end: if it is not the
 * one of the manifest, that is the finding (the centre changed it), not the trouble that followed.
 */
async function readTender(read: SealManifest, identity: string, input: UnsealInput): Promise<ReadPackage> {
  const primitives = input.primitives ?? portablePrimitives;
  const sealed = meter(input.tender, primitives.sha256(read.tender.bytes), read.tender.bytes);
  let outcome: { value: ReadPackage } | { error: unknown };
  try {
    const { limits, sink } = input;
    const plain = openAge(sealed, identity, primitives);
    outcome = { value: await readPackage(plain, { primitives, sink, ...(limits ? { limits } : {}) }) };
  } catch (error) {
    outcome = { error };
  }
  const { sha256, bytes } = await sealed.finish();
  if (bytes !== read.tender.bytes)
    throw new Stopped('tender-length', 'centre', `${bytes} bytes instead of ${read.tender.bytes}`);
  if (sha256 !== read.tender.sha256) throw new Stopped('tender-hash', 'centre', 'tender.age is not the one sealed');
  if ('value' in outcome) return outcome.value;
  const { error } = outcome;
  if (error instanceof FormatError) throw new Stopped(error.code, 'bidder', error.detail);
  if (!(error instanceof AgeError)) throw error;
  // The committed file itself does not open: it was made for another key, or its payload is rubbish.
  const code = error.code === 'identity-foreign' ? 'recipient-mismatch' : 'package-unsafe';
  throw new Stopped(code, 'bidder', error.message);
}

/** A ciphertext copied from a rival names the rival in its index (non-malleability). */
async function checkPackage(
  read: SealManifest,
  index: PackageIndex,
  signer: Signer,
  input: UnsealInput,
): Promise<void> {
  const fields = ['suite', 'lot', 'policy', 'recipient'] as const;
  const foreign = fields.find((name) => index[name] !== read[name]);
  if (foreign) throw new Stopped('package-context', 'bidder', `${foreign} of the package is not the manifest's`);
  if (index.certSha256 !== signer.certSha256)
    throw new Stopped('package-context', 'bidder', 'the package was made for another certificate');
  if (input.bidderOf && (await input.bidderOf(signer.certSha256)) !== index.bidder)
    throw new Stopped('package-context', 'bidder', "the package names another bidder than the certificate's");
}

function checkOffer(read: SealManifest, index: PackageIndex, bytes: Uint8Array): Offer {
  if (sha256Hex(bytes) !== read.offerSha256)
    throw new Stopped('offer-commitment', 'bidder', 'offer.json is not the one of the manifest');
  const opened = bidders(() => parseCanonical(offer, bytes));
  const foreign =
    opened.suite !== read.suite ||
    opened.lot !== read.lot ||
    opened.recipient !== read.recipient ||
    opened.bidder !== index.bidder;
  if (foreign) throw new Stopped('offer-context', 'bidder', 'the offer is of another bidder, lot or tender');
  return opened;
}

/** What a bidder signed or sealed and cannot be read is the bidder's fault. */
function bidders<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) throw new Stopped(error.code, 'bidder', error.detail);
    throw error;
  }
}
