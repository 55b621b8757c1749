/**
 * Sealing: what bidders, officers and openers do with keys. Browser-safe, pure of server, database and clock; built on
 * formats only. Grade: a library, no state.
 */
export { type AgeCode, AgeError } from './age-error.ts';
export {
  generateIdentity,
  identityToRecipient,
  maxEnvelopeBytes,
  openAge,
  openEnvelope,
  randomBytes,
  sealAge,
  sealEnvelope,
} from './age-file.ts';
export { maxHeaderBytes, readHeader } from './age-header.ts';
export { checkUpload, type Upload } from './check-upload.ts';
export {
  type Dealt,
  dealShares,
  type Envelope,
  judgeDisclosure,
  openShare,
  recipientOf,
  shareBytes,
} from './envelope.ts';
export {
  type Claim,
  type Fault,
  type FaultOwner,
  type IdentityFound,
  type IdentityMissing,
  identityFromShares,
  type ReleasedItem,
} from './identity.ts';
export { type Kit, openKit, sealKit } from './kit.ts';
export { defaultLimits, type PackageLimits } from './package-limits.ts';
export { type FileSink, type ReadPackage, readPackage } from './package-read.ts';
export { type SealFile, writePackage } from './package-write.ts';
export { type KnownPolicy, verifyOpeningPolicy } from './policy-check.ts';
export { type ChunkCipher, type Hasher, type Primitives, portablePrimitives } from './primitives.ts';
export {
  drawUpRelease,
  type OlderPolicy,
  type ReleaseInput,
  releaseShares,
  type SignedRelease,
  type StandingTender,
  type UnsignedRelease,
} from './release.ts';
export { checkedRelease, type ReleaseCheck } from './release-work.ts';
export {
  type ByteSink,
  type ChainPlace,
  type RemoteSigner,
  type SealedTender,
  type SealInput,
  type SealProgress,
  type SignedManifest,
  sealTender,
  type WithdrawInput,
  withdrawTender,
} from './seal.ts';
export { type SealCode, SealError } from './seal-error.ts';
export { interpolate, multiply, type Point, split } from './shamir.ts';
export { type NotOpened, type Opened, type Signer, type UnsealInput, unsealTender } from './unseal.ts';
