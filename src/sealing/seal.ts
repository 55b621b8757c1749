/**
 * The sealing program (trust protocol 2, step 2): runs where the bidder sits, never on the server. One pass over the
 * files; memory stays flat.
 */
import { sha256Hex, toHex } from '../formats/bytes.ts';
import { canonicalBytes } from '../formats/canonical.ts';
import { type Certificate, certificateSha256, type SigningKey, signDetached } from '../formats/cms.ts';
import { FormatError } from '../formats/format-error.ts';
import { type Manifest, manifest, type SealManifest, type WithdrawManifest } from '../formats/manifest.ts';
import { type Offer, offer, type ReadOut } from '../formats/offer.ts';
import { generateIdentity, identityToRecipient, randomBytes, sealAge } from './age-file.ts';
import { dealShares, type Envelope } from './envelope.ts';
import { type Kit, sealKit } from './kit.ts';
import { packageSize, type SealFile, writePackage } from './package-write.ts';
import { type KnownPolicy, verifyOpeningPolicy } from './policy-check.ts';
import { type Primitives, portablePrimitives } from './primitives.ts';
import { SealError } from './seal-error.ts';

/** Where the bidder's chain of acts on the lot stands: the first act has seq 1 and no predecessor. */
export type ChainPlace = { readonly seq: number; readonly prev: string | null };

export type SealProgress = {
  readonly stage: 'policy' | 'tender' | 'shares' | 'signature' | 'kit';
  /** Bytes of the tender sealed so far, and about how many there will be. */
  readonly bytes: number;
  readonly total: number;
};

/** Signs where the private key is: a browser's key worker gives this instead of the key itself. */
export type RemoteSigner = {
  /** Lower-case hex SHA-256 of the signing certificate's DER. */
  readonly certSha256: string;
  /** Detached CMS (DER) of the bytes. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
};

export type SealInput = ChainPlace & {
  readonly policyBytes: Uint8Array;
  /** A detached signature of each officer, in any order. */
  readonly policySignatures: readonly Uint8Array[];
  readonly roots: readonly Certificate[];
  readonly key: SigningKey | RemoteSigner;
  readonly lot: string;
  /** Identifier of the bidder's organisation. */
  readonly bidder: string;
  readonly readOut: ReadOut;
  readonly files: readonly SealFile[];
  /** The bidder's clock: claimedAt, signing time, and the instant at which the officers' chains must hold. */
  readonly now: Temporal.Instant;
  /** Of the kit file; null makes none. */
  readonly passphrase: string | null;
  readonly kitWorkFactor?: number;
  readonly primitives?: Primitives;
  readonly onProgress?: (progress: SealProgress) => void;
};

export type SealedTender = {
  readonly manifest: SealManifest;
  readonly manifestBytes: Uint8Array;
  readonly manifestSha256: string;
  readonly p7s: Uint8Array;
  /** Empty in mode `bidder`. */
  readonly envelopes: Envelope[];
  readonly tender: { readonly sha256: string; readonly bytes: number };
  /** The bidder's own: kit file, offer, and the identity, which must not leave the machine. */
  readonly kit: Uint8Array | null;
  readonly offerBytes: Uint8Array;
  readonly identity: string;
};

/** Takes tender.age piece by piece; a returned promise holds the sealing back. */
export type ByteSink = (piece: Uint8Array) => Promise<void> | void;

/**
 * Seals a tender into `sink` and answers everything else that is uploaded. Throws FormatError `policy-signature`
 * (nothing was encrypted then) or `policy-unknown` (not a policy of this lot), SealError for the bidder's own input.
 */
export async function sealTender(input: SealInput, sink: ByteSink): Promise<SealedTender> {
  const { policyBytes, policySignatures, roots, now, lot, bidder, key } = input;
  const progress = (stage: SealProgress['stage'], bytes = 0) =>
    input.onProgress?.({ stage, bytes, total: packageSize(input.files) });
  progress('policy');
  const known = verifyOpeningPolicy(policyBytes, policySignatures, roots, now);
  requireLot(known, lot);
  const identity = await generateIdentity();
  const recipient = await identityToRecipient(identity);
  const context = { suite: 'YG1', lot, policy: known.sha256, recipient } as const;
  const offerBytes = makeOffer(input, recipient);
  const index = {
    ...context,
    type: 'yangguang.org/package-index/v1',
    bidder,
    certSha256: 'sign' in key ? key.certSha256 : certificateSha256(key.certificate),
  } as const;
  const primitives = input.primitives ?? portablePrimitives;
  const plain = writePackage({ files: input.files, context: index, offer: offerBytes, primitives });
  const stream = sealAge(plain, identity, recipient, primitives);
  const tender = await pour(stream, packageSize(input.files), primitives, sink, (bytes) => progress('tender', bytes));
  progress('shares', tender.bytes);
  const dealt =
    known.policy.mode === 'bidder' ? { envelopes: [], shares: [] } : await dealShares(identity, context, known.policy);
  progress('signature', tender.bytes);
  const act: SealManifest = {
    ...common(input, known),
    act: 'seal',
    recipient,
    tender,
    offerSha256: sha256Hex(offerBytes),
    shares: dealt.shares,
  };
  const made = manifestOf(act);
  const p7s = await ('sign' in key ? key.sign(made.manifestBytes) : signDetached(key, made.manifestBytes, now));
  const signed: SignedManifest = { ...made, p7s };
  progress('kit', tender.bytes);
  const { manifestSha256 } = signed;
  const contents: Kit = { ...context, type: 'yangguang.org/kit/v1', bidder, identity, manifestSha256 };
  const kit = input.passphrase === null ? null : await sealKit(contents, input.passphrase, input.kitWorkFactor);
  return { ...signed, manifest: act, envelopes: dealt.envelopes, tender, kit, offerBytes, identity };
}

export type WithdrawInput = ChainPlace & {
  readonly lot: string;
  /** SHA-256 of the opening policy in force. */
  readonly policy: string;
  readonly key: SigningKey;
  readonly now: Temporal.Instant;
};

/** Makes and signs the manifest that takes the bidder's tender back (implementing regulation, article 35). */
export function withdrawTender(input: WithdrawInput): SignedManifest & { readonly manifest: WithdrawManifest } {
  const act: WithdrawManifest = { ...common(input, { sha256: input.policy }), act: 'withdraw' };
  const made = manifestOf(act);
  return { manifest: act, ...made, p7s: signDetached(input.key, made.manifestBytes, input.now) };
}

export type SignedManifest = Pick<SealedTender, 'manifestBytes' | 'manifestSha256' | 'p7s'>;

function manifestOf(act: Manifest): Omit<SignedManifest, 'p7s'> {
  const checked = manifest.safeParse(act);
  if (!checked.success) throw new SealError('input-invalid', checked.error.message);
  const manifestBytes = canonicalBytes(act);
  return { manifestBytes, manifestSha256: sha256Hex(manifestBytes) };
}

function common(
  { lot, seq, prev, now }: ChainPlace & { lot: string; now: Temporal.Instant },
  policy: { sha256: string },
) {
  const claimedAt = now.toString({ fractionalSecondDigits: 6 });
  return { type: 'yangguang.org/manifest/v1', suite: 'YG1', lot, policy: policy.sha256, seq, prev, claimedAt } as const;
}

function requireLot({ policy }: KnownPolicy, lot: string): void {
  if (!policy.lots.includes(lot)) throw new FormatError('policy-unknown', 'the policy is not one of this lot');
  if (policy.suite !== 'YG1') throw new FormatError('suite-mismatch', `suite ${policy.suite}`);
}

function makeOffer({ lot, bidder, readOut }: SealInput, recipient: string): Uint8Array {
  const document: Offer = {
    ...readOut,
    type: 'yangguang.org/offer/v1',
    suite: 'YG1',
    lot,
    bidder,
    recipient,
    salt: toHex(randomBytes(32)),
  };
  const checked = offer.safeParse(document);
  if (!checked.success) throw new SealError('input-invalid', checked.error.message);
  return canonicalBytes(document);
}

/** Sends the stream to the sink while hashing and counting it. */
async function pour(
  stream: AsyncIterable<Uint8Array>,
  about: number,
  primitives: Primitives,
  sink: ByteSink,
  onBytes: (bytes: number) => void,
): Promise<{ sha256: string; bytes: number }> {
  const hasher = primitives.sha256(about);
  let bytes = 0;
  for await (const piece of stream) {
    await hasher.update(piece);
    bytes += piece.length;
    await sink(piece);
    onBytes(bytes);
  }
  return { sha256: toHex(await hasher.digest()), bytes };
}
