/** Witness cosignatures (c2sp.org/tlog-cosignature, Ed25519, 0x04): "as of this time the tree that I saw is consistent". */
import { concatBytes, utf8 } from '../bytes.ts';
import { FormatError } from '../format-error.ts';
import { formatSignatureLine, type NoteSignature, type Signer, type VerifierKey, verifyEd25519 } from './note.ts';

const timestampLength = 8;

/** The signed message: two header lines, then the checkpoint's text (not its signature lines). */
function cosignedMessage(seconds: bigint, checkpointText: string): Uint8Array {
  return utf8(`cosignature/v1\ntime ${seconds}\n${checkpointText}`);
}

/** The cosignature line (without newline) over a checkpoint's text at a POSIX time in seconds. */
export function cosign(checkpointText: string, witness: Signer, seconds: bigint): string {
  const time = new Uint8Array(timestampLength);
  new DataView(time.buffer).setBigUint64(0, seconds);
  return formatSignatureLine(witness.key, concatBytes(time, witness.sign(cosignedMessage(seconds, checkpointText))));
}

/** Verifies a cosignature of a known witness; answers its POSIX time in seconds. Throws FormatError `witness-signature`. */
export function verifyCosignature(checkpointText: string, signature: NoteSignature, witness: VerifierKey): bigint {
  const wrong = (detail: string) => new FormatError('witness-signature', `${witness.name}: ${detail}`);
  if (signature.bytes.length !== timestampLength + 64) throw wrong('not a timestamped signature');
  const view = new DataView(signature.bytes.buffer, signature.bytes.byteOffset, timestampLength);
  const seconds = view.getBigUint64(0);
  if (seconds >= 1n << 63n) throw wrong('the time is out of range');
  const message = cosignedMessage(seconds, checkpointText);
  if (!verifyEd25519(signature.bytes.subarray(timestampLength), message, witness.publicKey))
    throw wrong('the cosignature does not fit this checkpoint');
  return seconds;
}
