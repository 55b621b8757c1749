/** A filing as it comes in, and as it is answered; what its bytes can be checked for without the database. */
import { Encrypter } from 'age-encryption';
import { sha256Hex, toBase64 } from '../formats/bytes.ts';
import { parseCanonical } from '../formats/canonical.ts';
import { FormatError } from '../formats/format-error.ts';
import { type Manifest, manifest as manifestSchema } from '../formats/manifest.ts';
import type { Caller } from '../platform/http/route.ts';
import { refuse } from '../platform/refusal.ts';
import { tenderRefusal } from './refusals.ts';
import type { StoredTender } from './rules.ts';

/** What a bidder hands in beside the uploaded tender. */
export type Filing = {
  readonly upload: string | null;
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array;
  readonly envelopes: readonly { readonly x: number; readonly bytes: Uint8Array }[];
};

export type Filed = {
  readonly outcome: 'sealed' | 'withdrawn' | 'late';
  readonly at: string;
  readonly seq: number;
  readonly manifestSha256: string;
  readonly entry: string;
  /** Base64 of refusal.json and its signature by the centre; only for a late tender. */
  readonly refusal: { readonly document: string; readonly signature: string } | null;
};

/** Stands for the parts in a dry run. */
export const nothingStored = ({ manifest }: Filing): StoredTender => ({
  manifestSha256: sha256Hex(manifest),
  manifest: toBase64(manifest),
  signerSha256: '',
  tenderSha256: null,
  envelopes: [],
});

/** The bidder behind the call. */
export function organisationOf(call: Caller): string {
  return call.principal.organisation ?? refuse(tenderRefusal('manifest-not-yours'));
}

/** The manifest for the lot; refuses `tender-malformed`. */
export function readManifest(bytes: Uint8Array, lot: string): Manifest {
  try {
    const manifest = parseCanonical(manifestSchema, bytes);
    if (manifest.lot !== lot) throw new FormatError('schema', 'the manifest names another lot');
    return manifest;
  } catch (error) {
    return refuseFormat(error);
  }
}

/** Turns what a stranger's bytes got wrong into a refusal with the protocol's reason code. */
export function refuseFormat(error: unknown): never {
  if (error instanceof FormatError)
    return refuse(tenderRefusal('tender-malformed', { reason: error.code, detail: error.detail }));
  throw error;
}

/** Enough of an age file to hold the whole header of a single stanza. */
export async function firstBytes(stream: AsyncIterable<Uint8Array> & { destroy?(): void }): Promise<Uint8Array> {
  for await (const chunk of stream) {
    stream.destroy?.();
    return new Uint8Array(chunk.subarray(0, 4096));
  }
  return new Uint8Array();
}

/** age, to one recipient. */
export async function encryptTo(recipient: string, bytes: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(bytes);
}
